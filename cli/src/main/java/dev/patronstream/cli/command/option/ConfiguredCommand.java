package dev.patronstream.cli.command.option;

import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.config.setting.Part;
import dev.patronstream.cli.screen.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/** A command that needs the configuration. */
public abstract class ConfiguredCommand implements Callable<Integer> {

    protected final Terminal terminal;

    @Mixin
    protected final ConfigurationOption option = new ConfigurationOption();

    protected ConfiguredCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Reads the configuration, with the secrets of these parts, and sends the log to the file. */
    protected final Configuration configuration(Part... parts) {
        return option.readAndLog(terminal, parts);
    }

    protected final void line(String text) {
        terminal.line(text);
    }
}
