package dev.patronstream.connector.capture;

import dev.patronstream.connector.database.FreshnessProbe.Observation;
import dev.patronstream.connector.database.LogEntry;
import dev.patronstream.schemas.Lsn;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * How far the watermark reaches beyond what was published, and how fresh it is.
 *
 * <p>Each look at the database gives a fact that stays true: of all changes of our tables, none lies between the last
 * one the look saw and the max LSN it saw. Once that last change is published, everything up to the max LSN is. So a
 * quiet spell moves the watermark without asking what the engine has read. Not thread-safe.
 */
final class Horizon {

    private static final int MOST_FACTS = 64;

    private final Deque<Fact> facts = new ArrayDeque<>();
    private Lsn reached = Lsn.NONE;
    private Optional<LogEntry> reachedEntry = Optional.empty();
    private Optional<Instant> freshAsOf = Optional.empty();

    private record Fact(Lsn lastChange, Observation seen, Optional<LogEntry> entry) {}

    /**
     * Takes a look's fact.
     *
     * @param lastChange the last change of our tables up to the max LSN of the look
     * @param entry the log's entry at the max LSN
     */
    void add(Lsn lastChange, Observation seen, Optional<LogEntry> entry) {
        if (facts.size() == MOST_FACTS) {
            facts.removeFirst();
        }
        facts.addLast(new Fact(lastChange, seen, entry));
    }

    /** Takes note that everything up to here is published; returns how far that reaches. */
    Lsn published(Lsn upTo) {
        while (!facts.isEmpty() && !facts.getFirst().lastChange().isAfter(upTo)) {
            Fact fact = facts.removeFirst();
            if (fact.seen().maxLsn().isAfter(reached)) {
                reached = fact.seen().maxLsn();
                reachedEntry = fact.entry();
            }
            freshAsOf = fact.seen().freshness().asOf();
        }
        return reached.isAfter(upTo) ? reached : upTo;
    }

    /** The log's entry at the place that was reached. */
    Optional<LogEntry> reachedEntry() {
        return reachedEntry;
    }

    /** Every change before this time is published, if that is known. */
    Optional<Instant> freshAsOf() {
        return freshAsOf;
    }
}
