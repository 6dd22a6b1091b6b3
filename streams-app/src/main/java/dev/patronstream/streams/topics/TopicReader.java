package dev.patronstream.streams.topics;

import dev.patronstream.schemas.topic.TopicRecord;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * Reads topics beside the topology's own input: what the state remembers of a topic is compared with the topic, and what
 * was written in an earlier run is taken over. Only committed records are seen. Used by one thread.
 */
public interface TopicReader extends AutoCloseable {

    /** Returns what a topic is known by, as {@link dev.patronstream.schemas.topic.TopicIdentity#text}. */
    String identity(String topic);

    /** Returns up to where the application's group has read a topic, if it has a position there. */
    OptionalLong position(String topic);

    /** Returns the topic's high watermark: everything that was acknowledged lies below it. */
    long end(String topic);

    /** Returns the first committed record between the offsets, {@code to} excluded; waits for open transactions. */
    Optional<TopicRecord<byte[]>> first(String topic, long from, long to);

    /**
     * Whether it is certain that no committed record lies between the offsets, {@code to} excluded. An answer that needs
     * more time is no; ask again.
     */
    boolean isEmptyBetween(String topic, long from, long to);

    /** Returns the last committed record of a topic below its high watermark; waits for open transactions. */
    default Optional<TopicRecord<byte[]>> last(String topic) {
        return last(topic, any -> true);
    }

    /** Returns the last committed record that counts. */
    Optional<TopicRecord<byte[]>> last(String topic, Predicate<TopicRecord<byte[]>> counts);

    /**
     * Reads a topic in parts from its beginning to the end that it has now; transactions that are open then are over at
     * the end. A part may be empty although more will come. One scan at a time.
     */
    Iterator<List<TopicRecord<byte[]>>> scan(String topic);

    @Override
    void close();
}
