package dev.patronstream.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.cli.PatronstreamProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connectors as a supervisor starts them: a spare beside the first, before the servers are up, on the wrong database. */
@Tag("faults")
class SpareTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    static Path folder;

    private static PatronstreamProcess sandbox;
    private static String text;

    private static final String LEADS = "\"here\":true,\"state\":\"running\",\"role\":\"leads\"";
    private static final String WAITS = LEADS.replace("leads", "waits");

    @BeforeAll
    static void start() throws Exception {
        sandbox = PatronstreamProcess.sandbox(folder, 60);
        text = Files.readString(folder.resolve("sandbox").resolve("patronstream.yaml"))
                .replace("port: 8085", "port: 0");
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    /** A configuration with a folder of its own. */
    private static String configuration(String name, String yaml) throws IOException {
        Path own = Files.createDirectories(folder.resolve(name));
        return Files.writeString(
                        folder.resolve("sandbox").resolve(name + ".yaml"),
                        yaml.replaceAll("(?m)^directory:.*$", "") + "\ndirectory: " + own + "\n")
                .toString();
    }

    private static PatronstreamProcess connector(String name, String... more) throws IOException {
        List<String> arguments =
                new java.util.ArrayList<>(List.of("run", "--only", "connector", "--config", configuration(name, text)));
        arguments.addAll(List.of(more));
        return PatronstreamProcess.start(folder, arguments.toArray(String[]::new));
    }

    private static void awaitStatus(PatronstreamProcess process, String words) throws Exception {
        awaitStatus(process, words, status -> status.contains(words));
    }

    private static void awaitStatus(PatronstreamProcess process, String what, Predicate<String> fits) throws Exception {
        process.awaitText("Status page");
        Matcher url = Pattern.compile("http://127\\.0\\.0\\.1:\\d+").matcher(process.printed());
        String page = "";
        while (url.find()) {
            page = url.group();
        }
        long latest = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        String status = "";
        while (status.isEmpty() || !fits.test(status)) {
            assertTrue(System.nanoTime() < latest, what + " is not in " + status);
            status = HTTP.send(
                            HttpRequest.newBuilder(URI.create(page + "/status"))
                                    .timeout(Duration.ofSeconds(20))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    @Test
    void aSpareWaitsAndTakesOverFromOneThatWasKilledAndFromOneThatIsFrozenWhichThenEndsAsFenced() throws Exception {
        try (PatronstreamProcess first = connector("first")) {
            awaitStatus(first, "streaming");
            try (PatronstreamProcess second = connector("second")) {
                awaitStatus(second, WAITS);
                long began = System.nanoTime();
                first.kill();
                awaitStatus(second, LEADS);
                System.out.println("MEASURED after kill -9: " + (System.nanoTime() - began) / 1_000_000 + " ms");
                try (PatronstreamProcess third = connector("third")) {
                    awaitStatus(third, WAITS);
                    second.signal("STOP");
                    began = System.nanoTime();
                    awaitStatus(third, LEADS);
                    System.out.println("MEASURED after SIGSTOP: " + (System.nanoTime() - began) / 1_000_000 + " ms");
                    second.signal("CONT");
                    assertEquals(4, second.await(), second.printed());
                    assertTrue(second.printed().contains("has taken over"), second.printed());
                    awaitStatus(third, "streaming");
                    // Nobody is missed: the one that was fenced has been replaced.
                    awaitStatus(third, "without it", status -> !status.contains("process " + second.pid()));
                }
            }
        }
    }

    @Test
    void aDatabaseThatIsNotUpIsWaitedForAndNothingIsMadeMeanwhileUnlessAskedToFailFast() throws Exception {
        String unreachable = text.replaceAll("district: \\S+", "district: later")
                .replaceFirst("(?s)(sqlserver:.*?port: )\\d+", "$11");
        String configuration = configuration("later", unreachable);
        try (PatronstreamProcess waiting = PatronstreamProcess.start(folder, "run", "--config", configuration)) {
            awaitStatus(waiting, "retrying after attempt");
            Matcher servers = Pattern.compile("Kafka +(\\S+)").matcher(waiting.printed());
            assertTrue(servers.find());
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers.group(1)))) {
                assertFalse(admin.listTopics().names().get().stream().anyMatch(name -> name.startsWith("later.")));
                assertFalse(admin.listGroups().all().get().stream()
                        .anyMatch(group -> group.groupId().startsWith("later.")));
            }
            assertEquals(143, waiting.terminate());
            assertFalse(waiting.printed().contains("\tat "), waiting.printed());
        }
        try (PatronstreamProcess fast =
                PatronstreamProcess.start(folder, "run", "--fail-fast", "--config", configuration)) {
            assertEquals(1, fast.await(), fast.printed());
        }
    }

    @Test
    void kafkaThatIsNotUpIsWaitedForUnlessAskedToFailFast() throws Exception {
        String configuration =
                configuration("dark", text.replaceFirst("bootstrap-servers: \\S+", "bootstrap-servers: 127.0.0.1:1"));
        try (PatronstreamProcess waiting = PatronstreamProcess.start(folder, "run", "--config", configuration)) {
            waiting.awaitText("Waiting, and asking again");
            awaitStatus(waiting, "Kafka does not answer, so nothing goes on until it does. Kafka at 127.0.0.1:1");
            assertEquals(143, waiting.terminate());
            assertFalse(waiting.printed().contains("\tat "), waiting.printed());
        }
        try (PatronstreamProcess fast =
                PatronstreamProcess.start(folder, "run", "--fail-fast", "--config", configuration)) {
            assertEquals(1, fast.await(), fast.printed());
        }
    }
}
