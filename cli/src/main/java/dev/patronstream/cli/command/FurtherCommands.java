package dev.patronstream.cli.command;

import dev.patronstream.cli.screen.Terminal;
import java.util.List;

/** Commands of another jar on the class path, found by {@link java.util.ServiceLoader}: the demo's, where it is installed. */
public interface FurtherCommands {

    /** Returns the commands, as picocli takes them, in the order in which the help shows them. */
    List<Object> commands(Terminal terminal);
}
