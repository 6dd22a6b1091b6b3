package dev.patronstream.streams.rebuild;

import java.time.Instant;
import java.util.List;

/**
 * What a rebuild did.
 *
 * @param begun when it began, which may have been in a process that was killed
 * @param epoch the epoch that the tables are the state of
 * @param tables the patron table and the feeds
 */
public record RebuildReport(Instant begun, long epoch, List<Table> tables) {

    /** Copies the list. */
    public RebuildReport {
        tables = List.copyOf(tables);
    }

    /** One table: how many persons it holds, the offsets at which its topic ended and ends, and how much was written. */
    public record Table(String topic, boolean isCleared, long entries, long endBefore, long endAfter, long written) {}
}
