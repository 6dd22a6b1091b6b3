package dev.patronstream.cli.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.cli.cluster.Cluster;
import dev.patronstream.cli.cluster.District;
import dev.patronstream.cli.command.CapturedTerminal;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.config.ConfigurationReader;
import dev.patronstream.cli.config.setting.Part;
import dev.patronstream.cli.run.Disks;
import dev.patronstream.cli.run.Lifeline;
import dev.patronstream.cli.run.Running;
import dev.patronstream.cli.run.Stage;
import dev.patronstream.cli.stages.StageBoard;
import dev.patronstream.sandbox.Sandbox;
import dev.patronstream.sandbox.SandboxSettings;
import dev.patronstream.schemas.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Asks the whole system about people, and holds docs/explain.md to what it says. */
class ExplainTest {

    private static final Path PAGE = Path.of("..", "docs", "explain.md");
    private static final String WRITE = "patronstream.explain.write";
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** Rows that are there at the first delivery. */
    private static final List<String> BEFORE = List.of(
            student(10, 7001, 99500001, "N'Lee', 'Ann', 'F', 11, ' ', NULL, NULL, 'ann.lee@example.org'"),
            student(10, 7002, 99500002, "N'Ortiz', 'Luz', 'F', 8, ' ', 'Z', NULL, NULL"),
            student(20, 7002, 99500002, "N'Ortiz', 'Luz', 'F', 8, ' ', NULL, NULL, NULL"),
            student(20, 7003, 99500003, "N'Nguyen', 'Minh', 'M', 9, ' ', NULL, NULL, NULL"),
            student(10, 7004, 99500004, "N'Smith', 'Joe', 'M', 10, ' ', NULL, NULL, NULL"),
            student(10, 7005, 99500005, "N'Garcia', 'Eva', 'F', 8, '*', NULL, 9, NULL"),
            student(10, 7006, 99500006, "N'Brown', 'Sam', 'M', 9, 'N', NULL, NULL, NULL"),
            student(90, 7007, 99500007, "N'Young', 'Lia', 'F', 13, ' ', NULL, NULL, NULL"),
            student(10, 7008, 99500008, "NULL, 'Kim', 'F', 9, ' ', NULL, NULL, NULL"),
            student(
                    10,
                    7009,
                    99500009,
                    "N'Montgomery-Featherstonehaugh-Cholmondeley-Smith', N'Ann' + CHAR(9) + N'Marie', 'X', 19, ' ',"
                            + " NULL, NULL, 'ann.marie@'"),
            student(10, 7010, 99500010, "N'Park', 'Jin', 'M', 12, ' ', NULL, NULL, NULL"),
            student(10, 7011, 99500013, "N'Adams', 'Lou', 'M', 10, ' ', NULL, NULL, NULL"),
            "INSERT INTO dbo.STF (ID, LN, FN, GN, PSC, TG, DEL) VALUES (99500010, N'Reyes', 'Ana', 'F', 10, '', 0)",
            "INSERT INTO dbo.STF (ID, LN, FN, GN, PSC, TG, DEL) VALUES (99500011, N'Wolf', 'Max', 'M', 0, '', 0)",
            "INSERT INTO dbo.STF (ID, LN, FN, GN, PSC, LD, TG, DEL) VALUES (99500012, N'Vega', 'Paz', 'F', 10,"
                    + " '2020-06-12', '', 0)");

    /** What happens after it: a transfer, and somebody leaves. */
    private static final List<String> AFTER = List.of(
            "UPDATE dbo.STU SET TG = 'I' WHERE SC = 20 AND SN = 7003",
            student(10, 7003, 99500003, "N'Nguyen', 'Minh', 'M', 9, ' ', NULL, NULL, NULL"),
            student(999, 7004, 99500004, "N'Smith', 'Joe', 'M', 10, 'I', NULL, NULL, NULL"),
            "UPDATE dbo.STU SET DEL = 1 WHERE SC = 10 AND SN = 7004",
            "DELETE FROM dbo.STU WHERE SC = 10 AND SN = 7011");

    private record Case(String title, String id, int exitCode) {}

