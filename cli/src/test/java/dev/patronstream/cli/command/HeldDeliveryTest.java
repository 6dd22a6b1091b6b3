package dev.patronstream.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.patronstream.sandbox.Sandbox;
import dev.patronstream.sandbox.SandboxSettings;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An accident in the database, from the terminal: held, explained, approved or healed by undoing it. */
class HeldDeliveryTest {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern ID = Pattern.compile("destiny-\\d{8}T\\d{9}Z-\\d+");

    @TempDir
    Path folder;

    private final BlockingQueue<JsonNode> notices = new LinkedBlockingQueue<>();
    private Path configuration;

    private record Ran(int exit, String out, String error) {

        String id() {
            Matcher found = ID.matcher(out + error);
            assertTrue(found.find(), out + error);
            return found.group();
        }
    }

    @Test
    void anAccidentIsHeldExplainedAndHealedOrApprovedFromTheTerminal() throws Exception {
        try (Sandbox sandbox = Sandbox.start(SandboxSettings.in(folder).withStudents(300), (what, detail) -> {})) {
            configuration = likeADistrict(sandbox.configuration());
            CapturedTerminal running = new CapturedTerminal(Map.of());
            CompletableFuture<Integer> run =
                    CompletableFuture.supplyAsync(() -> running.run("run", "--config", configuration.toString()));
            try {
                story(sandbox);
            } finally {
                running.stop();
                assertEquals(0, run.get(PATIENCE.toSeconds(), TimeUnit.SECONDS), running.error());
            }
        }
    }

