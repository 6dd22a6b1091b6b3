package dev.patronstream.cli.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.cli.command.CapturedTerminal;
import dev.patronstream.connector.script.DatabaseScript;
import dev.patronstream.sandbox.Sandbox;
import dev.patronstream.sandbox.SandboxSettings;
import dev.patronstream.sandbox.district.DistrictSql;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** {@code check} and {@code sql}, as somebody uses them who sets a district up; the order is the one of a first day. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CheckTest {

    private static final String PASSWORD = "Long-enough-2026";

    @TempDir
    private static Path folder;

    private static Sandbox sandbox;

    @BeforeAll
    static void start() {
        sandbox = Sandbox.start(SandboxSettings.in(folder).withStudents(400), (what, detail) -> {});
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    private record Answer(int exit, String out, String error) {

        /** The line about something. */
        String line(String what) {
            return out.lines()
                    .filter(line -> line.startsWith("  " + what + " "))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("No line about " + what + " in\n" + out));
        }
    }

    private static Answer run(Path configuration, String... command) {
        CapturedTerminal terminal = new CapturedTerminal(Map.of("SQLSERVER_PASSWORD", PASSWORD));
        List<String> line = new ArrayList<>(List.of(command));
        line.addAll(List.of("--config", configuration.toString()));
        int exit = terminal.run(line.toArray(String[]::new));
        return new Answer(exit, terminal.out(), terminal.error());
    }

    private static Path configuration(String name, String... replaced) throws Exception {
        String text = Files.readString(sandbox.configuration());
        for (int i = 0; i < replaced.length; i += 2) {
            String changed = text.replaceAll(replaced[i], replaced[i + 1]);
            assertFalse(changed.equals(text), replaced[i]);
            text = changed;
        }
        return Files.writeString(folder.resolve(name), text);
    }

    /** The sandbox's configuration with the account that the script makes. */
    private static Path withAccount() throws Exception {
        return configuration(
                "account.yaml",
                "user: sa\n",
                "user: patronstream\n",
                "\\$\\{file:secrets/sqlserver-password\\}",
                "\\${env:SQLSERVER_PASSWORD}");
    }

    private static void asAdministrator(String script) throws SQLException {
        String password = "$(" + DatabaseScript.PASSWORD_VARIABLE + ")";
        try (Connection connection = sandbox.connect();
                Statement statement = connection.createStatement()) {
            for (String batch : DistrictSql.batches(script.replace(password, PASSWORD))) {
                boolean rows = statement.execute(batch);
                while (rows || statement.getUpdateCount() >= 0) {
                    rows = statement.getMoreResults();
                }
            }
        }
    }

    private static String number(String query) throws SQLException {
        try (Connection connection = sandbox.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return String.format("%,d", row.getLong(1));
        }
    }

    @Test
    @Order(1)
    void aLoginThatIsNotThereYetIsReportedTogetherWithEverythingElse() throws Exception {
        Answer answer = run(withAccount(), "check");
        assertEquals(1, answer.exit(), answer.out());
        assertTrue(answer.line("database").contains("WRONG"), answer.out());
        assertTrue(answer.line("database").contains("patronstream sql"), answer.out());
        assertTrue(answer.line("Kafka").contains(" ok "), answer.out());
        assertTrue(answer.line("feed destiny write").contains(" ok "), answer.out());
        assertTrue(answer.out().strip().endsWith("One thing does not work: see WRONG above."), answer.out());
    }

    @Test
    @Order(2)
    void beforeCaptureIsOnTheCountsAreShownAlready() throws Exception {
        asAdministrator("EXEC sys.sp_cdc_disable_db");
        Path secret = folder.resolve("secrets/sftp-password");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r--r--"));
        Answer answer = run(sandbox.configuration(), "check");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        assertTrue(answer.line("secret file").contains(" look "), answer.out());
        assertTrue(answer.line("secret file").contains(secret + " can be read by every account"), answer.out());
        assertEquals(
                1,
                answer.out()
                        .lines()
                        .filter(line -> line.contains("secret file"))
                        .count(),
                answer.out());
        assertEquals(1, answer.exit(), answer.out());
        assertTrue(answer.line("capture").contains("WRONG"), answer.out());
        assertTrue(answer.line("table STU").contains(" ok "), answer.out());
        assertTrue(answer.line("account").contains(" look "), answer.out());
        assertTrue(answer.out().contains("Eagle High School"), answer.out());
    }

    @Test
    @Order(3)
    void whatSqlPrintsMakesEverythingWork() throws Exception {
        Answer printed = run(withAccount(), "sql");
        assertEquals(0, printed.exit(), printed.error());
        assertFalse(printed.out().contains(PASSWORD));
        asAdministrator(printed.out());
        Answer answer = run(withAccount(), "check");
        assertEquals(0, answer.exit(), answer.out());
        assertTrue(answer.line("capture of STU").contains("by instance patronstream_STU, 20 columns"), answer.out());
        assertTrue(answer.line("capture job").contains(" ok "), answer.out());
        assertTrue(answer.out().strip().endsWith("Everything works."), answer.out());
    }

    @Test
    @Order(4)
    void schoolsTagsAndStaffAreCountedAsTheDatabaseHasThem() throws Exception {
        Answer answer = run(withAccount(), "check");
        String live = " FROM STU WHERE (DEL IS NULL OR DEL = 0) AND SC = 10 AND ";
        String school = String.join(
                "\\s+",
                "  10",
                "Eagle High School",
                number("SELECT COUNT(*)" + live + "ISNULL(TG, '') = ''"),
                number("SELECT COUNT(*)" + live + "TG = '*'"),
                number("SELECT COUNT(*)" + live + "ISNULL(TG, '') <> '' AND TG <> '*'"),
                number("SELECT COUNT(*) FROM STF WHERE (DEL IS NULL OR DEL = 0) AND PSC = 10 AND ISNULL(TG, '') = ''"
                        + " AND (LD IS NULL OR LD >= CAST(GETDATE() AS date))"),
                "CU",
                "EAGLEHS");
        assertTrue(Pattern.compile(school).matcher(answer.out()).find(), school + " in\n" + answer.out());
        assertTrue(answer.out().contains("(blank)"), answer.out());
        assertTrue(
                Pattern.compile("\\*\\s+\\d+\\s+pre-enrolled")
                        .matcher(answer.out())
                        .find(),
                answer.out());
        assertTrue(answer.out().contains("statuses: {\"I\": inactive"), answer.out());
        assertTrue(answer.out().contains("active students and is in no feed"), answer.out());
        assertTrue(answer.out().contains("have no school (0)"), answer.out());
    }

    @Test
    @Order(4)
    void aSourceOfHomeroomsThatHoldsNothingIsNamed() throws Exception {
        asAdministrator("UPDATE STU SET CU = 0 WHERE SC = 20");
        Path byNumber = configuration(
                "by-number.yaml", "layout: destiny", "layout: destiny\n    homeroom: {schools: [10, 20], source: CU}");
        String out = run(byNumber, "check").out();
        assertTrue(out.contains("Feed destiny: school 20 (Eagle Middle School) has no homerooms by CU"), out);
        assertFalse(out.contains("school 10 (Eagle High School) has no homerooms"), out);
    }

    @Test
    @Order(5)
    void everyFailureIsReportedAndNothingStopsTheRest() throws Exception {
        Path wrong = configuration(
                "wrong.yaml",
                "database: DST26000EAGLE",
                "database: DST26000HAWK",
                "bootstrap-servers: .*",
                "bootstrap-servers: 127.0.0.1:1",
                "url: http.*",
                "url: http://127.0.0.1:1",
                "host-key: .*",
                "host-key: \"SHA256:BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB\"",
                "sites: \\{",
                "sites: {77: NOWHERE, ",
                "schools: \\[",
                "schools: [77, ");
        Answer answer = run(wrong, "check");
        assertEquals(1, answer.exit(), answer.out());
        for (String what : List.of("database", "Kafka", "registry", "feed destiny log-in")) {
            assertTrue(answer.line(what).contains("WRONG"), answer.out());
        }
        assertTrue(answer.out().strip().endsWith("4 things do not work: see WRONG above."), answer.out());
    }

    @Test
    @Order(6)
    void aFeedsSchoolThatIsNotThereIsWorthALook() throws Exception {
        Path other = configuration(
                "other.yaml", "sites: \\{", "sites: {77: NOWHERE, 98: OLDMILL, ", "schools: \\[", "schools: [77, 98, ");
        Answer answer = run(other, "check");
        assertEquals(0, answer.exit(), answer.out());
        assertTrue(answer.out().contains("Feed destiny: school 77 is not in LOC"), answer.out());
        assertTrue(answer.out().contains("Feed destiny: school 98 (Old Mill School) is marked inactive"), answer.out());
    }

    @Test
    @Order(6)
    void aFolderAsDestinationIsTriedAsAServerIs() throws Exception {
        Path exports = folder.resolve("exports");
        Path here =
                configuration("here.yaml", "(?s)      sftp:.*?file: patrons.csv", "      folder: {path: ./exports}");
        Answer missing = run(here, "check");
        assertEquals(1, missing.exit(), missing.out());
        assertTrue(missing.line("feed destiny folder").contains("WRONG"), missing.out());
        assertTrue(missing.out().contains("does not exist. Mount its share, make the folder,"), missing.out());
        Files.createDirectory(exports);
        Answer answer = run(here, "check");
        assertEquals(0, answer.exit(), answer.out());
        assertTrue(
                answer.line("feed destiny folder").contains(exports + "; no patronimport.properties yet"),
                answer.out());
        assertTrue(answer.line("feed destiny write").contains("renamed and deleted as a delivery does"), answer.out());
        Files.delete(exports);
    }

    @Test
    @Order(7)
    void theOtherScriptsArePrintedForTheDatabaseThatIsNamed() throws Exception {
        Answer undo = run(withAccount(), "sql", "--undo", "--database", "DST27000EAGLE");
        assertEquals(0, undo.exit(), undo.error());
        assertTrue(undo.out().contains("USE [DST27000EAGLE];"), undo.out());
        assertTrue(run(withAccount(), "sql", "--before-aeries-update").out().contains("sp_cdc_disable_table"));
        assertTrue(run(withAccount(), "sql", "--after-aeries-update").out().contains("sp_cdc_enable_table"));
        assertEquals(
                2, run(withAccount(), "sql", "--undo", "--after-aeries-update").exit());
        Answer administrator = run(sandbox.configuration(), "sql");
        assertTrue(administrator.error().contains("an account of its own"), administrator.error());
        assertTrue(administrator.out().contains("CREATE USER [patronstream]"), administrator.out());
    }

    @Test
    @Order(8)
    void afterTheUndoTheAccountIsRefused() throws Exception {
        asAdministrator(run(withAccount(), "sql", "--undo").out());
        Answer answer = run(withAccount(), "check");
        assertEquals(1, answer.exit(), answer.out());
        assertTrue(answer.line("database").contains("CREATE USER [patronstream]"), answer.out());
    }

    @Test
    @Order(9)
    void aTableThatOnlySomeFeedNeedsIsAskedForThereAndNowhereElse() throws Exception {
        assertFalse(run(sandbox.configuration(), "check").out().contains("TCH"));
        Path byName = configuration(
                "homeroom.yaml", "layout: destiny", "layout: destiny\n    homeroom: {schools: [20], source: TCH.TE}");
        Answer answer = run(byName, "check");
        assertEquals(1, answer.exit(), answer.out());
        assertTrue(answer.line("table TCH").contains("WRONG"), answer.out());
        assertTrue(
                answer.line("table TCH").contains("and a feed (or sqlserver.columns) asks for what it holds"),
                answer.out());
        assertTrue(run(byName, "sql").out().contains("patronstream_TCH"));
    }

    /** A vendor's consumer that subscribed before the first start, on a cluster that makes topics by itself. */
    @Test
    @Order(10)
    void aTopicThatSomethingElseHasMadeWithMorePartitionsIsNamedWithARemedy() throws Exception {
        Matcher servers =
                Pattern.compile("bootstrap-servers: (\\S+)").matcher(Files.readString(sandbox.configuration()));
        assertTrue(servers.find());
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers.group(1)))) {
            admin.createTopics(List.of(
                            new NewTopic("eagle.feed.destiny", 3, (short) 1),
                            new NewTopic("eagle.web.clicks", 3, (short) 1)))
                    .all()
                    .get();
        }
        Answer answer = run(sandbox.configuration(), "check");
        assertEquals(1, answer.exit(), answer.out());
        assertTrue(answer.line("Kafka").contains("WRONG"), answer.out());
        assertTrue(answer.line("Kafka").contains("Topic eagle.feed.destiny has 3 partitions"), answer.out());
        assertFalse(answer.out().contains("clicks"), answer.out());
    }
}
