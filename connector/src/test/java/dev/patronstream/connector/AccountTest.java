package dev.patronstream.connector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.sqlserver.jdbc.SQLServerDriver;
import dev.patronstream.connector.KafkaExtension.TestKafka;
import dev.patronstream.connector.check.CaptureCheck;
import dev.patronstream.connector.check.CaptureSettings;
import dev.patronstream.connector.check.CapturedColumns;
import dev.patronstream.connector.check.Polling;
import dev.patronstream.connector.check.Source;
import dev.patronstream.connector.database.DatabaseSettings;
import dev.patronstream.connector.database.SourceDatabase;
import dev.patronstream.connector.database.SourceErrors;
import dev.patronstream.connector.row.ColumnGroup;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.connector.script.DatabaseScript;
import dev.patronstream.connector.status.CaptureException;
import dev.patronstream.connector.status.Freshness;
import dev.patronstream.sandbox.district.DistrictSql;
import dev.patronstream.schemas.secret.Secret;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The printed scripts, run statement by statement, and the account that they make. */
@ExtendWith(KafkaExtension.class)
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AccountTest {

    private static final String PASSWORD = "Long-enough'-2026";

    private static final AtomicInteger DISTRICTS = new AtomicInteger();

    @TempDir
    Path directory;

    private TestDistrict district;
    private DatabaseScript script;

    @BeforeEach
    void start(TestKafka kafka) throws SQLException {
        district = new TestDistrict(
                directory,
                kafka,
                "account" + DISTRICTS.incrementAndGet(),
                settings -> settings.withCaptureInterval(Duration.ofMillis(50)));
        for (String batch : DistrictSql.createTables()) {
            district.sql(batch);
        }
        script = new DatabaseScript(account(), new CapturedColumns(Set.of(), Map.of()));
    }

    @AfterEach
    void stop() throws SQLException {
        district.close();
    }

    private DatabaseSettings account() {
        return account("patronstream", PASSWORD);
    }

    private DatabaseSettings account(String user, String password) {
        return new DatabaseSettings(
                "127.0.0.1",
                district.server().port(),
                district.server().database(),
                "dbo",
                user,
                Secret.of(password),
                Map.of("encrypt", "false"));
    }

    /** As sqlcmd does it: variables replaced, one batch after the other; a quote twice, as the script advises. */
    private void run(String text) throws SQLException {
        for (String batch : DistrictSql.batches(
                text.replace("$(" + DatabaseScript.PASSWORD_VARIABLE + ")", PASSWORD.replace("'", "''")))) {
            try (Connection connection = district.connect();
                    Statement statement = connection.createStatement()) {
                drain(statement, batch);
            }
        }
    }

    private static void drain(Statement statement, String batch) throws SQLException {
        boolean rows = statement.execute(batch);
        while (rows || statement.getUpdateCount() >= 0) {
            rows = statement.getMoreResults();
        }
    }

    private Connection asAccount() throws SQLException {
        Properties properties = new Properties();
        properties.put("user", "patronstream");
        properties.put("password", PASSWORD);
        return new SQLServerDriver().connect(district.server().jdbcUrl(), properties);
    }

    private List<String> rows(Connection connection, String query) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            while (row.next()) {
                rows.add(row.getString(1));
            }
        }
        return rows;
    }

    private ConnectorSettings connectorSettings() {
        ConnectorSettings usual = district.settings();
        return new ConnectorSettings(
                usual.topics(),
                usual.topicSettings(),
                usual.kafka(),
                usual.serdes(),
                new CaptureSettings(
                        account(),
                        usual.capture().columns(),
                        usual.capture().timeZone(),
                        usual.capture().limits(),
                        usual.capture().engine()),
                Optional.empty());
    }

    private Source check() throws SQLException {
        DatabaseSettings settings = account();
        try (SourceDatabase database = SourceDatabase.connect(settings)) {
            return CaptureCheck.check(database, new CapturedColumns(Set.of(), Map.of()));
        }
    }

    /** What a person reads when the account is refused. */
    private String refusal() {
        Exception error = assertThrows(Exception.class, this::check);
        return SourceErrors.unfit(account(), error).orElseThrow().getMessage();
    }

    @Test
    void theConnectorDoesItsWholeWorkWithTheAccountOfTheScript() throws Exception {
        run(script.enable());
        district.student(10, 1, "Nguyen");
        try (Connector connector = TestDistrict.start(new Connector(connectorSettings()))) {
            TestDistrict.awaitStreaming(connector);
            district.student(10, 2, "Smith");
            district.transaction(
                    "UPDATE dbo.STU SET LN = N'Lee' WHERE SN = 1",
                    "UPDATE dbo.STU SET SC = 20 WHERE SN = 2",
                    "INSERT INTO dbo.STF (ID, LN, FN, PSC, DEL) VALUES (1203, N'O''Brien', N'Pat', 10, 0)");
            district.awaitNames(Map.of("10/1", "Lee", "20/2", "Smith"));
            TestDistrict.await(connector, status -> status.freshness().state() == Freshness.State.KNOWN);
        }
        try (Connector connector = TestDistrict.start(new Connector(connectorSettings()))) {
            TestDistrict.awaitStreaming(connector);
            district.sql("DELETE FROM dbo.STU WHERE SN = 1");
            district.awaitNames(Map.of("20/2", "Smith"));
        }
    }

    @Test
    void theAccountOfThePollingScriptReadsTheColumnsAndNothingElseAndThatIsEnough() throws Exception {
        run(script.poll());
        district.student(10, 1, "Nguyen");
        ConnectorSettings polled = district.polled(Polling.every(Duration.ofMillis(200)), limits -> limits, account());
        try (Connector connector = TestDistrict.start(new Connector(polled))) {
            district.awaitNames(Map.of("10/1", "Nguyen"));
            district.sql("UPDATE dbo.STU SET LN = N'Lee' WHERE SN = 1");
            district.awaitNames(Map.of("10/1", "Lee"));
            assertFalse(connector.failure().isPresent());
        }
        try (Connection connection = asAccount()) {
            assertEquals(230, code(connection, "SELECT BD FROM dbo.STU"));
            assertEquals(229, code(connection, "UPDATE dbo.STU SET LN = N'x'"));
            assertEquals(22902, code(connection, "EXEC sys.sp_cdc_disable_db"));
        }
        run(script.poll());
        run(script.undo());
        assertEquals(4060, assertThrows(SQLException.class, this::asAccount).getErrorCode());
    }

    @Test
    void theAccountReadsWhatIsNeededAndDoesNothingElse() throws Exception {
        run(script.enable());
        try (Connection connection = asAccount()) {
            assertEquals(List.of(), rows(connection, "SELECT LN FROM dbo.STU"));
            for (String hidden : List.of("BD", "AD", "TL", "LNA")) {
                assertEquals(230, code(connection, "SELECT " + hidden + " FROM dbo.STU"), hidden);
            }
            assertEquals(230, code(connection, "SELECT BD FROM dbo.STF"));
            assertEquals(229, code(connection, "UPDATE dbo.STU SET LN = N'x'"));
            assertEquals(229, code(connection, "DELETE FROM cdc.patronstream_STU_CT"));
            assertEquals(229, code(connection, "SELECT * FROM cdc.ddl_history"));
            assertEquals(262, code(connection, "CREATE TABLE dbo.mine (n int)"));
            assertEquals(22902, code(connection, "EXEC sys.sp_cdc_disable_db"));
        }
    }

    private static int code(Connection connection, String batch) {
        return assertThrows(SQLException.class, () -> {
                    try (Statement statement = connection.createStatement()) {
                        drain(statement, batch);
                    }
                })
                .getErrorCode();
    }

    @Test
    void capturesJustTheColumnsThatTheConfigurationNeeds() throws Exception {
        run(script.enable());
        assertFalse(
                captured().contains("BD") || captured().contains("LNA"),
                captured().toString());
        assertTrue(
                captured().containsAll(List.of("SC", "SN", "ID", "LN", "FN", "GN", "DEL")),
                captured().toString());
        run(script.undo());
        district.sql("ALTER TABLE dbo.STU ADD PICKED varchar(10)");
        run(new DatabaseScript(
                        account(),
                        new CapturedColumns(
                                Set.of(ColumnGroup.BIRTH_DATE, ColumnGroup.PREFERRED_NAMES),
                                Map.of(SourceTable.STU, Set.of("PICKED", "SP"))))
                .enable());
        assertTrue(
                captured().containsAll(List.of("BD", "LNA", "PICKED")),
                captured().toString());
        assertFalse(captured().contains("AD"), captured().toString());
        try (Connection connection = asAccount()) {
            assertEquals(List.of(), rows(connection, "SELECT PICKED FROM dbo.STU WHERE BD IS NULL AND LNA = N''"));
        }
    }

    private List<String> captured() throws SQLException {
        try (Connection connection = district.connect()) {
            return rows(
                    connection,
                    "SELECT c.column_name FROM cdc.captured_columns c JOIN cdc.change_tables t ON t.object_id = c.object_id"
                            + " WHERE t.capture_instance = 'patronstream_STU'");
        }
    }

    @Test
    void teachersAreInTheScriptOnlyWhereTheyAreAskedFor() throws Exception {
        district.sql(
                "CREATE TABLE dbo.TCH (SC smallint NOT NULL, TN smallint NOT NULL, TE nvarchar(30), EM varchar(60),"
                        + " DEL bit, CONSTRAINT PK_TCH PRIMARY KEY (SC, TN))");
        run(script.enable());
        assertFalse(instances().contains("TCH"), instances());
        try (Connection connection = asAccount()) {
            assertEquals(229, code(connection, "SELECT TE FROM dbo.TCH"));
        }
        DatabaseScript withTeachers =
                new DatabaseScript(account(), new CapturedColumns(Set.of(ColumnGroup.TEACHERS), Map.of()));
        run(withTeachers.enable());
        assertTrue(instances().contains("patronstream_TCH"), instances());
        try (Connection connection = asAccount()) {
            assertEquals(List.of(), rows(connection, "SELECT TE FROM dbo.TCH WHERE SC = 1 AND TN = 1 AND DEL IS NULL"));
            assertEquals(List.of(), rows(connection, "SELECT TE FROM cdc.patronstream_TCH_CT"));
            assertEquals(230, code(connection, "SELECT EM FROM dbo.TCH"));
        }
        // Whatever is asked for now, what was set up once is taken back.
        run(script.beforeAeriesUpdate());
        district.sql("TRUNCATE TABLE dbo.TCH");
        run(script.afterAeriesUpdate());
        assertFalse(instances().contains("TCH"), instances());
        check();
    }

    @Test
    void aScriptThatIsRunAgainChangesNothing() throws Exception {
        run(script.enable());
        String before = instances();
        run(script.enable());
        assertEquals(before, instances());
        check();
    }

    private String instances() throws SQLException {
        try (Connection connection = district.connect()) {
            return rows(
                            connection,
                            "SELECT capture_instance + ' ' + CONVERT(varchar(40), start_lsn, 1) FROM cdc.change_tables")
                    .toString();
        }
    }

    @Test
    void theUndoLeavesNoCaptureNoRoleAndNoUser() throws Exception {
        run(script.enable());
        run(script.undo());
        try (Connection connection = district.connect()) {
            assertEquals(
                    List.of("0"),
                    rows(connection, "SELECT CAST(is_cdc_enabled AS int) FROM sys.databases WHERE name = DB_NAME()"));
            assertEquals(
                    List.of(),
                    rows(connection, "SELECT name FROM sys.database_principals WHERE name LIKE 'patronstream%'"));
            assertEquals(List.of(), rows(connection, "SELECT permission_name FROM sys.database_permissions"));
        }
        assertEquals(4060, assertThrows(SQLException.class, this::asAccount).getErrorCode());
        run(script.undo());
        run(script.enable());
        check();
    }

    @Test
    void theUndoLeavesTheCaptureOfAnotherProgram() throws Exception {
        run(script.enable());
        district.sql("EXEC sys.sp_cdc_enable_table 'dbo', 'STU', NULL, 'other'");
        run(script.undo());
        try (Connection connection = district.connect()) {
            assertEquals(List.of("other"), rows(connection, "SELECT capture_instance FROM cdc.change_tables"));
        }
    }

    @Test
    void anUpdateOfAeriesMayAlterAndTruncateBetweenTheTwoScripts() throws Exception {
        run(script.enable());
        district.student(10, 1, "Nguyen");
        district.student(10, 2, "Smith");
        try (Connector connector = TestDistrict.start(new Connector(connectorSettings()))) {
            TestDistrict.awaitStreaming(connector);
            district.awaitNames(Map.of("10/1", "Nguyen", "10/2", "Smith"));
            assertEquals(
                    4711,
                    assertThrows(SQLException.class, () -> district.sql("TRUNCATE TABLE dbo.STF"))
                            .getErrorCode());
        }
        run(script.beforeAeriesUpdate());
        district.sql("TRUNCATE TABLE dbo.STF");
        district.sql("ALTER TABLE dbo.STU ALTER COLUMN FN nvarchar(80)");
        district.rename(10, 1, "Changed in between");
        assertTrue(refusal().contains("dbo.STU is not tracked"), refusal());
        run(script.afterAeriesUpdate());
        try (Connector connector = TestDistrict.start(new Connector(connectorSettings()))) {
            TestDistrict.awaitStreaming(connector);
            district.rename(10, 2, "Lee");
            district.awaitNames(Map.of("10/1", "Changed in between", "10/2", "Lee"));
            assertEquals(
                    List.of("Nguyen", "Changed in between"),
                    district.namesInOrder().get("10/1"));
        }
    }

    @Test
    void stopsBeforeAnythingIsDoneWithoutThePasswordOrInAnotherDatabase() throws Exception {
        assertTrue(script.enable().contains("A quote ' in the password is written twice"), script.enable());
        // As SSMS does it without SQLCMD mode: the variable stays as it is written, and later batches run on.
        try (Connection connection = district.connect();
                Statement statement = connection.createStatement()) {
            List<String> errors = new ArrayList<>();
            for (String batch : DistrictSql.batches(script.enable())) {
                try {
                    drain(statement, batch);
                } catch (SQLException e) {
                    errors.add(e.getMessage());
                }
            }
            assertEquals(
                    List.of("Nothing was done: switch SQLCMD Mode on and set the variable PatronstreamPassword."),
                    errors);
            assertEquals(
                    List.of("0"),
                    rows(connection, "SELECT CAST(is_cdc_enabled AS int) FROM sys.databases WHERE name = DB_NAME()"));
        }
        district.sql("DROP TABLE dbo.STF");
        assertEquals(
                "Nothing was done: tables of Aeries are missing. Is this the right database?",
                assertThrows(SQLException.class, () -> run(script.enable())).getMessage());
    }

    @Test
    void holdsNoPassword() {
        for (String text :
                List.of(script.enable(), script.undo(), script.beforeAeriesUpdate(), script.afterAeriesUpdate())) {
            assertFalse(text.contains(PASSWORD));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "REVOKE SELECT ON dbo.STU (LN) FROM patronstream_reader",
                "REVOKE SELECT ON dbo.STU (LN, SEM, DEL) FROM patronstream_reader",
                "REVOKE SELECT ON dbo.LOC (CD, NM, TG, LO, HI, DEL) FROM patronstream_reader",
                "REVOKE SELECT ON cdc.change_tables FROM patronstream_reader",
                "REVOKE SELECT ON cdc.captured_columns FROM patronstream_reader",
                "REVOKE SELECT ON cdc.index_columns FROM patronstream_reader",
                "REVOKE SELECT ON cdc.lsn_time_mapping FROM patronstream_reader",
                "REVOKE SELECT ON cdc.patronstream_STF_CT FROM patronstream_reader",
                "ALTER ROLE patronstream_reader DROP MEMBER patronstream",
                "DROP USER patronstream",
            })
    void aMissingRightIsQuotedAsTheStatementThatGivesIt(String taken) throws Exception {
        run(script.enable());
        check();
        district.sql(taken);
        int steps = 0;
        for (Optional<String> message = problem(); message.isPresent(); message = problem()) {
            assertTrue(++steps <= 4, "After " + steps + " steps still: " + message.get());
            for (String statement : statements(message.get())) {
                district.sql(statement);
            }
        }
        assertTrue(steps > 0, "Nothing was noticed");
    }

    private Optional<String> problem() {
        try {
            check();
            return Optional.empty();
        } catch (SQLException | CaptureException e) {
            return Optional.of(SourceErrors.unfit(account(), e).orElseThrow().getMessage());
        }
    }

    /** The T-SQL in a message. */
    private static List<String> statements(String message) {
        Matcher matcher = Pattern.compile(
                        "(GRANT [A-Z ]+?ON|CREATE USER|ALTER ROLE) .*? (TO|LOGIN|MEMBER) \\[[^\\]]+\\]")
                .matcher(message);
        List<String> statements = new ArrayList<>();
        while (matcher.find()) {
            statements.add(matcher.group());
        }
        assertFalse(statements.isEmpty(), message);
        return statements;
    }

    @Test
    void withoutTheRightToSeeTheScansItIsWarnedOfWithTheStatement() throws Exception {
        run(script.enable());
        assertEquals(List.of(), check().warnings());
        district.sql("REVOKE VIEW DATABASE PERFORMANCE STATE FROM patronstream_reader");
        String warning = String.join("\n", check().warnings());
        assertTrue(warning.contains("GRANT VIEW DATABASE PERFORMANCE STATE TO [patronstream]"), warning);
        district.sql("GRANT VIEW DATABASE PERFORMANCE STATE TO [patronstream]");
        assertEquals(List.of(), check().warnings());
    }

    @ParameterizedTest
    @CsvSource({
        "229, GRANT SELECT ON [dbo].[STU] TO [patronstream]",
        "230, GRANT SELECT ON [dbo].[STU] ([LN]) TO [patronstream]",
    })
    void aRightThatIsLostWhileRunningIsQuotedToo(int code, String expected) throws Exception {
        run(script.enable());
        try (Connection connection = asAccount()) {
            district.sql(
                    code == 230
                            ? "REVOKE SELECT ON dbo.STU (LN) FROM patronstream_reader"
                            : "ALTER ROLE patronstream_reader DROP MEMBER patronstream");
            SQLException error = assertThrows(SQLException.class, () -> rows(connection, "SELECT LN FROM dbo.STU"));
            assertEquals(code, error.getErrorCode());
            String message = SourceErrors.unfit(account(), error).orElseThrow().getMessage();
            assertTrue(message.endsWith("Grant it: " + expected), message);
        }
    }
}
