package dev.patronstream.benchmarks.speed;

import dev.patronstream.cli.cluster.Cluster;
import dev.patronstream.cli.cluster.District;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.config.ConfigurationReader;
import dev.patronstream.cli.config.setting.Part;
import dev.patronstream.cli.logging.LogFormat;
import dev.patronstream.cli.logging.Logging;
import dev.patronstream.connector.Connector;
import dev.patronstream.sandbox.Sandbox;
import dev.patronstream.sandbox.SandboxSettings;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.schemas.topic.RecordForm;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.streams.StreamsApp;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code benchmarks/latency}: from the commit of a change to the moment at which a reader of a topic has it. */
@Command(
        name = "latency",
        mixinStandardHelpOptions = true,
        description = {
            "A district, Kafka and both stages in one process; names change at a steady rate, and two readers of",
            "committed records note when they have each. The capture job of the stand-in scans all the time."
        },
        footer = {"", "Example: benchmarks/latency --rates 10,100,200 --for 60"})
final class LatencyMain implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String UPDATE = "UPDATE dbo.STU SET LN = ? WHERE ID = ?";
    private static final int WARM_UP_SECONDS = 20;

    /** Between two changes of a patron. */
    private static final int APART_SECONDS = 3;

    private static final int WARM_UP_RATE = 100;

    @Option(names = "--rates", split = ",", description = "Changes per second (default: 10,100,200).")
    private List<Integer> rates = List.of(10, 100, 200);

    @Option(names = "--for", paramLabel = "SECONDS", description = "How long each rate lasts (default: 60).")
    private int seconds = 60;

    @Option(names = "--students", description = "Students of the district (default: 2000).")
    private int students = 2_000;

    @Option(names = "--backlog", description = "Changes that wait while the connector is stopped (default: 0, none).")
    private int backlog;

    private int names;

    /** Runs the command. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new LatencyMain()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Path folder = Files.createTempDirectory("latency-");
        Logging.toFile(folder.resolve("logs"), LogFormat.TEXT);
        SandboxSettings usual = SandboxSettings.in(folder.resolve("district"));
        SandboxSettings settings =
                new SandboxSettings(usual.directory(), students, usual.seed(), Duration.ZERO, usual.ports());
        try (Sandbox sandbox = Sandbox.start(settings, (what, detail) -> {})) {
            Configuration configuration =
                    ConfigurationReader.read(sandbox.configuration(), Map.of(), EnumSet.allOf(Part.class));
            try (Cluster cluster = Cluster.open(configuration)) {
                District stages = new District(configuration, cluster.clients());
                try (StreamsApp streams = stages.streamsApp()) {
                    streams.start();
                    try (Connector connector = stages.connector()) {
                        connector.start();
                        await(
                                "the first epoch",
                                () -> streams.status().applied().isPresent());
                        measure(sandbox, configuration, cluster);
                    }
                    if (backlog > 0) {
                        catchUp(sandbox, configuration, cluster, stages);
                    }
                }
            }
        }
        return 0;
    }

    private void measure(Sandbox sandbox, Configuration configuration, Cluster cluster) throws Exception {
        Topics topics = configuration.topics();
        int[] patrons = patrons(cluster, topics.feed("destiny"));
        try (Arrivals contract = Arrivals.ofRows(cluster.clients(), topics);
                Arrivals entries = Arrivals.ofEntries(cluster.clients(), topics);
                Connection connection = sandbox.connect()) {
            change(connection, patrons, WARM_UP_RATE, WARM_UP_SECONDS);
            String warm = name(names - 1);
            await("the last change of the warm-up", () -> entries.at(warm).isPresent());
            System.out.println("| changes/s | commit → contract topic, p50 / p99 / max ms | commit → feed | CPU |");
            System.out.println("| --- | --- | --- | --- |");
            for (int rate : rates) {
                long cpu = cpuNanos();
                long begin = System.nanoTime();
                List<Change> changes = change(connection, patrons, rate, seconds);
                String last = changes.get(changes.size() - 1).name();
                await("the last change", () -> entries.at(last).isPresent());
                double cores = (double) (cpuNanos() - cpu) / (System.nanoTime() - begin);
                System.out.printf(
                        "| %d (%.0f made) | %s | %s | %.2f cores |%n",
                        rate, made(changes), latencies(changes, contract), latencies(changes, entries), cores);
            }
        }
    }

    private void catchUp(Sandbox sandbox, Configuration configuration, Cluster cluster, District stages)
            throws Exception {
        Topics topics = configuration.topics();
        int[] patrons = patrons(cluster, topics.feed("destiny"));
        try (Arrivals contract = Arrivals.ofRows(cluster.clients(), topics);
                Arrivals entries = Arrivals.ofEntries(cluster.clients(), topics);
                Connection connection = sandbox.connect()) {
            connection.setAutoCommit(false);
            try (PreparedStatement update = connection.prepareStatement(UPDATE)) {
                for (int i = 0; i < backlog; i++) {
                    rename(update, patrons);
                    if (i % 25 == 24 || i == backlog - 1) {
                        connection.commit();
                    }
                }
            }
            String last = name(names - 1);
            long begin = System.nanoTime();
            long cpu = cpuNanos();
            try (Connector connector = stages.connector()) {
                connector.start();
                await("the last change", () -> entries.at(last).isPresent());
            }
            System.out.printf(
                    "%nA backlog of %d changes: in the contract topic after %.1f s, in the feed after %.1f s, %.1f CPU s%n",
                    backlog,
                    (contract.at(last).orElseThrow() - begin) / 1e9,
                    (entries.at(last).orElseThrow() - begin) / 1e9,
                    (cpuNanos() - cpu) / 1e9);
        }
    }

    private static int[] patrons(Cluster cluster, String feed) {
        List<Integer> ids = new ArrayList<>();
        try (CommittedTopics reader = new CommittedTopics(cluster.clients().kafka())) {
            reader.newest(feed, RecordForm.of(cluster.clients().avro().deserializer(FeedEntry.class))).values().stream()
                    .filter(entry -> entry.getKind() == PatronKind.STUDENT)
                    .forEach(entry -> ids.add(entry.getId()));
        }
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }

    /** A name that no patron had before, and when it was committed. */
    private record Change(String name, long committed) {}

    private List<Change> change(Connection connection, int[] patrons, int rate, int duration) throws Exception {
        if (patrons.length < APART_SECONDS * rate) {
            throw new IllegalStateException(patrons.length + " patrons are too few for " + rate
                    + " changes a second: the feed keeps one entry of a patron per epoch");
        }
        List<Change> changes = new ArrayList<>();
        long begin = System.nanoTime();
        try (PreparedStatement update = connection.prepareStatement(UPDATE)) {
            for (int i = 0; i < rate * duration; i++) {
                long due = begin + TimeUnit.SECONDS.toNanos(i) / rate;
                while (System.nanoTime() < due) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
                String name = rename(update, patrons);
                changes.add(new Change(name, System.nanoTime()));
            }
        }
        return changes;
    }

    /** How many a second it was: a database that is slow in answering takes fewer. */
    private static double made(List<Change> changes) {
        long nanos =
                changes.get(changes.size() - 1).committed() - changes.get(0).committed();
        return (changes.size() - 1) * 1e9 / nanos;
    }

    private String rename(PreparedStatement update, int[] patrons) throws SQLException {
        String name = name(names);
        update.setString(1, name);
        update.setInt(2, patrons[names++ % patrons.length]);
        update.executeUpdate();
        return name;
    }

    private static String name(int number) {
        return "Zz"
                + Integer.toString(number, 26)
                        .chars()
                        .map(c -> 'a' + Character.digit(c, 26))
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append);
    }

    private static String latencies(List<Change> changes, Arrivals arrivals) {
        long[] millis = changes.stream()
                .mapToLong(change ->
                        TimeUnit.NANOSECONDS.toMillis(arrivals.at(change.name()).orElseThrow() - change.committed()))
                .sorted()
                .toArray();
        return millis[millis.length / 2] + " / " + millis[(int) (millis.length * 0.99)] + " / "
                + Arrays.stream(millis).max().orElseThrow();
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static void await(String what, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(what + " did not arrive within " + PATIENCE.toMinutes() + " minutes");
            }
            Thread.sleep(20);
        }
    }
}
