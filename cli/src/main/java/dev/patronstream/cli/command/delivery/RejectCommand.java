package dev.patronstream.cli.command.delivery;

import dev.patronstream.cli.screen.Terminal;
import dev.patronstream.schemas.HoldDecision;
import picocli.CommandLine.Command;

/** {@code reject connector}: a decision on a held snapshot. */
@Command(
        name = "reject",
        mixinStandardHelpOptions = true,
        description = "Refuses the snapshot that the connector holds; nothing of it is published.",
        footer = {"", "Example: patronstream reject connector"})
public final class RejectCommand extends HoldCommand {

    public RejectCommand(Terminal terminal) {
        super(terminal, HoldDecision.REJECTED);
    }
}
