package dev.patronstream.demo;

import dev.patronstream.cli.command.Progress;
import dev.patronstream.cli.command.option.Converters;
import dev.patronstream.cli.command.option.DiskWriter;
import dev.patronstream.cli.logging.LogFormat;
import dev.patronstream.cli.logging.Logging;
import dev.patronstream.cli.run.Disks;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.cli.screen.StopRequest;
import dev.patronstream.cli.screen.Terminal;
import dev.patronstream.sandbox.Sandbox;
import dev.patronstream.sandbox.SandboxFailedException;
import dev.patronstream.sandbox.SandboxSettings;
import dev.patronstream.sandbox.district.District;
import dev.patronstream.sandbox.life.Life;
import dev.patronstream.sandbox.life.LifeSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sandbox}: the surroundings of a district, and nothing of patronstream itself. */
@Command(
        name = "sandbox",
        mixinStandardHelpOptions = true,
        description = "Starts a stand-in for SQL Server with a generated district, Kafka, a schema registry and an SFTP"
                + " server, writes DIR/patronstream.yaml for them, and waits. A second start on the same folder goes on"
                + " from there.",
        footer = {
            "",
            "Example: patronstream sandbox --dir eagle",
            "         patronstream run --config eagle/patronstream.yaml    (in another terminal)"
        })
final class SandboxCommand implements Callable<Integer>, DiskWriter {

    private final Terminal terminal;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            converter = Converters.Folder.class,
            description = "Folder of the sandbox (default: ./sandbox-data).")
    private Path directory = Path.of("sandbox-data");

    @Option(names = "--seed", paramLabel = "S", description = "Another seed, another district (default: 1).")
    private long seed = 1;

    @Option(
            names = "--capture-interval",
            paramLabel = "TIME",
            converter = Converters.Time.class,
            description = "How often SQL Server's capture job looks for changes (default: 1s).")
    private Duration captureInterval = Duration.ofSeconds(1);

    @Mixin
    private final DistrictOptions district = new DistrictOptions(0);

    @Option(
            names = "--next-year",
            description = {
                "Also makes the database of the next school year, of this year's as it stands: to try a roll-over."
            })
    private boolean nextYear;

    @Option(
            names = "--sqlserver-port",
            paramLabel = "PORT",
            converter = Converters.Port.class,
            description = "Default: any free port.")
    private int sqlServerPort;

    @Option(
            names = "--kafka-port",
            paramLabel = "PORT",
            converter = Converters.Port.class,
            description = "Default: any free port.")
    private int kafkaPort;

    @Option(
            names = "--registry-port",
            paramLabel = "PORT",
            converter = Converters.Port.class,
            description = "Default: any free port.")
    private int registryPort;

    @Option(
            names = "--sftp-port",
            paramLabel = "PORT",
            converter = Converters.Port.class,
            description = "Default: any free port.")
    private int sftpPort;

    SandboxCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Starts a sandbox; what it cannot do is a failure of the command. */
    static Sandbox started(SandboxSettings settings, Progress progress) {
        try {
            return Sandbox.start(settings, progress::alive);
        } catch (SandboxFailedException e) {
            throw new CommandFailedException(e.getMessage(), e);
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        Path folder = directory.toAbsolutePath().normalize();
        Disks.of(folder).requireRoom();
        Logging.toFileAndScreen(directory.resolve("logs"), LogFormat.TEXT, terminal.screen());
        SandboxSettings settings = new SandboxSettings(
                folder,
                district.students(),
                seed,
                captureInterval,
                new SandboxSettings.Ports(sqlServerPort, kafkaPort, registryPort, sftpPort, 8085));
        LifeSettings lifeSettings = LifeSettings.usual(seed, district.changesPerSecond(), District.today());
        StopRequest stop = terminal.stop().get();
        try (Sandbox sandbox = started(settings, new Progress(terminal.screen(), stop));
                Life life = Life.start(lifeSettings, sandbox::connect, event -> {})) {
            terminal.screen().line("");
            sandbox.accounts().forEach(terminal.screen()::line);
            terminal.screen().line("");
            terminal.screen().line("Now, in another terminal: patronstream run --config " + sandbox.configuration());
            if (nextYear) {
                String name = nextSchoolYear(sandbox);
                terminal.screen().line("The next school year is in database " + name + ". To look at it before the");
                terminal.screen()
                        .line("switch: patronstream preview destiny --database " + name + " --config "
                                + sandbox.configuration());
                terminal.screen()
                        .line("To switch: PATRONSTREAM_SQLSERVER_DATABASE=" + name + " patronstream run --config "
                                + sandbox.configuration());
            }
            terminal.screen().line("Ctrl-C stops the sandbox; the next start goes on from here.");
            stop.await();
            terminal.screen().line("Stopping ...");
        }
        terminal.screen().line("Stopped.");
        return 0;
    }

    @Override
    public Optional<Disks> disks() {
        return Optional.of(Disks.of(directory.toAbsolutePath().normalize()));
    }

    private static String nextSchoolYear(Sandbox sandbox) {
        try {
            return sandbox.makeNextSchoolYear();
        } catch (SandboxFailedException e) {
            throw new CommandFailedException(e.getMessage(), e);
        }
    }
}
