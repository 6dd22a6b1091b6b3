package dev.patronstream.cli.command;

import dev.patronstream.cli.cluster.Cluster;
import dev.patronstream.cli.cluster.ClusterClients;
import dev.patronstream.cli.command.option.ConfigurationOption;
import dev.patronstream.cli.command.option.Converters;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.config.setting.Part;
import dev.patronstream.cli.run.CaptureDecision;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.cli.screen.Terminal;
import dev.patronstream.connector.start.Holds;
import dev.patronstream.schemas.CaptureHold;
import dev.patronstream.schemas.HoldDecision;
import dev.patronstream.schemas.feed.Removals;
import dev.patronstream.schemas.lifecycle.ThisProcess;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * A person's decision on the snapshot that the connector holds, sent to it through the topic of holds: so it reaches a
 * connector on another machine, and one that is just being restarted.
 */
@Command
final class HoldCommands {

    private static final int WRONG = 2;
    private static final int HELD = 3;
    private static final Duration MOMENT = Duration.ofMillis(500);

    private final Terminal terminal;

    HoldCommands(Terminal terminal) {
        this.terminal = terminal;
    }

    /** What both take. */
    static final class Held extends ConfigurationOption {

        @Parameters(paramLabel = "connector", description = "What is held: connector.")
        private String what = "";

        @Option(
                names = "--hold",
                paramLabel = "ID",
                description = "Only if the connector holds just this (status shows the id); else what it holds now.")
        private @Nullable String id;

        @Option(names = "--note", paramLabel = "TEXT", description = "Why; kept with the decision.")
        private @Nullable String note;

        @Option(
                names = "--wait",
                paramLabel = "TIME",
                converter = Converters.Time.class,
                description = "How long to wait for the connector to act (default: 60s).")
        private Duration wait = Duration.ofSeconds(60);
    }

    @Command(
            name = "approve",
            mixinStandardHelpOptions = true,
            description = "Lets the connector publish the snapshot that it holds because it would remove too much.",
            footer = {"", "Example: patronstream approve connector"})
    int approve(@Mixin Held option) throws InterruptedException {
        return decide(option, HoldDecision.APPROVED);
    }

    @Command(
            name = "reject",
            mixinStandardHelpOptions = true,
            description = "Refuses the snapshot that the connector holds; nothing of it is published.",
            footer = {"", "Example: patronstream reject connector"})
    int reject(@Mixin Held option) throws InterruptedException {
        return decide(option, HoldDecision.REJECTED);
    }

    /** Sends the decision, says what it was about and what became of it; returns the exit code. */
    private int decide(Held option, HoldDecision decision) throws InterruptedException {
        if (!option.what.equals("connector")) {
            throw new CommandFailedException(
                    "Only the connector's snapshot is decided on here: say connector instead of '" + option.what
                            + "'. For deliveries there is `patronstream deliveries`",
                    WRONG);
        }
        Configuration configuration = option.readAndLog(terminal, Part.KAFKA);
        ClusterClients clients = Cluster.running(configuration);
        try (Holds holds = CaptureDecision.holds(configuration, clients)) {
            CaptureHold held = CaptureDecision.held(holds, Optional.ofNullable(option.id));
            holds.decide(
                    held,
                    decision,
                    System.getProperty("user.name") + "@" + ThisProcess.host(),
                    Optional.ofNullable(option.note),
                    Instant.now());
            terminal.line((decision == HoldDecision.APPROVED ? "Approved" : "Rejected") + ": hold " + held.getId()
                    + ", a snapshot of " + held.getIncarnation());
            terminal.line("  taken because " + held.getReason());
            terminal.line("  would remove " + Removals.words(held.getRemovals()));
            if (decision == HoldDecision.REJECTED) {
                terminal.line("Nothing of it is published. Capture goes on by itself when the database holds the rows"
                        + " again.");
                return 0;
            }
            return awaitPublished(holds, held, option.wait);
        }
    }

    private int awaitPublished(Holds holds, CaptureHold held, Duration wait) throws InterruptedException {
        long until = System.nanoTime() + wait.toNanos();
        while (System.nanoTime() < until) {
            Optional<CaptureHold> now = holds.read().held();
            if (now.isEmpty()) {
                terminal.line("The snapshot is published, and capture goes on.");
                return 0;
            }
            if (!now.get().getId().equals(held.getId())) {
                throw new CommandFailedException(
                        "The database has changed since: the connector now holds "
                                + now.get().getId() + ", which would remove "
                                + Removals.words(now.get().getRemovals())
                                + ". Nothing was removed",
                        HELD);
            }
            Thread.sleep(MOMENT.toMillis());
        }
        terminal.line("The connector has not finished yet; the decision stands, and it acts on it as soon as it runs.");
        return 0;
    }
}
