package dev.patronstream.demo;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patronstream.cli.PatronstreamProcess;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A sandbox in a process, and stages of its district in processes of their own, each with a folder of its own. */
final class SandboxDistrict implements AutoCloseable {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern PAGE = Pattern.compile("Status page +(http://127\\.0\\.0\\.1:\\d+)");
    private static final long PATIENCE_SECONDS = 300;

    private final Path folder;
    private final List<PatronstreamProcess> processes = new ArrayList<>();
    private final PatronstreamProcess sandbox;
    private final String text;

    private SandboxDistrict(Path folder, int students) throws Exception {
        this.folder = folder;
        sandbox = PatronstreamProcess.sandbox(folder, students);
        processes.add(sandbox);
        text = Files.readString(folder.resolve("sandbox/patronstream.yaml")).replace("port: 8085", "port: 0");
    }

    static SandboxDistrict start(Path folder, int students) throws Exception {
        return new SandboxDistrict(folder, students);
    }

    private PatronstreamProcess start(String... arguments) throws IOException {
        PatronstreamProcess process = PatronstreamProcess.start(folder, arguments);
        processes.add(process);
        return process;
    }

    /** Starts one stage; the configuration is the sandbox's, and then some. */
    PatronstreamProcess run(String stage, String name, String replaced, String by) throws IOException {
        assertTrue(text.contains(replaced), text);
        Path own = Files.createDirectories(folder.resolve(name));
        Path file = folder.resolve("sandbox").resolve(name + ".yaml");
        Files.writeString(
                file, text.replace(replaced, by).replaceAll("(?m)^directory:.*$", "") + "\ndirectory: " + own + "\n");
        return start("run", "--only", stage, "--config", file.toString());
    }

    PatronstreamProcess run(String stage, String name) throws IOException {
        return run(stage, name, "", "");
    }

    /** Returns what a key of the configuration says. */
    String value(String key) {
        Matcher found = Pattern.compile("\\b" + key + ": (\\S+)").matcher(text);
        assertTrue(found.find(), key);
        return found.group(1);
    }

    Map<String, Object> kafka() {
        return Map.of("bootstrap.servers", value("bootstrap-servers"));
    }

    /** Returns the lines of the file that the vendor has. */
    List<String> delivered() throws IOException {
        return Files.readAllLines(folder.resolve("sandbox/sftp/patrons.csv"));
    }

    /** Changes something in Aeries. */
    void execute(String sql) throws Exception {
        execute(sandbox, folder, sql);
    }

    /** Changes something in the Aeries of a sandbox, by {@link PatronstreamProcess#sandbox} in this folder. */
    static void execute(PatronstreamProcess sandbox, Path folder, String... statements)
            throws IOException, SQLException {
        Matcher url = Pattern.compile("jdbc:sqlserver://\\S+").matcher(sandbox.printed());
        assertTrue(url.find(), sandbox.printed());
        String password = Files.readString(folder.resolve("sandbox/secrets/sqlserver-password"))
                .strip();
        try (Connection connection = DriverManager.getConnection(url.group(), "sa", password);
                Statement statement = connection.createStatement()) {
            for (String one : statements) {
                statement.execute(one);
            }
        }
    }

    /** Returns what the page of a process says; nothing as long as there is none. */
    static JsonNode status(PatronstreamProcess process) throws Exception {
        // While it waits for Kafka, it may have had a page on another port.
        Optional<String> page = PAGE.matcher(process.printed())
                .results()
                .map(found -> found.group(1))
                .reduce((first, last) -> last);
        if (page.isEmpty()) {
            return JSON.createObjectNode();
        }
        try {
            return JSON.readTree(HTTP.send(
                            HttpRequest.newBuilder(URI.create(page.get() + "/status"))
                                    .timeout(Duration.ofSeconds(20))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body());
        } catch (ConnectException | HttpTimeoutException e) {
            return JSON.createObjectNode();
        }
    }

    /** Waits for what the page of a process says. */
    static JsonNode await(PatronstreamProcess process, Predicate<JsonNode> condition) throws Exception {
        return await(() -> status(process), condition);
    }

    /** Waits for something to be as it should. */
    static <T> T await(Callable<T> question, Predicate<T> condition) throws Exception {
        long latest = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            T answer = question.call();
            if (condition.test(answer)) {
                return answer;
            }
            assertTrue(System.nanoTime() < latest, String.valueOf(answer));
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    /** Returns what a process says of itself as one of those that have a stage; nothing as long as it does not. */
    static JsonNode own(JsonNode status, int stage) {
        for (JsonNode instance : status.path("stages").path(stage).path("instances")) {
            if (instance.path("here").asBoolean()) {
                return instance;
            }
        }
        return JSON.createObjectNode();
    }

    /** Returns leads, waits or neither. */
    static String role(JsonNode instance) {
        return instance.path("role").asText();
    }

    @Override
    public void close() {
        for (int i = processes.size() - 1; i >= 0; i--) {
            processes.get(i).close();
        }
    }
}
