package dev.patronstream.cli.run;

import dev.patronstream.cli.cluster.ClusterClients;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.connector.start.Holds;
import dev.patronstream.schemas.CaptureHold;
import dev.patronstream.schemas.feed.Removals;
import java.time.Duration;
import java.util.Optional;

/** What a person decides about the snapshot that capture holds, from the terminal or the page. */
public final class CaptureDecision {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private CaptureDecision() {}

    /** Opens the topic of holds, by which a decision reaches capture wherever it runs. */
    public static Holds holds(Configuration configuration, ClusterClients clients) {
        return new Holds(clients.kafkaProperties(), configuration.topics(), clients.avro(), PATIENCE);
    }

    /**
     * Returns what capture holds.
     *
     * @param id what the person looked at; empty for anything that is held
     * @throws CommandFailedException if it holds nothing, or something else by now
     */
    public static CaptureHold held(Holds holds, Optional<String> id) {
        CaptureHold held = holds.read()
                .held()
                .orElseThrow(
                        () -> new CommandFailedException("The connector holds nothing, so there is nothing to decide"));
        if (id.isPresent() && !id.get().equals(held.getId())) {
            throw new CommandFailedException("The connector does not hold " + id.get() + " any more. It holds "
                    + held.getId() + ", which would remove " + Removals.words(held.getRemovals())
                    + ". Look at it, and decide on that");
        }
        return held;
    }
}
