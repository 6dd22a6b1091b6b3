package dev.patronstream.connector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.connector.KafkaExtension.TestKafka;
import dev.patronstream.connector.check.CaptureSettings;
import dev.patronstream.connector.check.CapturedColumns;
import dev.patronstream.connector.row.ColumnGroup;
import dev.patronstream.schemas.Progress;
import dev.patronstream.schemas.Teacher;
import dev.patronstream.schemas.table.JoinedTable;
import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.schemas.topic.RecordForm;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The table TCH: captured like the others where it is asked for, and left alone where it is not. */
@ExtendWith(KafkaExtension.class)
class TeachersTest {

    @TempDir
    Path directory;

    private TestDistrict district(TestKafka kafka, String name) throws SQLException {
        TestDistrict district = new TestDistrict(
                        directory, kafka, name, settings -> settings.withCaptureInterval(Duration.ofMillis(100)))
                .withTables();
        district.sql(
                "CREATE TABLE dbo.TCH (SC smallint NOT NULL, TN smallint NOT NULL, TE nvarchar(30), RM varchar(10),"
                        + " DEL bit, CONSTRAINT PK_TCH PRIMARY KEY (SC, TN))");
        district.sql("INSERT INTO dbo.TCH (SC, TN, TE, RM, DEL) VALUES (30, 7, N'Ms. Park', '12', 0),"
                + " (30, 8, N'Mr. Lee', '13', 0), (30, 9, N'Gone', '14', 1)");
        district.student(30, 1, "Garcia");
        return district;
    }

    private static void enable(TestDistrict district) throws SQLException {
        district.sql("EXEC sys.sp_cdc_enable_table @source_schema = N'dbo', @source_name = N'TCH', @role_name = NULL");
    }

    private static ConnectorSettings withTeachers(TestDistrict district) {
        ConnectorSettings usual = district.settings();
        return new ConnectorSettings(
                usual.topics().with(Set.of(JoinedTable.TCH)),
                usual.topicSettings(),
                usual.kafka(),
                usual.serdes(),
                new CaptureSettings(
                        usual.capture().database(),
                        new CapturedColumns(Set.of(ColumnGroup.TEACHERS), Map.of()),
                        usual.capture().timeZone(),
                        usual.capture().limits(),
                        usual.capture().engine()),
                Optional.empty());
    }

    /** By row, in order: the names that were published, "-" for a tombstone. */
    private static Map<String, List<String>> names(TestDistrict district) {
        var rows = district.serdes().deserializer(Teacher.class);
        Map<String, List<String>> names = new TreeMap<>();
        try (CommittedTopics reader = new CommittedTopics(district.kafkaProperties())) {
            reader.read(district.topics().of(JoinedTable.TCH), RecordForm.ANY, committed -> names.computeIfAbsent(
                            committed.key(), key -> new ArrayList<>())
                    .add(
                            committed.isDeletion()
                                    ? "-"
                                    : rows.deserialize(
                                                    committed.topic(),
                                                    committed.value().orElseThrow())
                                            .getName()
                                            .orElse("")));
        }
        return names;
    }

    private static boolean hasTopic(TestDistrict district) throws Exception {
        try (Admin admin = Admin.create(new HashMap<>(district.kafkaProperties()))) {
            return admin.listTopics().names().get().contains(district.topics().of(JoinedTable.TCH));
        }
    }

