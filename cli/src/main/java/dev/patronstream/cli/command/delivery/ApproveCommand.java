package dev.patronstream.cli.command.delivery;

import dev.patronstream.cli.screen.Terminal;
import dev.patronstream.schemas.HoldDecision;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code approve connector}: a decision on a held snapshot. */
@Command(
        name = "approve",
        mixinStandardHelpOptions = true,
        description = "Lets the connector publish the snapshot that it holds because it would remove too much.",
        footer = {"", "Example: patronstream approve connector"})
public final class ApproveCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin
    private final HoldDecisions decisions = new HoldDecisions();

    public ApproveCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        return decisions.decide(terminal, HoldDecision.APPROVED);
    }
}
