package dev.patronstream.cli.command;

import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.config.ConfigurationReader;
import dev.patronstream.cli.config.Part;
import dev.patronstream.cli.demo.Demo;
import dev.patronstream.cli.demo.DemoSettings;
import dev.patronstream.cli.logging.Logging;
import dev.patronstream.cli.sandbox.Sandbox;
import dev.patronstream.cli.sandbox.SandboxSettings;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.cli.screen.StopRequest;
import dev.patronstream.cli.screen.Terminal;
import java.io.IOException;
import java.nio.file.Files;
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
final class DemoCommand implements Callable<Integer> {

    private static final long LEAST_KIBIBYTES = 1024;

    private final Terminal terminal;

    @Mixin
    private final DistrictOptions district = new DistrictOptions(20);

    @Option(
            names = "--for",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "Stop by itself after this time of live changes, like 60s; without it, Ctrl-C stops.")
    private @Nullable Duration time;

    @Option(names = "--dir", paramLabel = "DIR", description = "Folder of the demo (default: ./demo-data).")
    private Path directory = Path.of("demo-data");

    @Option(
            names = "--port",
            paramLabel = "PORT",
            converter = PortConverter.class,
            description = "Port of the status page, 0 for any (default: 8085).")
    private int port = 8085;

    DemoCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        Path folder = directory.toAbsolutePath().normalize();
        Logging.toFileAndScreen(folder.resolve("data").resolve("logs"), terminal.screen());
        SandboxSettings surroundings =
                SandboxSettings.in(folder).withStudents(district.students()).withStatusPort(port);
        StopRequest stop = terminal.stop().get();
        Progress progress = new Progress(terminal.screen(), stop);
        try (Sandbox sandbox = Sandbox.start(surroundings, progress)) {
            Configuration configuration =
                    ConfigurationReader.read(sandbox.configuration(), Map.of(), EnumSet.allOf(Part.class));
            DemoSettings settings = new DemoSettings(district.changesPerSecond(), Optional.ofNullable(time));
            try {
                new Demo(settings, configuration, sandbox, terminal.screen(), progress, stop).run();
            } catch (CommandFailedException e) {
                // Asked before what is open is closed, which may make room.
                throw fullDisk(folder, e).orElse(e);
            }
        }
        return 0;
    }

    /** Whatever part is the first to fail on a full disk: says that it is full, by looking. */
    private static Optional<CommandFailedException> fullDisk(Path folder, RuntimeException failure) {
        try {
            long left = Files.getFileStore(folder).getUsableSpace() / 1024;
            return left >= LEAST_KIBIBYTES
                    ? Optional.empty()
                    : Optional.of(new CommandFailedException(
                            "The disk that holds " + folder + " is full (" + left + " KiB left), and the demo cannot go"
                                    + " on: " + failure.getMessage() + ". Make room and start it again; what was"
                                    + " committed is still there. Or give another folder: --dir",
                            failure));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
