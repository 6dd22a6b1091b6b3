package dev.patronstream.cli.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.cli.command.CapturedTerminal;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.snapshotter.SnapshotOptions;
import dev.patronstream.snapshotter.Snapshotter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The name of a homeroom teacher on its whole way, from a row of TCH to the vendor's file. */
class TeacherNamesTest {

    private static final int HOMEROOM = 10;

    @TempDir
    Path folder;

    @Test
    void aHomeroomTeachersNameAndItsChangeReachTheFile() throws Exception {
        try (LiveDistrict district = new LiveDistrict(
                folder,
                200,
                yaml -> yaml.replace(
                        "    layout: destiny", "    layout: destiny\n    homeroom: {schools: [20], source: TCH.TE}"))) {
            district.sql(List.of(
                    "CREATE TABLE dbo.TCH (SC smallint NOT NULL, TN smallint NOT NULL, TE nvarchar(30), DEL bit,"
                            + " CONSTRAINT PK_TCH PRIMARY KEY (SC, TN))",
                    "INSERT INTO dbo.TCH (SC, TN, TE, DEL) VALUES (10, 7, N'Dr. Cruz', 0), (20, 7, N'Ms. Park', 0)",
                    "EXEC sys.sp_cdc_enable_table @source_schema = N'dbo', @source_name = N'TCH', @role_name = NULL",
                    student(10, 77_001),
                    student(20, 77_002)));
            district.startConnector();
            district.startStreamsApp();
            try (Snapshotter snapshotter = district.snapshotter(Duration.ofMinutes(1))) {
                List<String> first = file(district, snapshotter);
                assertEquals("", homeroom(first, 77_001), "a school without homerooms");
                assertEquals("Ms. Park", homeroom(first, 77_002));

                long before = district.appliedEpoch();
                district.sql(List.of("UPDATE dbo.TCH SET TE = N'Mrs. Park-Reyes' WHERE SC = 20 AND TN = 7"));
                district.await("the next epoch", () -> district.appliedEpoch() > before);
                district.await("the new name", () -> homeroom(fileOf(district, snapshotter), 77_002)
                        .equals("Mrs. Park-Reyes"));
            }
            CapturedTerminal audit = new CapturedTerminal(Map.of());
            assertEquals(0, audit.run("audit", "--config", district.file().toString()), audit::error);
            assertTrue(audit.out().contains("eagle.aeries.tch"), audit.out());
            CapturedTerminal explained = new CapturedTerminal(Map.of());
            assertEquals(
                    0,
                    explained.run(
                            "explain",
                            "destiny",
                            "77002",
                            "--config",
                            district.file().toString()),
                    explained::error);
            assertTrue(
                    explained.out().lines().anyMatch(line -> line.strip()
                            .matches("Homeroom +Mrs. Park-Reyes +TCH.TE of the teacher numbered STU.CU")),
                    explained.out());
        }
    }

    @Test
    void aCounselorWhoIsStaffAndAChangedNameReachTheFile() throws Exception {
        try (LiveDistrict district = new LiveDistrict(
                folder,
                200,
                yaml -> yaml.replace(
                        "    layout: destiny",
                        "    layout: destiny\n    homeroom: {schools: [10], source: CU, by-school: {20: STF}}"))) {
            district.sql(List.of(
                    "ALTER TABLE dbo.STU ADD CNS int NULL",
                    "EXEC sys.sp_cdc_disable_table @source_schema = N'dbo', @source_name = N'STU',"
                            + " @capture_instance = N'all'",
                    "EXEC sys.sp_cdc_enable_table @source_schema = N'dbo', @source_name = N'STU', @role_name = NULL",
                    "INSERT INTO dbo.STF (ID, LN, FN, PSC, DEL) VALUES (88001, N'Park', N'Kim', 10, 0)",
                    student(10, 77_001),
                    student(20, 77_002),
                    "UPDATE dbo.STU SET CNS = 88001 WHERE SN IN (77001, 77002)"));
            district.startConnector();
            district.startStreamsApp();
            try (Snapshotter snapshotter = district.snapshotter(Duration.ofMinutes(1))) {
                List<String> first = file(district, snapshotter);
                assertEquals("7", homeroom(first, 77_001));
                assertEquals("\"Park", homeroom(first, 77_002));
                district.sql(List.of("UPDATE dbo.STF SET LN = N'Park-Reyes' WHERE ID = 88001"));
                district.await("the new name", () -> homeroom(fileOf(district, snapshotter), 77_002)
                        .equals("\"Park-Reyes"));
            }
            CapturedTerminal audit = new CapturedTerminal(Map.of());
            assertEquals(0, audit.run("audit", "--config", district.file().toString()), audit::error);
        }
    }

    private static String student(int school, int id) {
        return "INSERT INTO dbo.STU (SC, SN, ID, LN, FN, GR, TG, CU, DEL) VALUES (" + school + ", " + id + ", " + id
                + ", N'Quiet', N'Ana', 8, ' ', 7, 0)";
    }

    private static List<String> fileOf(LiveDistrict district, Snapshotter snapshotter) {
        try {
            return file(district, snapshotter);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> file(LiveDistrict district, Snapshotter snapshotter) throws Exception {
        Delivery delivery = snapshotter.snapshot("destiny", new SnapshotOptions(Optional.empty(), true));
        assertEquals(DeliveryResult.DELIVERED, delivery.getResult(), delivery::toString);
        return Files.readAllLines(district.sandbox().sftpFolder().resolve(delivery.getFileName()));
    }

    private static String homeroom(List<String> file, int id) {
        return file.stream()
                .map(line -> line.split(",", -1))
                .filter(values -> values[2].equals(Integer.toString(id)))
                .findFirst()
                .orElseThrow()[HOMEROOM];
    }
}
