package dev.patronstream.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.cli.cluster.Cluster;
import dev.patronstream.cli.cluster.ClusterClients;
import dev.patronstream.cli.command.CapturedTerminal;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.config.ConfigurationReader;
import dev.patronstream.cli.config.setting.Part;
import dev.patronstream.sandbox.Sandbox;
import dev.patronstream.sandbox.SandboxSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A small district on a sandbox, and {@code run} in this process, which a test starts and stops. */
final class SmallDistrict implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 300;

    private final Sandbox sandbox;
    private final Path file;
    private final List<Child> children = new ArrayList<>();
    private @Nullable CapturedTerminal services;
    private CompletableFuture<Integer> run = CompletableFuture.completedFuture(0);
    private int round;

    /** A row of STU. */
    record Child(int school, int number, int id) {}

    SmallDistrict(Path folder) throws IOException, SQLException {
        sandbox = Sandbox.start(SandboxSettings.in(folder.resolve("sandbox")).withStudents(200), (what, detail) -> {});
        file = sandbox.configuration().resolveSibling("own.yaml");
        String guards = List.of("added", "removed", "transferred", "changed", "problems", "per-site-removed").stream()
                .map(what -> what + "-above: off")
                .reduce("max-age: off", (all, one) -> all + ", " + one);
        Files.writeString(
                file,
                Files.readString(sandbox.configuration())
                        .replaceFirst("port: 8085", "port: 0")
                        .replaceAll("hold-when: .*", "hold-when: {" + guards + "}"));
        try (Connection connection = sandbox.connect();
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT SC, SN, ID FROM STU WHERE DEL = 0 AND TG = ' ' AND ID IN"
                                + " (SELECT ID FROM STU WHERE DEL = 0 GROUP BY ID HAVING COUNT(*) = 1) ORDER BY ID")) {
            while (rows.next()) {
                children.add(new Child(rows.getInt(1), rows.getInt(2), rows.getInt(3)));
            }
        }
    }

    Path file() {
        return file;
    }

    ClusterClients clients() {
        Configuration configuration = ConfigurationReader.read(file, Map.of(), EnumSet.of(Part.KAFKA));
        try (Cluster cluster = Cluster.open(configuration)) {
            return cluster.clients();
        }
    }

    String bootstrapServers() {
        Configuration configuration = ConfigurationReader.read(file, Map.of(), EnumSet.of(Part.KAFKA));
        return configuration.kafka().bootstrapServers().orElseThrow();
    }

    /** Starts the services. */
    void run() {
        CapturedTerminal terminal = new CapturedTerminal(Map.of());
        services = terminal;
        run = CompletableFuture.supplyAsync(() -> terminal.run("run", "--config", file.toString()));
    }

    /** Stops the services; they have not ended by themselves. */
    void stop() throws InterruptedException, ExecutionException, TimeoutException {
        CapturedTerminal terminal = services;
        if (terminal != null) {
            services = null;
            boolean ended = run.isDone();
            terminal.stop();
            int exit = run.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertFalse(ended, () -> "ended by itself: " + terminal.error());
            assertEquals(0, exit, terminal::error);
        }
    }

    /** Delivers the feed until the vendor has been told of the last round; returns what the commands said. */
    String deliver() throws InterruptedException {
        long latest = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        StringBuilder said = new StringBuilder();
        while (true) {
            CapturedTerminal terminal = command("snapshot", "destiny", "--wait", "20s");
            said.append(terminal.error()).append(terminal.out());
            if (terminal.error().isEmpty() && seesTheLastRound()) {
                return said.toString();
            }
            assertFalse(run.isDone(), () -> services == null ? "" : services.error());
            assertTrue(
                    System.nanoTime() < latest, () -> said + command("status").out());
            TimeUnit.MILLISECONDS.sleep(300);
        }
    }

    private boolean seesTheLastRound() {
        return round == 0
                || (lineOf(children.get(0)).contains("Round" + round)
                        && lineOf(children.get(round)).contains(",I,"));
    }

    /** Runs a command beside the services. */
    CapturedTerminal command(String... words) {
        CapturedTerminal terminal = new CapturedTerminal(Map.of());
        String[] arguments = Arrays.copyOf(words, words.length + 2);
        arguments[words.length] = "--config";
        arguments[words.length + 1] = file.toString();
        int unused = terminal.run(arguments);
        return terminal;
    }

    /** Waits until the status says all of this. */
    void awaitStatus(List<String> words) throws InterruptedException {
        long latest = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        List<String> missing = words;
        while (!missing.isEmpty()) {
            String status = command("status").out();
            List<String> still =
                    missing.stream().filter(word -> !status.contains(word)).toList();
            missing = still;
            assertTrue(System.nanoTime() < latest, () -> still + " is not in " + status);
            TimeUnit.MILLISECONDS.sleep(300);
        }
    }

    /** One child gets another name, and another one leaves. */
    void changeAndLeave() throws SQLException {
        if (round == 0) {
            children.removeIf(child -> lineOf(child).startsWith("no line"));
        }
        round++;
        Child stays = children.get(0);
        Child leaves = children.get(round);
        sql("UPDATE STU SET LN = 'Round" + round + "' WHERE SC = " + stays.school() + " AND SN = " + stays.number());
        sql("UPDATE STU SET DEL = 1 WHERE SC = " + leaves.school() + " AND SN = " + leaves.number());
    }

    /** The topics are what Aeries says. */
    void assertAuditIsClean() {
        CapturedTerminal audit = command("audit");
        assertTrue(audit.out().contains("No difference: "), () -> audit.out() + audit.error());
    }

    private String lineOf(Child child) {
        try {
            Pattern id = Pattern.compile("\\b" + child.id() + "\\b");
            return Files.readString(sandbox.sftpFolder().resolve("patrons.csv"))
                    .lines()
                    .filter(line -> id.matcher(line).find())
                    .findFirst()
                    .orElse("no line of " + child);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void sql(String text) throws SQLException {
        try (Connection connection = sandbox.connect();
                Statement statement = connection.createStatement()) {
            assertEquals(1, statement.executeUpdate(text), text);
        }
    }

    @Override
    public void close() {
        sandbox.close();
    }
}
