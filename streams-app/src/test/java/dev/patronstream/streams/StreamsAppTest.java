package dev.patronstream.streams;

import static dev.patronstream.streams.epochs.Rows.enrollment;
import static dev.patronstream.streams.epochs.Rows.school;
import static dev.patronstream.streams.epochs.Rows.staff;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.embedded.kafka.EmbeddedKafka;
import dev.patronstream.embedded.registry.EmbeddedRegistry;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.schemas.School;
import dev.patronstream.schemas.feed.FeedSelection;
import dev.patronstream.schemas.feed.PatronRules;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.schemas.topic.TopicProvisioner;
import dev.patronstream.schemas.topic.TopicSettings;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.streams.epochs.EpochSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** The application on a real broker with a real registry. Each test has a district of its own. */
final class StreamsAppTest {

    private static final FeedSelection DESTINY = new FeedSelection(
            "destiny",
            Set.of(10, 20),
            Set.of(PatronStatus.ACTIVE),
            Set.of(PatronKind.STUDENT, PatronKind.STAFF),
            PatronRules.DEFAULT);
    private static final FeedSelection TEN = new FeedSelection(
            "ten", Set.of(10), Set.of(PatronStatus.ACTIVE), Set.of(PatronKind.STUDENT), PatronRules.DEFAULT);

    @TempDir
    static Path folder;

    private static EmbeddedKafka kafka;
    private static EmbeddedRegistry registry;
    private static AvroSerdes serdes;
    private static int districts;

    private Topics topics;
    private Path stateDirectory;

