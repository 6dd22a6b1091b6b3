package dev.patronstream.connector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.connector.CommitThief.Mode;
import dev.patronstream.connector.check.CaptureSettings;
import dev.patronstream.embedded.kafka.EmbeddedKafka;
import dev.patronstream.embedded.registry.EmbeddedRegistry;
import dev.patronstream.schemas.Progress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The broker commits and its answer is lost, or the lines break: nothing is published twice and nothing is lost. */
@Tag("faults")
class LostAnswerTest {

    @TempDir
    Path directory;

    private CommitThief thief;
    private EmbeddedKafka kafka;
    private EmbeddedRegistry registry;
    private TestDistrict district;
    private RelayProxy database;

    @BeforeEach
    void start() throws Exception {
        thief = new CommitThief();
        kafka = EmbeddedKafka.start(
                directory.resolve("kafka"), 0, Map.of("advertised.listeners", "CLIENT://127.0.0.1:" + thief.port()));
        thief.before(kafka.port());
        registry = EmbeddedRegistry.start(kafka.bootstrapServers(), 0);
        district = new TestDistrict(
                        directory.resolve("database"),
                        "127.0.0.1:" + thief.port(),
                        registry.url(),
                        "answers",
                        settings -> settings.withCaptureInterval(Duration.ofMillis(100)))
                .withTables();
        database = new RelayProxy(district.server().port());
    }

    @AfterEach
    void stop() throws Exception {
        database.close();
        district.close();
        registry.close();
        kafka.close();
        thief.close();
    }

    /** Time limits of seconds instead of minutes, and both of the connector's ways to the database through a relay. */
    private Connector connector(Duration commitPatience) {
        ConnectorSettings usual = district.settings();
        Map<String, String> properties = new HashMap<>(usual.kafka());
        properties.put("request.timeout.ms", "2000");
        properties.put("delivery.timeout.ms", "8000");
        properties.put("max.block.ms", "3000");
        CaptureSettings.Limits limits = usual.capture().limits();
        return TestDistrict.start(new Connector(new ConnectorSettings(
                usual.topics(),
                usual.topicSettings(),
                properties,
                usual.serdes(),
                new CaptureSettings(
                        district.database(
                                district.server().database(), district.server().password(), database.port()),
                        usual.capture().columns(),
                        usual.capture().timeZone(),
                        new CaptureSettings.Limits(
                                limits.pollInterval(),
                                limits.freshnessInterval(),
                                25,
                                limits.maxWaitingRows(),
                                commitPatience,
                                limits.massDeleteAbove()),
                        usual.capture().engine()),
                Optional.empty())));
    }

    private static void awaitEpochs(Connector connector, int more) {
        long before = connector.status().counters().epochs();
        TestDistrict.await(connector, status -> status.counters().epochs() > before + more);
    }

    @Test
    void answersThatBreakOffOrNeverComeOnce() throws Exception {
        try (Connector connector = connector(Duration.ofMinutes(2))) {
            TestDistrict.awaitStreaming(connector);
            try (Office office = new Office(district, 21, 30, 60, 20).start()) {
                for (int i = 0; i < 8; i++) {
                    int before = thief.stolen();
                    thief.mode(i % 2 == 0 ? Mode.BREAK : Mode.SILENCE);
                    TestDistrict.await(() -> thief.stolen() > before);
                    awaitEpochs(connector, 2);
                }
                office.finish();
                district.awaitNames(office.table());
                assertEquals(office.history(), district.namesByCommit());
            }
        }
    }

    @Test
    void answersThatNeverComeUntilTheNextLifeAsksWhatBecameOfIt() throws Exception {
        try (Connector connector = connector(Duration.ofSeconds(4))) {
            TestDistrict.awaitStreaming(connector);
            try (Office office = new Office(district, 22, 30, 60, 20).start()) {
                for (int i = 0; i < 3; i++) {
                    long before = connector.status().counters().retries();
                    thief.mode(Mode.SILENCE_UNTIL_FENCED);
                    TestDistrict.await(connector, status -> status.counters().retries() > before);
                    awaitEpochs(connector, 3);
                }
                office.finish();
                district.awaitNames(office.table());
                assertEquals(office.history(), district.namesByCommit());
                assertTrue(thief.stolen() >= 3);
            }
        }
    }

    @Test
    void whatThePredecessorCommitsWhileItsSuccessorBeginsIsPublishedOnce() throws Exception {
        try (Connector predecessor = connector(Duration.ofMinutes(2))) {
            TestDistrict.awaitStreaming(predecessor);
            thief.closeGate();
            try (Connector successor = district.connector()) {
                thief.awaitSomebodyAtGate();
                district.student(10, 1, "Garcia");
                district.awaitNames(Map.of("10/1", "Garcia"));
                thief.openGate();
                TestDistrict.awaitStreaming(successor);
                district.rename(10, 1, "Nguyen");
                district.awaitNames(Map.of("10/1", "Nguyen"));
            }
            assertEquals(Map.of("10/1", List.of("Garcia", "Nguyen")), district.namesInOrder());
            List<Long> numbers =
                    district.epochs().stream().map(Progress::getEpoch).toList();
            assertEquals(numbers.stream().sorted().distinct().toList(), numbers);
        }
    }

    @Test
    void linesThatBreakAnywhereAtAnyTime() throws Exception {
        Random random = new Random(23);
        try (Connector connector = connector(Duration.ofSeconds(20))) {
            TestDistrict.awaitStreaming(connector);
            try (Office office = new Office(district, 23, 30, 60, 10).start()) {
                for (int i = 0; i < 20; i++) {
                    Thread.sleep(random.nextInt(600));
                    switch (random.nextInt(4)) {
                        case 0 -> thief.cut();
                        case 1 -> database.cut();
                        case 2 -> thief.refuse(Duration.ofMillis(random.nextInt(1_500)));
                        default -> database.refuse(Duration.ofMillis(random.nextInt(1_500)));
                    }
                }
                office.finish();
                district.awaitNames(office.table());
                assertEquals(office.history(), district.namesByCommit());
            }
        }
    }
}
