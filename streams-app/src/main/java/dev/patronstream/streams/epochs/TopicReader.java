package dev.patronstream.streams.epochs;

import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Reads topics beside the topology's own input: what it wrote itself in an earlier life, and whether there is anything
 * left to come where compaction has been. Only committed records are seen. Used by one thread.
 */
public interface TopicReader extends AutoCloseable {

    /**
     * A record.
     *
     * @param key the key as text
     * @param value the value; null for a tombstone
     */
    record Entry(String key, @Nullable Bytes value) {}

    /** Returns what tells a topic from another one of the same name: a topic made again has another identity. */
    String identity(String topic);

    /**
     * Whether it is certain that no committed record lies between the offsets, {@code to} excluded. An answer that needs
     * more time is no; ask again.
     */
    boolean isEmptyBetween(String topic, long from, long to);

    /**
     * Whether the application's group has read a committed record of a topic at this offset or after it, by its
     * positions.
     */
    boolean hasPassed(String topic, long offset);

    /** Returns the value of the last committed record of a topic, if it has any. */
    Optional<byte[]> lastValue(String topic);

    /** Begins to read a topic from its beginning to the end that it has now. One scan at a time. */
    Scan scan(String topic);

    @Override
    void close();

    /** A topic on its way to be read. */
    interface Scan {

        /** Returns some more records; may be none although more will come. */
        List<Entry> next();

        /** Whether all records up to the end have been returned; transactions that were open then are over. */
        boolean isFinished();
    }
}
