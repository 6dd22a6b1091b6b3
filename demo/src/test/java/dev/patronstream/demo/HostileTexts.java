package dev.patronstream.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.cli.command.CapturedTerminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/** What people may write into Aeries to take over the terminal, the page or the spreadsheet of somebody else. */
final class HostileTexts {

    static final int STUDENT = 99_600_001;

    /** Stands in every one of them. */
    private static final String MARK = "Evl";

    private static final List<String> TEXTS = List.of(
            MARK + "\u001b[2J\u001b]0;owned\u0007",
            MARK + "\u009b31m\u0085next",
            MARK + "\r\nBcc: all@example.org\r\n\r\n",
            MARK + "\u202Egnp.exe\u2066\u200B",
            MARK + "\u2028\u2029\0",
            MARK + "<script>alert(1)</script><img src=x>",
            "=HYPERLINK(\"http://x\";\"" + MARK + "\")",
            MARK + "\",\"x\"\n{\"a\":1}");

    /** What somebody else may bring a person to type; not a name, so a log may hold it. */
    private static final String TYPED = (TEXTS.get(0) + TEXTS.get(2) + TEXTS.get(3)).replace(MARK, "Typed");

    private static final String QUOTED = "\"Typed\\e[2J\\u202Eevil\\r\\nBcc: x\\u009b\"";

    /** Moves a cursor, ends a line where no line ends, turns the text around, or hides. */
    private static final Pattern UNSAFE = Pattern.compile(
            "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\u202a-\\u202e\\u2066-\\u2069\\u2028\\u2029\\u200b]"
                    + "|(?m)^Bcc: |^\\{\"a\":1|\\r(?!\\n)");

    /** Commands that run for as long as they are let; what those print is judged where they run. */
    private static final Set<String> RUN_ON = Set.of("run", "sandbox", "demo");

    private HostileTexts() {}

    static void insert(Connection connection) throws SQLException {
        for (int i = 0; i < TEXTS.size(); i++) {
            String name = TEXTS.get(i).substring(0, Math.min(30, TEXTS.get(i).length()));
            int id = STUDENT + i;
            execute(
                    connection,
                    "INSERT INTO dbo.STU (SC, SN, ID, ED, DEL, LN, FN, GN, GR, TG, SEM)" + " VALUES (10, " + (9600 + i)
                            + ", " + id + ", '2026-08-12', 0, ?, ?, 'F', 10, ' ', ?)",
                    name,
                    name,
                    name);
            execute(
                    connection,
                    "INSERT INTO dbo.STF (ID, LN, FN, GN, PSC, TG, DEL) VALUES (" + (id + 100)
                            + ", ?, ?, 'F', 10, '', 0)",
                    name,
                    name);
            execute(
                    connection,
                    "INSERT INTO dbo.LOC (CD, NM, TG, DEL) VALUES (" + (800 + i) + ", ?, ' ', 0)",
                    TEXTS.get(i));
        }
    }

