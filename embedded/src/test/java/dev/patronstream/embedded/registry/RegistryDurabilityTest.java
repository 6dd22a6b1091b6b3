package dev.patronstream.embedded.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.embedded.ChildProcess;
import dev.patronstream.embedded.kafka.EmbeddedKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryDurabilityTest {

    private static final String FIRST = "{\"type\":\"record\",\"name\":\"First\",\"fields\":[]}";
    private static final String SECOND = "{\"type\":\"record\",\"name\":\"Second\",\"fields\":[]}";
    private static final String THIRD = "{\"type\":\"record\",\"name\":\"Third\",\"fields\":[]}";

    @TempDir
    Path directory;

    @Test
    void everythingAnsweredBeforeAKillIsThereAfterwards() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, 0)) {
            int first;
            int second;
            try (ChildProcess child = ChildProcess.start(RegistryMain.class, kafka.bootstrapServers())) {
                RestClient rest = new RestClient(child.readyLine());
                first = rest.register("kept-value", FIRST);
                second = rest.register("other-value", SECOND);
                rest.put("/config/kept-value", "compatibility", "FULL_TRANSITIVE");
                child.kill();
            }
            try (EmbeddedRegistry registry = EmbeddedRegistry.start(kafka.bootstrapServers(), 0)) {
                RestClient rest = new RestClient(registry.url());
                assertEquals(
                        "[\"kept-value\",\"other-value\"]",
                        rest.get("/subjects").text());
                assertEquals(FIRST, rest.schema(first));
                assertEquals(SECOND, rest.schema(second));
                assertEquals(
                        "{\"compatibilityLevel\":\"FULL_TRANSITIVE\"}",
                        rest.get("/config/kept-value").text());
                int third = rest.register("kept-too-value", THIRD);
                assertTrue(third != first && third != second, "ids are given once");
            }
        }
    }

    /** Records in other topics name the id, and must not be read with another schema for it. */
    @Test
    void aLostEndOfTheTopicLetsNoIdBelongToAnotherSchema() throws Exception {
        Path folder = directory.resolve("kafka");
        Path earlier = directory.resolve("earlier");
        try (EmbeddedKafka kafka = EmbeddedKafka.start(folder, 0);
                EmbeddedRegistry registry = EmbeddedRegistry.start(kafka.bootstrapServers(), 0)) {
            new RestClient(registry.url()).register("first-value", FIRST);
        }
        copy(folder, earlier);
        int lost;
        try (EmbeddedKafka kafka = EmbeddedKafka.start(folder, 0);
                EmbeddedRegistry registry = EmbeddedRegistry.start(kafka.bootstrapServers(), 0)) {
            lost = new RestClient(registry.url()).register("second-value", SECOND);
        }
        try (EmbeddedKafka kafka = EmbeddedKafka.start(earlier, 0);
                EmbeddedRegistry registry = EmbeddedRegistry.start(kafka.bootstrapServers(), 0)) {
            RestClient rest = new RestClient(registry.url());
            assertEquals("[\"first-value\"]", rest.get("/subjects").text());
            assertNotEquals(lost, rest.register("third-value", THIRD));
            assertEquals(lost, rest.register("second-value", SECOND), "the records name it");
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Files.copy(path, to.resolve(from.relativize(path)));
            }
        }
    }

    @Test
    void registryAnswersWhileKafkaIsAwayAndWritesAgainWhenItIsBack() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, 0);
                EmbeddedRegistry registry = EmbeddedRegistry.start(kafka.bootstrapServers(), 0)) {
            RestClient rest = new RestClient(registry.url());
            int first = rest.register("kept-value", FIRST);

            kafka.stop();
            assertEquals(FIRST, rest.schema(first));
            kafka.start();

            assertNotEquals(first, rest.register("second-value", SECOND));
        }
    }

    @Test
    void topicThatAnotherRegistryWroteIsRead() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, 0)) {
            write(kafka, "{\"keytype\":\"NOOP\",\"magic\":0}", null);
            write(
                    kafka,
                    "{\"keytype\":\"CONFIG\",\"subject\":null,\"magic\":0}",
                    "{\"alias\":null,\"compatibilityLevel\":\"FULL\"}");
            write(kafka, schemaKey("kept-value", 3), schemaValue("kept-value", 3, 17, "First"));
            write(kafka, schemaKey("gone-value", 1), schemaValue("gone-value", 1, 18, "Second"));
            write(
                    kafka,
                    "{\"keytype\":\"DELETE_SUBJECT\",\"subject\":\"gone-value\",\"magic\":0}",
                    "{\"subject\":\"gone-value\",\"version\":1}");
            write(kafka, schemaKey("erased-value", 1), schemaValue("erased-value", 1, 19, "Third"));
            write(kafka, schemaKey("erased-value", 1), null);

            try (EmbeddedRegistry registry = EmbeddedRegistry.start(kafka.bootstrapServers(), 0)) {
                RestClient rest = new RestClient(registry.url());
                assertEquals(
                        "{\"compatibilityLevel\":\"FULL\"}", rest.get("/config").text());
                assertEquals("[\"kept-value\"]", rest.get("/subjects").text());
                assertEquals(FIRST, rest.schema(17));
                assertEquals(SECOND, rest.schema(18), "rows with the id of a deleted schema are still about");
                assertEquals(40403, rest.get("/schemas/ids/19").errorCode());
                assertEquals(17, rest.register("other-value", FIRST));
                assertEquals(18, rest.register("gone-value", SECOND), "registered again, it keeps its id");
                assertEquals("[2]", rest.get("/subjects/gone-value/versions").text());
                int third = rest.register("third-value", THIRD);
                assertTrue(third > 0 && third != 17 && third != 18, "an id belongs to one schema");
            }
        }
    }

    /** Whatever else somebody writes there: what the registry knew, it goes on knowing, under the same ids. */
    @Test
    void recordsThatNoRegistryWroteArePassedOver() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, 0)) {
            write(kafka, schemaKey("kept-value", 1), schemaValue("kept-value", 1, 17, "First"));
            write(kafka, "poison", "not JSON at all");
            write(kafka, "[1]", "{}");
            write(kafka, schemaKey("kept-value", 1), "not JSON at all");
            write(kafka, schemaKey("kept-value", 1), "{\"subject\":\"kept-value\"}");
            write(kafka, schemaKey("kept-value", 2), schemaValue("kept-value", 2, 17, "Second"));
            write(kafka, "{\"keytype\":\"SCHEMA\",\"magic\":1}", null);
            write(
                    kafka,
                    "{\"keytype\":\"CONFIG\",\"subject\":\"kept-value\",\"magic\":0}",
                    "{\"compatibilityLevel\":\"SOMETIMES\"}");
            write(kafka, "{\"keytype\":\"MODE\",\"subject\":null,\"magic\":0}", "{\"mode\":\"READONLY\"}");

            try (EmbeddedRegistry registry = EmbeddedRegistry.start(kafka.bootstrapServers(), 0)) {
                RestClient rest = new RestClient(registry.url());
                assertEquals("[\"kept-value\"]", rest.get("/subjects").text());
                assertEquals("[1]", rest.get("/subjects/kept-value/versions").text());
                assertEquals(FIRST, rest.schema(17));
                assertEquals(17, rest.register("kept-value", FIRST));
                assertTrue(rest.register("new-value", SECOND) != 17);
            }
        }
    }

    private static String schemaKey(String subject, int version) {
        return "{\"keytype\":\"SCHEMA\",\"subject\":\"" + subject + "\",\"version\":" + version + ",\"magic\":1}";
    }

    private static String schemaValue(String subject, int version, int id, String name) {
        return "{\"subject\":\"" + subject + "\",\"version\":" + version + ",\"id\":" + id
                + ",\"guid\":\"3f0f6b8e-9d8d-4d0c-a2b1-000000000000\",\"schema\":"
                + "\"{\\\"type\\\":\\\"record\\\",\\\"name\\\":\\\"" + name
                + "\\\",\\\"fields\\\":[]}\",\"deleted\":false}";
    }

    private static void write(EmbeddedKafka kafka, String key, @Nullable String value) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "max.block.ms", 20_000),
                new StringSerializer(),
                new StringSerializer())) {
            createTopic(kafka);
            producer.send(new ProducerRecord<>("_schemas", key, value)).get();
        }
    }

    private static void createTopic(EmbeddedKafka kafka) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            if (!admin.listTopics().names().get().contains("_schemas")) {
                admin.createTopics(List.of(
                                new NewTopic("_schemas", 1, (short) 1).configs(Map.of("cleanup.policy", "compact"))))
                        .all()
                        .get();
            }
        }
    }

    @Test
    void clientsAtTheSameTimeNeverGetOneIdForTwoSchemas() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, 0);
                EmbeddedRegistry registry = EmbeddedRegistry.start(kafka.bootstrapServers(), 0)) {
            ExecutorService clients = Executors.newFixedThreadPool(6);
            try {
                List<Future<Integer>> answers = new ArrayList<>();
                for (int i = 0; i < 60; i++) {
                    // Every schema is sent twice, to one subject.
                    String schema = "{\"type\":\"fixed\",\"name\":\"F\",\"size\":" + (1 + i / 2) + "}";
                    answers.add(clients.submit(() -> {
                        RestClient rest = new RestClient(registry.url());
                        rest.put("/config/busy-value", "compatibility", "NONE");
                        return rest.register("busy-value", schema);
                    }));
                }
                Set<Integer> ids = new TreeSet<>();
                for (int i = 0; i < answers.size(); i += 2) {
                    int id = answers.get(i).get();
                    assertEquals(id, answers.get(i + 1).get(), "the same schema, the same id");
                    assertTrue(ids.add(id), "id given twice: " + id);
                }
            } finally {
                clients.shutdownNow();
            }
        }
    }

    @Test
    void unknownDefaultLevelIsRefused() {
        assertThrows(
                IllegalArgumentException.class, () -> EmbeddedRegistry.start("127.0.0.1:1", 0, "SOMETIMES", Map.of()));
    }
}