    /** Nobody sits at a terminal: the feed is delivered when it changes, and a webhook carries the alerts. */
    @Test
    void anAccidentThatNobodyWatchesIsAlertedAndSoIsItsEnd() throws Exception {
        HttpServer webhook = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        webhook.createContext("/hooks", exchange -> {
            notices.add(JSON.readTree(exchange.getRequestBody()));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        webhook.start();
        try (Sandbox sandbox = Sandbox.start(SandboxSettings.in(folder).withStudents(300), (what, detail) -> {})) {
            configuration = onChange(
                    likeADistrict(sandbox.configuration()),
                    "http://127.0.0.1:" + webhook.getAddress().getPort() + "/hooks");
            CapturedTerminal running = new CapturedTerminal(Map.of());
            CompletableFuture<Integer> run =
                    CompletableFuture.supplyAsync(() -> running.run("run", "--config", configuration.toString()));
            try {
                told(sandbox);
            } finally {
                running.stop();
                assertEquals(0, run.get(PATIENCE.toSeconds(), TimeUnit.SECONDS), running.error());
            }
        } finally {
            webhook.stop(0);
        }
    }

    private void told(Sandbox sandbox) throws Exception {
        Path delivered = sandbox.sftpFolder().resolve("patrons.csv");
        String first = notice("held").path("delivery").asText();
        // A delivery of `run` that begins in the same moment may carry the approved file in place of the order, which
        // then says so; either way the vendor has the file and a notice is sent.
        ran("deliveries", "approve", first);
        assertEquals("the delivery of destiny is well again", headline(notice("recovered")));
        String before = Files.readString(delivered);

        String deleted = deletedBefore(sandbox);
        execute(sandbox, "UPDATE STU SET DEL = 1 WHERE SC = 20");
        JsonNode held = notice("held");
        String id = held.path("delivery").asText();
        assertTrue(held.path("message").asText().contains("would be removed"), held.toString());
        assertTrue(held.path("message").asText().contains("patronstream deliveries show " + id), held.toString());
        assertFalse(held.toString().contains("student/"), held.toString());
        assertTrue(ran("deliveries", "show", id).out().contains("school-gone"));
        assertEquals(before, Files.readString(delivered));

        execute(sandbox, "UPDATE STU SET DEL = 0 WHERE SC = 20 AND SN NOT IN (" + deleted + ")");
        JsonNode recovered = notice("recovered");
        assertEquals("the delivery of destiny is well again", headline(recovered));
        assertEquals(before, Files.readString(delivered));
        assertTrue(notices.isEmpty(), notices.toString());
        // As docs/deliveries.md shows them.
        Files.writeString(
                Path.of("target", "notices-of-an-accident.txt"),
                held.toPrettyString() + "\n" + recovered.toPrettyString() + "\n");
    }

    private JsonNode notice(String occasion) throws InterruptedException {
        JsonNode notice = notices.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertTrue(notice != null, "nothing was told");
        assertEquals(occasion, notice.path("occasion").asText(), notice.toString());
        return notice;
    }

    private static String headline(JsonNode notice) {
        return notice.path("text").asText().lines().findFirst().orElse("").replace("eagle: ", "");
    }

    private Path onChange(Path file, String url) throws Exception {
        Path secret = Files.writeString(folder.resolve("hook"), url);
        String text = Files.readString(file)
                .replace("    layout: destiny\n", "    layout: destiny\n    on-change: {at-most-every: 1s}\n");
        return Files.writeString(file, text + "notices: {webhook: {url: \"${file:" + secret + "}\"}}\n");
    }

    private void story(Sandbox sandbox) throws Exception {
        Path delivered = sandbox.sftpFolder().resolve("patrons.csv");

        // The first file waits.
        Ran first = ran("snapshot", "destiny", "--wait", "180s");
        assertEquals(3, first.exit(), first.error());
        assertTrue(first.error().contains("it is the first file of the feed"), first.error());
        assertFalse(Files.exists(delivered));
        assertEquals(0, ran("deliveries", "approve", first.id()).exit());
        String before = Files.readString(delivered);

        // The accident. What the office had deleted itself before is not to come back when it is undone.
        String deleted = deletedBefore(sandbox);
        execute(sandbox, "UPDATE STU SET DEL = 1 WHERE SC = 20");
        Ran look =
                snapshotUntil(3, "--dry-run", "--output", folder.resolve("look").toString());
        Ran held = snapshotUntil(3);
        assertTrue(held.error().contains("removed-above") || held.error().contains("would be removed ("), held.error());
        assertEquals(before, Files.readString(delivered));
        assertTrue(look.out().contains("It would be held, because"), look.out());
        assertTrue(look.out().contains("removed, for example: student/"), look.out());

        Ran list = ran("deliveries");
        assertTrue(list.out().contains(held.id() + "  held:"), list.out());
        assertTrue(list.out().contains("waits for a person: removed-above"), list.out());
        Ran shown = ran("deliveries", "show", held.id());
        assertTrue(shown.out().contains("Held, because"), shown.out());
        assertTrue(shown.out().contains("school-gone"), shown.out());
        assertTrue(shown.out().contains("deliveries approve " + held.id()), shown.out());
        assertTrue(ran("deliveries", "show", held.id(), "--json").out().contains("\"holds\""));

        // Healed by undoing it: the file is what it was.
        execute(sandbox, "UPDATE STU SET DEL = 0 WHERE SC = 20 AND SN NOT IN (" + deleted + ")");
        snapshotUntil(0);
        assertEquals(before, Files.readString(delivered));
        Ran late = ran("deliveries", "approve", held.id());
        assertEquals(1, late.exit());
        assertTrue(late.error().contains("superseded"), late.error());

        // Meant: approved.
        execute(sandbox, "UPDATE STU SET DEL = 1 WHERE SC = 20");
        Ran meant = snapshotUntil(3);
        Ran approved = ran("deliveries", "approve", meant.id());
        assertEquals(0, approved.exit(), approved.error());
        assertTrue(approved.out().contains("of them leavers"), approved.out());
        List<String> lines = Files.readAllLines(delivered);
        assertEquals(before.lines().count(), lines.size());
        assertTrue(lines.stream().anyMatch(line -> line.contains(",Student,I,")), "leavers are inactive");

        Ran wrong = ran("deliveries", "confirm", meant.id(), "--records-read", "1");
        assertEquals(1, wrong.exit());
        assertTrue(wrong.error().contains("The vendor read 1 records"), wrong.error());
        assertEquals(
                0,
                ran("deliveries", "confirm", meant.id(), "--records-read", Integer.toString(lines.size() - 1))
                        .exit());

        Files.delete(delivered);
        assertEquals(0, ran("deliveries", "resend", meant.id()).exit());
        assertEquals(lines, Files.readAllLines(delivered));

        // Paused, for people too.
        assertEquals(0, ran("pause", "destiny", "--until", "2099-01-01").exit());
        Ran paused = ran("snapshot", "destiny", "--again");
        assertEquals(3, paused.exit(), paused.out());
        assertTrue(paused.error().contains("paused until 2099-01-01T08:00:00Z"), paused.error());
        assertEquals(0, ran("deliveries", "reject", paused.id()).exit());
        assertEquals(0, ran("resume", "destiny").exit());
        snapshotUntil(0);
        assertEquals(2, ran("pause", "destiny", "--until", "soon").exit());
        assertEquals(2, ran("pause", "destyni", "--until", "2099-01-01").exit());

        // What no approval overrules is not put before a person as if it could.
        execute(sandbox, "UPDATE STU SET DEL = 1");
        execute(sandbox, "UPDATE STF SET DEL = 1");
        Ran empty = snapshotUntil("An empty file is never sent");
        Ran why = ran("deliveries", "show", empty.id());
        assertTrue(why.out().contains("check the feed's schools and statuses"), why.out());
        assertTrue(why.out().contains("It cannot be approved."), why.out());
        assertFalse(why.out().contains("deliveries approve"), why.out());
        assertEquals(1, ran("deliveries", "approve", empty.id()).exit());
    }

    /** The sandbox's configuration without what keeps its own life from being held. */
    private Path likeADistrict(Path sandboxes) throws Exception {
        String text = Files.readString(sandboxes)
                .replaceAll("(?m)^ *first: send\n", "")
                .replaceAll("(?m)^ *hold-when: .*\n", "");
        return Files.writeString(sandboxes.resolveSibling("district.yaml"), text);
    }

    private static String deletedBefore(Sandbox sandbox) throws Exception {
        List<String> numbers = new ArrayList<>(List.of("0"));
        try (Connection connection = sandbox.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT SN FROM STU WHERE SC = 20 AND DEL = 1")) {
            while (rows.next()) {
                numbers.add(rows.getString(1));
            }
        }
        return String.join(", ", numbers);
    }

    private static void execute(Sandbox sandbox, String sql) throws Exception {
        try (Connection connection = sandbox.connect();
                Statement statement = connection.createStatement()) {
            assertTrue(statement.executeUpdate(sql) > 10, sql);
        }
    }

    private Ran snapshotUntil(String message) throws InterruptedException {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (true) {
            Ran ran = ran("snapshot", "destiny");
            if (ran.error().contains(message)) {
                return ran;
            }
            assertTrue(Instant.now().isBefore(deadline), ran.out() + ran.error());
            Thread.sleep(200);
        }
    }

    /** Takes snapshots until the change has been captured; a dry run tells it by what would be held. */
    private Ran snapshotUntil(int exit, String... options) throws InterruptedException {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (true) {
            String[] line = new String[options.length + 2];
            line[0] = "snapshot";
            line[1] = "destiny";
            System.arraycopy(options, 0, line, 2, options.length);
            Ran ran = ran(line);
            boolean wouldBeHeld = ran.out().contains("It would be held");
            if (ran.exit() == exit || (options.length > 0 && wouldBeHeld)) {
                return ran;
            }
            assertTrue(Instant.now().isBefore(deadline), ran.out() + ran.error());
            Thread.sleep(200);
        }
    }

    private Ran ran(String... line) {
        CapturedTerminal terminal = new CapturedTerminal(Map.of());
        String[] withConfiguration = new String[line.length + 2];
        System.arraycopy(line, 0, withConfiguration, 0, line.length);
        withConfiguration[line.length] = "--config";
        withConfiguration[line.length + 1] = configuration.toString();
        int exit = terminal.run(withConfiguration);
        return new Ran(exit, terminal.out(), terminal.error());
    }
}
