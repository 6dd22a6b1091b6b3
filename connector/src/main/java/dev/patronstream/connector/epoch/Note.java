package dev.patronstream.connector.epoch;

import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.schemas.topic.TopicIdentity;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What a topic ends with: enough to see later whether it still does. One that was made again, or has lost its
 * beginning, is known by something else. One that has
 * lost its tail lacks the record, or holds another one in its place; one that is ahead of the note ends with another.
 *
 * @param topicId what the topic is known by, as {@link TopicIdentity#text}
 * @param next the offset after the record; {@link #ANYWHERE} where the digest tells it from all others
 * @param digest of the record: its epoch and a checksum of key and value; empty for a topic without records
 */
public record Note(String topicId, long next, String digest) {

    /** The place in the topic is not noted. */
    public static final long ANYWHERE = -1;

    /** Returns a note of what a topic ends with before an offset. */
    public static Note of(CommittedTopics topics, String topic, String topicId, long before) {
        return topics.last(topic, before, any -> true)
                .map(last -> new Note(
                        topicId,
                        last.offset() + 1,
                        digest(last.epoch().orElse(0), last.key(), last.value().orElse(null))))
                .orElse(new Note(topicId, 0, ""));
    }

    /** The offset that the topic begins at. */
    public long first() {
        return TopicIdentity.of(topicId).first();
    }

    /** Whether a topic ends with the same record. */
    public boolean fits(Note now) {
        return topicId.equals(now.topicId) && digest.equals(now.digest) && (next == now.next || next == ANYWHERE);
    }

    /** Returns what tells a record from others in its topic. */
    static String digest(long epoch, @Nullable String key, byte @Nullable [] value) {
        CRC32C checksum = new CRC32C();
        checksum.update((key + "\n").getBytes(StandardCharsets.UTF_8));
        if (value != null) {
            checksum.update(value);
        }
        return epoch + "/" + (value == null ? "-" : value.length + "/") + Long.toHexString(checksum.getValue());
    }
}