    @BeforeAll
    static void startKafka() {
        kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0);
        registry = EmbeddedRegistry.start(kafka.bootstrapServers(), 0);
        serdes = new AvroSerdes(Map.of("schema.registry.url", registry.url()));
    }

    @AfterAll
    static void stopKafka() {
        registry.close();
        kafka.close();
    }

    @BeforeEach
    void newDistrict(TestInfo test) {
        topics = new Topics("eagle" + ++districts);
        stateDirectory = folder.resolve("state" + districts);
        try (Admin admin = admin()) {
            List<String> inputs = new ArrayList<>(topics.contracts());
            inputs.add(topics.progress());
            new TopicProvisioner(admin)
                    .ensure(inputs.stream()
                            .map(TopicSettings.SINGLE_BROKER::compacted)
                            .toList());
        }
    }

    @Test
    void rowsBecomePatronsAndFeedEntriesThatCanBeAsked() {
        try (StreamsApp app = app();
                ConnectorDouble connector = connector()) {
            app.start();
            connector.put(school(10, "High"));
            connector.put(enrollment(10, 1, 99));
            connector.put(enrollment(20, 2, 98).setStatusTag("I"));
            connector.put(staff(99, 10));
            awaitApplied(app, connector.endEpoch());

            StreamsStatus status = app.status();
            assertEquals(StreamsStatus.Phase.RUNNING, status.phase());
            assertEquals(3, status.patrons());
            assertEquals(Map.of("destiny", 2L), status.feedEntries());
            assertEquals(
                    "High",
                    app.queries()
                            .patron(PatronKind.STUDENT, 99)
                            .orElseThrow()
                            .getPrimary()
                            .getSchoolName()
                            .orElseThrow());
            assertEquals(Optional.empty(), app.queries().patron(PatronKind.STUDENT, 1));
            assertEquals(
                    List.of("STUDENT99", "STAFF99"),
                    app.queries().feedEntries("destiny", Optional.of(10), Optional.of(PatronStatus.ACTIVE), 10).stream()
                            .map(entry -> "" + entry.getKind() + entry.getId())
                            .toList());
            assertEquals(
                    1,
                    app.queries()
                            .feedEntries("destiny", Optional.empty(), Optional.empty(), 1)
                            .size());
            assertThrows(IllegalArgumentException.class, () -> app.queries()
                    .feedEntries("nowhere", Optional.empty(), Optional.empty(), 1));
        }
    }

    @Test
    void whatVendorsReadIsInACodecThatEveryClientHas() throws Exception {
        try (StreamsApp app = app();
                Admin admin = admin()) {
            app.start();
            for (String name : List.of(topics.feed("destiny"), topics.epochs())) {
                ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, name);
                Config config =
                        admin.describeConfigs(List.of(topic)).all().get().get(topic);
                assertEquals("gzip", config.get("compression.type").value(), name);
            }
        }
    }

    @Test
    void aFeedReaderNeverSeesATransferredStudentInTwoSchoolsOrInNone() {
        int students = 200;
        int transfers = 1_000;
        try (StreamsApp app = app();
                ConnectorDouble connector = connector();
                TopicTailOfFeed feed = new TopicTailOfFeed(app)) {
            for (int student = 0; student < students; student++) {
                connector.put(enrollment(10, student, student));
            }
            awaitApplied(app, connector.endEpoch());
            for (int transfer = 0; transfer < transfers; transfer++) {
                int student = transfer * 7 % students;
                boolean back = transfer / students % 2 == 1;
                connector.put(enrollment(back ? 20 : 10, student, student).setStatusTag("I"));
                connector.put(enrollment(back ? 10 : 20, student, student));
                if (transfer % 3 == 0) {
                    connector.endEpoch();
                }
            }
            awaitApplied(app, connector.endEpoch());
            feed.tail.toEnd();

            Map<String, Integer> schoolOf = new HashMap<>();
            int moves = 0;
            for (TopicTail.Seen seen : feed.tail.seen) {
                assertTrue(seen.value() != null, "left the feed: " + seen.key());
                FeedEntry entry = serdes.deserializer(FeedEntry.class)
                        .deserialize("", seen.value().get());
                int school = entry.getPrimary().getSchoolCode().orElseThrow();
                assertEquals(PatronStatus.ACTIVE, entry.getPrimary().getStatus());
                Integer before = schoolOf.put(seen.key(), school);
                if (before != null) {
                    assertEquals(30 - before, school, "written without a move");
                    moves++;
                }
            }
            assertEquals(students, schoolOf.size());
            assertEquals(transfers, moves);
        }
    }

    @Test
    void aRestartGoesOnWhereTheLastOneStopped() {
        try (ConnectorDouble connector = connector()) {
            long epoch;
            try (StreamsApp app = app()) {
                app.start();
                connector.put(enrollment(10, 1, 99));
                epoch = connector.endEpoch();
                awaitApplied(app, epoch);
            }
            connector.put(enrollment(10, 2, 98));
            epoch = connector.endEpoch();
            try (StreamsApp app = app()) {
                app.start();
                awaitApplied(app, epoch);
            }
            assertEquals(List.of("student/99@1", "student/98@2"), written(topics.feed("destiny")));
            assertEquals(List.of("epoch@1", "epoch@2"), written(topics.epochs()));
        }
    }

    @Test
    void aRebuildAfterEverythingDerivedWasDeletedWritesNothing() throws Exception {
        try (ConnectorDouble connector = connector()) {
            long epoch;
            try (StreamsApp app = app()) {
                app.start();
                for (int student = 0; student < 500; student++) {
                    connector.put(enrollment(10, student, student));
                }
                connector.endEpoch();
                connector.put(enrollment(10, 1, 1).setStatusTag("I"));
                connector.put(enrollment(20, 1, 1));
                connector.removeEnrollment(10, 7);
                epoch = connector.endEpoch();
                awaitApplied(app, epoch);
            }
            List<String> feedBefore = written(topics.feed("destiny"));
            List<String> patronsBefore = written(topics.patrons());
            // The group's positions stay: they must not be believed without the state.
            deleteChangelogs();
            stateDirectory = folder.resolve("state" + districts + "-new");
            try (StreamsApp app = app()) {
                app.start();
                awaitApplied(app, epoch);
                assertEquals(499, app.status().patrons());
                connector.put(enrollment(10, 7, 7));
                awaitApplied(app, connector.endEpoch());
            }
            feedBefore.add("student/7@3");
            patronsBefore.add("student/7@3");
            assertEquals(feedBefore, written(topics.feed("destiny")));
            assertEquals(patronsBefore, written(topics.patrons()));
        }
    }

    @Test
    void stateOlderThanTombstonesAreKeptIsNotBelieved() throws Exception {
        try (ConnectorDouble connector = connector()) {
            long epoch;
            try (StreamsApp app = app()) {
                app.start();
                connector.put(enrollment(10, 1, 99));
                connector.put(enrollment(10, 2, 98));
                epoch = connector.endEpoch();
                awaitApplied(app, epoch);
            }
            String ledger = topics.streamsApplicationId() + "-ledger-changelog";
            try (Admin admin = admin()) {
                Uuid before = topicId(admin, ledger);
                InstantSource soon = InstantSource.offset(InstantSource.system(), Duration.ofDays(28));
                try (StreamsApp app = new StreamsApp(settings(1_000, DESTINY), soon)) {
                    app.start();
                    assertEquals(before, topicId(admin, ledger));
                    Waiting.until(app::status, () -> app.status().phase() == StreamsStatus.Phase.RUNNING);
                }
                assertEquals(List.of(), oldLogs(), "files that grow by one with each start");
                ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, ledger);
                Config config =
                        admin.describeConfigs(List.of(topic)).all().get().get(topic);
                assertEquals(
                        List.of("compact", "604800000", "2592000000"),
                        Stream.of("cleanup.policy", "max.compaction.lag.ms", "delete.retention.ms")
                                .map(name -> config.get(name).value())
                                .toList());
                InstantSource late = InstantSource.offset(InstantSource.system(), Duration.ofDays(30));
                try (StreamsApp app = new StreamsApp(settings(1_000, DESTINY), late)) {
                    app.start();
                    awaitApplied(app, epoch);
                    assertNotEquals(before, topicId(admin, ledger));
                }
                Uuid young = topicId(admin, ledger);
                InstantSource early = InstantSource.offset(InstantSource.system(), Duration.ofDays(-2));
                try (StreamsApp app = new StreamsApp(settings(1_000, DESTINY), early)) {
                    app.start();
                    awaitApplied(app, epoch);
                    assertNotEquals(young, topicId(admin, ledger), "from a clock that was ahead");
                }
            }
            assertEquals(List.of("student/98@1", "student/99@1"), written(topics.feed("destiny")));
        }
    }

    @Test
    void closedInTheMiddleOfALargeEpochItGoesOnAndWritesEachRecordOnce() throws Exception {
        try (ConnectorDouble connector = connector()) {
            for (int student = 0; student < 4_000; student++) {
                connector.put(enrollment(10, student, student));
            }
            long epoch = connector.endEpoch();
            for (int stop = 1; stop <= 3; stop++) {
                try (StreamsApp app = app(100, DESTINY)) {
                    app.start();
                    long atLeast = stop * 800L;
                    Waiting.until(app::status, () -> app.status().patrons() >= atLeast);
                    assertTrue(app.status().applied().isEmpty(), "too late to be in the middle");
                }
                if (stop == 2) {
                    // Without its folder the state comes back from the changelogs.
                    stateDirectory = folder.resolve("state" + districts + "-moved");
                }
            }
            try (StreamsApp app = app(100, DESTINY)) {
                app.start();
                awaitApplied(app, epoch);
            }
            List<String> written = written(topics.feed("destiny"));
            assertEquals(4_000, written.size());
            assertEquals(4_000, new HashSet<>(written).size());
        }
    }

    @Test
    void aNewFeedIsFilledByARestartAlone() {
        try (ConnectorDouble connector = connector()) {
            try (StreamsApp app = app()) {
                app.start();
                connector.put(enrollment(10, 1, 99));
                connector.put(enrollment(20, 2, 98));
                awaitApplied(app, connector.endEpoch());
            }
            try (StreamsApp app = app(1_000, DESTINY, TEN)) {
                app.start();
                Waiting.until(app::status, () -> app.status().feedEntries().get("ten") == 1);
                Waiting.until(
                        () -> written(topics.epochs()),
                        () -> written(topics.epochs()).size() == 3);
            }
            assertEquals(List.of("student/99@1"), written(topics.feed("ten")));
            assertEquals(2, written(topics.feed("destiny")).size());
        }
    }

    @Test
    void whatSomethingElseWroteIsPassedOverAndNamedAndAReplayDoesTheSame() throws Exception {
        List<String> inputs = new ArrayList<>(topics.contracts());
        inputs.add(topics.progress());
        try (ConnectorDouble connector = connector()) {
            try (StreamsApp app = app()) {
                app.start();
                connector.put(enrollment(10, 1, 99));
                connector.put(school(10, "High"));
                awaitApplied(app, connector.endEpoch());
                inputs.forEach(this::vandalize);
                connector.put(enrollment(10, 2, 98));
                awaitApplied(app, connector.endEpoch());
                assertEquals(StreamsStatus.Phase.RUNNING, app.status().phase());
                String said = app.status().notes().toString();
                assertTrue(said.contains("of topic " + topics.progress() + " was written by something else"), said);
            }
            deleteChangelogs();
            try (StreamsApp app = app()) {
                app.start();
                connector.put(enrollment(10, 1, 99).setStatusTag("I"));
                awaitApplied(app, connector.endEpoch());
            }
        }
        assertEquals(List.of("student/99@1", "student/98@2", "student/99@3"), written(topics.feed("destiny")));
    }

    /** One of each kind that may stand in a topic by mistake. */
    private void vandalize(String topic) {
        byte[] readable = serdes.serializer(School.class).serialize(topics.schools(), school(10, "Elsewhere"));
        List<byte[]> values = new ArrayList<>(List.of(
                "not avro at all".getBytes(StandardCharsets.UTF_8),
                "{\"json\": true}".getBytes(StandardCharsets.UTF_8),
                new byte[] {0, 0x7f, 0, 0, 0, 1},
                Arrays.copyOf(readable, 6),
                readable,
                new byte[900_000],
                new byte[0]));
        values.add(null);
        Map<String, Object> producer = Map.of("bootstrap.servers", kafka.bootstrapServers());
        try (KafkaProducer<byte[], byte[]> vandal =
                new KafkaProducer<>(producer, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (byte[] value : values) {
                for (String key : new String[] {null, "10/1", "10", "progress", "somebody", ""}) {
                    ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                            topic, key == null ? null : key.getBytes(StandardCharsets.UTF_8), value);
                    record.headers().add("somebody", new byte[] {1});
                    var unused = vandal.send(record);
                }
            }
        }
        Map<String, Object> transactional = new HashMap<>(producer);
        transactional.put("transactional.id", "somebody");
        try (KafkaProducer<byte[], byte[]> vandal =
                new KafkaProducer<>(transactional, new ByteArraySerializer(), new ByteArraySerializer())) {
            vandal.initTransactions();
            vandal.beginTransaction();
            var unused = vandal.send(new ProducerRecord<>(topic, new byte[] {1}));
            vandal.flush();
            vandal.abortTransaction();
        }
    }

    @Test
    void topicsThatAreDeletedWhileItRunsAreMadeAgainAndFilled() throws Exception {
        try (StreamsApp app = app();
                ConnectorDouble connector = connector();
                Admin admin = admin()) {
            app.start();
            connector.put(enrollment(10, 1, 99));
            awaitApplied(app, connector.endEpoch());
            admin.deleteTopics(List.of(
                            topics.feed("destiny"), topics.epochs(), topics.streamsApplicationId() + "-rows-changelog"))
                    .all()
                    .get();
            connector.put(enrollment(10, 1, 99));
            long epoch = connector.endEpoch();
            Waiting.until(app::status, () -> app.status().notes().toString().contains("was deleted"));
            awaitApplied(app, epoch);
            Waiting.until(app::status, () -> written(topics.feed("destiny")).size() == 1);
            assertFalse(app.failure().isCompletedExceptionally(), app.status().toString());
        }
    }

    private final class TopicTailOfFeed implements AutoCloseable {

        private final TopicTail tail;

        TopicTailOfFeed(StreamsApp app) {
            app.start();
            this.tail = new TopicTail(kafka.bootstrapServers(), topics.feed("destiny"));
        }

        @Override
        public void close() {
            tail.close();
        }
    }

    private StreamsApp app() {
        return app(1_000, DESTINY);
    }

    private static Uuid topicId(Admin admin, String topic) throws Exception {
        return admin.describeTopics(List.of(topic))
                .allTopicNames()
                .get()
                .get(topic)
                .topicId();
    }

    private StreamsApp app(int pieceSize, FeedSelection... feeds) {
        return new StreamsApp(settings(pieceSize, feeds));
    }

    private StreamsSettings settings(int pieceSize, FeedSelection... feeds) {
        return new StreamsSettings(
                new EpochSettings(topics, serdes, PatronRules.DEFAULT, List.of(feeds), pieceSize),
                TopicSettings.SINGLE_BROKER,
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                stateDirectory,
                0);
    }

    private ConnectorDouble connector() {
        return new ConnectorDouble(kafka.bootstrapServers(), serdes, topics);
    }

    /** Applied, and committed: the topic says so to a reader of committed records. */
    private void awaitApplied(StreamsApp app, long epoch) {
        try (TopicTail epochs = new TopicTail(kafka.bootstrapServers(), topics.epochs())) {
            Waiting.until(app::status, () -> {
                if (app.failure().isCompletedExceptionally()) {
                    throw new AssertionError(app.status());
                }
                epochs.poll();
                boolean applied = app.status()
                        .applied()
                        .filter(last -> last.getEpoch() >= epoch)
                        .isPresent();
                return applied && epochs.seen.stream().anyMatch(seen -> seen.epoch() >= epoch && seen.value() != null);
            });
        }
    }

    private List<String> written(String topic) {
        try (TopicTail tail = new TopicTail(kafka.bootstrapServers(), topic)) {
            tail.toEnd();
            return new ArrayList<>(tail.seen.stream()
                    .map(seen -> seen.key() + "@" + seen.epoch())
                    .toList());
        }
    }

    private List<Path> oldLogs() throws IOException {
        try (Stream<Path> tree = Files.walk(stateDirectory)) {
            return tree.filter(file -> file.getFileName().toString().startsWith("LOG.old"))
                    .toList();
        }
    }

    private void deleteChangelogs() throws Exception {
        try (Admin admin = admin()) {
            List<String> changelogs = admin.listTopics().names().get().stream()
                    .filter(name -> name.startsWith(topics.streamsApplicationId()) && name.endsWith("-changelog"))
                    .toList();
            assertEquals(7, changelogs.size());
            admin.deleteTopics(changelogs).all().get();
            Waiting.until(() -> changelogs, () -> {
                try {
                    return admin.listTopics().names().get().stream().noneMatch(changelogs::contains);
                } catch (InterruptedException | ExecutionException e) {
                    throw new AssertionError(e);
                }
            });
        }
    }

    private static Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers(), "default.api.timeout.ms", (int)
                Duration.ofSeconds(30).toMillis()));
    }
}
