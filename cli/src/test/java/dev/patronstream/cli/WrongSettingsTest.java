package dev.patronstream.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.cli.command.CapturedTerminal;
import dev.patronstream.sandbox.Sandbox;
import dev.patronstream.sandbox.SandboxSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One thing is wrong with a configuration that works: one message that names the place and what would be right. */
class WrongSettingsTest {

    private static final String RUN = "run";
    private static final String SNAPSHOT = "snapshot";

    @TempDir
    static Path folder;

    private static Sandbox sandbox;
    private static Thread running;
    private static CapturedTerminal runningTerminal;

    @BeforeAll
    static void start() throws Exception {
        sandbox = Sandbox.start(SandboxSettings.in(folder).withStudents(200), (what, detail) -> {});
        runningTerminal = new CapturedTerminal(Map.of());
        running = new Thread(() ->
                runningTerminal.run("run", "--config", sandbox.configuration().toString()));
        running.start();
        CapturedTerminal dryRun = new CapturedTerminal(Map.of());
        assertEquals(
                0,
                dryRun.run(
                        "snapshot",
                        "destiny",
                        "--dry-run",
                        "--wait",
                        "120s",
                        "--output",
                        folder.resolve("dry-run").toString(),
                        "--config",
                        sandbox.configuration().toString()),
                dryRun.error());
    }

    @AfterAll
    static void stop() throws InterruptedException {
        runningTerminal.stop();
        running.join();
        sandbox.close();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # what is wrong       | command  | line begins with    | is replaced by                 | exit | the message has
            unknown key           | run      | district:           | distrikt: eagle                | 2    | distrikt;did you mean district
            missing variable      | run      | `  password: ${file:secrets/sql` | `  password: ${env:NOT_THERE}` | 2 | sqlserver.password;NOT_THERE;export
            password in the file  | run      | `  password: ${file:secrets/sql` | `  password: hunter2`          | 2 | sqlserver.password;${env:NAME}
            bad cron              | run      | `    layout:`       | `    schedule: 0 99 * * *`     | 2    | feeds.destiny.schedule;0 2,12 * * *
            school without a site | run      | `    schools:`      | `    schools: [10, 20, 30]`    | 2    | feeds.destiny.sites.30;school 30 has no site
            broker away           | run      | `  bootstrap-servers:` | `  bootstrap-servers: 127.0.0.1:1` | 1 | kafka.bootstrap-servers;127.0.0.1:1;Start it
            registry away         | run      | `  url:`            | `  url: http://127.0.0.1:1`    | 1    | registry.url;127.0.0.1:1;Start it
            database away         | run      | `  port:`           | `  port: 1`                    | 1    | sqlserver;127.0.0.1:1
            no such database      | run      | `  database:`       | `  database: DST26000HAWK`     | 2    | sqlserver;DST26000HAWK;Check the database's name
            registry not shared   | run --only connector | `  url:`  | `  embedded: true`             | 2    | registry;registry.url
            wrong login           | run      | `  password: ${file:secrets/sql` | `  password: ${file:secrets/sftp-password}` | 2 | sqlserver;refused the login;Check user and password
            SFTP away             | snapshot | `        port:`     | `        port: 1`              | 1    | 127.0.0.1:1;feeds.destiny.destination.sftp.host
            SFTP login refused    | snapshot | `        password:` | `        password: ${file:secrets/sqlserver-password}` | 1 | refused the user or the password;feeds.destiny.destination.sftp.password
            another host key      | snapshot | `        host-key:` | `        host-key: "SHA256:BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB"` | 1 | another host key;seen SHA256:;Nothing was sent
            """)
    void isSaidOnceWithThePathAndWhatWouldBeRight(
            String what, String command, String line, String replacement, int exit, String message) throws Exception {
        Path configuration = wrong(line, replacement);
        // A service waits for what is away; here it must say so and end.
        List<String> words =
                command.startsWith(RUN) ? List.of((command + " --fail-fast").split(" ")) : List.of(SNAPSHOT, "destiny");
        CapturedTerminal terminal = new CapturedTerminal(Map.of());
        int ended = terminal.run(Stream.concat(words.stream(), Stream.of("--config", configuration.toString()))
                .toArray(String[]::new));

        String said = terminal.error();
        assertEquals(exit, ended, said + terminal.out());
        for (String part : message.split(";")) {
            assertTrue(said.contains(part), "'" + part + "' is missing in: " + said);
        }
        assertTrue(said.startsWith("patronstream: "), said);
        assertFalse(said.contains("Exception") || said.contains("\tat "), said);
        assertFalse(said.contains("hunter2"), "a secret is shown: " + said);
    }

    /** The sandbox's own configuration but for one line, and on folders and a port of its own. */
    private static Path wrong(String begin, String replacement) throws Exception {
        List<String> lines = Files.readAllLines(sandbox.configuration());
        assertTrue(lines.stream().anyMatch(line -> line.startsWith(begin)), begin + " in " + lines);
        Path file = folder.resolve("wrong.yaml");
        Files.write(
                file,
                lines.stream()
                        .map(line -> line.startsWith(begin) ? replacement : line)
                        .map(line -> line.startsWith("directory:") ? "directory: ./wrong" : line)
                        .toList());
        return file;
    }
}
