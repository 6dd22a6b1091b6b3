package dev.patronstream.cli.command.delivery;

import dev.patronstream.cli.screen.Terminal;
import dev.patronstream.schemas.HoldDecision;
import picocli.CommandLine.Command;

/** {@code approve connector}: a decision on a held snapshot. */
@Command(
        name = "approve",
        mixinStandardHelpOptions = true,
        description = "Lets the connector publish the snapshot that it holds because it would remove too much.",
        footer = {"", "Example: patronstream approve connector"})
public final class ApproveCommand extends HoldCommand {

    public ApproveCommand(Terminal terminal) {
        super(terminal, HoldDecision.APPROVED);
    }
}
