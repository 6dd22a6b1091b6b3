package dev.patronstream.connector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.connector.KafkaExtension.TestKafka;
import dev.patronstream.connector.check.Polling;
import dev.patronstream.connector.start.Holds;
import dev.patronstream.connector.status.ConnectorStatus;
import dev.patronstream.connector.status.Freshness;
import dev.patronstream.schemas.Capture;
import dev.patronstream.schemas.CaptureHold;
import dev.patronstream.schemas.Enrollment;
import dev.patronstream.schemas.EpochCause;
import dev.patronstream.schemas.HoldDecision;
import dev.patronstream.schemas.Lsn;
import dev.patronstream.schemas.Phase;
import dev.patronstream.schemas.Progress;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Capture of a database that has no change data capture: the tables are read again and again. */
@ExtendWith(KafkaExtension.class)
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PollTest {

    private static final Duration OFTEN = Duration.ofMillis(200);
    private static final Duration SELDOM = Duration.ofHours(1);

    @TempDir
    Path directory;

    private TestDistrict district(TestKafka kafka, String name) throws SQLException {
        return new TestDistrict(
                directory, kafka, name, settings -> settings.withCaptureInterval(Duration.ofMillis(100)));
    }

    private static Connector polling(TestDistrict district, Duration every) {
        return TestDistrict.start(new Connector(district.polled(every)));
    }

    /** Waits until everything that was committed before the call is published. */
    private static void awaitReading(TestDistrict district) {
        int before = district.epochs().size();
        // The reading that is under way may have begun before.
        TestDistrict.await(() -> district.epochs().size() > before + 1);
    }

    @Test
    void whatDiffersIsPublishedAsOneEpochOfATimeOfReading(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "polled").withTablesOnly()) {
            district.student(10, 1, "Nguyen");
            district.student(10, 2, "Smith");
            district.student(10, 3, "Lee");
            Instant before = Instant.now();
            // A student who goes to another school counts as one of few rows that are gone.
            ConnectorSettings settings = district.polled(
                    Polling.every(OFTEN),
                    limits -> TestLimits.withMassDeleteAbove(limits, 1),
                    district.settings().capture().database());
            try (Connector connector = TestDistrict.start(new Connector(settings))) {
                district.awaitNames(Map.of("10/1", "Nguyen", "10/2", "Smith", "10/3", "Lee"));
                district.transaction(
                        "UPDATE dbo.STU SET LN = N'Tran' WHERE SN = 1",
                        "UPDATE dbo.STU SET SC = 20 WHERE SN = 2",
                        "INSERT INTO dbo.LOC (CD, NM, DEL) VALUES (10, N'Eagle High', 0)");
                district.awaitNames(Map.of("10/1", "Tran", "20/2", "Smith", "10/3", "Lee"));
                TestDistrict.await(connector, status -> status.freshness().state() == Freshness.State.KNOWN);
                assertTrue(connector.status().watermark().orElseThrow().readAt().isPresent());
            }
            Enrollment row = district.enrollments().get("10/1");
            assertEquals(Capture.POLL, row.getSource().getCapture());
            assertEquals(Phase.SNAPSHOT, row.getSource().getPhase());
            assertEquals(
                    new Lsn(row.getSource().getCommitLsn()).readAt().orElseThrow(),
                    row.getSource().getCommittedAt());
            assertFalse(row.getSource().getCommittedAt().isBefore(before.minusSeconds(5)));
            List<Progress> changes = district.epochs().stream()
                    .filter(epoch -> epoch.getCause() == EpochCause.CHANGES)
                    .toList();
            assertEquals(1, changes.size(), "one transaction is one epoch");
            assertEquals(4, changes.get(0).getRows());
            assertEquals(1, changes.get(0).getKafkaTransactions());
            assertEquals(
                    new Lsn(changes.get(0).getWatermark()).readAt(),
                    changes.get(0).getFreshAsOf());
            assertEquals(1, district.snapshots().size(), "only the first reading is told as one");
            district.assertTransactionsAreWhole();
        }
    }

    @Test
    void anUnchangedTableIsNotWrittenAgainAndARowThatIsGoneIsRemoved(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "poll-quiet").withTablesOnly()) {
            for (int i = 1; i <= 20; i++) {
                district.student(10, i, "v0");
            }
            try (Connector connector = polling(district, OFTEN)) {
                TestDistrict.await(connector, status -> status.state() instanceof ConnectorStatus.Polling);
                awaitReading(district);
                assertEquals(20, district.students().size());
                district.sql("DELETE FROM dbo.STU WHERE SN = 1");
                district.sql("UPDATE dbo.STU SET DEL = 1 WHERE SN = 2");
                TestDistrict.await(() -> district.lastNames().size() == 18);
                awaitReading(district);
                assertEquals(22, district.students().size());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"DELETE FROM dbo.STU WHERE SN <= 5, 10000", "UPDATE dbo.STU SET DEL = 1 WHERE SN <= 5, 2"})
    void aReadingThatWouldRemoveTooMuchIsHeld(String removal, int maxRows, TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "poll-held-" + maxRows).withTablesOnly()) {
            for (int i = 1; i <= 10; i++) {
                district.student(10, i, "v0");
            }
            ConnectorSettings settings = district.polled(
                    Polling.every(OFTEN),
                    limits -> TestLimits.withMaxRows(limits, maxRows),
                    district.settings().capture().database());
            try (Connector connector = TestDistrict.start(new Connector(settings))) {
                TestDistrict.await(() -> district.lastNames().size() == 10);
                district.sql(removal);
                Seen.state(
                        "poll held", connector, "5 of 10 rows of STU are gone since", "patronstream approve connector");
                assertEquals(10, district.lastNames().size());
            }
            try (Connector connector = TestDistrict.start(new Connector(settings));
                    Holds holds = new Holds(
                            district.kafkaProperties(), district.topics(), district.serdes(), Duration.ofSeconds(60))) {
                TestDistrict.await(connector, status -> status.state() instanceof ConnectorStatus.Held);
                assertEquals(10, district.lastNames().size());
                CaptureHold held = holds.read().held().orElseThrow();
                holds.decide(held, HoldDecision.APPROVED, "maria@office", Optional.empty(), Instant.now());
                TestDistrict.await(() -> district.lastNames().size() == 5);
                TestDistrict.await(connector, status -> status.state() instanceof ConnectorStatus.Polling);
                TestDistrict.await(() -> holds.read().held().isEmpty());
            }
        }
    }

    /** The time of reading is the database's, the time between two readings is ours. */
    @Test
    void aClockOfTheDatabaseThatIsWrongNeitherHastensReadingsNorTakesThemBack(TestKafka kafka) throws Exception {
        AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ofHours(3));
        try (TestDistrict district = new TestDistrict(
                        directory,
                        kafka,
                        "poll-clock",
                        settings -> settings.withClock(() -> Instant.now().plus(ahead.get())))
                .withTablesOnly()) {
            district.student(10, 1, "v0");
            Duration every = Duration.ofSeconds(2);
            try (Connector connector = polling(district, every)) {
                district.awaitNames(Map.of("10/1", "v0"));
                ahead.set(Duration.ofHours(-3));
                Instant putBack = Instant.now();
                int before = district.epochs().size();
                district.rename(10, 1, "v1");
                district.awaitNames(Map.of("10/1", "v1"));
                awaitReading(district);
                int readings = district.epochs().size() - before;
                long most = Duration.between(putBack, Instant.now()).dividedBy(every) + 2;
                assertTrue(readings <= most, readings + " readings, and " + most + " were due");
                assertTrue(connector.status().freshness().asOf().orElseThrow().isBefore(putBack.minusSeconds(3_600)));
            }
            List<Progress> epochs = district.epochs();
            assertEquals(
                    epochs.stream().map(Progress::getWatermark).sorted().toList(),
                    epochs.stream().map(Progress::getWatermark).toList());
            Progress last = epochs.get(epochs.size() - 1);
            try (Connector connector = polling(district, SELDOM)) {
                TestDistrict.await(connector, status -> status.state() instanceof ConnectorStatus.Polling);
                assertEquals(last.getFreshAsOf(), connector.status().freshness().asOf());
            }
        }
    }

    @Test
    void aRestartReadsWhenTheNextReadingIsDue(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "poll-restart").withTablesOnly()) {
            district.student(10, 1, "v0");
            try (Connector connector = polling(district, SELDOM)) {
                district.awaitNames(Map.of("10/1", "v0"));
                TestDistrict.await(connector, status -> status.state() instanceof ConnectorStatus.Polling);
            }
            district.rename(10, 1, "v1");
            int epochs = district.epochs().size();
            try (Connector connector = polling(district, SELDOM)) {
                Seen.state("poll waits", connector, "the next reading is due at");
                assertTrue(connector.status().freshness().asOf().isPresent(), "the time of the last reading");
                assertEquals(epochs, district.epochs().size());
            }
            try (Connector connector = polling(district, OFTEN)) {
                district.awaitNames(Map.of("10/1", "v1"));
                assertEquals(1, district.snapshots().size());
                assertEquals(Map.of("10/1", List.of("v0", "v1")), district.namesInOrder());
                assertFalse(connector.failure().isPresent());
            }
        }
    }

    @Test
    void aReadingAboveTheBoundIsSplitAndStaysOneEpoch(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "poll-split").withTablesOnly()) {
            for (int i = 1; i <= 25; i++) {
                district.student(10, i, "v0");
            }
            ConnectorSettings small = district.polled(
                    Polling.every(OFTEN),
                    limits -> TestLimits.withMaxRows(limits, 10),
                    district.settings().capture().database());
            try (Connector connector = TestDistrict.start(new Connector(small))) {
                TestDistrict.await(
                        connector,
                        status -> status.state() instanceof ConnectorStatus.Polling
                                && district.lastNames().size() == 25);
                district.sql("UPDATE dbo.STU SET LN = N'v1'");
                TestDistrict.await(
                        () -> Set.copyOf(district.lastNames().values()).equals(Set.of("v1")));
                awaitReading(district);
            }
            assertEquals(50, district.students().size());
            district.assertTransactionsAreWhole();
        }
    }

    @Test
    void switchingBetweenPollingAndChangeDataCaptureWritesOnlyRealDifferences(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "poll-switch").withTables()) {
            for (int i = 1; i <= 20; i++) {
                district.student(10, i, "v0");
            }
            try (Connector connector = district.connector()) {
                TestDistrict.awaitStreaming(connector);
            }
            String captured = district.position().orElseThrow().incarnation().id();
            district.rename(10, 1, "v1");
            try (Connector connector = polling(district, OFTEN)) {
                Seen.notice("switched to polling", connector, "the tables are polled from now on", "1 row differed");
                district.rename(10, 2, "v1");
                TestDistrict.await(() -> "v1".equals(district.lastNames().get("10/2")));
            }
            String polled = district.position().orElseThrow().incarnation().id();
            assertNotEquals(captured, polled, "LSNs and times of reading are never compared");
            district.rename(10, 3, "v1");
            try (Connector connector = district.connector()) {
                Seen.notice(
                        "switched to change data capture",
                        connector,
                        "change data capture is used from now on",
                        "1 row differed");
                TestDistrict.awaitStreaming(connector);
                district.rename(10, 4, "v1");
                TestDistrict.await(() -> "v1".equals(district.lastNames().get("10/4")));
            }
            assertEquals(24, district.students().size());
            assertEquals(
                    3,
                    district.epochs().stream()
                            .map(Progress::getGeneration)
                            .distinct()
                            .count());
            assertEquals(
                    Capture.CDC, district.enrollments().get("10/4").getSource().getCapture());
        }
    }

    @Test
    void aDatabaseWithoutSnapshotIsolationIsReadToo(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "poll-committed").withTablesOnly()) {
            district.sql("ALTER DATABASE [" + district.server().database() + "] SET ALLOW_SNAPSHOT_ISOLATION OFF");
            district.student(10, 1, "v0");
            try (Connector connector = polling(district, OFTEN)) {
                district.awaitNames(Map.of("10/1", "v0"));
                district.rename(10, 1, "v1");
                district.student(20, 2, "v0");
                district.awaitNames(Map.of("10/1", "v1", "20/2", "v0"));
                List<Progress> epochs = district.epochs();
                Progress last = epochs.get(epochs.size() - 1);
                assertFalse(last.getReadUntil()
                        .orElseThrow()
                        .isBefore(last.getFreshAsOf().orElseThrow()));
                assertTrue(connector.status().warnings().stream()
                        .anyMatch(warning -> warning.contains("ALLOW_SNAPSHOT_ISOLATION")));
            }
        }
    }

    static Stream<Arguments> waysToMove() {
        return Stream.of(
                // Behind the reading, which has passed the new key and finds the old one gone.
                Arguments.of(90, List.of("UPDATE dbo.STU SET SC = 5 WHERE SC = 90"), "5/1"),
                // As Aeries does it: the old row becomes inactive, and the reading meets only that one.
                Arguments.of(
                        90,
                        List.of(
                                "INSERT INTO dbo.STU (SC, SN, ID, LN, FN, GR, TG, DEL)"
                                        + " SELECT 5, SN, ID, LN, FN, GR, TG, DEL FROM dbo.STU WHERE SC = 90",
                                "UPDATE dbo.STU SET DEL = 1 WHERE SC = 90"),
                        "5/1"),
                // Ahead of the reading, which meets the student twice.
                Arguments.of(5, List.of("UPDATE dbo.STU SET SC = 90 WHERE SC = 5"), "90/1"));
    }

    @ParameterizedTest
    @MethodSource("waysToMove")
    void aStudentWhoMovesWhileTheTablesAreReadIsThereOnce(
            int school, List<String> move, String movedTo, TestKafka kafka) throws Exception {
        String name = "poll-moved-" + school + "-" + move.size();
        try (TestDistrict district = district(kafka, name).withTablesOnly()) {
            district.sql("ALTER DATABASE [" + district.server().database() + "] SET ALLOW_SNAPSHOT_ISOLATION OFF");
            for (int from = 1; from <= 5_500; from += 500) {
                district.sql("INSERT INTO dbo.STU (SC, SN, ID, LN, FN, GR, TG, DEL) VALUES "
                        + IntStream.range(from, from + 500)
                                .mapToObj(number -> "(10, " + number + ", " + number + ", N'v0', N'A', 9, ' ', 0)")
                                .collect(Collectors.joining(", ")));
            }
            district.student(school, 1, "Moving");
            Polling slow = new Polling(Duration.ofMillis(200), 5_000, Duration.ofSeconds(10));
            ConnectorSettings settings = district.polled(
                    slow,
                    UnaryOperator.identity(),
                    district.settings().capture().database());
            try (Connector connector = TestDistrict.start(new Connector(settings))) {
                TestDistrict.await(() -> district.epochs().size() > 1);
                // The first page is read, the second is not.
                TestDistrict.await(
                        connector,
                        status -> status.state() instanceof ConnectorStatus.Polling reading
                                && reading.next().isEmpty()
                                && reading.rows() >= 500
                                && reading.rows() <= 2_000);
                district.transaction(move.toArray(String[]::new));
                TestDistrict.await(() -> district.lastNames().containsKey(movedTo)
                        && !district.lastNames().containsKey(school + "/1"));
            }
            Map<Long, Set<String>> byEpoch = new TreeMap<>();
            Set<String> there = new HashSet<>();
            district.students().stream()
                    .filter(seen -> Set.of(movedTo, school + "/1").contains(seen.key()))
                    .forEach(seen -> {
                        if (seen.lastName() == null) {
                            there.remove(seen.key());
                        } else {
                            there.add(seen.key());
                        }
                        byEpoch.put(seen.epoch(), Set.copyOf(there));
                    });
            assertTrue(byEpoch.values().stream().allMatch(keys -> keys.size() == 1), byEpoch.toString());
        }
    }

    @Test
    void aDatabaseThatIsAwayIsWaitedForAndFreshnessStaysThatOfTheLastReading(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "poll-away").withTablesOnly()) {
            district.student(10, 1, "v0");
            try (Connector connector = polling(district, OFTEN)) {
                district.awaitNames(Map.of("10/1", "v0"));
                district.stopServer();
                TestDistrict.await(connector, status -> status.state() instanceof ConnectorStatus.Retrying);
                Instant last = connector.status().freshness().asOf().orElseThrow();
                TestDistrict.await(
                        connector,
                        status -> status.state() instanceof ConnectorStatus.Retrying again && again.attempt() > 1);
                assertEquals(last, connector.status().freshness().asOf().orElseThrow());
                district.startServer();
                district.rename(10, 1, "v1");
                district.awaitNames(Map.of("10/1", "v1"));
                assertTrue(connector.status().freshness().asOf().orElseThrow().isAfter(last));
            }
        }
    }

    @Test
    void afterKillsEveryRowIsAsTheTableHasItAndNoneGoesBackInTime(TestKafka kafka) throws Exception {
        Random random = new Random(4_711);
        try (TestDistrict district = district(kafka, "poll-killed").withTablesOnly()) {
            try (Office office = new Office(district, 4_711, 40, 60, 20).start()) {
                for (int i = 0; i < KillTest.KILLS; i++) {
                    int before =
                            district.position().isPresent() ? district.epochs().size() : 0;
                    Process process = ConnectorProcess.start(
                            district, 5, Duration.ofMillis(50), Path.of("target", "killed-connector.log"));
                    TestDistrict.await(
                            () -> district.hasStudents() && district.epochs().size() > before + 2);
                    Thread.sleep(random.nextInt(400));
                    process.destroyForcibly().waitFor();
                }
                office.finish();
                ConnectorSettings all = district.polled(
                        Polling.every(OFTEN),
                        limits -> TestLimits.withMassDeleteAbove(limits, 1),
                        district.settings().capture().database());
                try (Connector last = TestDistrict.start(new Connector(all))) {
                    district.awaitNames(office.table());
                    assertFalse(last.failure().isPresent());
                }
            }
            district.namesInOrder().forEach((key, names) -> {
                List<Integer> versions = names.stream()
                        .filter(name -> name != null)
                        .map(name -> Integer.parseInt(name.substring(1)))
                        .toList();
                assertEquals(versions.stream().sorted().distinct().toList(), versions, "row " + key);
            });
        }
    }
}
