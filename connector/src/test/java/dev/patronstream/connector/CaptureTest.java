package dev.patronstream.connector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.connector.KafkaExtension.TestKafka;
import dev.patronstream.connector.check.CaptureSettings.Limits;
import dev.patronstream.connector.status.ConnectorStatus;
import dev.patronstream.connector.status.Freshness;
import dev.patronstream.schemas.EpochCause;
import dev.patronstream.schemas.Progress;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.transforms.Transformation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What capture does while nothing goes wrong. */
@ExtendWith(KafkaExtension.class)
class CaptureTest {

    @TempDir
    Path directory;

    private TestDistrict district(TestKafka kafka, String name) throws Exception {
        return district(kafka, name, Duration.ofMillis(200));
    }

    /** A district whose capture job looks that often. */
    TestDistrict district(TestKafka kafka, String name, Duration captureInterval) throws Exception {
        return new TestDistrict(directory, kafka, name, settings -> settings.withCaptureInterval(captureInterval))
                .withTables();
    }

    @Test
    void snapshotThenChangesArriveOnceAndInOrder(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "once")) {
            district.sql("INSERT INTO dbo.LOC (CD, NM, TG, DEL) VALUES (10, N'Eagle High', ' ', 0)");
            district.student(10, 1, "Garcia");
            district.student(10, 2, "Nguyen");
            MeterRegistry measured = new SimpleMeterRegistry();
            Metrics.addRegistry(measured);
            try (Connector connector = district.connector()) {
                TestDistrict.awaitStreaming(connector);
                assertEquals(Map.of("10/1", "Garcia", "10/2", "Nguyen"), district.lastNames());
                Progress snapshot = district.epochs().get(0);
                assertEquals(EpochCause.SNAPSHOT, snapshot.getCause());
                assertEquals(1, snapshot.getEpoch());

                district.rename(10, 1, "Garcia-Lopez");
                district.sql("DELETE FROM dbo.STU WHERE SC = 10 AND SN = 2");
                district.student(20, 3, "O''Neill");
                district.awaitNames(Map.of("10/1", "Garcia-Lopez", "20/3", "O'Neill"));
                TestDistrict.await(() -> measured.find("patronstream.latency").timers().stream()
                        .filter(step -> step.count() > 0)
                        .map(step -> step.getId().getTag("step"))
                        .collect(Collectors.toSet())
                        .equals(Set.of("captured", "published")));
            }
            assertEquals(
                    List.of("Garcia", "Garcia-Lopez"), district.namesInOrder().get("10/1"));
        }
    }

    /** Holds the engine back before each further change, until the loop has twice looked at the database. */
    public static final class Hesitating implements Transformation<SourceRecord> {

        private static final AtomicReference<Connector> CONNECTOR = new AtomicReference<>();
        private boolean first = true;

        @Override
        public void configure(Map<String, ?> settings) {}

        @Override
        public SourceRecord apply(SourceRecord change) {
            if (change.topic().endsWith(".STU") && !first) {
                Set<Freshness> seen = ConcurrentHashMap.newKeySet();
                TestDistrict.await(CONNECTOR.get(), status -> seen.add(status.freshness()) && seen.size() == 3);
            }
            first &= !change.topic().endsWith(".STU");
            return change;
        }

        @Override
        public ConfigDef config() {
            return new ConfigDef();
        }

        @Override
        public void close() {}
    }

    @Test
    void aTransactionIsNeverPublishedInPart(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "whole")) {
            Map<String, String> hesitating =
                    Map.of("transforms", "hesitate", "transforms.hesitate.type", Hesitating.class.getName());
            try (Connector connector = new Connector(district.settings(limits -> limits, hesitating))) {
                Hesitating.CONNECTOR.set(connector);
                connector.start();
                TestDistrict.awaitStreaming(connector);
                district.transaction(
                        "INSERT INTO dbo.STU (SC, SN, ID, LN, FN, GR, TG) VALUES (10, 1, 1, N'Old', N'A', 9, 'I')",
                        "INSERT INTO dbo.STU (SC, SN, ID, LN, FN, GR, TG) VALUES (20, 1, 1, N'New', N'A', 9, ' ')",
                        "UPDATE dbo.STU SET LN = N'Older' WHERE SC = 10");
                district.awaitNames(Map.of("10/1", "Older", "20/1", "New"));
            }
            List<Long> epochs = district.students().stream()
                    .map(TestDistrict.Seen::epoch)
                    .distinct()
                    .toList();
            assertEquals(1, epochs.size());
            Progress epoch = epoch(district, epochs.get(0));
            assertEquals(1, epoch.getSourceTransactions());
            assertEquals(2, epoch.getRows());
            assertEquals(
                    district.students().get(1).offset() + 1,
                    epoch.getNextOffsets().get(district.topics().enrollments()));
        }
    }

    private static Progress epoch(TestDistrict district, long number) {
        return district.epochs().stream()
                .filter(progress -> progress.getEpoch() == number)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void epochsAreNumberedWithoutGapsAndTheirWatermarksGrow(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "numbers")) {
            try (Connector connector = district.connector()) {
                TestDistrict.awaitStreaming(connector);
                for (int i = 1; i <= 20; i++) {
                    district.student(10, i, "Name" + i);
                }
                TestDistrict.await(() -> district.lastNames().size() == 20);
            }
            try (Connector again = district.connector()) {
                TestDistrict.awaitStreaming(again);
                district.rename(10, 1, "Again");
                TestDistrict.await(() -> "Again".equals(district.lastNames().get("10/1")));
            }
            List<Progress> epochs = district.epochs();
            for (int i = 0; i < epochs.size(); i++) {
                assertEquals(i + 1, epochs.get(i).getEpoch());
                if (i > 0) {
                    assertTrue(epochs.get(i)
                                    .getWatermark()
                                    .compareTo(epochs.get(i - 1).getWatermark())
                            >= 0);
                }
            }
        }
    }

    @Test
    void softDeletedRowsAreAbsentAndComeBack(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "soft")) {
            district.student(10, 1, "Garcia");
            district.student(10, 2, "Nguyen");
            district.sql("UPDATE dbo.STU SET DEL = 1 WHERE SN = 2");
            try (Connector connector = district.connector()) {
                TestDistrict.awaitStreaming(connector);
                assertEquals(Map.of("10/1", "Garcia"), district.lastNames());
                district.sql("UPDATE dbo.STU SET DEL = 1 WHERE SN = 1");
                district.awaitNames(Map.of());
                district.sql("UPDATE dbo.STU SET DEL = NULL WHERE SN = 2");
                district.awaitNames(Map.of("10/2", "Nguyen"));
            }
        }
    }

    @Test
    void aKeyChangeRemovesTheOldRowAndMakesTheNewInOneEpoch(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "keys")) {
            district.student(10, 1, "Garcia");
            try (Connector connector = district.connector()) {
                TestDistrict.awaitStreaming(connector);
                district.sql("UPDATE dbo.STU SET SC = 20, SN = 7 WHERE SC = 10 AND SN = 1");
                district.awaitNames(Map.of("20/7", "Garcia"));
            }
            List<TestDistrict.Seen> seen = district.students();
            assertEquals(
                    seen.get(1).epoch(), seen.get(2).epoch(), "the old row's tombstone and the new row share an epoch");
        }
    }

    @Test
    void anEmptyDistrictIsASnapshotWithoutRows(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "empty");
                Connector connector = district.connector()) {
            TestDistrict.awaitStreaming(connector);
            assertEquals(0, district.epochs().get(0).getRows());
            district.student(10, 1, "First");
            district.awaitNames(Map.of("10/1", "First"));
        }
    }

    @Test
    void aSnapshotThatIsNewerThanItsLsnDoesNotGoBackInTime(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "seam")) {
            district.student(10, 1, "v1");
            district.server().scanNow();
            district.server().pauseCapture();
            try (Connection office = district.connect();
                    Statement statement = office.createStatement()) {
                for (int version = 2; version <= 6; version++) {
                    statement.execute("UPDATE dbo.STU SET LN = N'v" + version + "' WHERE SN = 1");
                }
            }
            try (Connector connector = district.connector()) {
                Seen.state("seam", connector, "waiting for capture to pass the time of reading");
                district.server().resumeCapture();
                TestDistrict.awaitStreaming(connector);
                assertEquals(List.of("v6"), district.namesInOrder().get("10/1"));
                district.rename(10, 1, "v7");
                district.awaitNames(Map.of("10/1", "v7"));
            }
            assertEquals(List.of("v6", "v7"), district.namesInOrder().get("10/1"));
        }
    }

    @Test
    void changesDuringTheSnapshotEndUpAsTheyAreInTheDatabase(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "during")) {
            for (int i = 1; i <= 50; i++) {
                district.student(10, i, "v0");
            }
            Map<String, String> expected = new TreeMap<>();
            try (Connector connector = district.connector()) {
                int version = 1;
                while (!(connector.status().state() instanceof ConnectorStatus.Streaming)) {
                    int number = 1 + version % 50;
                    district.rename(10, number, "v" + version);
                    expected.put("10/" + number, "v" + version);
                    version++;
                }
                for (int i = 1; i <= 50; i++) {
                    expected.putIfAbsent("10/" + i, "v0");
                }
                district.awaitNames(expected);
            }
            district.namesInOrder().forEach((key, names) -> {
                List<Integer> versions = names.stream()
                        .map(name -> Integer.parseInt(name.substring(1)))
                        .toList();
                assertEquals(versions.stream().sorted().distinct().toList(), versions, "row " + key);
            });
        }
    }

    /** Holds students' records back until it is opened. */
    public static final class Gate implements ProducerInterceptor<Object, Object>, ConsumerInterceptor<Object, Object> {

        private static final CountDownLatch REACHED = new CountDownLatch(1);
        private static final CountDownLatch OPEN = new CountDownLatch(1);

        @Override
        public ProducerRecord<Object, Object> onSend(ProducerRecord<Object, Object> sent) {
            if (sent.topic().endsWith(".stu")) {
                try {
                    REACHED.countDown();
                    OPEN.await();
                } catch (InterruptedException e) {
                    throw new InterruptException(e);
                }
            }
            return sent;
        }

        @Override
        public ConsumerRecords<Object, Object> onConsume(ConsumerRecords<Object, Object> records) {
            return records;
        }

        @Override
        public void configure(Map<String, ?> settings) {}

        @Override
        public void onAcknowledgement(RecordMetadata metadata, Exception exception) {}

        @Override
        public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

        @Override
        public void close() {}
    }

    @Test
    void whatChangesBehindTheReadingComesFromTheStream(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "behind")) {
            for (int i = 1; i <= 100; i++) {
                district.student(10, i, "v0");
            }
            ConnectorSettings usual = district.settings(limits -> TestLimits.withMaxRows(limits, 10), Map.of());
            Map<String, String> kafkaSettings = new HashMap<>(usual.kafka());
            kafkaSettings.put("interceptor.classes", Gate.class.getName());
            ConnectorSettings gated = new ConnectorSettings(
                    usual.topics(),
                    usual.topicSettings(),
                    kafkaSettings,
                    usual.serdes(),
                    usual.capture(),
                    usual.acceptedDatabase());
            try (Connector connector = TestDistrict.start(new Connector(gated))) {
                assertTrue(Gate.REACHED.await(60, TimeUnit.SECONDS));
                district.rename(10, 1, "v1");
                district.sql("DELETE FROM dbo.STU WHERE SN = 2");
                district.server().scanNow();
                // It was captured before the engine started.
                assertFalse(((ConnectorStatus.Snapshotting) connector.status().state()).readingEnded());
                Gate.OPEN.countDown();
                TestDistrict.awaitStreaming(connector);
                assertEquals("v1", district.lastNames().get("10/1"));
                assertFalse(district.lastNames().containsKey("10/2"));
            }
        }
    }

    @Test
    void aTransactionAboveTheBoundIsSplitButStaysOneEpoch(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "split");
                Connector connector = TestDistrict.start(
                        new Connector(district.settings(limits -> TestLimits.withMaxRows(limits, 10), Map.of())))) {
            TestDistrict.awaitStreaming(connector);
            district.transaction(IntStream.rangeClosed(1, 35)
                    .mapToObj(i -> "INSERT INTO dbo.STU (SC, SN, ID, LN, FN, GR, TG) VALUES (10, " + i + ", " + i
                            + ", N'Name', N'A', 9, ' ')")
                    .toArray(String[]::new));
            TestDistrict.await(() -> district.lastNames().size() == 35);
            TestDistrict.await(
                    connector,
                    status -> status.counters().splits() > 0
                            && status.lastPublished().isPresent());
            List<TestDistrict.Seen> seen = district.students();
            assertEquals(35, seen.size());
            assertEquals(
                    1, seen.stream().map(TestDistrict.Seen::epoch).distinct().count());
            Progress epoch = epoch(district, seen.get(0).epoch());
            assertEquals(4, epoch.getKafkaTransactions());
            Seen.notice(
                    "transaction larger than a Kafka transaction",
                    connector,
                    "a source transaction of 35 rows was published in 4 parts");
            assertEquals(35, epoch.getRows());
            assertEquals(1, epoch.getSourceTransactions());
        }
    }

    @Test
    void shuffledSequenceValuesStillGiveTheLastStateOfEachRow(TestKafka kafka) throws Exception {
        try (TestDistrict district = new TestDistrict(
                        directory, kafka, "shuffled", settings -> settings.withCaptureInterval(Duration.ofMillis(200))
                                .withShuffledSequenceValues(true))
                .withTables()) {
            for (int i = 1; i <= 10; i++) {
                district.student(10, i, "v0");
            }
            Connector connector = district.connector();
            TestDistrict.awaitStreaming(connector);
            for (int round = 1; round <= 5; round++) {
                List<String> statements = new ArrayList<>();
                for (int version = 1; version <= 3; version++) {
                    for (int i = 1; i <= 10; i++) {
                        statements.add("UPDATE dbo.STU SET LN = N'r" + round + "v" + version + "' WHERE SN = " + i);
                    }
                }
                district.transaction(statements.toArray(String[]::new));
                if (round == 3) {
                    connector.close();
                    connector = district.connector();
                }
            }
            TestDistrict.await(() -> district.lastNames().values().stream().allMatch("r5v3"::equals));
            connector.close();
            district.namesInOrder()
                    .forEach((key, names) ->
                            assertEquals(List.of("v0", "r1v3", "r2v3", "r3v3", "r4v3", "r5v3"), names, key));
        }
    }

    @Test
    void aQuietDatabaseStaysFresh(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "quiet");
                Connector connector = district.connector()) {
            TestDistrict.awaitStreaming(connector);
            TestDistrict.await(() -> district.epochs().stream()
                            .filter(epoch -> epoch.getCause() == EpochCause.QUIET)
                            .count()
                    >= 3);
            List<Instant> freshness = district.epochs().stream()
                    .filter(epoch -> epoch.getCause() == EpochCause.QUIET)
                    .map(epoch -> epoch.getFreshAsOf().orElseThrow())
                    .toList();
            assertEquals(freshness.stream().sorted().distinct().toList(), freshness);
            assertEquals(Freshness.State.KNOWN, connector.status().freshness().state());
        }
    }

    @Test
    void aStalledCaptureJobIsNotFresh(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "stalled");
                Connector connector = district.connector()) {
            TestDistrict.awaitStreaming(connector);
            TestDistrict.await(connector, status -> status.freshness().state() == Freshness.State.KNOWN);
            district.server().pauseCapture();
            district.student(10, 1, "Unseen");
            TestDistrict.await(connector, status -> status.freshness().state() == Freshness.State.STALLED);
            Instant stalled = connector.status().freshness().asOf().orElseThrow();
            assertFalse(district.epochs().stream()
                    .anyMatch(epoch ->
                            epoch.getFreshAsOf().filter(stalled::isBefore).isPresent()));
            district.server().resumeCapture();
            TestDistrict.await(connector, status -> status.freshness().state() == Freshness.State.KNOWN);
            district.awaitNames(Map.of("10/1", "Unseen"));
        }
    }

    @Test
    void midnightInTheDistrictIsAnEpochAndTheBusinessDateNeverGoesBack(TestKafka kafka) throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-09-01T06:59:00Z"));
        try (TestDistrict district = district(kafka, "midnight");
                Connector connector = TestDistrict.start(new Connector(district.settings(), now::get))) {
            TestDistrict.awaitStreaming(connector);
            assertEquals(LocalDate.of(2026, 8, 31), district.epochs().get(0).getBusinessDate());
            now.set(Instant.parse("2026-09-01T07:00:01Z"));
            TestDistrict.await(() -> district.epochs().stream()
                    .anyMatch(epoch -> epoch.getCause() == EpochCause.MIDNIGHT
                            && epoch.getBusinessDate().equals(LocalDate.of(2026, 9, 1))));
            now.set(Instant.parse("2026-08-31T12:00:00Z"));
            district.student(10, 1, "Late");
            district.awaitNames(Map.of("10/1", "Late"));
            List<Progress> epochs = district.epochs();
            assertEquals(LocalDate.of(2026, 9, 1), epochs.get(epochs.size() - 1).getBusinessDate());
            // A clock that was weeks ahead was wrong: its date must not stay until the calendar reaches it.
            now.set(Instant.parse("2026-08-01T12:00:00Z"));
            TestDistrict.await(() -> district.epochs().stream()
                    .anyMatch(epoch -> epoch.getBusinessDate().equals(LocalDate.of(2026, 8, 1))));
        }
    }

    @Test
    void aLoadOfSmallTransactionsIsBatched(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "batched")) {
            try (Connector connector = district.connector()) {
                TestDistrict.awaitStreaming(connector);
                district.server().pauseCapture();
                for (int i = 1; i <= 100; i++) {
                    district.student(10, i, "Name");
                }
                district.server().resumeCapture();
                TestDistrict.await(() -> district.lastNames().size() == 100);
                assertTrue(connector.status().counters().kafkaTransactions() < 60);
            }
            assertEquals(
                    100,
                    district.epochs().stream()
                            .mapToLong(Progress::getSourceTransactions)
                            .sum());
        }
    }

    @Test
    void noLogAtAnyLevelHoldsWhatARowHolds(TestKafka kafka) throws Exception {
        String marker = "Zyxwvutsrq";
        try (TestDistrict district = district(kafka, "private");
                LogSearch logs = new LogSearch(marker)) {
            district.student(10, 1, marker);
            try (Connector connector = district.connector()) {
                TestDistrict.awaitStreaming(connector);
                district.rename(10, 1, marker + "2");
                district.sql("INSERT INTO dbo.STF (ID, LN, FN, PSC) VALUES (1, N'" + marker + "', N'A', 10)");
                district.awaitNames(Map.of("10/1", marker + "2"));
            }
            assertEquals(List.of(), logs.found());
        }
    }

    @Test
    void limitsAreChecked() {
        assertThrows(IllegalArgumentException.class, () -> TestLimits.withMaxRows(Limits.usual(), 0));
    }
}
