package dev.patronstream.connector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.connector.KafkaExtension.TestKafka;
import dev.patronstream.connector.epoch.Position;
import dev.patronstream.connector.status.Freshness;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What was not captured is noticed, named and made good, and a row that did not change is not written again. */
@Tag("faults")
@ExtendWith(KafkaExtension.class)
class SourceLossTest {

    private static final String DISABLE =
            "EXEC sys.sp_cdc_disable_table @source_schema = N'dbo', @source_name = N'STU',"
                    + " @capture_instance = N'all'";
    private static final String ENABLE =
            "EXEC sys.sp_cdc_enable_table @source_schema = N'dbo', @source_name = N'STU', @role_name = NULL";

    @TempDir
    Path directory;

    private TestDistrict district(TestKafka kafka, String name) throws Exception {
        TestDistrict district = new TestDistrict(
                        directory.resolve(name),
                        kafka,
                        name,
                        settings -> settings.withCaptureInterval(Duration.ofMillis(200)))
                .withTables();
        for (int i = 1; i <= 20; i++) {
            district.student(10, i, "v0");
        }
        return district;
    }

    /** Every row was written once, but for those that are named here with all they were. */
    private static void assertOnlyDifferences(TestDistrict district, Map<String, List<String>> changed) {
        Map<String, List<String>> names = district.namesInOrder();
        for (int i = 1; i <= 20; i++) {
            String key = "10/" + i;
            assertEquals(changed.getOrDefault(key, List.of("v0")), names.get(key), key);
        }
    }

