package dev.patronstream.connector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.connector.KafkaExtension.TestKafka;
import dev.patronstream.schemas.Progress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The connector is killed, again and again, while a school office works. */
@ExtendWith(KafkaExtension.class)
class KillTest {

    private static final int KILLS = 6;

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
                assertTransactionsAreWhole(district);
            }
        }
    }

    /** All records of a commit stand in one epoch, below the offset that the epoch names. */
    private static void assertTransactionsAreWhole(TestDistrict district) {
        Map<String, List<TestDistrict.Seen>> byCommit =
                district.students().stream().collect(Collectors.groupingBy(TestDistrict.Seen::lsn));
        Map<Long, Progress> epochs =
                district.epochs().stream().collect(Collectors.toMap(Progress::getEpoch, epoch -> epoch));
        byCommit.forEach((lsn, records) -> {
            assertEquals(
                    1, records.stream().map(TestDistrict.Seen::epoch).distinct().count(), lsn);
            Progress epoch = epochs.get(records.get(0).epoch());
            long next = epoch.getNextOffsets().get(district.topics().enrolments());
            assertTrue(records.stream().allMatch(seen -> seen.offset() < next), lsn);
            assertTrue(epoch.getWatermark().compareTo(lsn) >= 0, lsn);
        });
    }

    @Test
    void afterKillsDuringTheSnapshotNoRowIsMissingAndNoneGoesBackInTime(TestKafka kafka) throws Exception {
        Random random = new Random(815);
        try (TestDistrict district = new TestDistrict(
                        directory, kafka, "early", settings -> settings.withCaptureInterval(Duration.ofSeconds(1)))
                .withTables()) {
            for (int i = 1; i <= 200; i++) {
                district.student(20, i, "v0");
            }
            try (Office office = new Office(district, 815, 40, 60, 20).start()) {
                for (int i = 0; i < KILLS; i++) {
                    Process process = ConnectorProcess.start(district, 25, Path.of("target", "killed-connector.log"));
                    TestDistrict.await(district::hasStudents);
                    Thread.sleep(random.nextInt(2_500));
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
}
