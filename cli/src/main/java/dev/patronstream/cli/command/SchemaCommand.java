package dev.patronstream.cli.command;

import dev.patronstream.cli.config.setting.JsonSchema;
import dev.patronstream.cli.screen.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code schema}: what editors need to complete and check the configuration. */
@Command(
        name = "schema",
        mixinStandardHelpOptions = true,
        description = "Prints the JSON Schema of the configuration, for completion in editors. init writes it, too.",
        footer = {"", "Example: patronstream schema > patronstream.schema.json"})
final class SchemaCommand implements Callable<Integer> {

    private final Terminal terminal;

    SchemaCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        terminal.out().print(JsonSchema.text());
        terminal.out().flush();
        return 0;
    }
}
