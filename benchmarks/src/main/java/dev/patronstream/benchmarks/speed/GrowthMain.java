package dev.patronstream.benchmarks.speed;

import dev.patronstream.benchmarks.speed.Run.Taken;
import dev.patronstream.cli.logging.LogFormat;
import dev.patronstream.cli.logging.Logging;
import dev.patronstream.sandbox.Sandbox;
import dev.patronstream.sandbox.SandboxSettings;
import dev.patronstream.schemas.topic.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code benchmarks/growth}: what each step costs as a district grows. */
@Command(
        name = "growth",
        mixinStandardHelpOptions = true,
        description = {
            "The steps of a change, each in a process as it is installed, in districts of several sizes. The smallest one",
            "says how long the start of each process takes, which is not counted for the others."
        },
        footer = {"", "Example: benchmarks/growth --students 10000,100000 --results docs/results"})
final class GrowthMain implements Callable<Integer> {

    private static final int SMALLEST = 200;
    private static final String FEED = "destiny";

    @Option(names = "--patronstream", required = true, hidden = true)
    private Path patronstream = Path.of("");

    @Option(
            names = "--students",
            split = ",",
            description = "Students of each district (default: 10000,100000,500000,1000000).")
    private List<Integer> sizes = List.of(10_000, 100_000, 500_000, 1_000_000);

    @Option(names = "--changes", description = "Changes of the backlog, or as many as students (default: 50000).")
    private int changes = 50_000;

    @Option(names = "--results", paramLabel = "FOLDER", description = "Writes growth.md and growth.svg there.")
    private @Nullable Path results;

    /** Runs the command. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new GrowthMain()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Path folder = Files.createTempDirectory("growth-");
        System.err.println("growth: works in " + folder + ", which may be removed afterwards");
        Logging.toFile(folder.resolve("logs"), LogFormat.TEXT);
        GrowthReport report = new GrowthReport(changes);
        List<Integer> all = new ArrayList<>(List.of(SMALLEST));
        all.addAll(sizes);
        for (int students : all) {
            SandboxSettings usual = SandboxSettings.in(folder.resolve("district-" + students));
            SandboxSettings settings = new SandboxSettings(
                    usual.directory(), students, usual.seed(), Duration.ofMillis(100), usual.ports());
            try (Sandbox sandbox = Sandbox.start(settings, (what, detail) -> {})) {
                measure(students, sandbox, folder, report);
            }
        }
        System.out.print(report.markdown());
        if (results != null) {
            report.write(results);
        }
        return 0;
    }

    private void measure(int students, Sandbox sandbox, Path folder, GrowthReport report) throws Exception {
        Topics topics = new Topics("eagle");
        List<String> tables = List.of(topics.enrollments(), topics.schools(), topics.staff());
        String kafka = sandbox.bootstrapServers();
        long rows = Workload.rows(sandbox);
        Path output = folder.resolve("file-" + students);
        Path log = folder.resolve(students + ".log");
        Path configuration = configuration(sandbox);

        Workload.awaitQuiet();
        try (Run run = run(configuration, tables, log, "run", "--only", "connector")) {
            report.add(students, "initial snapshot", "row", rows, run.untilRows(kafka, rows), run.peakMegabytes());
        }
        int changed = Math.min(changes, students / 2);
        String last = Workload.change(sandbox, "Growth", changed);
        Map<TopicPartition, Long> ends = Run.ends(tables, kafka);
        Workload.awaitQuiet();
        try (Run run = run(configuration, tables, log, "run", "--only", "connector")) {
            Taken taken = run.untilText(kafka, ends, last, changed);
            report.add(students, "backlog of changes", "change", changed, taken, run.peakMegabytes());
        }
        Workload.awaitQuiet();
        try (Run run = run(configuration, List.of(topics.epochs()), log, "run", "--only", "streams-app")) {
            Taken taken = run.untilRows(kafka, 1);
            report.add(students, "patrons and feed, new", "row", rows, taken, run.peakMegabytes());
        }
        Workload.awaitQuiet();
        try (Run run = run(configuration, List.of(), log, "rebuild", "--yes")) {
            report.add(students, "rebuild", "row", rows, run.untilEnd(), run.peakMegabytes());
        }
        Workload.awaitQuiet();
        try (Run run = run(configuration, List.of(), log, "snapshot", FEED, "--dry-run", "--output", output + "")) {
            Taken taken = run.untilEnd();
            report.add(students, "file", "patron", lines(output) - 1, taken, run.peakMegabytes());
        }
    }

    private Run run(Path configuration, List<String> topics, Path log, String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(patronstream.toAbsolutePath().toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--config", configuration.toString()));
        return new Run("patronstream " + String.join(" ", arguments), command, topics, log);
    }

    /** As the sandbox writes it, with all schools in the feed, and a file only when it is asked for. */
    private static Path configuration(Sandbox sandbox) throws IOException, SQLException {
        List<String> codes = new ArrayList<>();
        try (Connection connection = sandbox.connect();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("SELECT CD FROM dbo.LOC WHERE CD > 0 ORDER BY CD")) {
            while (found.next()) {
                codes.add(found.getString(1));
            }
        }
        String sites = codes.stream().map(code -> code + ": S" + code).collect(Collectors.joining(", "));
        String yaml = Files.readString(sandbox.configuration())
                .replaceFirst("schools: \\[.*\\]", "schools: [" + String.join(", ", codes) + "]")
                .replaceFirst("sites: \\{.*\\}", "sites: {" + sites + "}")
                .replaceFirst("port: 8085", "port: 0");
        return Files.writeString(sandbox.configuration().resolveSibling("growth.yaml"), yaml);
    }

    private static long lines(Path output) throws IOException {
        try (Stream<Path> files = Files.walk(output)) {
            Path file = files.filter(path -> path.endsWith("patrons.csv"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("There is no patrons.csv in " + output));
            try (Stream<String> lines = Files.lines(file)) {
                return lines.count();
            }
        }
    }
}
