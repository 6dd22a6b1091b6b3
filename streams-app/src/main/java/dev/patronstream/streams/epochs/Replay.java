package dev.patronstream.streams.epochs;

import dev.patronstream.schemas.Progress;
import dev.patronstream.schemas.topic.TopicRecord;
import java.util.HashSet;
import java.util.Set;

/**
 * A start without state: no epoch before the goal is applied, so rows up to it need not wait in the inbox.
 *
 * <p>Of a topic of which a row waits, all later ones do, since the last state of a row counts. A later epoch's row where
 * the goal counts its own waits, for {@link Inbox#hasLaterRows} to see.
 */
final class Replay {

    private final Progress goal;
    private final Set<String> waiting;

    /** @param waiting the topics of which a row waits */
    Replay(Progress goal, Set<String> waiting) {
        this.goal = goal;
        this.waiting = new HashSet<>(waiting);
    }

    /** Whether a row is taken over at once. */
    boolean takesOver(TopicRecord<?> row) {
        boolean takesOver = row.offset() < goal.getNextOffsets().getOrDefault(row.topic(), 0L)
                && row.epoch().orElseThrow() <= goal.getEpoch()
                && !waiting.contains(row.topic());
        if (!takesOver) {
            waiting.add(row.topic());
        }
        return takesOver;
    }
}
