package dev.patronstream.connector.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.sqlserver.jdbc.SQLServerDriver;
import dev.patronstream.connector.database.DatabaseSettings;
import dev.patronstream.connector.database.SourceDatabase;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.connector.status.CaptureException;
import dev.patronstream.schemas.secret.Secret;
import dev.patronstream.standin.SqlServerStandIn;
import dev.patronstream.standin.StandInSettings;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code check} and the start say alike of tables whose rows or values capture could not tell apart or see. */
class CaptureCheckTest {

    private static final CapturedColumns USUAL = new CapturedColumns(Set.of(), Map.of());

    @TempDir
    Path directory;

    private SqlServerStandIn server;
    private Connection connection;
    private String user;
    private String password;

    @BeforeEach
    void start() throws SQLException {
        server = SqlServerStandIn.start(StandInSettings.in(directory));
        Properties properties = new Properties();
        properties.put("user", server.user());
        properties.put("password", server.password());
        connection = new SQLServerDriver().connect(server.jdbcUrl(), properties);
        user = server.user();
        password = server.password();
    }

    @AfterEach
    void stop() throws SQLException {
        connection.close();
        server.close();
    }

    private void run(String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** Makes the tables, STU with this key, and enables capture of them. */
    private void makeTables(String key) throws SQLException {
        run(
                "CREATE TABLE dbo.STU (" + key + ", ID int, LN varchar(50), FN varchar(40), GR smallint, TG char(1))",
                "CREATE UNIQUE INDEX UX_STU ON dbo.STU (SC, SN)",
                "CREATE TABLE dbo.LOC (CD int NOT NULL PRIMARY KEY, NM varchar(40))",
                "CREATE TABLE dbo.STF (ID int PRIMARY KEY, LN varchar(50), FN varchar(40), PSC int)",
                "EXEC sys.sp_cdc_enable_db");
        for (String table : List.of("STU", "LOC", "STF")) {
            run("EXEC sys.sp_cdc_enable_table @source_schema = N'dbo', @source_name = N'" + table
                    + "', @role_name = NULL");
        }
    }

    private DatabaseSettings settings() {
        return new DatabaseSettings(
                "127.0.0.1",
                server.port(),
                server.database(),
                "dbo",
                user,
                Secret.of(password),
                Map.of("encrypt", "false"));
    }

    /** What {@code check} finds that is not fine, where it is about this. */
    private List<String> found(String what) {
        return found(what, USUAL);
    }

    private List<String> found(String what, CapturedColumns wanted) {
        return DatabaseExamination.examine(settings(), wanted).findings().stream()
                .filter(finding -> finding.what().equals(what) && finding.state() != Finding.State.FINE)
                .map(Finding::found)
                .toList();
    }

    private Source atStart() throws SQLException {
        return atStart(USUAL);
    }

    private Source atStart(CapturedColumns wanted) throws SQLException {
        try (SourceDatabase database = SourceDatabase.connect(settings())) {
            return CaptureCheck.check(database, wanted);
        }
    }

    @Test
    void keysOfWholeNumbersThatAreNeverNullAreFit() {
        for (String type : List.of("tinyint", "smallint", "int", "bigint")) {
            assertEquals(Optional.empty(), column(type, "", false).unfitForKey(), type);
        }
        assertEquals(Optional.empty(), column("decimal", "9,0", false).unfitForKey());
        assertEquals(Optional.empty(), column("numeric", "9,0", false).unfitForKey());
    }

    @Test
    void keysOfEveryOtherTypeAreUnfitAndSoIsNull() {
        for (String type :
                List.of("varchar", "nchar", "float", "real", "money", "bit", "datetime", "uniqueidentifier")) {
            SourceColumn column = column(type, "", false);
            assertTrue(column.unfitForKey().orElseThrow().contains("has type " + type), type);
            assertEquals("int", column.typeForKey());
        }
        for (String size : List.of("9,2", "10,10")) {
            assertTrue(
                    column("decimal", size, false).unfitForKey().orElseThrow().contains("decimal(" + size + ")"));
        }
        SourceColumn nullable = column("smallint", "", true);
        assertTrue(nullable.unfitForKey().orElseThrow().contains("may be NULL"));
        assertEquals("smallint", nullable.typeForKey());
    }

    private static SourceColumn column(String type, String size, boolean nullable) {
        return new SourceColumn("SN", 2, 0, type, size, false, nullable, false);
    }

    @Test
    void keysThatAreTextOrNullAreRefusedAndTheStatementInTheMessageMendsIt() throws Exception {
        makeTables("SC int NULL, SN varchar(10) NOT NULL");

        List<String> problems = found("capture of STU");

        assertEquals(2, problems.size(), problems.toString());
        assertTrue(problems.get(0).startsWith("column dbo.STU.SC is part of the key and may be NULL"));
        assertTrue(problems.get(1).startsWith("column dbo.STU.SN is part of the key and has type varchar(10)"));
        CaptureException refused = assertThrows(CaptureException.class, this::atStart);
        for (String problem : problems) {
            assertTrue(refused.getMessage().contains(problem), refused.getMessage());
            run(problem.substring(problem.indexOf("ALTER TABLE")));
        }
        assertEquals(USUAL.tables(), atStart().capturedTables());
        assertEquals(List.of(), found("capture of STU"));
    }

    /** Types of SQL Server 2025, and a district's own type of the CLR; the stand-in has none of them. */
    @Test
    void typesWhoseChangesCannotBeReadAreKnownByNameOrBySystemType() {
        assertTrue(column("json", "", false).unreadable().isPresent());
        assertTrue(column("vector", "", false).unreadable().isPresent());
        for (int systemType : List.of(240, 244, 255)) {
            SourceColumn own = new SourceColumn("X", 3, systemType, "Badge", "", false, true, false);
            assertTrue(own.unreadable().orElseThrow().contains("has type Badge"));
        }
        assertEquals(Optional.empty(), column("int", "", false).unreadable());
    }

    /** Of the stand-in only sa has the right UNMASK. */
    @Test
    void masksInPlaceOfValuesAreRefused() throws Exception {
        makeTables("SC int NOT NULL, SN int NOT NULL, UNREAD varchar(9)");
        run(
                "CREATE LOGIN reader WITH PASSWORD = N'reader-Secret-1'",
                "CREATE USER reader FOR LOGIN reader",
                "GRANT SELECT ON SCHEMA::dbo TO reader",
                "GRANT SELECT ON SCHEMA::cdc TO reader",
                "ALTER TABLE dbo.STU ALTER COLUMN UNREAD ADD MASKED WITH (FUNCTION = 'default()')");
        user = "reader";
        password = "reader-Secret-1";
        assertEquals(List.of(), found("capture of STU"));
        run(
                "ALTER TABLE dbo.STU ALTER COLUMN LN ADD MASKED WITH (FUNCTION = 'partial(1,\"x\",0)')",
                "ALTER TABLE dbo.STU ALTER COLUMN GR ADD MASKED WITH (FUNCTION = 'default()')");

        List<String> problems = found("capture of STU");

        assertEquals(1, problems.size(), problems.toString());
        assertTrue(problems.get(0).contains("(dynamic data masking of GR, LN)"), problems.toString());
        assertTrue(problems.get(0).endsWith("GRANT UNMASK TO [reader]"), problems.toString());
        CaptureException refused = assertThrows(CaptureException.class, this::atStart);
        assertTrue(refused.getMessage().contains(problems.get(0)), refused.getMessage());
        user = server.user();
        password = server.password();
        assertEquals(List.of(), found("capture of STU"));
    }

    /** A condition on it would judge everybody by a blank, so that except would take out nobody. */
    @Test
    void aColumnThatTheConfigurationNamesIsNeededThoughCaptureCouldDoWithoutIt() throws Exception {
        makeTables("SC int NOT NULL, SN int NOT NULL");
        CapturedColumns named = new CapturedColumns(
                Set.of(),
                Map.of(SourceTable.STU, Set.of("U55")),
                Map.of(SourceTable.STU, Set.of("track", "lastName"), SourceTable.STF, Set.of("positionStatus")));

        assertEquals(List.of("dbo.STU has no column TR, U55"), found("table STU", named));
        assertEquals(List.of("dbo.STF has no column PS"), found("table STF", named));
        CaptureException refused = assertThrows(CaptureException.class, () -> atStart(named));
        for (String column : List.of("STU.TR (track)", "STU.U55 (extra)", "STF.PS (positionStatus)")) {
            String message = "column dbo." + column + " does not exist: correct it in the feed, the layout or";
            assertTrue(refused.getMessage().contains(message), refused.getMessage());
        }
        assertEquals(USUAL.tables(), atStart().capturedTables());

        run("ALTER TABLE dbo.STU ADD TR varchar(1), U55 varchar(9)", "ALTER TABLE dbo.STF ADD PS varchar(1)");
        assertEquals(List.of(), found("table STU", named));
        String problem = found("capture of STU", named).get(0);
        assertTrue(problem.startsWith("column dbo.STU.TR (track) is not captured by instance dbo_STU: make"), problem);
        refused = assertThrows(CaptureException.class, () -> atStart(named));
        assertTrue(refused.getMessage().contains(problem), refused.getMessage());
    }

    @Test
    void aPolicyThatMayHideRowsIsNamed() throws Exception {
        makeTables("SC int NOT NULL, SN int NOT NULL");
        assertEquals(List.of(), found("capture"));
        run(
                "INSERT INTO sys.security_policies (name, object_id, is_enabled) VALUES (N'by_school', 1, 1),"
                        + " (N'switched_off', 2, 0), (N'blocks_writing', 3, 1)",
                "INSERT INTO sys.security_predicates"
                        + " (object_id, security_predicate_id, target_object_id, predicate_type) VALUES"
                        + " (1, 1, OBJECT_ID(N'dbo.STU'), 0), (1, 2, OBJECT_ID(N'dbo.STU'), 1),"
                        + " (2, 1, OBJECT_ID(N'dbo.STU'), 0), (3, 1, OBJECT_ID(N'dbo.STU'), 1)");

        List<String> warnings = found("capture");

        assertEquals(1, warnings.size(), warnings.toString());
        assertTrue(warnings.get(0).startsWith("security policy 'by_school' hides rows of table STU"));
        assertTrue(
                atStart().warnings().contains(warnings.get(0)),
                atStart().warnings().toString());
    }
}
