package dev.patronstream.cli.command.option;

import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.config.ConfigurationReader;
import dev.patronstream.cli.config.setting.Part;
import dev.patronstream.cli.logging.Logging;
import dev.patronstream.cli.run.Disks;
import dev.patronstream.cli.screen.Terminal;
import dev.patronstream.cli.screen.TypedName;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;

/** The option {@code --config}, for every command that needs the configuration. */
public class ConfigurationOption implements DiskWriter {

    private Path file = Path.of("patronstream.yaml");

    private Optional<Disks> disks = Optional.empty();

    @Option(names = "--config", paramLabel = "FILE", description = "The configuration (default: ./patronstream.yaml).")
    void file(Path named) {
        file = named;
        TypedName.configuredBy(named);
    }

    /** Reads it; what is wrong with parts that the command does not use is reported all the same, except for secrets. */
    public Configuration read(Terminal terminal, Set<Part> parts) {
        Configuration configuration = ConfigurationReader.read(file, terminal.environment(), parts);
        disks = Optional.of(Disks.of(configuration));
        return configuration;
    }

    @Override
    public Optional<Disks> disks() {
        return disks;
    }

    /** Reads it and sends the log to the file. */
    public Configuration readAndLog(Terminal terminal, Part... parts) {
        return readAndLog(terminal, Set.of(parts));
    }

    /** Reads it and sends the log to the file. */
    public Configuration readAndLog(Terminal terminal, Set<Part> parts) {
        Configuration configuration = read(terminal, parts);
        Logging.toFile(
                configuration.installation().logs(),
                configuration.installation().logFormat());
        return configuration;
    }

    /** Sends the log to the file, and warnings to the screen as well. */
    public static void logOfService(Terminal terminal, Configuration configuration) {
        Logging.toFileAndScreen(
                configuration.installation().logs(),
                configuration.installation().logFormat(),
                terminal.screen());
    }
}
