package dev.patronstream.streams.epochs;

import dev.patronstream.schemas.Progress;
import dev.patronstream.schemas.topic.TopicRecord;
import dev.patronstream.streams.topics.LostStateException;
import dev.patronstream.streams.topics.TopicReader;
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
    /** The topics of which a row waits. */
    private final Set<String> waiting = new HashSet<>();

    Replay(Progress goal) {
        this.goal = goal;
    }

    /**
     * Goes on with a topic of which a part was read before.
     *
     * @param taken the offset below which rows were taken over
     * @param waits whether a row waits there
     * @throws LostStateException if a row was taken over that the goal does not count: the end of its epoch is lost, and
     *     the tables are the state of no epoch
     */
    void resume(String topic, long taken, boolean waits, TopicReader reader) {
        // Of a topic that no epoch counts nothing is taken over.
        long end = goal.getNextOffsets().getOrDefault(topic, Long.MAX_VALUE);
        if (end < taken && reader.first(topic, end, taken).isPresent()) {
            throw new LostStateException(
                    "Rows of topic " + topic + " from offset " + end + " on were read for an epoch whose end is lost");
        }
        if (waits) {
            waiting.add(topic);
        }
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
