package dev.patronstream.cli.command.delivery;

import dev.patronstream.cli.screen.Terminal;
import dev.patronstream.schemas.HoldDecision;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code reject connector}: a decision on a held snapshot. */
@Command(
        name = "reject",
        mixinStandardHelpOptions = true,
        description = "Refuses the snapshot that the connector holds; nothing of it is published.",
        footer = {"", "Example: patronstream reject connector"})
public final class RejectCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin
    private final HoldDecisions decisions = new HoldDecisions();

    public RejectCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        return decisions.decide(terminal, HoldDecision.REJECTED);
    }
}
