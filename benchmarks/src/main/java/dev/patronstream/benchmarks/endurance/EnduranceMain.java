package dev.patronstream.benchmarks.endurance;

import dev.patronstream.benchmarks.endurance.fault.Victim;
import dev.patronstream.cli.logging.LogFormat;
import dev.patronstream.cli.logging.Logging;
import dev.patronstream.cli.screen.Screen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code benchmarks/endurance}: one run with one seed. Exit code 0 when nothing was found, 1 when something was. */
@Command(
        name = "endurance",
        mixinStandardHelpOptions = true,
        description = {
            "Starts a district and all stages as processes, lets faults happen by a seed while the school offices"
                    + " work,",
            "and judges every topic, file and receipt. Writes DIR/report.json and DIR/report.md."
        },
        footer = {"", "Example: benchmarks/endurance --seed 7 --faults 200 --mostly-kills --for 30m"})
final class EnduranceMain implements Callable<Integer> {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Option(names = "--seed", description = "Where the chance begins (default: 1).")
    private long seed = 1;

    @Option(names = "--faults", description = "How many faults (default: 10).")
    private int faults = 10;

    @Option(names = "--mostly-kills", description = "Eight of ten faults are kill -9, instead of three.")
    private boolean mostlyKills;

    @Option(names = "--brokers", description = "Brokers of Kafka, 1 or 3 (default: 1).")
    private int brokers = 1;

    @Option(names = "--students", description = "Students of the district (default: 600).")
    private int students = 600;

    @Option(names = "--changes-per-second", description = "Transactions of the school offices (default: 20).")
    private double changesPerSecond = 20;

    @Option(names = "--for", paramLabel = "MINUTES", description = "No new faults after this time (default: 60).")
    private int minutes = 60;

    @Option(names = "--patience", paramLabel = "SECONDS", description = "When it counts as stuck (default: 300).")
    private int patience = 300;

    @Option(
            names = "--calm",
            paramLabel = "SECONDS",
            description = "For how long the status is good before a loss counts as made good (default: 12).")
    private int calm = 12;

    @Option(names = "--dir", description = "A new folder for everything (default: a temporary one).")
    private Path directory = Path.of("");

    /** Runs the command. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new EnduranceMain()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException, SQLException {
        if (brokers != 1 && brokers != Victim.BROKERS.size()) {
            throw new ParameterException(command.commandLine(), "--brokers is 1 or 3, not " + brokers);
        }
        Screen screen = new Screen(System.out, false);
        Path folder = (directory.toString().isEmpty() ? Files.createTempDirectory("endurance-") : directory)
                .toAbsolutePath()
                .normalize();
        Logging.toFile(folder.resolve("logs"), LogFormat.TEXT);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly), "stop"));
        EnduranceReport report = new Endurance(
                        new EnduranceSettings(
                                seed,
                                students,
                                changesPerSecond,
                                faults,
                                mostlyKills,
                                brokers,
                                Duration.ofMinutes(minutes),
                                Duration.ofSeconds(patience),
                                Duration.ofSeconds(calm),
                                folder),
                        line -> screen.line(TIME.format(LocalTime.now(ZoneId.systemDefault())) + " " + line))
                .run();
        Files.writeString(folder.resolve("report.json"), report.json());
        Files.writeString(folder.resolve("report.md"), report.markdown());
        screen.line(report.markdown());
        screen.line(report.headline());
        if (!report.isGreen()) {
            screen.line("Again: " + report.again());
        }
        screen.line("Report: " + folder.resolve("report.md"));
        return report.isGreen() ? 0 : 1;
    }
}
