package dev.patronstream.connector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patronstream.connector.KafkaExtension.TestKafka;
import dev.patronstream.connector.check.CaptureSettings;
import dev.patronstream.connector.epoch.TopicContent;
import dev.patronstream.connector.status.CaptureException;
import dev.patronstream.embedded.kafka.EmbeddedKafka;
import dev.patronstream.embedded.registry.EmbeddedRegistry;
import dev.patronstream.sandbox.kafka.LostBeginning;
import dev.patronstream.schemas.Progress;
import dev.patronstream.schemas.serde.RegistryClient;
import dev.patronstream.schemas.serde.RegistryClient.Registered;
import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.schemas.topic.KafkaAnswers;
import dev.patronstream.schemas.topic.RecordForm;
import dev.patronstream.schemas.topic.TopicRecord;
import dev.patronstream.schemas.topic.TopicSettings;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Topics that capture rests on are deleted, and created again by somebody else. */
@Tag("faults")
@ExtendWith(KafkaExtension.class)
class TopicLossTest {

    @TempDir
    Path directory;

    private TestDistrict district(TestKafka kafka, String name) throws Exception {
        TestDistrict district = new TestDistrict(
                        directory, kafka, name, settings -> settings.withCaptureInterval(Duration.ofMillis(200)))
                .withTables();
        district.sql("INSERT INTO dbo.LOC (CD, NM, TG, DEL) VALUES (10, N'Eagle High', ' ', 0)");
        for (int i = 1; i <= 10; i++) {
            district.student(10, i, "v0");
        }
        return district;
    }

    private static void assertEverythingIsThereOnce(TestDistrict district) {
        Map<String, List<String>> names = district.namesInOrder();
        assertEquals(10, names.size());
        assertTrue(names.values().stream().allMatch(List.of("v0")::equals), names::toString);
    }

    private static void assertGoesOn(TestDistrict district, Connector connector) throws Exception {
        TestDistrict.awaitStreaming(connector);
        district.student(10, 11, "later");
        TestDistrict.await(() -> "later".equals(district.lastNames().get("10/11")));
        assertEquals(List.of("later"), district.namesInOrder().get("10/11"));
    }

