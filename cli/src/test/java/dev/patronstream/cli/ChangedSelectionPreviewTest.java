package dev.patronstream.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patronstream.cli.command.CapturedTerminal;
import dev.patronstream.sandbox.Sandbox;
import dev.patronstream.sandbox.SandboxSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a changed configuration would do to a feed, seen before it is used, by columns that are not captured yet, too. */
class ChangedSelectionPreviewTest {

    private static final String ONE_ROW = " AND DEL = 0 AND TG = ' ' AND ID IN"
            + " (SELECT ID FROM STU WHERE DEL = 0 GROUP BY ID HAVING COUNT(*) = 1) ORDER BY ID";

    @TempDir
    static Path folder;

    private static Sandbox sandbox;
    private static List<Integer> atTen;

    @BeforeAll
    static void start() throws SQLException {
        sandbox = Sandbox.start(SandboxSettings.in(folder).withStudents(200), (what, detail) -> {});
        atTen = numbers("SELECT ID FROM STU WHERE SC = 10" + ONE_ROW);
        sql("UPDATE STU SET TG = '*' WHERE ID = " + atTen.get(3));
        sql("UPDATE STU SET U1 = 'OPTOUT' WHERE ID IN (" + atTen.get(0) + ", " + atTen.get(1) + ")");
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    private static void sql(String text) throws SQLException {
        try (Connection connection = sandbox.connect();
                Statement statement = connection.createStatement()) {
            int unused = statement.executeUpdate(text);
        }
    }

    private static List<Integer> numbers(String query) throws SQLException {
        List<Integer> numbers = new ArrayList<>();
        try (Connection connection = sandbox.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                numbers.add(rows.getInt(1));
            }
        }
        return numbers;
    }

    private static CapturedTerminal preview(String feed, String from, String to, String... more) throws Exception {
        Path changed = sandbox.configuration().resolveSibling("changed.yaml");
        Files.writeString(changed, Files.readString(sandbox.configuration()).replaceFirst(from, to));
        CapturedTerminal terminal = new CapturedTerminal(Map.of());
        int exit = terminal.run(Stream.concat(
                        Stream.of(
                                "preview",
                                feed,
                                "--with",
                                changed.toString(),
                                "--keys",
                                "--config",
                                sandbox.configuration().toString()),
                        Stream.of(more))
                .toArray(String[]::new));
        assertEquals(0, exit, terminal.error());
        return terminal;
    }

    private static List<String> keys(CapturedTerminal preview) {
        return preview.out()
                .lines()
                .map(String::strip)
                .filter(line -> line.matches("(new|moves|leaves) +(student|staff)/.*"))
                .toList();
    }

    @Test
    void aNewConditionSaysWhoWouldLeave() throws Exception {
        CapturedTerminal preview = preview("destiny", "    sites:", "    except: {STU.U1: [OPTOUT]}\n    sites:");
        assertTrue(
                preview.out()
                        .startsWith("Feed destiny by patronstream.yaml now, and as it would be by changed.yaml, with"
                                + " the rows of DST26000EAGLE as they stand. Nothing was changed.\n"),
                preview.out());
        assertEquals(
                List.of(
                        "leaves student/" + atTen.get(0) + "  10  kept out by only or except",
                        "leaves student/" + atTen.get(1) + "  10  kept out by only or except"),
                keys(preview));
        PreviewCounts ten = PreviewCounts.printed(preview.out(), "10");
        assertEquals(new PreviewCounts(ten.now(), ten.now() - 2, 0, 0, 0, 2, ten.now() - 2, 0), ten);
        PreviewCounts twenty = PreviewCounts.printed(preview.out(), "20");
        assertEquals(new PreviewCounts(twenty.now(), twenty.now(), 0, 0, 0, 0, twenty.now(), 0), twenty);
    }

    @Test
    void aProgramGetsTheSameNumbers() throws Exception {
        String from = "    sites:";
        String to = "    except: {STU.U1: [OPTOUT]}\n    sites:";
        PreviewCounts printed =
                PreviewCounts.printed(preview("destiny", from, to).out(), "10");
        JsonNode document = new ObjectMapper()
                .readTree(preview("destiny", from, to, "--json").out());
        assertEquals("destiny", document.path("feed").asText());
        JsonNode ten = document.path("schools").path(0);
        assertEquals(10, ten.path("school").asInt());
        assertEquals(printed.now(), ten.path("now").asLong());
        assertEquals(2, ten.path("leave").asLong());
        assertEquals(2, document.at("/all/leave").asLong());
        assertEquals(2, document.at("/leaving/EXCLUDED").asLong());
        assertEquals(2, document.path("keys").size());
    }

    @Test
    void otherSchoolsStatusesAndKindsDoToo() throws Exception {
        CapturedTerminal fewer = preview("destiny", "schools: \\[10, ", "schools: [");
        assertTrue(
                keys(fewer).contains("leaves student/" + atTen.get(0) + "  10  at a school outside the feed"),
                fewer.out());
        CapturedTerminal active = preview("destiny", "statuses: \\[active, pre-enrolled]", "statuses: [active]");
        assertTrue(
                keys(active)
                        .contains("leaves student/" + atTen.get(3) + "  10  of a status that the feed does not take"),
                active.out());
        CapturedTerminal students = preview("destiny", "patrons: \\[students, staff]", "patrons: [students]");
        assertTrue(
                keys(students).stream()
                        .allMatch(key -> key.matches("leaves staff/.*  of a kind that the feed does not take")),
                students.out());
        assertTrue(keys(students).size() > 3, students.out());
    }

    @Test
    void aFeedThatIsNewIsFilled() throws Exception {
        CapturedTerminal preview = preview(
                "readers",
                "\\z",
                "  readers: {schools: [10], patrons: [students], only: {id: [" + atTen.get(2)
                        + "]}, fields: [names]}\n");
        assertTrue(
                preview.out().startsWith("Feed readers, which is new, as it would be by changed.yaml, with"),
                preview.out());
        assertEquals(List.of("new    student/" + atTen.get(2) + "  10"), keys(preview));
    }

    @Test
    void oneOfTheTwoIsNeeded() {
        CapturedTerminal terminal = new CapturedTerminal(Map.of());
        assertEquals(
                2,
                terminal.run(
                        "preview",
                        "destiny",
                        "--config",
                        sandbox.configuration().toString()));
        assertTrue(terminal.error().contains("preview needs --database NAME, --with FILE, or both"), terminal.error());
    }
}