    @Test
    void downForLongerThanChangesAreKept(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "retained")) {
            try (Connector connector = district.connector()) {
                TestDistrict.awaitStreaming(connector);
            }
            district.rename(10, 1, "v1");
            district.server().scanNow();
            district.rename(10, 2, "v2");
            district.server().scanNow();
            district.server().cleanUp(district.maxLsn());
            try (Connector connector = district.connector()) {
                TestDistrict.awaitStreaming(connector);
                Seen.notice("retention passed", connector, "down for longer than CDC keeps changes", "2 rows differed");
            }
            assertOnlyDifferences(district, Map.of("10/1", List.of("v0", "v1"), "10/2", List.of("v0", "v2")));
            assertEquals(2, district.snapshots().get(1).getWritten());
            assertEquals(0, district.snapshots().get(1).getRemoved());
        }
    }

    @Test
    void aTableThatIsNotTrackedForAWhile(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "untracked");
                Connector connector = district.connector()) {
            TestDistrict.awaitStreaming(connector);
            district.sql(DISABLE);
            district.rename(10, 1, "unseen");
            district.sql("DELETE FROM dbo.STU WHERE SN = 2");
            Seen.state("table not tracked", connector, "table dbo.STU is not tracked", "sp_cdc_enable_table");
            district.sql(ENABLE);
            district.rename(10, 3, "seen");
            TestDistrict.await(() -> "seen".equals(district.lastNames().get("10/3")));
            Seen.notice("table not tracked", connector, "STU was created again");
            TestDistrict.awaitStreaming(connector);
            Map<String, List<String>> names = district.namesInOrder();
            assertEquals(List.of("v0", "unseen"), names.get("10/1"));
            assertEquals(java.util.Arrays.asList("v0", null), names.get("10/2"));
            assertEquals(List.of("v0"), names.get("10/4"));
        }
    }

    @Test
    void anInstanceThatIsDroppedAndMadeAgainAtOnce(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "again");
                Connector connector = district.connector()) {
            TestDistrict.awaitStreaming(connector);
            district.server().pauseCapture();
            district.rename(10, 1, "between");
            district.sql(DISABLE);
            district.sql(ENABLE);
            district.server().resumeCapture();
            TestDistrict.await(() -> "between".equals(district.lastNames().get("10/1")));
            Seen.notice("instance created again", connector, "STU was created again");
            assertOnlyDifferences(district, Map.of("10/1", List.of("v0", "between")));
        }
    }

    /** The engine does not see that anything is missing: it is at work again only when the change is gone. */
    @Test
    void aChangeThatTheCleanUpTakesBeforeItIsRead(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "unread");
                Connector connector = TestDistrict.start(
                        new Connector(district.settings(limits -> limits, Map.of("poll.interval.ms", "4000"))))) {
            TestDistrict.awaitStreaming(connector);
            district.server().pauseCapture();
            district.rename(10, 1, "unread");
            district.server().scanNow();
            district.rename(10, 2, "read");
            district.server().scanNow();
            district.server().cleanUp(district.maxLsn());
            district.server().resumeCapture();
            TestDistrict.await(() -> "unread".equals(district.lastNames().get("10/1")));
            TestDistrict.await(() -> "read".equals(district.lastNames().get("10/2")));
            assertOnlyDifferences(district, Map.of("10/1", List.of("v0", "unread"), "10/2", List.of("v0", "read")));
        }
    }

    @Test
    void captureDisabledAndEnabledWhileItRuns(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "reenabled");
                Connector connector = district.connector()) {
            TestDistrict.awaitStreaming(connector);
            district.sql("EXEC sys.sp_cdc_disable_db");
            district.rename(10, 1, "unseen");
            Seen.state("CDC disabled", connector, "Change data capture is off", "sys.sp_cdc_enable_db");
            district.enableCapture();
            TestDistrict.await(() -> "unseen".equals(district.lastNames().get("10/1")));
            Seen.notice("CDC disabled and enabled", connector, "the tables were read in full");
            assertOnlyDifferences(district, Map.of("10/1", List.of("v0", "unseen")));
        }
    }

    @Test
    void captureDisabledAndEnabledWhileItIsDown(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "reenabled-down")) {
            try (Connector connector = district.connector()) {
                TestDistrict.awaitStreaming(connector);
            }
            district.sql("EXEC sys.sp_cdc_disable_db");
            district.rename(10, 1, "unseen");
            district.enableCapture();
            try (Connector connector = district.connector()) {
                TestDistrict.await(() -> "unseen".equals(district.lastNames().get("10/1")));
                Seen.notice("CDC disabled and enabled, down", connector, "what happened in between was not captured");
                district.rename(10, 2, "later");
                TestDistrict.await(() -> "later".equals(district.lastNames().get("10/2")));
            }
            assertOnlyDifferences(district, Map.of("10/1", List.of("v0", "unseen"), "10/2", List.of("v0", "later")));
        }
    }

    @Test
    void aStoppedCaptureJobIsStaleAndNotFresh(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "stopped");
                Connector connector = district.connector()) {
            TestDistrict.awaitStreaming(connector);
            district.sql("EXEC sys.sp_cdc_stop_job @job_type = N'capture'");
            district.rename(10, 1, "unseen");
            TestDistrict.await(connector, status -> status.freshness().state() == Freshness.State.STALLED);
            Freshness stalled = connector.status().freshness();
            Seen.failure("capture job stopped", stalled.note(), "the capture job has not finished a scan since");
            assertFalse(district.epochs().stream().anyMatch(epoch -> epoch.getFreshAsOf()
                    .filter(stalled.asOf().orElseThrow()::isBefore)
                    .isPresent()));
            assertEquals("v0", district.lastNames().get("10/1"));
            district.sql("EXEC sys.sp_cdc_start_job @job_type = N'capture'");
            TestDistrict.await(() -> "unseen".equals(district.lastNames().get("10/1")));
            TestDistrict.await(connector, status -> status.freshness().state() == Freshness.State.KNOWN);
        }
    }

    @Test
    void aStoppedCaptureJobThatKeepsASnapshotFromEndingIsNamed(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "stopped-early")) {
            district.sql("EXEC sys.sp_cdc_stop_job @job_type = N'capture'");
            district.server().pauseCapture();
            try (Connector connector = district.connector()) {
                Seen.state(
                        "capture job stopped during a snapshot",
                        connector,
                        "waiting for capture to pass the time of reading",
                        "the capture job has not finished a scan since");
                assertEquals(
                        Freshness.State.STALLED, connector.status().freshness().state());
                assertTrue(district.epochs().isEmpty());
                district.server().resumeCapture();
                district.sql("EXEC sys.sp_cdc_start_job @job_type = N'capture'");
                TestDistrict.awaitStreaming(connector);
            }
        }
    }

    @Test
    void aDatabaseThatWasRestoredToAnEarlierPoint(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "restored")) {
            try (Connector connector = district.connector()) {
                TestDistrict.awaitStreaming(connector);
                Path backup = district.backUp(directory.resolve("backup"));
                district.rename(10, 1, "undone");
                district.student(10, 21, "undone");
                TestDistrict.await(() -> "undone".equals(district.lastNames().get("10/21")));
                district.restore(backup);
                TestDistrict.await(() -> !district.lastNames().containsKey("10/21"));
                Seen.notice("restored to an earlier point", connector, "restored to an earlier point", "changes up to");
                district.rename(10, 2, "later");
                TestDistrict.await(() -> "later".equals(district.lastNames().get("10/2")));
            }
            assertOnlyDifferences(
                    district, Map.of("10/1", List.of("v0", "undone", "v0"), "10/2", List.of("v0", "later")));
            assertIncarnations(district, 2);
        }
    }

    /** The log has grown past the old position, so its length says nothing. */
    @Test
    void aDatabaseThatWasRestoredAndHasGoneOn(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "gone-on")) {
            Path backup = district.backUp(directory.resolve("backup"));
            try (Connector connector = district.connector()) {
                TestDistrict.awaitStreaming(connector);
                district.rename(10, 1, "undone");
                TestDistrict.await(() -> "undone".equals(district.lastNames().get("10/1")));
            }
            String watermark = district.position().orElseThrow().watermark();
            district.restore(backup);
            int version = 0;
            while (district.maxLsn().compareTo(watermark) <= 0) {
                district.rename(10, 2, "w" + ++version);
                district.server().scanNow();
            }
            district.rename(10, 3, "after");
            try (Connector connector = district.connector()) {
                TestDistrict.await(() -> "after".equals(district.lastNames().get("10/3")));
                Seen.notice("restored, and past the position", connector, "its log has another entry at");
            }
            assertOnlyDifferences(
                    district,
                    Map.of(
                            "10/1", List.of("v0", "undone", "v0"),
                            "10/2", List.of("v0", "w" + version),
                            "10/3", List.of("v0", "after")));
            assertIncarnations(district, 2);
        }
    }

    /** Which log it is can only be seen by an entry at the very watermark, or changes before it could hide. */
    @Test
    void everyPositionRemembersTheEntryAtItsWatermark(TestKafka kafka) throws Exception {
        try (TestDistrict district = new TestDistrict(
                        directory, kafka, "entries", settings -> settings.withCaptureInterval(Duration.ofMillis(50))
                                .withIdleEntryInterval(Duration.ofMillis(20)))
                .withTables()) {
            try (Connector connector = district.connector();
                    Office office = new Office(district, 7, 20, 5, 60).start()) {
                TestDistrict.await(connector, status -> status.counters().sourceTransactions() > 100);
                office.finish();
            }
            List<Position> whole = district.positions().stream()
                    .filter(position -> position.unfinished() == null)
                    .toList();
            assertTrue(whole.size() > 20, () -> whole.size() + " positions");
            whole.forEach(position ->
                    assertEquals(position.watermark(), position.logEntry().lsn(), () -> "epoch " + position.epoch()));
        }
    }

    @Test
    void aPositionOfAnotherDatabase(TestKafka kafka) throws Exception {
        try (TestDistrict before = district(kafka, "moved");
                Connector connector = before.connector()) {
            TestDistrict.awaitStreaming(connector);
        }
        try (TestDistrict now = new TestDistrict(
                        directory.resolve("other"), kafka, "moved", settings -> settings.withCaptureInterval(
                                        Duration.ofMillis(200))
                                .withDatabase("DST27000EAGLE"))
                .withTables()) {
            for (int i = 2; i <= 21; i++) {
                now.student(10, i, i == 2 ? "v1" : "v0");
            }
            try (Connector connector = now.connector()) {
                TestDistrict.await(() -> now.lastNames().containsKey("10/21"));
                Seen.notice(
                        "position of another database",
                        connector,
                        "the database is another one than before",
                        "DST27000EAGLE@",
                        "3 rows differed from the topics, 1 of them gone");
            }
            assertOnlyDifferences(
                    now, Map.of("10/1", java.util.Arrays.asList("v0", null), "10/2", List.of("v0", "v1")));
            assertIncarnations(now, 2);
        }
    }

    private static void assertIncarnations(TestDistrict district, int expected) {
        assertEquals(
                expected,
                district.epochs().stream()
                        .map(epoch -> epoch.getIncarnation())
                        .distinct()
                        .count());
    }
}
