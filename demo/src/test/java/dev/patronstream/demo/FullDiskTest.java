package dev.patronstream.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.cli.PatronstreamProcess;
import dev.patronstream.cli.SmallDisk;
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
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each folder that {@code run} writes to, on a disk of its own that is full: before the start, and while it runs. */
@Tag("faults")
class FullDiskTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    static Path folder;

    private static PatronstreamProcess sandbox;

    @BeforeAll
    static void start() throws Exception {
        sandbox = PatronstreamProcess.sandbox(folder, 60);
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    @Test
    void underTheBrokerInTheProcess() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("broker"), 64)) {
            Path data = disk.folder().resolve("data");
            Path configuration = configuration("broker", data, """
                    kafka:
                      embedded: {}
                    registry:
                      embedded: true
                    """);
            try (PatronstreamProcess run = run(configuration)) {
                run.awaitText("Snapshotter ");
                assertDelivers(configuration, "Before");
                disk.fill();
                assertEquals(1, run.await(), run.printed());
                assertSays(run, "patronstream: The disk that holds " + data + " is full (");
            }
            String waiting = "room in " + data + " (data, Kafka's log, state, copies of deliveries, log): ";
            try (PatronstreamProcess run = run(configuration, "--fail-fast")) {
                assertEquals(1, run.await(), run.printed());
                assertSays(run, "patronstream: There is not enough " + waiting);
            }
            try (PatronstreamProcess run = run(configuration)) {
                run.awaitText("Waiting for " + waiting);
                assertTrue(page(run).contains("Waiting for " + waiting), page(run));
                disk.free();
                run.awaitText("Snapshotter ");
                assertDelivers(configuration, "Afterwards");
                assertClean(configuration, run);
            }
        }
    }

    /** A broker in the process is not concerned here: each of these parts goes on by itself. */
    @Test
    void underEveryOtherPart() throws Exception {
        Path data = folder.resolve("others");
        try (SmallDisk state = SmallDisk.mount(data.resolve("state"), 64);
                SmallDisk copies = SmallDisk.mount(data.resolve("deliveries"), 64);
                SmallDisk log = SmallDisk.mount(data.resolve("logs"), 64);
                SmallDisk temporary = SmallDisk.mount(data.resolve("tmp"), 64)) {
            List<SmallDisk> all = List.of(state, copies, log, temporary);
            Path configuration = configuration("others", data, "");
            for (SmallDisk disk : all) {
                disk.fill();
            }
            try (PatronstreamProcess run = PatronstreamProcess.start(
                    folder,
                    List.of("-Djava.io.tmpdir=" + temporary.folder()),
                    "no such jar",
                    "run",
                    "--config",
                    configuration.toString())) {
                for (SmallDisk disk : all) {
                    run.awaitText("Waiting for room in " + disk.folder());
                    disk.free();
                }
                run.awaitText("Snapshotter ");
                assertDelivers(configuration, "Started");
                for (SmallDisk disk : all) {
                    disk.fill();
                    run.awaitText("The disk that holds " + disk.folder() + " is full (0 KB free");
                    update("While full " + disk.folder().getFileName());
                    CapturedTerminal snapshot = command(configuration, "snapshot", "destiny");
                    if (disk == copies) {
                        assertTrue(snapshot.error().contains(copies.folder() + " ("), snapshot.error());
                        assertFalse(
                                sent().contains("While full " + copies.folder().getFileName()));
                    }
                    disk.free();
                    assertDelivers(configuration, "After " + disk.folder().getFileName());
                }
                assertClean(configuration, run);
            }
        }
    }

    private static Path configuration(String name, Path data, String cluster) throws IOException {
        Path file = folder.resolve("sandbox").resolve(name + ".yaml");
        String text = Files.readString(folder.resolve("sandbox").resolve("patronstream.yaml"))
                .replace("port: 8085", "port: 0")
                .replace("district: eagle", "district: eagle-" + name)
                .replace("directory: ./data", "directory: " + data);
        if (!cluster.isEmpty()) {
            text = text.replaceAll("(?m)^(kafka|registry):\n(  .*\n)+", "") + cluster;
        }
        return Files.writeString(file, text);
    }

    private static PatronstreamProcess run(Path configuration, String... more) throws IOException {
        return PatronstreamProcess.start(
                folder,
                Stream.concat(Stream.of("run", "--config", configuration.toString()), Stream.of(more))
                        .toArray(String[]::new));
    }

    /** A change reaches the vendor's file. */
    private static void assertDelivers(Path configuration, String name) throws Exception {
        update(name);
        long latest = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (!sent().contains("," + name + ",")) {
            CapturedTerminal snapshot = command(configuration, "snapshot", "destiny");
            assertTrue(System.nanoTime() < latest, snapshot.out() + snapshot.error());
        }
    }

    private static void assertClean(Path configuration, PatronstreamProcess run) throws Exception {
        CapturedTerminal audit = new CapturedTerminal(Map.of());
        assertEquals(0, audit.run("audit", "--config", configuration.toString()), audit.out() + audit.error());
        try (Stream<Path> files = Files.list(folder.resolve("sandbox/sftp"))) {
            assertEquals(
                    List.of(),
                    files.filter(file -> file.toString().endsWith(".part")).toList());
        }
        assertFalse(run.printed().contains("\tat "), run.printed());
    }

    private static CapturedTerminal command(Path configuration, String... words) {
        CapturedTerminal terminal = new CapturedTerminal(Map.of());
        terminal.run(Stream.concat(Stream.of(words), Stream.of("--config", configuration.toString()))
                .toArray(String[]::new));
        return terminal;
    }

    private static void assertSays(PatronstreamProcess process, String words) throws IOException {
        assertTrue(process.printed().contains(words), process.printed());
        assertFalse(process.printed().contains("\tat "), process.printed());
    }

    private static String page(PatronstreamProcess run) throws IOException, InterruptedException {
        Matcher address = Pattern.compile("Status page +(http://\\S+/)").matcher(run.printed());
        assertTrue(address.find(), run.printed());
        return HTTP.send(
                        HttpRequest.newBuilder(URI.create(address.group(1) + "status"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static String sent() throws IOException {
        Path file = folder.resolve("sandbox/sftp/patrons.csv");
        return Files.exists(file) ? Files.readString(file) : "";
    }

    private static void update(String lastName) throws Exception {
        Matcher url = Pattern.compile("jdbc:sqlserver://\\S+").matcher(sandbox.printed());
        assertTrue(url.find());
        try (Connection connection = DriverManager.getConnection(
                        url.group(),
                        "sa",
                        Files.readString(folder.resolve("sandbox/secrets/sqlserver-password"))
                                .strip());
                PreparedStatement statement = connection.prepareStatement("UPDATE dbo.STU SET LN = ?")) {
            statement.setString(1, lastName);
            assertTrue(statement.executeUpdate() > 0);
        }
    }
}
