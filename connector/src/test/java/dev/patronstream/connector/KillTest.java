package dev.patronstream.connector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.connector.KafkaExtension.TestKafka;
import dev.patronstream.connector.check.CaptureSettings;
import dev.patronstream.connector.check.CapturedColumns;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.schemas.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The connector is killed, again and again, while a school office works. */
@ExtendWith(KafkaExtension.class)
class KillTest {

    /** Each costs the start of a process; a build with the faults kills more often. */
    static final int KILLS = Integer.getInteger("kills", 2);

    @TempDir
    Path directory;

    @Test
    void afterKillsWhileStreamingEveryTransactionIsPublishedOnceAndWhole(TestKafka kafka) throws Exception {
        long seed = 4_711;
        Random random = new Random(seed);
        try (TestDistrict district = new TestDistrict(
                        directory, kafka, "killed", settings -> settings.withCaptureInterval(Duration.ofMillis(100))
                                .withShuffledSequenceValues(true))
                .withTables()) {
            try (Connector first = district.connector()) {
                TestDistrict.awaitStreaming(first);
            }
            try (Office office = new Office(district, seed, 40, 60, 20).start()) {
                for (int i = 0; i < KILLS; i++) {
                    Process process = ConnectorProcess.start(district, 25, Path.of("target", "killed-connector.log"));
                    long before = district.position().orElseThrow().epoch();
                    TestDistrict.await(() -> district.position().orElseThrow().epoch() > before + 2);
                    Thread.sleep(random.nextInt(400));
                    process.destroyForcibly().waitFor();
                }
                office.finish();
                try (Connector last = district.connector()) {
                    district.awaitNames(office.table());
                    assertEquals(0, last.status().counters().problems());
                }
                assertEquals(office.history(), district.namesByCommit());
                assertEquals(
                        office.transactions(),
                        district.epochs().stream()
                                .mapToLong(Progress::getSourceTransactions)
                                .sum());
                district.assertTransactionsAreWhole();
            }
        }
    }

    @Test
    void afterKillsDuringTheSnapshotNoRowIsMissingAndNoneGoesBackInTime(TestKafka kafka) throws Exception {
        Random random = new Random(815);
        try (TestDistrict district = new TestDistrict(
                        directory, kafka, "early", settings -> settings.withCaptureInterval(Duration.ofSeconds(5)))
                .withTables()) {
            for (int i = 1; i <= 200; i++) {
                district.student(20, i, "v0");
            }
            try (Office office = new Office(district, 815, 40, 60, 20).start()) {
                for (int i = 0; i < KILLS; i++) {
                    Process process = ConnectorProcess.start(district, 25, Path.of("target", "killed-connector.log"));
                    TestDistrict.await(district::hasStudents);
                    Thread.sleep(random.nextInt(6_000));
                    process.destroyForcibly().waitFor();
                }
                office.finish();
                try (Connector last = district.connector()) {
                    TestDistrict.await(() -> district.lastNames().entrySet().stream()
                            .filter(entry -> entry.getKey().startsWith("10/"))
                            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue))
                            .equals(office.table()));
                    TestDistrict.awaitStreaming(last);
                }
                district.namesInOrder().forEach((key, names) -> {
                    List<Integer> versions = names.stream()
                            .filter(name -> name != null)
                            .map(name -> Integer.parseInt(name.substring(1)))
                            .toList();
                    assertEquals(versions.stream().sorted().distinct().toList(), versions, "row " + key);
                });
                assertEquals(
                        200,
                        district.lastNames().keySet().stream()
                                .filter(key -> key.startsWith("20/"))
                                .count());
            }
        }
    }

    @Test
    void aLaterSnapshotThatWasKilledHalfwayIsBegunAgain(TestKafka kafka) throws Exception {
        int students = 60;
        try (TestDistrict district = new TestDistrict(
                        directory, kafka, "later", settings -> settings.withCaptureInterval(Duration.ofMillis(100)))
                .withTables()) {
            for (int i = 1; i <= students; i++) {
                district.student(20, i, "v0");
            }
            district.sql("UPDATE dbo.STU SET U1 = N'bus 7'");
            ConnectorSettings usual = district.settings();
            ConnectorSettings wider = new ConnectorSettings(
                    usual.topics(),
                    usual.topicSettings(),
                    usual.kafka(),
                    usual.serdes(),
                    new CaptureSettings(
                            usual.capture().database(),
                            new CapturedColumns(Set.of(), Map.of(SourceTable.STU, Set.of("U1"))),
                            usual.capture().timeZone(),
                            usual.capture().limits(),
                            usual.capture().engine()),
                    Optional.empty());
            try (Connector first = TestDistrict.start(new Connector(wider))) {
                TestDistrict.awaitStreaming(first);
            }
            // No snapshot ends while capture stands still; its last rows wait for the end.
            district.server().pauseCapture();
            Process process = ConnectorProcess.start(district, 25, Path.of("target", "killed-connector.log"));
            TestDistrict.await(() -> district.students().size() > students);
            process.destroyForcibly().waitFor();
            district.server().resumeCapture();
            try (Connector last = district.connector()) {
                TestDistrict.awaitStreaming(last);
            }
            assertEquals(students, district.namesInOrder().size());
            // Once with the column that is not captured any more, and once without.
            district.namesInOrder().forEach((key, names) -> assertEquals(List.of("v0", "v0"), names, key));
        }
    }

    @Test
    void aFrozenConnectorThatComesBackAfterItsSuccessorStartedIsFencedAndEndsSayingSo(TestKafka kafka)
            throws Exception {
        Path log = Path.of("target", "zombie-connector.log");
        Files.deleteIfExists(log);
        try (TestDistrict district = new TestDistrict(
                        directory, kafka, "zombie", settings -> settings.withCaptureInterval(Duration.ofMillis(100))
                                .withShuffledSequenceValues(true))
                .withTables()) {
            try (Connector first = district.connector()) {
                TestDistrict.awaitStreaming(first);
            }
            try (Office office = new Office(district, 12, 40, 60, 20).start()) {
                Process zombie = ConnectorProcess.start(district, 25, log);
                try {
                    awaitEpochs(district, 5);
                    ConnectorProcess.signal(zombie, "STOP");
                    try (Connector successor = district.connector()) {
                        TestDistrict.awaitStreaming(successor);
                        awaitEpochs(district, 5);
                        ConnectorProcess.signal(zombie, "CONT");
                        assertTrue(zombie.waitFor(60, TimeUnit.SECONDS), "the zombie ends");
                        assertEquals(1, zombie.exitValue());
                        String last = Files.readString(log)
                                .lines()
                                .filter(line -> line.startsWith("ENDED "))
                                .findFirst()
                                .orElseThrow();
                        Seen.failure(
                                "zombie",
                                last.substring("ENDED ".length()),
                                "'zombie' has taken over",
                                "this one stops");
                        awaitEpochs(district, 5);
                        office.finish();
                        district.awaitNames(office.table());
                        assertTrue(successor.failure().isEmpty());
                    }
                } finally {
                    zombie.destroyForcibly().waitFor();
                }
                assertEquals(office.history(), district.namesByCommit());
                district.assertTransactionsAreWhole();
            }
        }
    }

    private static void awaitEpochs(TestDistrict district, int more) {
        long before = district.position().orElseThrow().epoch();
        TestDistrict.await(() -> district.position().orElseThrow().epoch() >= before + more);
    }
}
