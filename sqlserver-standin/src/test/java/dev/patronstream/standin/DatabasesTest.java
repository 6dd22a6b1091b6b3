package dev.patronstream.standin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Several databases in one stand-in: a school year beside the one before. */
class DatabasesTest extends StandInTest {

    private static final String NEXT = "DST27000EAGLE";

    private void run(String url, String... batches) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, standIn.user(), standIn.password());
                Statement statement = connection.createStatement()) {
            for (String batch : batches) {
                statement.execute(batch);
            }
        }
    }

    private List<String> rowsIn(String url, String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, standIn.user(), standIn.password())) {
            return rows(connection, query);
        }
    }

    @Test
    void databasesShareNeitherRowsNorCapture() throws SQLException {
        StandInDatabase next = standIn.createDatabase(NEXT);
        execute("CREATE TABLE dbo.STU (ID int PRIMARY KEY, LN varchar(20))");
        run(
                next.jdbcUrl(),
                "CREATE TABLE dbo.STU (ID int PRIMARY KEY, LN varchar(20))",
                "EXEC sys.sp_cdc_enable_db",
                "EXEC sys.sp_cdc_enable_table @source_schema = N'dbo', @source_name = N'STU', @role_name = NULL",
                "INSERT INTO dbo.STU VALUES (1, 'next')");
        execute("INSERT INTO dbo.STU VALUES (1, 'now')");
        next.scanNow();

        assertEquals(List.of("now"), rows("SELECT LN FROM dbo.STU"));
        assertEquals(List.of("next"), rowsIn(next.jdbcUrl(), "SELECT LN FROM dbo.STU"));
        assertEquals(List.of("next"), rowsIn(next.jdbcUrl(), "SELECT LN FROM [" + NEXT + "].cdc.dbo_STU_CT"));
        assertEquals(List.of(NEXT), rowsIn(next.jdbcUrl(), "SELECT DB_NAME()"));
        assertEquals(
                List.of("DST26000EAGLE|0", NEXT + "|1"),
                List.of(
                        rows("SELECT name, is_cdc_enabled FROM sys.databases WHERE name = DB_NAME()")
                                .get(0),
                        rowsIn(next.jdbcUrl(), "SELECT name, is_cdc_enabled FROM sys.databases WHERE name = DB_NAME()")
                                .get(0)));
        assertEquals(
                1,
                next.history()
                        .tableAsOf("dbo.STU", next.history().maxLsn().orElseThrow())
                        .size());
    }

    @Test
    void databasesAreThereAgainAfterARestart() throws SQLException {
        run(
                standIn.createDatabase(NEXT).jdbcUrl(),
                "CREATE TABLE dbo.LOC (CD int PRIMARY KEY)",
                "INSERT INTO dbo.LOC VALUES (10)");
        stop();
        start();

        assertEquals("DST26000EAGLE", standIn.database());
        StandInDatabase next = standIn.database("dst27000eagle").orElseThrow();
        assertEquals(List.of("10"), rowsIn(next.jdbcUrl(), "SELECT CD FROM dbo.LOC"));
        assertEquals(List.of(), rows("SELECT name FROM sys.tables"));
    }

    @Test
    void aDroppedDatabaseIsGoneAndCanBeMadeAgain() throws SQLException {
        run(standIn.createDatabase(NEXT).jdbcUrl(), "CREATE TABLE dbo.LOC (CD int PRIMARY KEY)");
        standIn.dropDatabase(NEXT);

        assertTrue(standIn.database(NEXT).isEmpty());
        assertEquals(List.of(), rowsIn(standIn.createDatabase(NEXT).jdbcUrl(), "SELECT name FROM sys.tables"));
        assertThrows(IllegalArgumentException.class, () -> standIn.dropDatabase(standIn.database()));
    }

    @Test
    void aDatabaseThatIsNotThereCannotBeOpenedAndOneThatIsCannotBeMade() {
        SQLException unknown =
                assertThrows(SQLException.class, () -> rowsIn(standIn.jdbcUrl().replace("DST26", "DST28"), "SELECT 1"));
        assertEquals(4060, unknown.getErrorCode());
        standIn.createDatabase(NEXT);
        IllegalArgumentException twice =
                assertThrows(IllegalArgumentException.class, () -> standIn.createDatabase("dst27000Eagle"));
        assertTrue(twice.getMessage().contains("already"), twice.getMessage());
    }
}