    @Test
    void teachersAreCapturedLikeEverythingElse(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "teachers")) {
            enable(district);
            try (Connector connector = TestDistrict.start(new Connector(withTeachers(district)))) {
                TestDistrict.awaitStreaming(connector);
                assertEquals(Map.of("30/7", List.of("Ms. Park"), "30/8", List.of("Mr. Lee")), names(district));
                district.transaction(
                        "UPDATE dbo.TCH SET TE = N'Mrs. Park-Reyes' WHERE TN = 7",
                        "UPDATE dbo.TCH SET DEL = 1 WHERE TN = 8",
                        "UPDATE dbo.TCH SET DEL = 0 WHERE TN = 9",
                        "UPDATE dbo.STU SET LN = N'Garcia-Lopez' WHERE SN = 1");
                district.awaitNames(Map.of("30/1", "Garcia-Lopez"));
            }
            assertEquals(
                    Map.of(
                            "30/7", List.of("Ms. Park", "Mrs. Park-Reyes"),
                            "30/8", List.of("Mr. Lee", "-"),
                            "30/9", List.of("Gone")),
                    names(district));
            Progress whole = district.epochs().stream()
                    .filter(epoch -> epoch.getSourceTransactions() == 1)
                    .findFirst()
                    .orElseThrow();
            assertEquals(4, whole.getRows(), "one transaction, one epoch");
            assertTrue(whole.getNextOffsets().containsKey(district.topics().of(JoinedTable.TCH)));
        }
    }

    /** Switched on later, off, and on again: one snapshot each time, and only differences are written. */
    @Test
    void teachersThatAreNotAskedForAreLeftAlone(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "no-teachers")) {
            // Another program captures the table, and changes it while nobody asks for it.
            enable(district);
            try (Connector connector = district.connector()) {
                TestDistrict.awaitStreaming(connector);
                district.sql("UPDATE dbo.TCH SET TE = N'Dr. Park' WHERE TN = 7");
                district.server().scanNow();
                String changed = district.maxLsn();
                TestDistrict.await(connector, status -> status.watermark()
                        .filter(watermark -> watermark.text().compareTo(changed) >= 0)
                        .isPresent());
                district.sql("ALTER TABLE dbo.TCH ADD BD datetime");
                district.rename(30, 1, "Garcia-Lopez");
                district.awaitNames(Map.of("30/1", "Garcia-Lopez"));
            }
            assertFalse(hasTopic(district));
            assertEquals(1, district.snapshots().size());
            for (Progress epoch : district.epochs()) {
                assertFalse(epoch.getNextOffsets().containsKey(district.topics().of(JoinedTable.TCH)));
            }

            try (Connector connector = TestDistrict.start(new Connector(withTeachers(district)))) {
                TestDistrict.awaitStreaming(connector);
            }
            assertEquals(Map.of("30/7", List.of("Dr. Park"), "30/8", List.of("Mr. Lee")), names(district));

            try (Connector connector = district.connector()) {
                TestDistrict.awaitStreaming(connector);
                district.sql("UPDATE dbo.TCH SET TE = N'Mr. Lee-Cho' WHERE TN = 8");
                district.rename(30, 1, "Garcia");
                district.awaitNames(Map.of("30/1", "Garcia"));
            }
            assertEquals(Map.of("30/7", List.of("Dr. Park"), "30/8", List.of("Mr. Lee")), names(district));

            try (Connector connector = TestDistrict.start(new Connector(withTeachers(district)))) {
                TestDistrict.awaitStreaming(connector);
            }
            assertEquals(
                    Map.of("30/7", List.of("Dr. Park"), "30/8", List.of("Mr. Lee", "Mr. Lee-Cho")), names(district));
            assertEquals(4, district.snapshots().size());
            assertTrue(
                    district.snapshots().get(1).getReason().contains("column TCH.TE is captured from now on"),
                    () -> district.snapshots().get(1).getReason());
        }
    }

    @Test
    void teachersThatAreAskedForAndNotTrackedAreNamed(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "untracked-teachers");
                Connector connector = TestDistrict.start(new Connector(withTeachers(district)))) {
            TestDistrict.await(() -> connector.failure().isPresent());
            String message = String.valueOf(connector.failure().orElseThrow().getMessage());
            assertTrue(
                    message.contains("table dbo.TCH is not tracked, and a feed (or sqlserver.columns) asks for what it"
                            + " holds: run what `patronstream sql` prints"),
                    message);
        }
    }
}
