package dev.patronstream.streams.topics;

import dev.patronstream.schemas.topic.TopicRecord;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The last record of a topic that is known: enough to see later whether the topic still holds it. A topic that has lost
 * its tail lacks the record, or holds another one at its offset. So does one whose compaction has removed it; nothing
 * tells the two apart, and both are taken for a loss.
 *
 * @param offset the record's offset; -1 before the first
 * @param digest the broker's time of the record, and a checksum of key and value
 */
public record Note(long offset, String digest) {

    /** Nothing has been read yet. */
    public static final Note NOTHING = new Note(-1, "-");

    static Note of(TopicRecord<byte[]> record) {
        return new Note(
                record.offset(),
                digest(record.timestamp(), record.key(), record.value().orElse(null)));
    }

    /** Returns a note of the last record of a topic. */
    public static Note ofLast(String topic, TopicReader reader) {
        return reader.last(topic).map(Note::of).orElse(NOTHING);
    }

    /** Tells a record from others; {@code stamp} is a number that says when or for what it was written. */
    public static String digest(long stamp, String key, byte @Nullable [] value) {
        CRC32C checksum = new CRC32C();
        checksum.update(key.getBytes(StandardCharsets.UTF_8));
        if (value != null) {
            checksum.update(0);
            checksum.update(value);
        }
        return Long.toHexString(stamp) + "-" + Long.toHexString(checksum.getValue());
    }

    /** The offset after it. */
    public long next() {
        return offset + 1;
    }

    /** Whether the topic holds the record. */
    public boolean fits(String topic, TopicReader reader) {
        return offset < 0
                || reader.first(topic, offset, offset + 1)
                        .map(Note::of)
                        .filter(this::equals)
                        .isPresent();
    }

    /** One line. */
    public String text() {
        return offset + " " + digest;
    }

    /** Reads a line. */
    public static Note of(String text) {
        String[] parts = text.split(" ", 2);
        return new Note(Long.parseLong(parts[0]), parts[1]);
    }
}
