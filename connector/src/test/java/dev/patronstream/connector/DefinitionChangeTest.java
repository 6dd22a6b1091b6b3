package dev.patronstream.connector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.connector.KafkaExtension.TestKafka;
import dev.patronstream.connector.status.ConnectorStatus;
import dev.patronstream.schemas.Enrollment;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The captured tables are altered while they are captured. No value may be blanked, cut or kept from the topics. */
@ExtendWith(KafkaExtension.class)
class DefinitionChangeTest {

    private static final String DISABLE =
            "EXEC sys.sp_cdc_disable_table @source_schema = N'dbo', @source_name = N'STU'," + " @capture_instance = N'";
    private static final String ENABLE =
            "EXEC sys.sp_cdc_enable_table @source_schema = N'dbo', @source_name = N'STU', @role_name = NULL";

    @TempDir
    Path directory;

    private TestDistrict district(TestKafka kafka, String name) throws Exception {
        TestDistrict district = new TestDistrict(
                        directory, kafka, name, settings -> settings.withCaptureInterval(Duration.ofMillis(200)))
                .withTables();
        for (int i = 1; i <= 10; i++) {
            district.student(10, i, "v0");
        }
        district.sql("UPDATE dbo.STU SET SEM = 's@eagle.example'");
        return district;
    }

    private static Enrollment student(TestDistrict district, int number) {
        return district.enrollments().get("10/" + number);
    }

    @Test
    void aColumnThatIsWidened(TestKafka kafka) throws Exception {
        String longName = "x".repeat(100);
        try (TestDistrict district = district(kafka, "widened");
                Connector connector = district.connector()) {
            TestDistrict.awaitStreaming(connector);
            district.sql("ALTER TABLE dbo.STU ALTER COLUMN LN varchar(120)");
            district.rename(10, 1, longName);
            TestDistrict.await(() -> longName.equals(district.lastNames().get("10/1")));
            Seen.notice("column widened", connector, "column STU.LN is varchar(120) and was varchar(50)");
            assertEquals(1, district.snapshots().size());
            assertEquals(0, connector.status().counters().retries());
        }
    }

