package dev.patronstream.demo;

import dev.patronstream.cli.command.FurtherCommands;
import dev.patronstream.cli.screen.Terminal;
import java.util.List;

/** The commands {@code demo} and {@code sandbox}. */
public final class DemoCommands implements FurtherCommands {

    @Override
    public List<Object> commands(Terminal terminal) {
        return List.of(new DemoCommand(terminal), new SandboxCommand(terminal));
    }
}