    private static void execute(Connection connection, String sql, String... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setNString(i + 1, values[i]);
            }
            assertEquals(1, statement.executeUpdate());
        }
    }

    /** Gives every command something to do with them, and every command hostile arguments. */
    static void giveToEveryCommand(Path configuration, Path folder) throws IOException {
        CapturedTerminal deliveries = run(List.of("deliveries"), configuration);
        Matcher id = Pattern.compile("destiny-\\d+T\\d+Z-\\d+").matcher(deliveries.out());
        assertTrue(id.find(), deliveries.out() + deliveries.error());
        String delivery = id.group();
        Path export =
                Files.writeString(folder.resolve("export.csv"), "Barcode,Last Name\n99600001," + MARK + "\u001b[2J\n");
        Map<String, List<List<String>>> lines = Map.ofEntries(
                Map.entry("", List.of(List.of())),
                Map.entry(
                        "init",
                        List.of(List.of("init", folder.resolve("new.yaml").toString()))),
                Map.entry("sql", List.of(List.of("sql"), List.of("sql", "--database", TYPED))),
                Map.entry("check", List.of(List.of("check"))),
                Map.entry(
                        "status",
                        List.of(List.of("status"), List.of("status", "--json"), List.of("status", "--details"))),
                Map.entry(
                        "preview",
                        List.of(
                                List.of("preview", "destiny", "--database", "DST26000EAGLE", "--keys"),
                                List.of("preview", "destiny", "--database", TYPED),
                                List.of("preview", "destiny", "--with", TYPED))),
                Map.entry(
                        "snapshot",
                        List.of(List.of(
                                "snapshot",
                                "destiny",
                                "--dry-run",
                                "--output",
                                folder.resolve("dry").toString()))),
                Map.entry("deliveries", List.of(List.of("deliveries"))),
                Map.entry(
                        "deliveries show",
                        List.of(
                                List.of("deliveries", "show", delivery),
                                List.of("deliveries", "show", delivery, "--json"))),
                Map.entry("deliveries approve", List.of(List.of("deliveries", "approve", delivery))),
                Map.entry("deliveries reject", List.of(List.of("deliveries", "reject", delivery))),
                Map.entry("deliveries resend", List.of(List.of("deliveries", "resend", delivery))),
                Map.entry(
                        "deliveries confirm",
                        List.of(List.of("deliveries", "confirm", delivery, "--records-read", "1"))),
                Map.entry("feeds", List.of(List.of("feeds"), List.of("feeds", "destiny"))),
                Map.entry("audit", List.of(List.of("audit"))),
                Map.entry(
                        "explain",
                        Stream.of(STUDENT, STUDENT + 2, STUDENT + 103)
                                .map(person -> List.of("explain", "destiny", Integer.toString(person)))
                                .toList()),
                Map.entry("problems", List.of(List.of("problems", "destiny"), List.of("problems", "destiny", "--csv"))),
                Map.entry(
                        "reconcile",
                        List.of(List.of(
                                "reconcile",
                                "destiny",
                                "--destiny-export",
                                export.toString(),
                                "--details",
                                folder.resolve("details.csv").toString()))),
                Map.entry("rebuild", List.of(List.of("rebuild"))),
                Map.entry("schema", List.of(List.of("schema"))),
                Map.entry("completion", List.of(List.of("completion"))),
                Map.entry("approve", List.of(List.of("approve", "connector"))),
                Map.entry("reject", List.of(List.of("reject", "connector"))),
                Map.entry("pause", List.of(List.of("pause", "destiny", "--until", "2026-01-01"))),
                Map.entry("resume", List.of(List.of("resume", "destiny"))),
                Map.entry("notify", List.of(List.of("notify", "--test"))),
                Map.entry("vendor", List.of(List.of("vendor"))),
                Map.entry("vendor add", List.of(List.of("vendor", "add", TYPED, "--feed", "destiny"))),
                Map.entry("vendor remove", List.of(List.of("vendor", "remove", TYPED))),
                Map.entry(
                        "tail",
                        Stream.of("feed.destiny", "patrons", "aeries.stu", "aeries.loc", "aeries.stf", "deliveries")
                                .map(topic -> List.of("tail", topic, "--from-beginning", "--until-end"))
                                .toList()));
        Set<String> commands = CapturedTerminal.commands().collect(Collectors.toCollection(TreeSet::new));
        commands.removeAll(RUN_ON);
        assertEquals(new TreeSet<>(lines.keySet()), commands, "each command needs a line above");
        Path embedded = Files.writeString(
                configuration.resolveSibling("embedded.yaml"),
                Files.readString(configuration).replaceFirst("bootstrap-servers: \\S+", "embedded: {}"));
        Path wrong = Files.writeString(
                configuration.resolveSibling("wrong.yaml"),
                "district: eagle\nfeeds: {? " + QUOTED + " : {}}\n? " + QUOTED + "\n: " + QUOTED + "\n");
        for (String command : commands) {
            for (List<String> line : lines.get(command)) {
                run(line, command.startsWith("vendor") ? embedded : configuration);
                run(line, wrong);
            }
            List<String> words = command.isEmpty() ? List.of() : List.of(command.split(" "));
            run(with(words, TYPED), configuration);
            run(with(words, "--" + TYPED), configuration);
        }
        // What a server answers may stand in a message; the commands above have turned the log on.
        LoggerFactory.getLogger("dev.patronstream.server")
                .atWarn()
                .setCause(new IOException(TYPED))
                .addKeyValue("answer", TYPED)
                .log(TYPED);
    }

    private static List<String> with(List<String> words, String more) {
        return Stream.concat(words.stream(), Stream.of(more)).toList();
    }

    private static CapturedTerminal run(List<String> words, Path configuration) {
        CapturedTerminal terminal = new CapturedTerminal(Map.of());
        List<String> line = new ArrayList<>(words);
        if (!words.isEmpty() && !words.get(0).equals("init")) {
            line.addAll(List.of("--config", configuration.toString()));
        }
        terminal.run(line.toArray(String[]::new));
        String what = String.join(" ", words);
        requireSafe(what, terminal.out());
        requireSafe(what, terminal.error());
        assertTrue(!terminal.error().contains("unexpected failure"), what + ": " + terminal.error());
        return terminal;
    }

    /** Fails where a text could do something else than be read. */
    static void requireSafe(String what, String text) {
        Matcher unsafe = UNSAFE.matcher(text);
        if (unsafe.find()) {
            String around =
                    text.substring(Math.max(0, unsafe.start() - 80), Math.min(text.length(), unsafe.end() + 40));
            throw new AssertionError("%s prints U+%04X: %s"
                    .formatted(what, (int) text.charAt(unsafe.start()), around.replaceAll("\\p{Cntrl}", "?")));
        }
    }

    /** Fails where a name of a person stands. */
    static void requireNoName(String what, String text) {
        requireSafe(what, text);
        assertEquals("", text.lines().filter(line -> line.contains(MARK)).collect(Collectors.joining("\n")), what);
    }
}
