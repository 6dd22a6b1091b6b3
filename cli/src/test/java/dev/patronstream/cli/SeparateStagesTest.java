package dev.patronstream.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each stage in a process of its own, and the snapshotter in two: every one of them shows the whole district. */
@Tag("faults")
class SeparateStagesTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern PAGE = Pattern.compile("Status page +(http://127\\.0\\.0\\.1:\\d+)");

    @TempDir
    private Path folder;

    @Test
    void everybodySeesWhoLeadsAndThatTheOnlyConnectorIsGoneAndPeopleAreTold() throws Exception {
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        HttpServer people = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        people.createContext("/", exchange -> {
            told.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        people.start();
        List<PatronstreamProcess> processes = new ArrayList<>();
        try {
            PatronstreamProcess sandbox = PatronstreamProcess.start(
                    folder,
                    "sandbox",
                    "--students",
                    "60",
                    "--dir",
                    folder.resolve("sandbox").toString());
            processes.add(sandbox);
            sandbox.awaitText("Now, in another terminal");
            String webhook = "http://127.0.0.1:" + people.getAddress().getPort() + "/";
            PatronstreamProcess connector = start(processes, "connector", "connector", webhook);
            List<PatronstreamProcess> others = List.of(
                    start(processes, "streams-app", "streams-app", webhook),
                    start(processes, "snapshotter", "first", webhook),
                    start(processes, "snapshotter", "second", webhook));

            for (PatronstreamProcess process : processes.subList(1, processes.size())) {
                JsonNode status = await(
                        process,
                        answer -> level(answer).equals("waiting")
                                && answer.path("headline")
                                        .path("sentence")
                                        .asText()
                                        .startsWith("Every change in Aeries up to")
                                && roles(answer).equals(List.of("leads", "waits")));
                assertEquals("known", status.path("freshness").path("state").asText());
                assertEquals(200, ask(process, "/health?district=1").statusCode());
                assertTrue(metric(process).contains("patronstream_attention 0.0"));
            }
            assertEquals(List.of(), List.copyOf(told), "nothing is told while all is well");

            connector.kill();

            for (PatronstreamProcess process : others) {
                JsonNode status = await(process, answer -> level(answer).equals("attention"));
                assertEquals(
                        "silent", status.path("stages").get(0).path("state").asText());
                assertEquals(503, ask(process, "/health?district=1").statusCode());
                assertEquals(200, ask(process, "/health").statusCode(), "starting this one anew would not help");
                assertTrue(metric(process).contains("patronstream_attention 1.0"));
            }
            String notice = told.poll(60, TimeUnit.SECONDS);
            assertTrue(notice != null && notice.contains("eagle: the connector is down"), notice);
            for (PatronstreamProcess process : others) {
                JsonNode status = await(
                        process,
                        answer ->
                                answer.path("freshness").path("state").asText().equals("stale"));
                assertEquals("attention", level(status));
            }
            assertEquals(List.of(), List.copyOf(told), "one process tells, and once");

            PatronstreamProcess again = start(processes, "connector", "connector", webhook);
            await(again, answer -> level(answer).equals("waiting"));
            String back = told.poll(60, TimeUnit.SECONDS);
            assertTrue(back != null && back.contains("eagle: the connector is back"), back);
        } finally {
            processes.forEach(PatronstreamProcess::close);
            people.stop(0);
        }
    }

    private PatronstreamProcess start(List<PatronstreamProcess> processes, String stage, String name, String webhook)
            throws IOException {
        Path sandbox = folder.resolve("sandbox");
        Path secret = Files.writeString(sandbox.resolve("webhook"), webhook);
        Path configuration = Files.writeString(
                sandbox.resolve(name + ".yaml"),
                Files.readString(sandbox.resolve("patronstream.yaml"))
                                .replaceFirst("port: 8085", "port: 0")
                                .replaceFirst("(?m)^directory:.*$", "directory: " + folder.resolve(name))
                        + "notices:\n  webhook: {url: \"${file:" + secret + "}\"}\n");
        PatronstreamProcess process =
                PatronstreamProcess.start(folder, "run", "--only", stage, "--config", configuration.toString());
        processes.add(process);
        return process;
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
        process.awaitText("Status page");
        Matcher page = PAGE.matcher(process.printed());
        assertTrue(page.find(), process.printed());
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(page.group(1) + path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode await(PatronstreamProcess process, Predicate<JsonNode> condition) throws Exception {
        long latest = System.nanoTime() + TimeUnit.SECONDS.toNanos(180);
        while (true) {
            JsonNode status = JSON.readTree(ask(process, "/status").body());
            if (condition.test(status)) {
                return status;
            }
            assertFalse(System.nanoTime() > latest, status.toString());
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }
}
