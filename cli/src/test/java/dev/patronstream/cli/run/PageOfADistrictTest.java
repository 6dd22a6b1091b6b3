package dev.patronstream.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patronstream.cli.cluster.Cluster;
import dev.patronstream.cli.cluster.ClusterClients;
import dev.patronstream.cli.command.CapturedTerminal;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.config.ConfigurationReader;
import dev.patronstream.cli.config.setting.Part;
import dev.patronstream.cli.web.Chromium;
import dev.patronstream.connector.start.Holds;
import dev.patronstream.sandbox.Sandbox;
import dev.patronstream.sandbox.SandboxSettings;
import dev.patronstream.schemas.CaptureHold;
import dev.patronstream.schemas.Counted;
import dev.patronstream.schemas.HoldDecision;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.Removal;
import dev.patronstream.schemas.topic.TopicWriter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** A librarian's day at the page of a running district: held, decided, asked about a person, paused, resumed. */
class PageOfADistrictTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private URI page = URI.create("http://127.0.0.1/");
    private String token = "";

    private final TestReporter reporter;

    PageOfADistrictTest(TestReporter reporter) {
        this.reporter = reporter;
    }

    @Test
    void aFileIsHeldAndDecidedOnAtThePage() throws Exception {
        try (Sandbox sandbox = Sandbox.start(SandboxSettings.in(folder).withStudents(60), (what, detail) -> {})) {
            Path configuration = likeADistrict(sandbox.configuration());
            CapturedTerminal early = new CapturedTerminal(Map.of());
            assertEquals(1, early.run("snapshot", "destiny", "--dry-run", "--config", configuration.toString()));
            assertTrue(early.error().contains("Nothing has been read from Aeries yet"), early.error());
            CapturedTerminal running = new CapturedTerminal(Map.of());
            CompletableFuture<Integer> run =
                    CompletableFuture.supplyAsync(() -> running.run("run", "--config", configuration.toString()));
            try {
                signInByLink(configuration);
                day(sandbox.sftpFolder().resolve("patrons.csv"), configuration);
                captureHolds(configuration);
                Watching.check(get("/metrics").body());
            } finally {
                running.stop();
                assertEquals(0, run.get(PATIENCE.toSeconds(), TimeUnit.SECONDS), running.error());
            }
        }
    }

    private void day(Path delivered, Path configuration) throws Exception {
        await("/status", status -> status.at("/freshness/state").asText().equals("known"));
        JsonNode first = ordered("/feeds/destiny/snapshot", "{}");
        assertEquals("held", first.path("result").asText());
        JsonNode held = await(
                "/status", status -> status.at("/headline/sentence").asText().contains("is held"));
        assertTrue(
                held.at("/headline/sentence").asText().startsWith("Today's file for Destiny is held: it is the first"),
                held.at("/headline").toString());
        assertFalse(held.at("/feeds/0/sites").isEmpty());
        assertFalse(
                held.at("/feeds/0/schools/0").asText().matches("\\d+"),
                held.at("/feeds/0/schools").toString());
        assertFalse(Files.exists(delivered));

        String id = first.path("id").asText();
        approve(id);
        assertTrue(Files.exists(delivered));
        assertEquals(
                "compared with Destiny",
                await("/deliveries/" + id, receipt -> receipt.has("decision"))
                        .at("/decision/note")
                        .asText());
        String shown = ran("deliveries", "show", id, "--config", configuration.toString());
        assertTrue(shown.contains("approved by Maria Lopez (status page)"), shown);
        assertTrue(shown.contains("compared with Destiny"), shown);
        await(
                "/status",
                status -> status.at("/headline/sentence").asText().startsWith("Today's file went to Destiny at "));
        assertEquals(1, json("/deliveries").path("deliveries").size());
        assertEquals(
                409,
                order("/deliveries/" + id + "/reject", "{\"by\":\"Maria\"}").statusCode());

        // Its ID is in the file that just went out.
        String row = Files.readAllLines(delivered).get(1);
        JsonNode entry = json("/feeds/destiny?limit=1").at("/entries/0");
        String person = entry.path("kind").asText() + "/" + entry.path("id").asText();
        JsonNode why = json("/feeds/destiny/people/" + person);
        assertEquals("In the file: yes", why.at("/inShort/1").asText(), row);
        assertTrue(why.at("/inShort/0").asText().startsWith("In the feed: yes"), why.toString());
        assertTrue(why.path("inShort").toString().contains("Last carried by " + id), why.toString());
        assertTrue(json("/feeds/destiny/problems").path("rules").isArray());
        assertEquals(404, get("/feeds/destiny/people/student/1").statusCode());

        assertEquals(
                200,
                order("/feeds/destiny/pause", "{\"by\":\"Maria\",\"until\":\"2099-01-01T06:00\"}")
                        .statusCode());
        await(
                "/status",
                status -> status.at("/headline/sentence").asText().startsWith("Deliveries to Destiny are paused"));
        assertEquals(200, order("/feeds/destiny/resume", "{}").statusCode());
        await("/status", status -> status.at("/headline/level").asText().equals("good"));
        assertEquals(
                "delivered",
                ordered("/deliveries/" + id + "/resend", "{\"by\":\"Maria\"}")
                        .path("result")
                        .asText());
        assertFalse(json("/freshness").path("samples").isEmpty());
        documents(person, configuration);
    }

    /** As docs/json.md says of them. */
    private static void documents(String person, Path configuration) throws IOException {
        Map<String, List<String>> names = Map.of(
                "check",
                List.of("works", "findings"),
                "deliveries",
                List.of("deliveries"),
                "explain destiny " + person,
                List.of("feed", "person", "lines"),
                "problems destiny",
                List.of("feed", "patrons", "count", "problems"),
                "feeds",
                List.of("destiny"),
                "status",
                List.of("headline", "stages", "feeds"));
        for (Map.Entry<String, List<String>> command : names.entrySet()) {
            String out = ran((command.getKey() + " --json --config " + configuration).split(" "));
            JsonNode document = JSON.readTree(out);
            command.getValue().forEach(name -> assertTrue(document.has(name), command.getKey() + ": " + out));
        }
    }

    /** By a click where there is a browser, else by what the click sends. */
    private void approve(String id) throws Exception {
        if (Chromium.find().isEmpty()) {
            reporter.publishEntry("There is no Chromium on this machine, so the file is approved without its button");
            JsonNode sent = ordered(
                    "/deliveries/" + id + "/approve", "{\"by\":\"Maria Lopez\",\"note\":\"compared with Destiny\"}");
            assertEquals("delivered", sent.path("result").asText());
            return;
        }
        try (Chromium browser =
                Chromium.start(Chromium.find().orElseThrow(), Files.createDirectory(folder.resolve("browser")))) {
            browser.open(page + "#token=" + token);
            browser.type("Your name", "Maria Lopez");
            browser.click("Sign in");
            browser.await("document.getElementById('signed-in').textContent.includes('Maria Lopez')");
            browser.type("Note", "compared with Destiny");
            browser.click("Approve");
            browser.await("document.getElementById('answered').textContent.startsWith('The file is delivered')");
            browser.await(
                    "document.getElementById('sentence').textContent.startsWith(\"Today's file went to Destiny\")");
            assertEquals(List.of(), browser.complaints());
        }
    }

    /** As the connector states what it holds, without the accident that makes it hold something. */
    private void captureHolds(Path file) throws Exception {
        Configuration configuration = ConfigurationReader.read(file, Map.of(), EnumSet.of(Part.KAFKA));
        ClusterClients clients = Cluster.running(configuration);
        try (Holds holds = CaptureDecision.holds(configuration, clients)) {
            assertFalse(json("/capture/hold").path("held").asBoolean());
            CaptureHold hold = CaptureHold.newBuilder()
                    .setId("5f2c9a17")
                    .setReason("the database was restored")
                    .setIncarnation("DST26000EAGLE")
                    .setRemovals(Map.of("STU", new Removal(20L, 60L, Counted.ROWS)))
                    .setHeldSince(Instant.now().truncatedTo(ChronoUnit.MILLIS))
                    .setDecision(HoldDecision.WAITING)
                    .build();
            TopicWriter.write(
                    clients.kafkaProperties(),
                    new ProducerRecord<>(configuration.topics().holds(), 0, Keys.HELD, holds.bytes(hold)));

            assertEquals(
                    "20 of 60 rows of STU",
                    json("/capture/hold").path("wouldRemove").asText());
            String decision = "{\"by\":\"Maria\",\"note\":\"meant\"}";
            assertEquals(409, order("/capture/hold/another/approve", decision).statusCode());
            assertEquals(200, order("/capture/hold/5f2c9a17/approve", decision).statusCode());
            CaptureHold decided = holds.read().decisionOnHeld().orElseThrow();
            assertEquals(HoldDecision.APPROVED, decided.getDecision());
            assertEquals(Optional.of("Maria (status page)"), decided.getDecidedBy());
            assertEquals(Optional.of("meant"), decided.getDecisionNote());
        }
    }

    /** As a librarian gets it: the address of the page, and behind it the token. */
    private void signInByLink(Path configuration) throws InterruptedException {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (token.isEmpty()) {
            String link = ran("status", "--link", "--config", configuration.toString())
                    .strip();
            int at = link.indexOf("#token=");
            if (at > 0) {
                page = URI.create(link.substring(0, at));
                token = link.substring(at + "#token=".length());
            }
            assertTrue(Instant.now().isBefore(deadline), link);
            Thread.sleep(100);
        }
    }

    private static String ran(String... words) {
        CapturedTerminal terminal = new CapturedTerminal(Map.of());
        terminal.run(words);
        return terminal.out();
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(page.resolve(path)).build(), BodyHandlers.ofString());
    }

    private JsonNode json(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = get(path);
        assertEquals(200, answer.statusCode(), path + " " + answer.body());
        return JSON.readTree(answer.body());
    }

    private JsonNode await(String path, Predicate<JsonNode> condition) throws IOException, InterruptedException {
        Instant deadline = Instant.now().plus(PATIENCE);
        JsonNode answer = JSON.readTree(get(path).body());
        while (!condition.test(answer)) {
            assertTrue(Instant.now().isBefore(deadline), answer.toPrettyString());
            Thread.sleep(100);
            answer = JSON.readTree(get(path).body());
        }
        return answer;
    }

    private HttpResponse<String> order(String path, String body) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(page.resolve(path))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private JsonNode ordered(String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> answer = order(path, body);
        assertEquals(200, answer.statusCode(), path + " " + answer.body());
        return JSON.readTree(answer.body());
    }

    /** The sandbox's configuration, but the first file waits, and files go on demand only. */
    private static Path likeADistrict(Path sandboxes) throws IOException {
        String text = Files.readString(sandboxes)
                .replaceAll("(?m)^ *first: send\n", "")
                .replaceAll("(?m)^ *schedule: .*\n", "");
        return Files.writeString(sandboxes.resolveSibling("district.yaml"), text);
    }
}