    private static final List<Case> CASES = List.of(
            new Case("Somebody usual", "99500001", 0),
            new Case("Two active enrollments, one of them a single class (concurrent-programs: [Z])", "99500002", 0),
            new Case("Transferred since the last delivery", "99500003", 0),
            new Case("Left since the last delivery: the row was copied to the inactive school", "99500004", 0),
            new Case("Left since the last delivery: no row is left in Aeries", "99500013", 0),
            new Case("Pre-enrolled", "99500005", 0),
            new Case("A no-show", "99500006", 0),
            new Case("At a school that the feed does not take", "99500007", 0),
            new Case("Left out by a rule", "99500008", 0),
            new Case("Mended by rules", "99500009", 0),
            new Case("A student and a staff member with one ID", "99500010", 0),
            new Case("Staff of no school", "staff/99500011", 0),
            new Case("Staff who left", "staff/99500012", 0),
            new Case("Nobody", "99599999", 1));

    /** Who left, once a delivery has said so. */
    private static final Case LEAVER = new Case("Left, and sent as inactive", "99500004", 0);

    private static final List<String> DELIVERY_IDS =
            List.of("destiny-20261124T100003123Z-17", "destiny-20261124T220002456Z-31");

    @TempDir
    Path folder;

    private final List<String> deliveries = new ArrayList<>();

    /** Run with -Dpatronstream.explain.write=true to write the page again, and read the difference. */
    @Test
    void saysOfEachWhatThePageSays() throws Exception {
        String page = transcripts();
        if (Boolean.getBoolean(WRITE)) {
            Files.writeString(PAGE, page);
        }
        assertEquals(Files.readString(PAGE), page, "docs/explain.md; -D" + WRITE + "=true writes it");
    }

    private String transcripts() throws Exception {
        try (Sandbox sandbox = Sandbox.start(SandboxSettings.in(folder).withStudents(60), (what, detail) -> {})) {
            Path file = configuration(sandbox);
            Configuration configuration = ConfigurationReader.read(file, Map.of(), EnumSet.allOf(Part.class));
            execute(sandbox, BEFORE);
            try (Lifeline lifeline = Lifeline.watch(Disks.of(configuration));
                    Cluster cluster = Cluster.open(configuration);
                    StageBoard board = cluster.openBoard();
                    Running running = Running.start(
                            new District(configuration, cluster.clients()),
                            board,
                            EnumSet.allOf(Stage.class),
                            (what, detail) -> {},
                            lifeline)) {
                awaitFresh(running);
                CapturedTerminal delivery = command(file, "snapshot", "destiny");
                assertTrue(delivery.out().contains("delivered"), delivery.out() + delivery.error());
                execute(sandbox, AFTER);
                awaitFresh(running);
                requireThatProblemsNamesKeysOnly(file);
                return page(file);
            }
        }
    }

    private String page(Path file) {
        StringBuilder page = new StringBuilder("""
            # Explain: why a person, a value, a row is as it is

            `./patronstream explain FEED ID` answers from the topics, for a student ID, a staff ID, or both (`student/ID` and `staff/ID` ask for one). It prints private values on the screen and never into the log. `./patronstream problems FEED` lists what the rules found.

            `ExplainTest` writes these transcripts. The feed takes the schools 10 and 20, active and pre-enrolled patrons; leavers are sent as inactive for 90 days. One file has been delivered, and a second before the last transcript.
            """);
        CASES.forEach(asked -> page.append(transcript(asked, file)));
        CapturedTerminal delivery = command(file, "snapshot", "destiny");
        assertTrue(delivery.out().contains("2 of them leavers"), delivery.out() + delivery.error());
        requireThatTheLeaverIsSentForNinetyDays(file);
        page.append(transcript(LEAVER, file));
        return page.toString();
    }

    private static void requireThatTheLeaverIsSentForNinetyDays(Path file) {
        String said = command(file, "explain", "destiny", LEAVER.id()).out();
        Matcher times = Pattern.compile(
                        "inactive, until (\\S+ \\S+ \\S+) .* had no row of its own any more at (\\S+ \\S+ \\S+)\n",
                        Pattern.DOTALL)
                .matcher(said);
        assertTrue(times.find(), said);
        DateTimeFormatter format = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm VV");
        Instant left = Instant.from(format.parse(times.group(2)));
        assertEquals(left.plus(Duration.ofDays(90)), Instant.from(format.parse(times.group(1))), said);
    }

