package dev.patronstream.cli.command.delivery;

import dev.patronstream.cli.cluster.Cluster;
import dev.patronstream.cli.cluster.ClusterClients;
import dev.patronstream.cli.command.option.ConfiguredCommand;
import dev.patronstream.cli.command.option.DurationConverter;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.config.setting.Part;
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
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * A person's decision on the snapshot that the connector holds, sent to it through the topic of holds: so it reaches a
 * connector on another machine, and one that is just being restarted.
 */
abstract class HoldCommand extends ConfiguredCommand {

    private static final int WRONG = 2;
    private static final int HELD = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration MOMENT = Duration.ofMillis(500);

    private final HoldDecision decision;

    @Parameters(paramLabel = "connector", description = "What is held: connector.")
    private String what = "";

    @Option(
            names = "--hold",
            paramLabel = "ID",
            description = "Only if the connector holds just this (status shows the id); else what it holds now.")
    private @Nullable String id;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "How long to wait for the connector to act (default: 60s).")
    private Duration wait = Duration.ofSeconds(60);

    HoldCommand(Terminal terminal, HoldDecision decision) {
        super(terminal);
        this.decision = decision;
    }

    /** Sends the decision, says what it was about and what became of it; returns the exit code. */
    @Override
    public Integer call() throws InterruptedException {
        if (!what.equals("connector")) {
            throw new CommandFailedException(
                    "Only the connector's snapshot is decided on here: say connector instead of '" + what
                            + "'. For deliveries there is `patronstream deliveries`",
                    WRONG);
        }
        Configuration configuration = configuration(Part.KAFKA);
        ClusterClients clients = Cluster.running(configuration);
        try (Holds holds = new Holds(clients.kafkaProperties(), configuration.topics(), clients.avro(), PATIENCE)) {
            CaptureHold held = held(holds);
            holds.decide(held, decision, account(), Instant.now());
            String verb = decision == HoldDecision.APPROVED ? "Approved" : "Rejected";
            line(verb + ": hold " + held.getId() + ", a snapshot of " + held.getIncarnation());
            line("  taken because " + held.getReason());
            line("  would remove " + Removals.words(held.getRemovals()));
            if (decision == HoldDecision.REJECTED) {
                line("Nothing of it is published. Capture goes on by itself when the database holds the rows"
                        + " again.");
                return 0;
            }
            return awaitPublished(holds, held);
        }
    }

    private CaptureHold held(Holds holds) {
        Optional<CaptureHold> held = holds.read().held();
        if (held.isEmpty()) {
            throw new CommandFailedException("The connector holds nothing, so there is nothing to decide");
        }
        if (id != null && !id.equals(held.get().getId())) {
            throw new CommandFailedException("The connector does not hold " + id + " any more. It holds "
                    + held.get().getId() + ", which would remove "
                    + Removals.words(held.get().getRemovals())
                    + ". Look at it, and decide on that");
        }
        return held.get();
    }

    private int awaitPublished(Holds holds, CaptureHold held) throws InterruptedException {
        long until = System.nanoTime() + wait.toNanos();
        while (System.nanoTime() < until) {
            Optional<CaptureHold> now = holds.read().held();
            if (now.isEmpty()) {
                line("The snapshot is published, and capture goes on.");
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
        line("The connector has not finished yet; the decision stands, and it acts on it as soon as it runs.");
        return 0;
    }

    private static String account() {
        return System.getProperty("user.name") + "@" + ThisProcess.host();
    }
}
