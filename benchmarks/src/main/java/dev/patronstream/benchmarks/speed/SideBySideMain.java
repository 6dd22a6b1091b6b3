package dev.patronstream.benchmarks.speed;

import dev.patronstream.cli.logging.LogFormat;
import dev.patronstream.cli.logging.Logging;
import dev.patronstream.sandbox.Sandbox;
import dev.patronstream.sandbox.SandboxSettings;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code benchmarks/side-by-side}: capture, against Kafka Connect with Debezium's connector. */
@Command(
        name = "side-by-side",
        mixinStandardHelpOptions = true,
        description = {
            "The same district, stand-in and Kafka for both, in turn: first the whole tables into new topics, then a",
            "backlog of changes. Times are from the start of the process to the last record, readable as committed."
        },
        footer = {"", "Example: benchmarks/side-by-side --rounds 4 --results docs/results"})
final class SideBySideMain implements Callable<Integer> {

    private static final String STUDENTS = "SELECT * FROM dbo.STU";

    @Option(names = "--peer", required = true, hidden = true)
    private Path peer = Path.of("");

    @Option(names = "--patronstream", required = true, hidden = true)
    private Path patronstream = Path.of("");

    @Option(names = "--students", description = "Students of the district (default: 100000).")
    private int students = 100_000;

    @Option(names = "--changes", description = "Changes of the backlog (default: 50000).")
    private int changes = 50_000;

    @Option(names = "--rounds", description = "How often each runs (default: 4).")
    private int rounds = 4;

    @Option(names = "--results", paramLabel = "FOLDER", description = "Writes side-by-side.md and .json there.")
    private @Nullable Path results;

    /** Runs the command. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new SideBySideMain()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Path folder = Files.createTempDirectory("side-by-side-");
        System.err.println("side-by-side: works in " + folder + ", which may be removed afterwards");
        Logging.toFile(folder.resolve("logs"), LogFormat.TEXT);
        SandboxSettings usual = SandboxSettings.in(folder.resolve("district"));
        SandboxSettings settings =
                new SandboxSettings(usual.directory(), students, usual.seed(), Duration.ofMillis(100), usual.ports());
        try (Sandbox sandbox = Sandbox.start(settings, (what, detail) -> {})) {
            List<Contestant> contestants = new ArrayList<>(List.of(
                    new Patronstream(patronstream.toAbsolutePath(), sandbox.configuration()),
                    new KafkaConnect(
                            peer.toAbsolutePath(), folder.resolve("connect"), sandbox, sandbox.bootstrapServers())));
            SideBySideReport report = new SideBySideReport(students, changes, rounds);
            long rows = Workload.rows(sandbox);
            for (int round = 1; round <= rounds; round++) {
                plainReader(sandbox, report);
                for (Contestant contestant : contestants) {
                    contestant.configure(round);
                    snapshot(contestant, sandbox, folder, rows, report);
                }
                String last = Workload.change(sandbox, "Round" + round, changes);
                for (Contestant contestant : contestants) {
                    backlog(contestant, sandbox, folder, last, report);
                }
                Collections.reverse(contestants);
            }
            System.out.print(report.markdown());
            if (results != null) {
                report.write(results);
            }
        }
        return 0;
    }

    private static void snapshot(
            Contestant contestant, Sandbox sandbox, Path folder, long rows, SideBySideReport report)
            throws IOException, InterruptedException {
        Workload.awaitQuiet();
        try (Run run = new Run(contestant, folder.resolve(contestant.name() + ".log"))) {
            report.add(
                    "initial snapshot, " + rows + " rows",
                    contestant.name(),
                    run.untilRows(sandbox.bootstrapServers(), rows));
        }
    }

    private void backlog(Contestant contestant, Sandbox sandbox, Path folder, String last, SideBySideReport report)
            throws IOException, InterruptedException {
        Map<TopicPartition, Long> ends = Run.ends(contestant.topics(), sandbox.bootstrapServers());
        Workload.awaitQuiet();
        try (Run run = new Run(contestant, folder.resolve(contestant.name() + ".log"))) {
            report.add(
                    "backlog of " + changes + " changes",
                    contestant.name(),
                    run.untilText(sandbox.bootstrapServers(), ends, last, changes));
        }
    }

    /** The limit: all columns of the largest table, read twice so that the second time is warm. */
    private static void plainReader(Sandbox sandbox, SideBySideReport report)
            throws SQLException, InterruptedException {
        read(sandbox);
        Workload.awaitQuiet();
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long cpu = threads.getCurrentThreadCpuTime();
        long began = System.nanoTime();
        long rows = read(sandbox);
        report.add(
                "all of STU, " + rows + " rows, read and thrown away",
                "plain JDBC",
                new Run.Taken((System.nanoTime() - began) / 1e9, (threads.getCurrentThreadCpuTime() - cpu) / 1e9));
    }

    private static long read(Sandbox sandbox) throws SQLException {
        long rows = 0;
        try (Connection connection = sandbox.connect();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(STUDENTS)) {
            int columns = found.getMetaData().getColumnCount();
            while (found.next()) {
                rows++;
                for (int column = 1; column <= columns; column++) {
                    var unused = found.getObject(column);
                }
            }
        }
        return rows;
    }
}
