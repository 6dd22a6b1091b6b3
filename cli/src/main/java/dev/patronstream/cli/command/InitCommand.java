package dev.patronstream.cli.command;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.patronstream.cli.config.setting.JsonSchema;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.cli.screen.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code init}: a configuration to begin with. */
@Command(
        name = "init",
        mixinStandardHelpOptions = true,
        description =
                "Writes a commented configuration to fill in, never over one that is there, and beside it the JSON Schema with"
                        + " which editors complete it.",
        footer = {"", "Example: patronstream init"})
final class InitCommand implements Callable<Integer> {

    private static final String TEMPLATE = "patronstream.yaml";

    private final Terminal terminal;

    @Parameters(paramLabel = "FILE", arity = "0..1", description = "Where to (default: ./patronstream.yaml).")
    private Path file = Path.of(TEMPLATE);

    InitCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        try (InputStream template =
                Objects.requireNonNull(InitCommand.class.getResourceAsStream(TEMPLATE), "the template is in the jar")) {
            Files.copy(template, file);
        } catch (FileAlreadyExistsException e) {
            throw new CommandFailedException(file + " is there already; it was left as it is", e);
        } catch (IOException e) {
            throw new CommandFailedException(file + " cannot be written: " + e.getMessage(), e);
        }
        Path schema = file.resolveSibling("patronstream.schema.json");
        writeSchema(schema);
        terminal.screen()
                .line("Wrote " + file + " and " + schema
                        + ". Fill in the database, the feed and its destination; then:");
        terminal.screen().line("  export SQLSERVER_PASSWORD=... DESTINY_PASSWORD=...");
        terminal.screen()
                .line("  patronstream sql --config " + file
                        + " > patronstream.sql     # for the database administrator");
        terminal.screen().line("  patronstream check --config " + file);
        terminal.screen().line("  patronstream run --config " + file);
        return 0;
    }

    /** Writes the schema, also over an earlier one, but not through a symbolic link, which may lead to any file. */
    private void writeSchema(Path schema) {
        try {
            Files.writeString(schema, JsonSchema.text(), CREATE, TRUNCATE_EXISTING, WRITE, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            String why = Files.isSymbolicLink(schema) ? "it is a symbolic link" : e.getMessage();
            throw new CommandFailedException(
                    "Wrote " + file + ", but " + schema + " cannot be written: " + why
                            + "; the configuration works without it, and `patronstream schema` prints it",
                    e);
        }
    }
}
