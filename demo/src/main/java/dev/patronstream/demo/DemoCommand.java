package dev.patronstream.demo;

import dev.patronstream.cli.command.Progress;
import dev.patronstream.cli.command.option.Converters;
import dev.patronstream.cli.command.option.DiskWriter;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.config.ConfigurationReader;
import dev.patronstream.cli.config.setting.Part;
import dev.patronstream.cli.logging.LogFormat;
import dev.patronstream.cli.logging.Logging;
import dev.patronstream.cli.run.Disks;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.cli.screen.StopRequest;
import dev.patronstream.cli.screen.Terminal;
import dev.patronstream.sandbox.Sandbox;
import dev.patronstream.sandbox.SandboxSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code demo}: the whole system in one process, on a generated district with live changes. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "Runs the whole system in one process on a generated district with live changes, and delivers its"
                + " patrons to an SFTP folder. A second run on the same folder goes on where the first one stopped.",
        footer = {
            "",
            "Example: patronstream demo",
            "         patronstream demo --students 2000 --changes-per-second 20 --for 60s --dir eagle"
        })
final class DemoCommand implements Callable<Integer>, DiskWriter {

    private final Terminal terminal;

    @Mixin
    private final DistrictOptions district = new DistrictOptions(20);

    @Option(
            names = "--for",
            paramLabel = "TIME",
            converter = Converters.Time.class,
            description = "Stop by itself after this time of live changes, like 60s; without it, Ctrl-C stops.")
    private @Nullable Duration time;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            converter = Converters.Folder.class,
            description = "Folder of the demo (default: ./demo-data).")
    private Path directory = Path.of("demo-data");

    @Option(
            names = "--port",
            paramLabel = "PORT",
            converter = Converters.Port.class,
            description = "Port of the status page, 0 for any (default: 8085).")
    private int port = 8085;

    DemoCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        Path folder = directory.toAbsolutePath().normalize();
        Disks disks = Disks.of(folder);
        disks.requireRoom();
        Logging.toFileAndScreen(folder.resolve("data").resolve("logs"), LogFormat.TEXT, terminal.screen());
        SandboxSettings surroundings =
                SandboxSettings.in(folder).withStudents(district.students()).withStatusPort(port);
        StopRequest stop = terminal.stop().get();
        Progress progress = new Progress(terminal.screen(), stop);
        try (Sandbox sandbox = SandboxCommand.started(surroundings, progress)) {
            Configuration configuration =
                    ConfigurationReader.read(sandbox.configuration(), Map.of(), EnumSet.allOf(Part.class));
            DemoSettings settings = new DemoSettings(district.changesPerSecond(), Optional.ofNullable(time));
            try {
                new Demo(settings, configuration, sandbox, terminal.screen(), progress, stop, disks).run();
            } catch (CommandFailedException e) {
                // Asked before what is open is closed, which may make room.
                throw disks.why(e);
            }
        }
        return 0;
    }

    @Override
    public Optional<Disks> disks() {
        return Optional.of(Disks.of(directory.toAbsolutePath().normalize()));
    }
}
