package dev.patronstream.benchmarks.table;

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
import dev.patronstream.sandbox.life.Life;
import dev.patronstream.sandbox.life.LifeSettings;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.schemas.topic.RecordForm;
import dev.patronstream.streams.StreamsApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code benchmarks/postgres}: a feed as a table of PostgreSQL, by Kafka Connect with Debezium's JDBC sink. */
@Command(
        name = "postgres",
        mixinStandardHelpOptions = true,
        description = {
            "A district, Kafka and both stages in one process, a Kafka Connect with the pages of docs/vendors, and a new",
            "PostgreSQL. Names change one by one, to measure the delay; then the district lives, Kafka Connect is killed",
            "and PostgreSQL is down for a while. At the end the table must be equal to the feed, row by row."
        },
        footer = {"", "Example: benchmarks/postgres --students 400 --for 60"})
final class PostgresMain implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String FEED = "destiny";

    @Option(names = "--sink", required = true, hidden = true)
    private Path sink = Path.of("");

    @Option(names = "--download", required = true, hidden = true)
    private Path download = Path.of("");

    @Option(names = "--pages", required = true, hidden = true)
    private Path pages = Path.of("");

    @Option(names = "--students", description = "Students of the district (default: 400).")
    private int students = 400;

    @Option(names = "--changes", description = "Changes whose delay is measured (default: 50).")
    private int changes = 50;

    @Option(names = "--for", paramLabel = "SECONDS", description = "How long the district lives (default: 60).")
    private int seconds = 60;

    @Option(names = "--rate", description = "Events of the district per second (default: 20).")
    private double rate = 20;

    @Option(names = "--down", paramLabel = "SECONDS", description = "How long each is down (default: 10).")
    private int down = 10;

    @Option(
            names = "--programs",
            paramLabel = "FOLDER",
            description = "Where initdb and pg_ctl are (default: the newest of /usr/lib/postgresql/*/bin).")
    private @Nullable Path programs;

    private int names;

    /** Runs the command. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new PostgresMain()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Optional<Path> found = programs == null
                ? PostgresServer.installed()
                : Optional.of(programs).filter(PostgresServer::isIn);
        if (found.isEmpty()) {
            System.err.println("postgres: PostgreSQL's initdb is not in "
                    + (programs == null ? "/usr/lib/postgresql/*/bin" : programs)
                    + "; install it (Debian: postgresql) or name its folder with --programs");
            return 1;
        }
        Path folder = Files.createTempDirectory("postgres-run-");
        System.err.println("postgres: works in " + folder + ", which may be removed afterwards");
        Logging.toFile(folder.resolve("logs"), LogFormat.TEXT);
        SandboxSettings usual = SandboxSettings.in(folder.resolve("district"));
        SandboxSettings settings =
                new SandboxSettings(usual.directory(), students, usual.seed(), Duration.ZERO, usual.ports());
        try (PostgresServer postgres = new PostgresServer(found.get(), driver(), folder);
                Sandbox sandbox = Sandbox.start(settings, (what, detail) -> {})) {
            Configuration configuration =
                    ConfigurationReader.read(sandbox.configuration(), Map.of(), EnumSet.allOf(Part.class));
            try (Cluster cluster = Cluster.open(configuration)) {
                District stages = new District(configuration, cluster.clients());
                try (StreamsApp streams = stages.streamsApp();
                        Connector connector = stages.connector();
                        ConnectWorker worker = new ConnectWorker(sink.toAbsolutePath(), folder)) {
                    streams.start();
                    connector.start();
                    String topic = configuration.topics().feed(FEED);
                    configure(worker, postgres, cluster, topic);
                    Scene scene = new Scene(sandbox, postgres, worker, cluster, topic);
                    await(scene, "the first epoch", () -> streams.status()
                            .applied()
                            .isPresent());
                    worker.start();
                    return run(scene) ? 0 : 1;
                }
            }
        }
    }

    private Path driver() throws IOException {
        try (Stream<Path> jars = Files.list(sink)) {
            return jars.filter(jar -> jar.getFileName().toString().startsWith("postgresql-"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("PostgreSQL's driver is not in " + sink));
        }
    }

    private void configure(ConnectWorker worker, PostgresServer postgres, Cluster cluster, String topic)
            throws IOException {
        Map<String, Object> kafka = cluster.clients().kafkaProperties();
        worker.configure(
                pages,
                download,
                Map.of(
                        "bootstrap.servers", kafka.get("bootstrap.servers").toString(),
                        "value.converter.schema.registry.url",
                                cluster.clients()
                                        .serdeProperties()
                                        .get("schema.registry.url")
                                        .toString(),
                        "listeners", "http://127.0.0.1:0"),
                Map.of(
                        "topics", topic,
                        "connection.url", postgres.url(),
                        "connection.username", postgres.user()));
    }

    private record Scene(
            Sandbox sandbox, PostgresServer postgres, ConnectWorker worker, Cluster cluster, String topic) {

        Map<String, FeedEntry> feed() {
            try (CommittedTopics reader = new CommittedTopics(cluster.clients().kafka())) {
                return reader.newest(
                        topic, RecordForm.of(cluster.clients().avro().deserializer(FeedEntry.class)));
            }
        }
    }

    private boolean run(Scene scene) throws Exception {
        renamed(scene);
        Set<String> before = scene.feed().keySet();
        double[] delays = new double[changes];
        for (int i = 0; i < changes; i++) {
            delays[i] = renamed(scene);
        }
        Arrays.sort(delays);
        Lived lived = live(scene);
        double last = renamed(scene);
        Map<String, FeedEntry> feed = scene.feed();
        String difference;
        try (Connection table = scene.postgres().connect()) {
            difference = FeedTable.difference(FeedTable.of(feed), FeedTable.read(table));
        }
        long left = before.stream().filter(key -> !feed.containsKey(key)).count();
        System.out.printf(
                """
                `benchmarks/postgres --students %d --changes %d --for %d --rate %.0f --down %d`, %s

                | what | result |
                | --- | --- |
                | from the commit in the district's database to the row, %d changes one after the other | p50 %.2f s, max %.2f s |
                | events of the district meanwhile | %d |
                | `kill -9` of Kafka Connect, %d s later started again | current %.2f s after its start |
                | PostgreSQL stopped at once, %d s later started again | current %.2f s after its start |
                | from the last commit to its row | %.2f s |
                | patrons who left the feed meanwhile | %d |
                | table and feed at the end, %d patrons | %s |
                """,
                students,
                changes,
                seconds,
                rate,
                down,
                LocalDate.now(ZoneOffset.UTC),
                changes,
                delays[changes / 2],
                delays[changes - 1],
                lived.events(),
                down,
                lived.afterKill(),
                down,
                lived.afterStop(),
                last,
                left,
                feed.size(),
                difference.isEmpty() ? "equal" : "different: " + difference);
        if (left == 0) {
            System.err.println("postgres: nobody left the feed, so no delete was seen; take longer");
        }
        return difference.isEmpty() && left > 0;
    }

    /** How many events there were, and how long the table took to be current after each fault. */
    private record Lived(long events, double afterKill, double afterStop) {}

    private Lived live(Scene scene) throws Exception {
        LifeSettings settings = LifeSettings.usual(1, rate, LocalDate.now(ZoneOffset.UTC));
        try (Life life = Life.start(settings, scene.sandbox()::connect, event -> {})) {
            TimeUnit.SECONDS.sleep(seconds / 3);
            scene.worker().kill();
            TimeUnit.SECONDS.sleep(down);
            scene.worker().start();
            double afterKill = current(scene);
            TimeUnit.SECONDS.sleep(seconds / 3);
            scene.postgres().crash();
            TimeUnit.SECONDS.sleep(down);
            scene.postgres().start();
            double afterStop = current(scene);
            TimeUnit.SECONDS.sleep(seconds / 3);
            if (life.failure().isPresent()) {
                throw new IllegalStateException(
                        "The district's life has ended", life.failure().get());
            }
            return new Lived(life.total(), afterKill, afterStop);
        }
    }

    /** Returns the seconds until the table has what is in the feed now. */
    private static double current(Scene scene) throws Exception {
        long began = System.nanoTime();
        long wanted = scene.feed().values().stream()
                .mapToLong(FeedEntry::getEpoch)
                .max()
                .orElseThrow();
        try (Connection table = scene.postgres().connect();
                PreparedStatement newest = table.prepareStatement("SELECT max(epoch) FROM patrons")) {
            await(scene, "epoch " + wanted, () -> {
                try (ResultSet found = newest.executeQuery()) {
                    return found.next() && found.getLong(1) >= wanted;
                }
            });
        }
        return (System.nanoTime() - began) / 1e9;
    }

    /** Gives a student a name that nobody had, and returns the seconds until the table has it. */
    private double renamed(Scene scene) throws Exception {
        int student = scene.feed().values().stream()
                .filter(entry -> entry.getKind() == PatronKind.STUDENT)
                .skip(names)
                .findFirst()
                .orElseThrow()
                .getId();
        String name = "Zz" + (char) ('a' + names / 26) + (char) ('a' + names % 26);
        names++;
        try (Connection district = scene.sandbox().connect();
                Connection table = scene.postgres().connect();
                PreparedStatement update = district.prepareStatement("UPDATE dbo.STU SET LN = ? WHERE ID = ?")) {
            update.setString(1, name);
            update.setInt(2, student);
            update.executeUpdate();
            long committed = System.nanoTime();
            await(scene, "the name of a student", () -> isThere(table, name));
            return (System.nanoTime() - committed) / 1e9;
        }
    }

    private static boolean isThere(Connection table, String name) throws SQLException {
        return FeedTable.read(table).values().stream().anyMatch(row -> name.equals(row.get("last_name")));
    }

    private static void await(Scene scene, String what, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.call()) {
            scene.worker().requireAlive();
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(what + " did not arrive within " + PATIENCE.toMinutes()
                        + " minutes; Kafka Connect's log is "
                        + scene.worker().log());
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }
}