    private String transcript(Case asked, Path file) {
        CapturedTerminal terminal = new CapturedTerminal(Map.of());
        int exit = terminal.run("explain", "destiny", asked.id(), "--config", file.toString());
        assertEquals(asked.exitCode(), exit, terminal.out() + terminal.error());
        return "\n## " + asked.title() + "\n\n```\n$ ./patronstream explain destiny " + asked.id() + "\n"
                + withoutTimes(terminal.out() + terminal.error()) + "```\n";
    }

    private static void requireThatProblemsNamesKeysOnly(Path file) {
        CapturedTerminal terminal = command(file, "problems", "destiny", "--max", "1000");
        assertTrue(terminal.out().contains("student/99500008"), terminal.out());
        assertTrue(terminal.out().contains("missing-last-name"), terminal.out());
        assertFalse(terminal.out().contains("Montgomery"), terminal.out());
        CapturedTerminal csv = command(file, "problems", "destiny", "--csv", "--rule", "value-too-long");
        assertTrue(csv.out().contains("student/99500009,value-too-long,Last Name,cut to 42 characters\r\n"), csv.out());
        assertFalse(csv.out().contains("missing-last-name"), csv.out());
    }

    /** The usual configuration of a sandbox, for two schools. */
    private Path configuration(Sandbox sandbox) throws IOException {
        String text = Files.readString(sandbox.configuration())
                .replaceFirst("(?m)^    schools: .*$", "    schools: [10, 20]")
                .replaceFirst("(?m)^    sites: .*$", "    sites: {10: EAGLEHS, 20: EAGLEMS}");
        return Files.writeString(folder.resolve("two-schools.yaml"), text + "concurrent-programs: [Z]\n");
    }

    private static CapturedTerminal command(Path file, String... arguments) {
        CapturedTerminal terminal = new CapturedTerminal(Map.of());
        List<String> line = new ArrayList<>(List.of(arguments));
        line.addAll(List.of("--config", file.toString()));
        assertEquals(0, terminal.run(line.toArray(String[]::new)), terminal.out() + terminal.error());
        return terminal;
    }

    /** Waits until every change made by now has been applied. */
    private static void awaitFresh(Running running) throws InterruptedException {
        Instant wanted = Instant.now();
        Instant deadline = wanted.plus(PATIENCE);
        while (running.streamsApp()
                .orElseThrow()
                .status()
                .applied()
                .flatMap(Progress::getFreshAsOf)
                .filter(fresh -> fresh.isAfter(wanted))
                .isEmpty()) {
            assertTrue(Instant.now().isBefore(deadline), "not applied in time: " + running.streamsApp());
            assertFalse(
                    running.failure().isDone(), () -> running.failure().join().message());
            Thread.sleep(50);
        }
    }

    private static String student(int school, int number, int id, String values) {
        return "INSERT INTO dbo.STU (SC, SN, ID, ED, DEL, LN, FN, GN, GR, TG, SP, NG, SEM) VALUES (" + school + ", "
                + number + ", " + id + ", '2026-08-12', 0, " + values + ")";
    }

    private static void execute(Sandbox sandbox, List<String> statements) throws SQLException {
        try (Connection connection = sandbox.connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** Deliveries keep their order, so that the page tells which one is meant. */
    private String withoutTimes(String text) {
        return Pattern.compile("destiny-\\d{8}T\\d+Z-\\d+")
                .matcher(text)
                .replaceAll(id -> {
                    if (!deliveries.contains(id.group())) {
                        deliveries.add(id.group());
                    }
                    return DELIVERY_IDS.get(deliveries.indexOf(id.group()));
                })
                .replaceAll("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d ", "2026-11-24 02:00 ")
                .replaceAll("until 2026-11-24", "until 2027-02-22")
                .replaceAll("; (read|changed) ", "; read or changed ");
    }
}
