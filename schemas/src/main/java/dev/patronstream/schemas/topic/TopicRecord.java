package dev.patronstream.schemas.topic;

import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.common.header.Headers;

/**
 * A committed record, as far as it can be read. One that is not of its topic's form is foreign: something else than the
 * stages wrote it. What it says counts for nothing, but that it is there does: it hides an earlier record of its key from
 * compaction.
 *
 * @param topic where it stands
 * @param offset where in the topic
 * @param timestamp when the broker took it, in milliseconds
 * @param key its key; empty where it has none
 * @param epoch the epoch that its header names, if it names one
 * @param headers all of its headers
 * @param value its value; empty for a deletion and for a foreign record
 * @param foreign what is wrong with it; empty for a record of the topic's form. Says nothing of its content
 */
public record TopicRecord<V>(
        String topic,
        long offset,
        long timestamp,
        String key,
        OptionalLong epoch,
        Headers headers,
        Optional<V> value,
        Optional<String> foreign) {

    /** Whether the record deletes its key. */
    public boolean isDeletion() {
        return value.isEmpty() && foreign.isEmpty();
    }

    /** Whether something else than the stages wrote the record. */
    public boolean isForeign() {
        return foreign.isPresent();
    }

    /** Returns the same record as a foreign one. */
    public TopicRecord<V> foreignBecause(String why) {
        return new TopicRecord<>(topic, offset, timestamp, key, epoch, headers, Optional.empty(), Optional.of(why));
    }

    /** Returns what to say of a foreign record. */
    public String complaint() {
        return "the record at offset " + offset + " of topic " + topic + " was written by something else: "
                + foreign.orElse("");
    }
}