    @Test
    void theOffsetsWhileItRuns(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "lost-offsets");
                Connector connector = district.connector()) {
            TestDistrict.awaitStreaming(connector);
            district.deleteTopic(district.topics().offsets());
            Seen.notice("offsets deleted", connector, "the stored position of the source is gone from topic");
            assertEverythingIsThereOnce(district);
            assertGoesOn(district, connector);
        }
    }

    @Test
    void theSchemaHistoryWhileItRuns(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "lost-history");
                Connector connector = district.connector()) {
            TestDistrict.awaitStreaming(connector);
            district.deleteTopic(district.topics().schemaHistory());
            Seen.notice("schema history deleted", connector, "topic lost-history.connector.schema-history was deleted");
            assertEverythingIsThereOnce(district);
            assertGoesOn(district, connector);
        }
    }

    @Test
    void theSchemaHistoryWhileItIsDown(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "lost-history-down")) {
            try (Connector connector = district.connector()) {
                TestDistrict.awaitStreaming(connector);
            }
            district.deleteTopic(district.topics().schemaHistory());
            try (Connector connector = district.connector()) {
                Seen.notice("schema history deleted, down", connector, "schema-history was deleted and created again");
                assertEverythingIsThereOnce(district);
                assertGoesOn(district, connector);
            }
        }
    }

    @Test
    void aContractTopicWhileItRuns(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "lost-contract");
                Connector connector = district.connector()) {
            TestDistrict.awaitStreaming(connector);
            district.deleteTopic(district.topics().enrollments());
            Seen.notice("contract topic deleted", connector, "topic lost-contract.aeries.stu was deleted", "10 rows");
            assertEverythingIsThereOnce(district);
            assertGoesOn(district, connector);
        }
    }

    /** The producer would go on writing into the new topic as if nothing had happened. */
    @Test
    void aContractTopicThatSomebodyElseMakesAgainAtOnce(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "remade-contract");
                Connector connector = district.connector()) {
            TestDistrict.awaitStreaming(connector);
            String topic = district.topics().enrollments();
            district.deleteTopic(topic);
            try (Admin admin = Admin.create(new HashMap<>(district.kafkaProperties()))) {
                admin.createTopics(List.of(TopicSettings.SINGLE_BROKER.compacted(topic)))
                        .all()
                        .get();
            }
            Seen.notice(
                    "contract topic created again",
                    connector,
                    "topic remade-contract.aeries.stu was deleted and created again");
            assertEverythingIsThereOnce(district);
            assertGoesOn(district, connector);
        }
    }

    @Test
    void aContractTopicWhileItIsDown(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "lost-contract-down")) {
            try (Connector connector = district.connector()) {
                TestDistrict.awaitStreaming(connector);
            }
            // The smaller topic would grow past its old end before anyone could tell by offsets alone.
            district.deleteTopic(district.topics().schools());
            try (Connector connector = district.connector()) {
                Seen.notice(
                        "contract topic deleted, down", connector, "topic lost-contract-down.aeries.loc was deleted");
                assertGoesOn(district, connector);
            }
            assertEquals(2, district.snapshots().size());
            assertEquals(1, district.snapshots().get(1).getWritten());
        }
    }

    /** What somebody has altered is set right as well. */
    @Test
    void theBeginningOfAContractTopicWhileItRuns(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "lost-beginning");
                Connector connector = district.connector()) {
            TestDistrict.awaitStreaming(connector);
            String topic = district.topics().enrollments();
            LostBeginning.cut(kafka.bootstrapServers(), topic, 5);
            Seen.notice(
                    "beginning lost",
                    connector,
                    "topic lost-beginning.aeries.stu has lost its beginning: it begins at offset 5 now, not at 0");
            assertEverythingIsThereOnce(district);
            assertGoesOn(district, connector);
            assertEquals(5, district.snapshots().get(1).getWritten());
            List<Progress> epochs = district.epochs();
            assertEquals(0, epochs.get(0).getFirstOffsets().get(topic));
            assertEquals(5, epochs.get(epochs.size() - 1).getFirstOffsets().get(topic));
            ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
            try (Admin admin = Admin.create(new HashMap<>(district.kafkaProperties()))) {
                TestDistrict.await(() -> "compact"
                        .equals(KafkaAnswers.await(
                                        admin.describeConfigs(List.of(resource)).all())
                                .get(resource)
                                .get(TopicConfig.CLEANUP_POLICY_CONFIG)
                                .value()));
            }
        }
    }

    @Test
    void theBeginningOfAContractTopicWhileItIsDown(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "lost-beginning-down")) {
            try (Connector connector = district.connector()) {
                TestDistrict.awaitStreaming(connector);
            }
            LostBeginning.cut(kafka.bootstrapServers(), district.topics().enrollments(), 5);
            try (Connector connector = district.connector()) {
                Seen.notice("beginning lost, down", connector, "aeries.stu has lost its beginning");
                assertEverythingIsThereOnce(district);
                assertGoesOn(district, connector);
            }
            try (Connector connector = district.connector()) {
                TestDistrict.awaitStreaming(connector);
            }
            assertEquals(2, district.snapshots().size());
        }
    }

    /** Records of a second partition would be read by no stage. */
    @Test
    void aTopicThatIsGivenMorePartitionsEndsItWithARemedy(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "more-partitions")) {
            String topic = district.topics().progress();
            try (Connector connector = district.connector();
                    Admin admin = Admin.create(new HashMap<>(district.kafkaProperties()))) {
                TestDistrict.awaitStreaming(connector);
                admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(2)))
                        .all()
                        .get();
                TestDistrict.await(() -> connector.failure().isPresent());
                assertRefused(connector, topic);
                TopicPartition second = new TopicPartition(topic, 1);
                assertEquals(
                        0,
                        admin.listOffsets(Map.of(second, OffsetSpec.latest()))
                                .partitionResult(second)
                                .get()
                                .offset());
            }
            try (Connector connector = district.connector()) {
                TestDistrict.await(() -> connector.failure().isPresent());
                assertRefused(connector, topic);
            }
            district.deleteTopic(topic);
            try (Connector connector = district.connector()) {
                TestDistrict.awaitStreaming(connector);
                assertEverythingIsThereOnce(district);
                assertGoesOn(district, connector);
            }
        }
    }

    private static void assertRefused(Connector connector, String topic) {
        CaptureException failure =
                (CaptureException) connector.failure().map(TopicLossTest::cause).orElseThrow();
        assertEquals(CaptureException.Kind.REFUSED, failure.kind());
        Seen.failure(
                "more partitions",
                failure.getMessage(),
                "Topic " + topic + " has 2 partitions",
                "delete it, and start");
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException ? failure.getCause() : failure;
    }

    @Test
    void theProgressWhileItRuns(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "lost-progress");
                Connector connector = district.connector()) {
            TestDistrict.awaitStreaming(connector);
            long before = connector.status().lastEpoch().orElseThrow();
            district.deleteTopic(district.topics().progress());
            Seen.notice("progress deleted", connector, "lost-progress.progress");
            assertEverythingIsThereOnce(district);
            assertTrue(district.epochs().get(0).getEpoch() >= before);
            assertGoesOn(district, connector);
        }
    }

    @Test
    void aRegistryThatIsAwayAtTheStartIsNamed(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "no-registry");
                RelayProxy registry = new RelayProxy(kafka.registry().port())) {
            registry.refuse();
            try (Connector connector = TestDistrict.start(new Connector(through(district, registry)))) {
                TestDistrict.await(() -> connector.failure().isPresent());
                Seen.failure(
                        "registry down at start",
                        connector.failure().orElseThrow().getMessage(),
                        "Capture could not start. Could not read",
                        "the schema registry at http://127.0.0.1:" + registry.port() + " does not answer");
            }
        }
    }

    @Test
    void aRegistryThatGoesAwayWhileItRuns(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "registry-away");
                RelayProxy registry = new RelayProxy(kafka.registry().port());
                RelayProxy database = new RelayProxy(district.server().port());
                Connector connector = TestDistrict.start(new Connector(new ConnectorSettings(
                        district.topics(),
                        district.settings().topicSettings(),
                        district.kafkaProperties(),
                        Map.of("schema.registry.url", "http://127.0.0.1:" + registry.port()),
                        new CaptureSettings(
                                district.settings().capture().database(),
                                district.settings().capture().columns(),
                                district.settings().capture().timeZone(),
                                district.settings().capture().limits(),
                                Map.of("database.port", Integer.toString(database.port()))),
                        Optional.empty())))) {
            TestDistrict.awaitStreaming(connector);
            registry.refuse();
            district.student(10, 11, "without registry");
            TestDistrict.await(() -> district.lastNames().containsKey("10/11"));
            // Starting over needs the registry, so it waits for it.
            database.refuse(Duration.ofSeconds(2));
            Seen.state("registry down while running", connector, "the schema registry at", "does not answer");
            district.student(10, 12, "waiting");
            registry.accept();
            TestDistrict.await(() -> district.lastNames().containsKey("10/12"));
            assertEquals(List.of("waiting"), district.namesInOrder().get("10/12"));
            assertEquals(1, district.snapshots().size());
        }
    }

    /** Rows are read from now on with the schemas that the registry has now. */
    @Test
    void aRegistryThatHasOtherSchemasUnderOurIds(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "other-ids")) {
            try (Connector connector = district.connector()) {
                TestDistrict.awaitStreaming(connector);
            }
            try (EmbeddedKafka elsewhere = EmbeddedKafka.start(directory.resolve("elsewhere"), 0)) {
                takeIds(kafka.registry().url(), district, elsewhere);
                try (EmbeddedRegistry other = EmbeddedRegistry.start(elsewhere.bootstrapServers(), 0);
                        Connector connector = TestDistrict.start(new Connector(through(district, other.url())))) {
                    Seen.notice("ids of other schemas", connector, "cannot be read any more", "11 rows");
                    TestDistrict.awaitStreaming(connector);
                }
                assertEquals(2, district.snapshots().size());
            }
        }
    }

    /** A row keeps the schema of the version that wrote it for as long as it does not change. */
    @Test
    void aRegistryThatHasLostTheSchemaOfOlderRows(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "older-schema")) {
            try (Connector connector = district.connector()) {
                TestDistrict.awaitStreaming(connector);
            }
            String topic = district.topics().enrollments();
            try (CommittedTopics reader = new CommittedTopics(district.kafkaProperties());
                    KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                            new HashMap<>(district.kafkaProperties()),
                            new StringSerializer(),
                            new ByteArraySerializer())) {
                assertEquals(Optional.empty(), TopicContent.unreadable(reader, district.topics(), district.serdes()));
                TopicRecord<byte[]> first =
                        reader.newestRecord(topic, RecordForm.ANY, "10/1").orElseThrow();
                TopicRecord<byte[]> second =
                        reader.newestRecord(topic, RecordForm.ANY, "10/2").orElseThrow();
                byte[] older = first.value().orElseThrow().clone();
                ByteBuffer.wrap(older).putInt(1, 9_999);
                write(producer, first, older);
                write(producer, second, second.value().orElseThrow());
                assertEquals(
                        Optional.of("rows of topic " + topic + " cannot be read any more: the registry has another"
                                + " schema under an id that they name, or none"),
                        TopicContent.unreadable(reader, district.topics(), district.serdes()));

                write(producer, first, first.value().orElseThrow());
                assertEquals(
                        Optional.empty(),
                        TopicContent.unreadable(reader, district.topics(), district.serdes()),
                        "what has changed since is read by nobody");
            }
        }
    }

    /** Rows that are published later stand behind it, so the end of the topic does not tell. */
    @Test
    void aRecordOfSomethingElseIsWrittenOverAtTheNextStart(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "foreign-record");
                CommittedTopics reader = new CommittedTopics(district.kafkaProperties())) {
            String topic = district.topics().schools();
            TopicRecord<byte[]> school;
            try (Connector connector = district.connector();
                    KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                            new HashMap<>(district.kafkaProperties()),
                            new StringSerializer(),
                            new ByteArraySerializer())) {
                TestDistrict.awaitStreaming(connector);
                school = reader.newestRecord(topic, RecordForm.ANY, "10").orElseThrow();
                producer.send(new ProducerRecord<>(topic, "10", "not avro".getBytes(StandardCharsets.UTF_8)))
                        .get();
                district.sql("INSERT INTO dbo.LOC (CD, NM, TG, DEL) VALUES (20, N'Hawk High', ' ', 0)");
                TestDistrict.await(
                        () -> reader.newestRecord(topic, RecordForm.ANY, "20").isPresent());
            }
            try (Connector connector = district.connector()) {
                Seen.notice("foreign record", connector, "holds records that something else wrote, under 1 key");
                TestDistrict.awaitStreaming(connector);
            }
            TopicRecord<byte[]> again =
                    reader.newestRecord(topic, RecordForm.ANY, "10").orElseThrow();
            assertTrue(again.epoch().getAsLong() > school.epoch().getAsLong());
            assertEquals(1, district.snapshots().get(1).getWritten());
            try (Connector connector = district.connector()) {
                TestDistrict.awaitStreaming(connector);
            }
            assertEquals(2, district.snapshots().size());
        }
    }

    private static void write(KafkaProducer<String, byte[]> producer, TopicRecord<byte[]> like, byte[] value)
            throws Exception {
        producer.send(new ProducerRecord<>(like.topic(), 0, like.key(), value, like.headers()))
                .get();
    }

    /** Another registry, in which each id of ours belongs to the schema of another topic. */
    private static void takeIds(String url, TestDistrict district, EmbeddedKafka elsewhere) throws Exception {
        RegistryClient registry = new RegistryClient(Map.of("schema.registry.url", url));
        Registered stu =
                registry.latest(district.topics().enrollments() + "-value").orElseThrow();
        Registered loc = registry.latest(district.topics().schools() + "-value").orElseThrow();
        ObjectMapper json = new ObjectMapper();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", elsewhere.bootstrapServers()));
                KafkaProducer<String, String> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", elsewhere.bootstrapServers()),
                        new StringSerializer(),
                        new StringSerializer())) {
            admin.createTopics(List.of(TopicSettings.SINGLE_BROKER.compacted("_schemas")))
                    .all()
                    .get();
            for (Registered[] pair : List.of(new Registered[] {stu, loc}, new Registered[] {loc, stu})) {
                String subject = "taken-" + pair[0].id();
                String key = json.createObjectNode()
                        .put("keytype", "SCHEMA")
                        .put("subject", subject)
                        .put("version", 1)
                        .put("magic", 1)
                        .toString();
                String value = json.createObjectNode()
                        .put("subject", subject)
                        .put("version", 1)
                        .put("id", pair[0].id())
                        .put("schema", pair[1].schema().toString())
                        .put("deleted", false)
                        .toString();
                producer.send(new ProducerRecord<>("_schemas", key, value)).get();
            }
        }
    }

    private static ConnectorSettings through(TestDistrict district, RelayProxy registry) {
        return through(district, "http://127.0.0.1:" + registry.port());
    }

    private static ConnectorSettings through(TestDistrict district, String registry) {
        ConnectorSettings usual = district.settings();
        return new ConnectorSettings(
                usual.topics(),
                usual.topicSettings(),
                usual.kafka(),
                Map.of("schema.registry.url", registry),
                usual.capture(),
                Optional.empty());
    }
}
