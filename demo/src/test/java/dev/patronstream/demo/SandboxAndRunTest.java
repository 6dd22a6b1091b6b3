package dev.patronstream.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patronstream.cli.PatronstreamProcess;
import dev.patronstream.cli.command.CapturedTerminal;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sandbox} in one terminal, {@code run} in another, clients beside them. */
class SandboxAndRunTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    static Path folder;

    private static PatronstreamProcess sandbox;
    private static PatronstreamProcess run;

    @BeforeAll
    static void start() throws Exception {
        sandbox = PatronstreamProcess.sandbox(folder, 300);
        run = startRun();
    }

    @AfterAll
    static void stop() {
        run.close();
        sandbox.close();
    }

    private static PatronstreamProcess startRun() throws IOException, InterruptedException {
        // The file that the sandbox wrote, but for the port of the status page: any free one.
        Path configuration = folder.resolve("sandbox").resolve("any-port.yaml");
        Files.writeString(
                configuration,
                Files.readString(folder.resolve("sandbox").resolve("patronstream.yaml"))
                        .replace("port: 8085", "port: 0"));
        PatronstreamProcess process = PatronstreamProcess.start(folder, "run", "--config", configuration.toString());
        process.awaitText("Running; Ctrl-C stops");
        return process;
    }

    @Test
    void aCommittedChangeReachesTheQueryTheTopicAndTheFile() throws Exception {
        int id = anActiveStudent().path("id").asInt();
        update("UPDATE dbo.STU SET LN = ? WHERE ID = ?", "Núñez-O'Brien", id);
        awaitLastName(id, "Núñez-O'Brien");

        CapturedTerminal snapshot = command("snapshot", "destiny");
        assertEquals("", snapshot.error());
        assertTrue(snapshot.out().contains("destiny delivered"), snapshot.out());
        List<String> file = Files.readAllLines(folder.resolve("sandbox/sftp/patrons.csv"));
        assertEquals(
                1,
                file.stream()
                        .filter(row -> row.contains("," + id + "," + id + ",Núñez-O'Brien,"))
                        .count());

        CapturedTerminal tail = command("tail", "feed.destiny", "--from-beginning", "--until-end");
        assertTrue(
                tail.out()
                        .lines()
                        .anyMatch(
                                row -> row.contains("\"key\":\"student/" + id + "\"") && row.contains("Núñez-O'Brien")),
                tail.out());
        assertTrue(command("status").out().contains("feed destiny"));
        assertTrue(command("deliveries").out().contains("delivered"));
    }

    @Test
    void aKilledRunGoesOnWhereItWas() throws Exception {
        int id = anActiveStudent().path("id").asInt();
        run.kill();
        update("UPDATE dbo.STU SET LN = ? WHERE ID = ?", "Meanwhile", id);
        run = startRun();
        awaitLastName(id, "Meanwhile");
    }

    @Test
    void aStoppedRunStopsInOrderAndTheNextOneGoesOn() throws Exception {
        int id = anActiveStudent().path("id").asInt();
        run.terminate();
        assertTrue(run.printed().contains("Stopped."), run.printed());
        update("UPDATE dbo.STU SET LN = ? WHERE ID = ?", "Afterwards", id);
        run = startRun();
        awaitLastName(id, "Afterwards");
    }

    @Test
    void aSecondRunOnTheSameFolderIsRefused() throws Exception {
        try (PatronstreamProcess second = PatronstreamProcess.start(
                folder, "run", "--config", configuration().toString())) {
            assertEquals(1, second.await());
            assertTrue(second.printed().contains("There is a process already that runs 'run'"), second.printed());
            assertFalse(second.printed().contains("\tat "), second.printed());
        }
    }

    @Test
    void whatPeopleWriteIntoAeriesIsOnlyReadWhereverItIsShown() throws Exception {
        try (Connection connection = connect()) {
            HostileTexts.insert(connection);
        }
        await(() -> get("/patrons/student/" + HostileTexts.STUDENT).has("id") ? true : null);
        command("snapshot", "destiny");
        HostileTexts.giveToEveryCommand(configuration(), folder);
        for (String path : List.of(
                "/",
                "/status",
                "/metrics",
                "/health?district=1",
                "/feeds/destiny?limit=900",
                "/feeds/%1b%5b2J%3Cscript%3E%0d%0aBcc:%20x",
                "/feeds/destiny?status=%1b%5b2J%e2%80%ae&limit=%0d%0aBcc:%20x",
                "/patrons/%c2%9b%0d%0aBcc:%20x/%e2%80%ae",
                "/%1b%5b2J%3Cscript%3E",
                "/patrons/student/" + HostileTexts.STUDENT,
                "/patrons/student/" + (HostileTexts.STUDENT + 3))) {
            HostileTexts.requireSafe("GET " + path, text(path));
        }
        String script = text("/page.js");
        assertFalse(script.contains("innerHTML") || script.contains("insertAdjacentHTML"), "a text could become HTML");
        HostileTexts.requireSafe("run", run.printed());
        HostileTexts.requireSafe("sandbox", sandbox.printed());
        HostileTexts.requireSafe("the file", Files.readString(folder.resolve("sandbox/sftp/patrons.csv")));
        try (Stream<Path> files = Files.walk(folder.resolve("sandbox/data"))) {
            for (Path file : files.filter(path -> path.toString().matches(".*(\\.log|/problems\\.csv|notices\\.json)"))
                    .toList()) {
                HostileTexts.requireNoName(file.toString(), Files.readString(file));
            }
        }
    }

    private static JsonNode anActiveStudent() throws Exception {
        JsonNode entries = awaitEntries();
        for (JsonNode entry : entries) {
            if (entry.path("kind").asText().equals("student")) {
                return entry;
            }
        }
        throw new AssertionError("no student in " + entries.size() + " entries");
    }

    private static JsonNode awaitEntries() throws Exception {
        return await(() -> {
            JsonNode answer = get("/feeds/destiny?status=active&limit=50");
            return answer.path("entries").isEmpty() ? null : answer.path("entries");
        });
    }

    private static void awaitLastName(int id, String name) throws Exception {
        await(() -> get("/patrons/student/" + id).path("lastName").asText().equals(name) ? name : null);
    }

    private static JsonNode get(String path) throws IOException, InterruptedException {
        return JSON.readTree(text(path));
    }

    private static String text(String path) throws IOException, InterruptedException {
        Matcher address = Pattern.compile("Status page +(http://\\S+)/").matcher(run.printed());
        assertTrue(address.find(), run.printed());
        HttpResponse<String> answer = HTTP.send(
                HttpRequest.newBuilder(URI.create(address.group(1) + path)).build(),
                HttpResponse.BodyHandlers.ofString());
        return answer.body();
    }

    private static Connection connect() throws IOException, SQLException {
        Matcher url = Pattern.compile("jdbc:sqlserver://\\S+").matcher(sandbox.printed());
        assertTrue(url.find(), sandbox.printed());
        String password = Files.readString(folder.resolve("sandbox/secrets/sqlserver-password"))
                .strip();
        return DriverManager.getConnection(url.group(), "sa", password);
    }

    private static void update(String sql, String name, int id) throws IOException, SQLException {
        try (Connection connection = connect();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, name);
            statement.setInt(2, id);
            assertTrue(statement.executeUpdate() > 0);
        }
    }

    private static Path configuration() {
        return folder.resolve("sandbox").resolve("any-port.yaml");
    }

    private static CapturedTerminal command(String... words) {
        CapturedTerminal terminal = new CapturedTerminal(Map.of());
        String[] arguments = Arrays.copyOf(words, words.length + 2);
        arguments[words.length] = "--config";
        arguments[words.length + 1] = configuration().toString();
        assertEquals(0, terminal.run(arguments), terminal.error() + terminal.out());
        return terminal;
    }

    private interface Attempt<T> {
        /** Returns null for "not yet". */
        @Nullable
        T make() throws IOException, InterruptedException;
    }

    private static <T> T await(Attempt<T> attempt) throws Exception {
        long latest = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        for (T found = attempt.make(); ; found = attempt.make()) {
            if (found != null) {
                return found;
            }
            assertTrue(System.nanoTime() < latest, "not within two minutes: " + run.printed());
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }
}
