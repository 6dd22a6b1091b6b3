package dev.patronstream.connector.asof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.sqlserver.jdbc.SQLServerDriver;
import dev.patronstream.connector.database.DatabaseSettings;
import dev.patronstream.connector.start.EnrolledStudents;
import dev.patronstream.connector.status.CaptureException;
import dev.patronstream.schemas.Enrollment;
import dev.patronstream.schemas.StaffMember;
import dev.patronstream.schemas.secret.Secret;
import dev.patronstream.standin.SqlServerStandIn;
import dev.patronstream.standin.StandInSettings;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading a database that nothing is captured of yet. */
class CurrentRowsTest {

    @TempDir
    Path directory;

    private SqlServerStandIn server;

    @BeforeEach
    void start() {
        server = SqlServerStandIn.start(StandInSettings.in(directory));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void run(String... batches) throws Exception {
        Properties properties = new Properties();
        properties.put("user", server.user());
        properties.put("password", server.password());
        try (Connection connection = new SQLServerDriver().connect(server.jdbcUrl(), properties);
                Statement statement = connection.createStatement()) {
            for (String batch : batches) {
                statement.execute(batch);
            }
        }
    }

    private DatabaseSettings database(String name) {
        return new DatabaseSettings(
                "127.0.0.1",
                server.port(),
                name,
                "dbo",
                server.user(),
                Secret.of(server.password()),
                Map.of("encrypt", "false"));
    }

    @Test
    void rowsAreJudgedAsCaptureJudgesThemWhateverTheTypesOfTheColumns() throws Exception {
        run(
                "CREATE TABLE dbo.STU (SC smallint NOT NULL, SN int NOT NULL, ID decimal(9, 0), GR varchar(4), TG char(3),"
                        + " SP char(1), ED date, LN nvarchar(50), DEL varchar(1), PRIMARY KEY (SC, SN))",
                "CREATE TABLE dbo.STF (ID int PRIMARY KEY, SC int, TG char(1), LD datetime, DEL bit)",
                "CREATE TABLE dbo.LOC (CD int PRIMARY KEY, NM nvarchar(40), TG char(1))",
                "INSERT INTO dbo.STU VALUES (20, 7, 99400002, '8', '*  ', '', NULL, N'Two', NULL)",
                "INSERT INTO dbo.STU VALUES (10, 1, 99400001, '9', NULL, 'C', '2026-08-11', N'One', '0')",
                "INSERT INTO dbo.STU VALUES (10, 2, 99400002, ' 9', ' I ', '', '2026-08-11', N'Two', ' ')",
                "INSERT INTO dbo.STU VALUES (10, 3, 99400003, '10', '', '', NULL, N'Three', 'Y')",
                "INSERT INTO dbo.STU VALUES (10, 4, 99400004, '10', '', '', NULL, N'Four', '?')",
                "INSERT INTO dbo.STF VALUES (1201, 10, 'I', NULL, 0)",
                "INSERT INTO dbo.STF VALUES (1202, 0, NULL, '2026-06-30T00:00:00', NULL)",
                "INSERT INTO dbo.STF VALUES (1203, 10, NULL, NULL, 1)",
                "INSERT INTO dbo.LOC VALUES (10, N'Eagle High School', ' ')");

        try (CurrentRows rows = CurrentRows.open(database(server.database()), Set.of())) {
            List<List<Enrollment>> students = new ArrayList<>();
            rows.students(students::add);
            List<StaffMember> staff = new ArrayList<>();
            rows.staff(staff::add);

            assertEquals(List.of(1, 2), students.stream().map(List::size).toList());
            Enrollment one = students.get(0).get(0);
            assertEquals(99_400_001, one.getStudentId());
            assertEquals(Optional.of(9), one.getGrade());
            assertEquals(Optional.of("C"), one.getAttendanceProgram());
            assertEquals(Optional.of(LocalDate.of(2026, 8, 11)), one.getEnterDate());
            assertTrue(one.getLastName().isEmpty(), "names are not read");
            assertEquals(
                    List.of(true, false),
                    students.get(1).stream()
                            .sorted((a, b) -> b.getSchoolCode() - a.getSchoolCode())
                            .map(EnrolledStudents::isEnrolled)
                            .toList());
            assertEquals(
                    List.of(1201, 1202),
                    staff.stream().map(StaffMember::getStaffId).toList());
            assertEquals(Optional.of(LocalDate.of(2026, 6, 30)), staff.get(1).getLeaveDate());
            assertEquals(
                    Optional.of("Eagle High School"), rows.schools().get(10).getName());
            assertEquals(1, rows.unreadable(), "a soft delete that is neither 0 nor 1");
        }
    }

    @Test
    void whatConditionsJudgeIsReadBesides() throws Exception {
        run(
                "CREATE TABLE dbo.STU (SC smallint NOT NULL, SN int NOT NULL, ID int, GR smallint, TG char(1),"
                        + " TR char(1), LN nvarchar(50), U5 varchar(9), PRIMARY KEY (SC, SN))",
                "CREATE TABLE dbo.STF (ID int PRIMARY KEY, SC int, TG char(1), PS char(1))",
                "CREATE TABLE dbo.LOC (CD int PRIMARY KEY, NM nvarchar(40))",
                "INSERT INTO dbo.STU VALUES (10, 1, 99400001, 9, '', 'B', N'One', 'CARD')",
                "INSERT INTO dbo.STF VALUES (1201, 10, '', 'C')");
        try (CurrentRows rows = CurrentRows.open(
                database(server.database()), Set.of("STU.track", "STU.U5", "STF.positionStatus", "STU.grade"))) {
            rows.students(student -> {
                assertEquals(Optional.of("B"), student.get(0).getTrack());
                assertEquals(Map.of("U5", "CARD"), student.get(0).getExtra());
                assertEquals(Optional.empty(), student.get(0).getLastName());
            });
            rows.staff(member -> assertEquals(Optional.of("C"), member.getPositionStatus()));
        }
        String message = assertThrows(
                        CaptureException.class,
                        () -> CurrentRows.open(database(server.database()), Set.of("STU.leaveDate", "STU.U6")))
                .getMessage();
        assertTrue(message.contains("column STU.LD does not exist"), message);
        assertTrue(message.contains("column STU.U6 does not exist"), message);
    }

    @Test
    void whatIsMissingIsSaidAtOnce() throws Exception {
        CaptureException unknown =
                assertThrows(CaptureException.class, () -> CurrentRows.open(database("DST27000EAGLE"), Set.of()));
        assertTrue(unknown.getMessage().contains("cannot open database 'DST27000EAGLE'"), unknown.getMessage());

        run(
                "CREATE TABLE dbo.STU (SC smallint NOT NULL, SN int NOT NULL, GR smallint, TG char(1))",
                "CREATE TABLE dbo.STF (ID int PRIMARY KEY, SC int, TG char(1))");
        CaptureException incomplete =
                assertThrows(CaptureException.class, () -> CurrentRows.open(database(server.database()), Set.of()));
        String message = incomplete.getMessage();
        assertTrue(message.contains("column STU.ID does not exist"), message);
        assertTrue(message.contains("table LOC does not exist, or the user may not see it"), message);
        assertTrue(message.contains("patronstream sql --database " + server.database()), message);
    }
}
