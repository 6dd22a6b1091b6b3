package dev.patronstream.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patronstream.cli.PatronstreamProcess;
import dev.patronstream.cli.People;
import dev.patronstream.cli.web.AccessToken;
import dev.patronstream.cli.web.Chromium;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** Each stage in a process of its own, and the snapshotter in two: every one of them shows the whole district. */
@Tag("faults")
class SeparateStagesTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern PAGE = Pattern.compile("Status page +(http://127\\.0\\.0\\.1:\\d+)");

    @TempDir
    private Path folder;

    private final TestReporter reporter;

    SeparateStagesTest(TestReporter reporter) {
        this.reporter = reporter;
    }

    @Test
    void everybodySeesWhoLeadsAndThatTheOnlyConnectorIsGoneAndPeopleAreAlerted() throws Exception {
        List<PatronstreamProcess> processes = new ArrayList<>();
        try (People people = new People()) {
            PatronstreamProcess sandbox = PatronstreamProcess.sandbox(folder, 60);
            processes.add(sandbox);
            PatronstreamProcess connector = start(processes, "connector", "connector", people);
            List<PatronstreamProcess> others = List.of(
                    start(processes, "streams-app", "streams-app", people),
                    start(processes, "snapshotter", "first", people),
                    start(processes, "snapshotter", "second", people));

            for (PatronstreamProcess process : processes.subList(1, processes.size())) {
                JsonNode status = await(
                        process,
                        answer -> level(answer).equals("waiting")
                                && answer.path("headline")
                                        .path("more")
                                        .asText()
                                        .startsWith("Every change in Aeries up to")
                                && roles(answer).equals(List.of("leads", "waits")));
                assertEquals("known", status.path("freshness").path("state").asText());
                assertEquals(200, ask(process, "/health?district=1").statusCode());
                assertTrue(metric(process).contains("patronstream_attention{district=\"eagle\"} 0.0"));
            }
            assertEquals(List.of(), people.more(), "nothing is reported while all is well");
            orderAtAnotherPage(others.get(0), List.of(page(others.get(1)), page(others.get(2))));

            connector.kill();

            for (PatronstreamProcess process : others) {
                JsonNode status = await(process, answer -> level(answer).equals("attention"));
                assertEquals(
                        "silent", status.path("stages").get(0).path("state").asText());
                assertEquals(503, ask(process, "/health?district=1").statusCode());
                assertEquals(200, ask(process, "/health").statusCode(), "starting this one again would not help");
                assertTrue(metric(process).contains("patronstream_attention{district=\"eagle\"} 1.0"));
            }
            String told = statusCommand("first");
            assertTrue(told.startsWith("Capture has not been heard of for "), told);
            assertTrue(
                    told.contains(", does the work since ")
                            && told.contains(" waits: another snapshotter carries out the schedules; since "),
                    told);
            String notice = people.next();
            assertTrue(notice.contains("eagle: the connector is down"), notice);
            for (PatronstreamProcess process : others) {
                JsonNode status = await(
                        process,
                        answer ->
                                answer.path("freshness").path("state").asText().equals("stale"));
                assertEquals("attention", level(status));
            }
            assertEquals(List.of(), people.more(), "one process tells, and once");

            PatronstreamProcess again = start(processes, "connector", "connector", people);
            await(again, answer -> level(answer).equals("waiting"));
            String back = people.next();
            assertTrue(back.contains("eagle: the connector is back"), back);
        } finally {
            processes.forEach(PatronstreamProcess::close);
        }
    }

    /** A process without the snapshotter shows what the snapshotter does, and says where an order is taken. */
    private void orderAtAnotherPage(PatronstreamProcess process, List<String> snapshotters) throws Exception {
        if (Chromium.find().isEmpty()) {
            reporter.publishEntry("There is no Chromium on this machine, so no order is given at a page");
            return;
        }
        String token =
                AccessToken.find(folder.resolve("streams-app")).orElseThrow().link(URI.create(page(process)));
        try (Chromium browser =
                Chromium.start(Chromium.find().orElseThrow(), Files.createDirectory(folder.resolve("browser")))) {
            browser.open(token);
            browser.type("Your name", "Maria Lopez");
            browser.click("Sign in");
            browser.await("document.getElementById('signed-in').textContent.includes('Maria Lopez')");
            browser.await("document.getElementById('way').textContent.includes('carries out the schedules')");
            browser.click("Deliver now");
            browser.await("document.getElementById('answered').textContent.includes('does not run in this process')");
            String said = browser.value("document.getElementById('answered').textContent")
                    .asText();
            assertTrue(snapshotters.stream().anyMatch(said::contains), said);
        }
    }

    private PatronstreamProcess start(List<PatronstreamProcess> processes, String stage, String name, People people)
            throws IOException {
        Path sandbox = folder.resolve("sandbox");
        Path configuration = Files.writeString(
                sandbox.resolve(name + ".yaml"),
                Files.readString(sandbox.resolve("patronstream.yaml"))
                                .replaceFirst("port: 8085", "port: 0")
                                .replaceFirst("(?m)^directory:.*$", "directory: " + folder.resolve(name))
                        + people.yaml(sandbox));
        PatronstreamProcess process =
                PatronstreamProcess.start(folder, "run", "--only", stage, "--config", configuration.toString());
        processes.add(process);
        return process;
    }

    private String statusCommand(String name) throws Exception {
        String configuration = folder.resolve("sandbox").resolve(name + ".yaml").toString();
        try (PatronstreamProcess status = PatronstreamProcess.start(folder, "status", "--config", configuration)) {
            assertEquals(0, status.await(), status.printed());
            return status.printed();
        }
    }

    private static String level(JsonNode status) {
        return status.path("headline").path("level").asText();
    }

    private static List<String> roles(JsonNode status) {
        List<String> roles = new ArrayList<>();
        status.path("stages")
                .get(2)
                .path("instances")
                .forEach(instance -> roles.add(instance.path("role").asText()));
        return roles;
    }

    private static String metric(PatronstreamProcess process) throws Exception {
        return ask(process, "/metrics").body();
    }

    private static HttpResponse<String> ask(PatronstreamProcess process, String path) throws Exception {
        URI address = URI.create(page(process) + path);
        return HTTP.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String page(PatronstreamProcess process) throws Exception {
        process.awaitText("Status page");
        Matcher page = PAGE.matcher(process.printed());
        String url = "";
        while (page.find()) {
            // The last one: while it waits for Kafka a process has another page.
            url = page.group(1);
        }
        return url;
    }

    private static void assertNeverGoodWhileOld(JsonNode status) {
        String asOf = status.path("freshness").path("asOf").asText("");
        boolean old = !asOf.isEmpty()
                && Instant.parse(asOf)
                        .plus(Duration.ofMinutes(2))
                        .isBefore(Instant.parse(status.path("now").asText()));
        assertFalse(old && List.of("good", "waiting").contains(level(status)), status.toString());
    }

    private static JsonNode await(PatronstreamProcess process, Predicate<JsonNode> condition) throws Exception {
        long latest = System.nanoTime() + TimeUnit.SECONDS.toNanos(180);
        while (true) {
            JsonNode status = JSON.readTree(ask(process, "/status").body());
            assertNeverGoodWhileOld(status);
            if (condition.test(status)) {
                return status;
            }
            assertFalse(System.nanoTime() > latest, status.toString());
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }
}
