package dev.patronstream.standin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Accounts that are not the administrator's: what was granted works, all else has SQL Server's error. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AccountTest extends StandInTest {

    private static final String PASSWORD = "It's-long-enough-1";

    @BeforeEach
    void createAccount() throws SQLException {
        execute("""
                CREATE TABLE STU (SC int NOT NULL, SN int NOT NULL, LN varchar(30), BD datetime,
                  CONSTRAINT PK_STU PRIMARY KEY (SC, SN))
                CREATE TABLE CNT (ID int PRIMARY KEY, NM varchar(30))
                INSERT INTO STU VALUES (10, 1, 'Nguyen', '2012-02-29')
                EXEC sys.sp_cdc_enable_db
                EXEC sys.sp_cdc_enable_table 'dbo', 'STU', 'reader', @captured_column_list = N'[SC], [SN], [LN]'
                CREATE LOGIN [patronstream] WITH PASSWORD = N'It''s-long-enough-1', CHECK_POLICY = ON
                CREATE USER [patronstream] FOR LOGIN [patronstream]
                ALTER ROLE [reader] ADD MEMBER [patronstream]
                GRANT SELECT ON [dbo].[STU] ([SC], [SN], [LN]) TO [reader]
                """);
    }

    private Connection asAccount() throws SQLException {
        return DriverManager.getConnection(standIn.jdbcUrl(), "patronstream", PASSWORD);
    }

    private List<String> rowsOfAccount(String query) throws SQLException {
        try (Connection connection = asAccount()) {
            return rows(connection, query);
        }
    }

    private int refusal(String batch) {
        return assertThrows(SQLException.class, () -> {
                    try (Connection connection = asAccount();
                            Statement statement = connection.createStatement()) {
                        boolean rows = statement.execute(batch);
                        while (rows || statement.getUpdateCount() >= 0) {
                            rows = statement.getMoreResults();
                        }
                    }
                })
                .getErrorCode();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT SC, SN, LN FROM STU",
                "SELECT s.LN FROM dbo.STU s WHERE s.SC = 10 ORDER BY s.SN",
                "SELECT COUNT(*) FROM STU",
                "SELECT n FROM (SELECT LN AS n FROM STU) x",
                "WITH x AS (SELECT LN FROM STU) SELECT LN FROM x",
                "SELECT name FROM sys.tables WHERE name = 'STU'",
                "SELECT sys.fn_cdc_get_max_lsn()",
                "SELECT LN FROM cdc.fn_cdc_get_all_changes_dbo_STU(sys.fn_cdc_get_min_lsn('dbo_STU'),"
                        + " sys.fn_cdc_get_max_lsn(), 'all')",
            })
    void readsWhatWasGranted(String query) throws Exception {
        execute("UPDATE STU SET LN = 'Nguyễn'");
        standIn.scanNow();
        assertEquals(1, rowsOfAccount(query).size());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "230 | SELECT BD FROM STU",
                "230 | SELECT * FROM STU",
                "230 | SELECT LN FROM STU WHERE BD > '2000-01-01'",
                "230 | SELECT LN FROM STU ORDER BY BD",
                "230 | SELECT MAX(BD) FROM STU GROUP BY SC",
                "230 | SELECT d FROM (SELECT BD AS d FROM STU) x",
                "230 | WITH x AS (SELECT BD FROM STU) SELECT BD FROM x",
                "230 | SELECT LN FROM STU UNION ALL SELECT CAST(BD AS varchar(30)) FROM STU",
                "230 | SELECT (SELECT MAX(BD) FROM STU)",
                "230 | SELECT a.LN FROM STU a LEFT JOIN STU b ON a.BD = b.BD",
                "230 | IF EXISTS (SELECT 1 FROM STU WHERE BD IS NULL) SELECT 1",
                "230 | DECLARE @d datetime; SELECT @d = BD FROM STU",
                "230 | DECLARE @d datetime = (SELECT MAX(BD) FROM STU)",
                "230 | EXEC sp_executesql N'SELECT BD FROM STU'",
                "229 | SELECT * FROM CNT",
                "229 | SELECT COUNT(*) FROM CNT",
                "229 | SELECT LN FROM STU WHERE SN IN (SELECT ID FROM CNT)",
                "229 | SELECT * FROM cdc.dbo_STU_CT",
                "229 | SELECT * FROM cdc.change_tables",
                "229 | SELECT * FROM msdb.dbo.cdc_jobs",
                "229 | UPDATE STU SET LN = 'x'",
                "229 | INSERT INTO STU (SC, SN) VALUES (1, 2)",
                "229 | DELETE FROM STU",
                "229 | CREATE TABLE #t (d datetime); INSERT INTO #t SELECT BD FROM STU",
                "208 | SELECT * FROM patronstream.logins",
                "208 | SELECT * FROM standin_history.transactions",
                "262 | SELECT * FROM sys.dm_cdc_log_scan_sessions",
                "300 | SELECT * FROM sys.dm_server_services",
                "262 | CREATE TABLE mine (n int)",
                "3701 | DROP TABLE STU",
                "1088 | ALTER TABLE STU ADD x int",
                "1088 | TRUNCATE TABLE STU",
                "5011 | ALTER DATABASE CURRENT SET ALLOW_SNAPSHOT_ISOLATION ON",
                "15247 | GRANT SELECT ON STU TO patronstream",
                "15247 | ALTER ROLE db_owner ADD MEMBER patronstream",
                "15247 | CREATE LOGIN other WITH PASSWORD = 'x'",
                "22902 | EXEC sys.sp_cdc_disable_db",
                "22904 | EXEC sys.sp_cdc_disable_table 'dbo', 'STU', 'all'",
                "22904 | EXEC sys.sp_cdc_change_job @job_type = 'capture', @pollinginterval = 1",
                "22904 | EXEC sys.sp_cdc_help_jobs",
            })
    void refusesEverythingElse(int error, String batch) {
        assertEquals(error, refusal(batch));
    }

    @Test
    void saysWhatIsMissingInTheServersWords() {
        assertEquals(
                "The SELECT permission was denied on the column 'BD' of the object 'STU', database 'DST26000EAGLE',"
                        + " schema 'dbo'.",
                assertThrows(SQLException.class, () -> rowsOfAccount("SELECT BD FROM STU"))
                        .getMessage());
    }

    @Test
    void rightsCountFromTheNextStatementOn() throws Exception {
        try (Connection connection = asAccount()) {
            execute("GRANT SELECT ON SCHEMA::[cdc] TO [reader]");
            assertEquals(
                    1,
                    rows(connection, "SELECT capture_instance FROM cdc.change_tables")
                            .size());
            execute("DENY SELECT ON cdc.change_tables TO patronstream");
            assertEquals(
                    229,
                    assertThrows(SQLException.class, () -> rows(connection, "SELECT * FROM cdc.change_tables"))
                            .getErrorCode());
            execute("REVOKE SELECT ON cdc.change_tables TO patronstream");
            assertEquals(
                    1,
                    rows(connection, "SELECT capture_instance FROM cdc.change_tables")
                            .size());
            execute("REVOKE SELECT ON dbo.STU (LN) FROM reader");
            assertEquals(
                    230,
                    assertThrows(SQLException.class, () -> rows(connection, "SELECT LN FROM STU"))
                            .getErrorCode());
            execute("ALTER ROLE reader DROP MEMBER patronstream");
            assertEquals(
                    229,
                    assertThrows(SQLException.class, () -> rows(connection, "SELECT SC FROM STU"))
                            .getErrorCode());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"VIEW DATABASE STATE", "VIEW DATABASE PERFORMANCE STATE"})
    void theScansAreSeenWithEitherRight(String right) throws Exception {
        execute("GRANT " + right + " TO [reader]");
        rowsOfAccount("SELECT session_id FROM sys.dm_cdc_log_scan_sessions");
        assertEquals(300, refusal("SELECT * FROM sys.dm_server_services"));
        execute("GRANT VIEW SERVER STATE TO [patronstream]");
        rowsOfAccount("SELECT * FROM sys.dm_server_services");
    }

    @Test
    void seesOnlyTablesThatItHasARightOn() throws Exception {
        try (Connection connection = asAccount();
                ResultSet tables = connection.getMetaData().getTables(null, "dbo", "%", new String[] {"TABLE"})) {
            List<String> seen = new ArrayList<>();
            while (tables.next()) {
                seen.add(tables.getString("TABLE_NAME"));
            }
            assertEquals(List.of("STU"), seen);
        }
    }

    @Test
    void showsACaptureInstanceToItsRoleWithTheRightOnEveryCapturedColumn() throws Exception {
        String help = "EXEC sys.sp_cdc_help_change_data_capture";
        assertEquals(1, rowsOfAccount(help).size());
        execute("REVOKE SELECT ON dbo.STU (LN) FROM reader");
        assertEquals(List.of(), rowsOfAccount(help));
        execute("GRANT SELECT ON dbo.STU TO reader; ALTER ROLE reader DROP MEMBER patronstream;"
                + " GRANT SELECT ON dbo.STU TO patronstream");
        assertEquals(List.of(), rowsOfAccount(help));
        assertEquals(
                229,
                refusal("SELECT LN FROM cdc.fn_cdc_get_all_changes_dbo_STU(sys.fn_cdc_get_min_lsn('dbo_STU'),"
                        + " sys.fn_cdc_get_max_lsn(), 'all')"));
    }

    @Test
    void refusesLoginsThatAreWrongDisabledOrWithoutAUser() throws Exception {
        assertEquals(18456, loginRefusal("patronstream", "wrong"));
        assertEquals(18456, loginRefusal("nobody", PASSWORD));
        execute("ALTER LOGIN patronstream DISABLE");
        assertEquals(18456, loginRefusal("patronstream", PASSWORD));
        execute("ALTER LOGIN patronstream ENABLE; ALTER LOGIN patronstream WITH PASSWORD = 'another-1'");
        assertEquals(18456, loginRefusal("patronstream", PASSWORD));
        DriverManager.getConnection(standIn.jdbcUrl(), "patronstream", "another-1")
                .close();
        execute("DROP USER IF EXISTS patronstream");
        assertEquals(4060, loginRefusal("patronstream", "another-1"));
    }

    private int loginRefusal(String user, String password) {
        return assertThrows(SQLException.class, () -> DriverManager.getConnection(standIn.jdbcUrl(), user, password))
                .getErrorCode();
    }

    @Test
    void accountsAreStillThereAfterARestart() throws Exception {
        standIn.close();
        start();
        assertEquals(List.of("Nguyen"), rowsOfAccount("SELECT LN FROM STU"));
        assertEquals(230, refusal("SELECT BD FROM STU"));
    }

    @Test
    void aTableMadeAgainHasNoneOfTheOldRights() throws Exception {
        execute("GRANT SELECT ON CNT TO patronstream; DROP TABLE CNT; CREATE TABLE CNT (ID int)");
        assertEquals(229, refusal("SELECT * FROM CNT"));
        execute("GRANT SELECT ON cdc.change_tables TO reader; EXEC sys.sp_cdc_disable_db; EXEC sys.sp_cdc_enable_db");
        assertEquals(229, refusal("SELECT * FROM cdc.change_tables"));
    }

    @Test
    void definitionsAreRepeatable() throws Exception {
        assertEquals(
                List.of("1|1|1|0"),
                rows("SELECT CASE WHEN SUSER_ID(N'patronstream') IS NULL THEN 0 ELSE 1 END,"
                        + " CASE WHEN DATABASE_PRINCIPAL_ID(N'reader') IS NULL THEN 0 ELSE 1 END,"
                        + " CASE WHEN COL_LENGTH(N'dbo.STU', N'LN') IS NULL THEN 0 ELSE 1 END,"
                        + " CASE WHEN COL_LENGTH(N'dbo.STU', N'GN') IS NULL THEN 0 ELSE 1 END"));
        assertEquals(
                15025,
                assertThrows(SQLException.class, () -> execute("CREATE LOGIN patronstream WITH PASSWORD = 'x'"))
                        .getErrorCode());
        assertEquals(
                15144,
                assertThrows(SQLException.class, () -> execute("DROP ROLE reader"))
                        .getErrorCode());
        execute("DROP USER patronstream; DROP ROLE reader; DROP LOGIN patronstream");
        assertEquals(18456, loginRefusal("patronstream", PASSWORD));
    }

    @Test
    void executesNothingWhileNoExecIsOn() throws Exception {
        assertEquals(
                List.of("10|1|Nguyen"),
                rows(
                        "SET NOEXEC ON DELETE FROM STU IF 1 = 1 DELETE FROM STU SET NOEXEC OFF SELECT SC, SN, LN FROM STU"));
    }
}
