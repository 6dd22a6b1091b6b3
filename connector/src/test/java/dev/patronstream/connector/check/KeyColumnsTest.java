package dev.patronstream.connector.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.sqlserver.jdbc.SQLServerDriver;
import dev.patronstream.connector.database.DatabaseSettings;
import dev.patronstream.connector.database.SourceDatabase;
import dev.patronstream.connector.status.CaptureException;
import dev.patronstream.schemas.secret.Secret;
import dev.patronstream.standin.SqlServerStandIn;
import dev.patronstream.standin.StandInSettings;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A key is one or more whole numbers that are always there; anything else is refused by {@code check} and at start. */
class KeyColumnsTest {

    private static final CapturedColumns USUAL = new CapturedColumns(Set.of(), Map.of());

    @TempDir
    Path directory;

    @Test
    void wholeNumbersThatAreNeverNullAreFit() {
        for (String type : List.of("tinyint", "smallint", "int", "bigint")) {
            assertEquals(Optional.empty(), column(type, 0, 0, false).unfitForKey(), type);
        }
        assertEquals(Optional.empty(), column("decimal", 9, 0, false).unfitForKey());
        assertEquals(Optional.empty(), column("numeric", 9, 0, false).unfitForKey());
    }

    @Test
    void everyOtherTypeIsUnfitAndSoIsNull() {
        for (String type :
                List.of("varchar", "nchar", "float", "real", "money", "bit", "datetime", "uniqueidentifier")) {
            assertTrue(column(type, 0, 0, false).unfitForKey().orElseThrow().contains("has type " + type), type);
            assertEquals("int", column(type, 0, 0, false).typeForKey());
        }
        assertTrue(column("decimal", 9, 2, false).unfitForKey().orElseThrow().contains("has type decimal(9,2)"));
        assertTrue(column("decimal", 10, 10, false).unfitForKey().isPresent(), "a scale of ten is none of zero");
        SourceColumn nullable = column("smallint", 0, 0, true);
        assertTrue(nullable.unfitForKey().orElseThrow().contains("may be NULL"));
        assertEquals("smallint", nullable.typeForKey());
    }

    private static SourceColumn column(String type, int precision, int scale, boolean nullable) {
        return SourceColumn.of("SN", 2, type, 10, precision, scale, false, nullable);
    }

    @Test
    void checkAndStartRefuseThemAndTheStatementInTheMessageMendsIt() throws Exception {
        try (SqlServerStandIn server = SqlServerStandIn.start(StandInSettings.in(directory));
                Connection connection = connect(server);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE dbo.STU (SC int NULL, SN varchar(10) NOT NULL, ID int, LN varchar(50),"
                    + " FN varchar(40), GR smallint, TG char(1), DEL bit)");
            statement.execute("CREATE UNIQUE INDEX UX_STU ON dbo.STU (SC, SN)");
            statement.execute("CREATE TABLE dbo.LOC (CD int NOT NULL PRIMARY KEY, NM varchar(40))");
            statement.execute("CREATE TABLE dbo.STF (ID int PRIMARY KEY, LN varchar(50), FN varchar(40), PSC int)");
            statement.execute("EXEC sys.sp_cdc_enable_db");
            for (String table : List.of("STU", "LOC", "STF")) {
                statement.execute("EXEC sys.sp_cdc_enable_table @source_schema = N'dbo', @source_name = N'" + table
                        + "', @role_name = NULL");
            }
            DatabaseSettings settings = new DatabaseSettings(
                    "127.0.0.1",
                    server.port(),
                    server.database(),
                    "dbo",
                    server.user(),
                    Secret.of(server.password()),
                    Map.of("encrypt", "false"));
            List<String> problems = DatabaseExamination.examine(settings, USUAL).findings().stream()
                    .filter(finding -> finding.what().equals("capture of STU"))
                    .map(Finding::found)
                    .toList();
            assertEquals(2, problems.size(), problems.toString());
            assertTrue(problems.get(0).startsWith("column dbo.STU.SC is part of the key and may be NULL"));
            assertTrue(problems.get(1).startsWith("column dbo.STU.SN is part of the key and has type varchar(10)"));
            try (SourceDatabase database = SourceDatabase.connect(settings)) {
                CaptureException refused =
                        assertThrows(CaptureException.class, () -> CaptureCheck.check(database, settings, USUAL));
                for (String problem : problems) {
                    assertTrue(refused.getMessage().contains(problem), refused.getMessage());
                    statement.execute(problem.substring(problem.indexOf("ALTER TABLE")));
                }
                assertEquals(
                        USUAL.tables(),
                        CaptureCheck.check(database, settings, USUAL).capturedTables());
            }
        }
    }

    private static Connection connect(SqlServerStandIn server) throws Exception {
        Properties properties = new Properties();
        properties.put("user", server.user());
        properties.put("password", server.password());
        return new SQLServerDriver().connect(server.jdbcUrl(), properties);
    }
}