    @Test
    void aColumnThatIsWidenedWhileItIsDown(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "widened-down")) {
            try (Connector connector = district.connector()) {
                TestDistrict.awaitStreaming(connector);
            }
            district.sql("ALTER TABLE dbo.STU ALTER COLUMN LN varchar(120)");
            try (Connector connector = district.connector()) {
                TestDistrict.awaitStreaming(connector);
                Seen.notice("column widened, down", connector, "STU.LN is varchar(120) and was varchar(50)");
            }
            assertEquals(1, district.snapshots().size());
        }
    }

    @Test
    void aColumnOfAnotherType(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "retyped");
                Connector connector = district.connector()) {
            TestDistrict.awaitStreaming(connector);
            district.sql("ALTER TABLE dbo.STU ALTER COLUMN GR int");
            district.sql("UPDATE dbo.STU SET GR = 70000 WHERE SN = 1");
            TestDistrict.await(
                    () -> Optional.of(70_000).equals(student(district, 1).getGrade()));
            Seen.notice("column type changed", connector, "column STU.GR is int and was smallint", "1 row differed");
            assertTrue(district.students().stream().allMatch(seen -> seen.lastName() != null));
            assertEquals(11, district.students().size());
            // What the engine knew of the table is renewed as well.
            district.sql("UPDATE dbo.STU SET GR = 70001 WHERE SN = 1");
            TestDistrict.await(
                    () -> Optional.of(70_001).equals(student(district, 1).getGrade()));
        }
    }

    @Test
    void anOptionalColumnThatIsDropped(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "dropped");
                Connector connector = district.connector()) {
            TestDistrict.awaitStreaming(connector);
            district.server().pauseCapture();
            district.rename(10, 1, "before");
            district.sql("ALTER TABLE dbo.STU DROP COLUMN SEM");
            district.rename(10, 2, "after");
            district.server().resumeCapture();
            TestDistrict.await(() -> "after".equals(district.lastNames().get("10/2")));
            Seen.notice("optional column dropped", connector, "column STU.SEM is gone");
            TestDistrict.await(() -> student(district, 3).getEmail().isEmpty());
        }
    }

    @Test
    void aColumnThatIsDroppedAndAddedAgainIsNotTakenForTheOldOne(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "re-added");
                Connector connector = district.connector()) {
            TestDistrict.awaitStreaming(connector);
            district.sql("ALTER TABLE dbo.STU DROP COLUMN SEM");
            district.sql("ALTER TABLE dbo.STU ADD SEM varchar(60)");
            TestDistrict.await(connector, status -> status.warnings().stream()
                    .anyMatch(warning -> warning.contains("dropped and added again")));
            Seen.failure(
                    "column dropped and added again",
                    connector.status().warnings().get(0),
                    "column dbo.STU.SEM (email) was dropped and added again",
                    "make the instance again");
            district.sql("UPDATE dbo.STU SET SEM = 'new@eagle.example' WHERE SN = 1");
            district.sql(DISABLE + "all'");
            district.sql(ENABLE);
            TestDistrict.await(() ->
                    Optional.of("new@eagle.example").equals(student(district, 1).getEmail()));
        }
    }

    @Test
    void aNeededColumnThatIsDroppedStopsCaptureAndBlanksNothing(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "needed");
                Connector connector = district.connector()) {
            TestDistrict.awaitStreaming(connector);
            district.server().pauseCapture();
            district.sql("ALTER TABLE dbo.STU DROP COLUMN FN");
            district.rename(10, 1, "later");
            district.server().resumeCapture();
            Seen.state("needed column dropped", connector, "column dbo.STU.FN (firstName) does not exist");
            assertEquals("v0", district.lastNames().get("10/1"));
            assertTrue(district.enrollments().values().stream()
                    .allMatch(row -> row.getFirstName().isPresent()));
            district.sql("ALTER TABLE dbo.STU ADD FN varchar(40)");
            district.sql("UPDATE dbo.STU SET FN = 'Ana'");
            district.sql(DISABLE + "all'");
            district.sql(ENABLE);
            TestDistrict.await(() -> "later".equals(district.lastNames().get("10/1")));
            assertEquals(List.of("v0"), district.namesInOrder().get("10/2"));
        }
    }

    @Test
    void aColumnThatIsRenamedIsNamedUntilItHasItsNameAgain(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "renamed");
                Connector connector = district.connector()) {
            TestDistrict.awaitStreaming(connector);
            district.sql(DISABLE + "all'");
            district.sql("EXEC sp_rename 'dbo.STU.FN', 'FIRSTNAME', 'COLUMN'");
            district.sql(ENABLE);
            Seen.state("column renamed", connector, "column dbo.STU.FN (firstName) does not exist");
            district.sql(DISABLE + "all'");
            district.sql("EXEC sp_rename 'dbo.STU.FIRSTNAME', 'FN', 'COLUMN'");
            district.sql(ENABLE);
            district.rename(10, 1, "later");
            TestDistrict.await(() -> "later".equals(district.lastNames().get("10/1")));
            assertEquals(List.of("v0"), district.namesInOrder().get("10/2"));
        }
    }

    private static void captureWithoutEmail(TestDistrict district) throws SQLException {
        district.sql(DISABLE + "all'");
        district.sql(ENABLE + ", @captured_column_list = N'SC,SN,ID,LN,FN,GR,TG,DEL'");
    }

    private static void captureEmailToo(TestDistrict district) throws SQLException {
        district.sql(
                ENABLE + ", @capture_instance = N'dbo_STU_2', @captured_column_list = N'SC,SN,ID,LN,FN,GR,TG,DEL,SEM'");
    }

    @Test
    void aColumnThatASecondInstanceCapturesIsTakenUp(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "second")) {
            captureWithoutEmail(district);
            try (Connector connector = district.connector()) {
                TestDistrict.awaitStreaming(connector);
                Seen.failure(
                        "column not captured",
                        String.join("\n", connector.status().warnings()),
                        "column dbo.STU.SEM (email) is not captured by instance dbo_STU");
                assertTrue(student(district, 1).getEmail().isEmpty());
                captureEmailToo(district);
                district.rename(10, 1, "v1");
                TestDistrict.await(() -> Optional.of("s@eagle.example")
                        .equals(student(district, 1).getEmail()));
                Seen.notice("second capture instance", connector, "column STU.SEM is captured from now on");
                TestDistrict.awaitStreaming(connector);
                district.sql(DISABLE + "dbo_STU'");
                district.sql("UPDATE dbo.STU SET SEM = 't@eagle.example', LN = 'v2' WHERE SN = 1");
                TestDistrict.await(() -> Optional.of("t@eagle.example")
                        .equals(student(district, 1).getEmail()));
                assertEquals(2, district.snapshots().size());
                assertEquals(List.of("v0", "v0"), district.namesInOrder().get("10/2"));
                Map<String, List<String>> names = district.namesInOrder();
                assertEquals("v2", names.get("10/1").get(names.get("10/1").size() - 1));
            }
        }
    }

    /** The older instance has the change without the column; it must not go over what was read. */
    @Test
    void aChangeFromBeforeASecondInstanceDoesNotTakeItsColumnAway(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "before-second")) {
            captureWithoutEmail(district);
            try (Connector connector = district.connector()) {
                TestDistrict.awaitStreaming(connector);
                district.server().pauseCapture();
                district.rename(10, 1, "v1");
                captureEmailToo(district);
                TestDistrict.await(
                        connector,
                        status -> status.state() instanceof ConnectorStatus.Snapshotting reading
                                && reading.readingEnded());
                district.server().resumeCapture();
                TestDistrict.await(() -> district.snapshots().size() == 2);
                TestDistrict.awaitStreaming(connector);
                district.rename(10, 2, "after");
                TestDistrict.await(() -> "after".equals(district.lastNames().get("10/2")));
                assertEquals("v1", district.lastNames().get("10/1"));
                assertEquals(
                        Optional.of("s@eagle.example"), student(district, 1).getEmail());
            }
        }
    }
}
