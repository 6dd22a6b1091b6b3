package dev.patronstream.schemas.topic;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Follows a topic in which only the newest record of one key counts; foreign records count for nothing. Not thread-safe.
 */
public final class NewestRecord<V> {

    private final TopicReading<V> reading;
    private final String key;
    private Optional<V> value = Optional.empty();
    private long deletions;

    NewestRecord(TopicReading<V> reading, String key) {
        this.reading = reading;
        this.key = key;
    }

    /** Returns the value of the newest record seen so far; empty while there is none, and when it is a deletion. */
    public Optional<V> value() {
        return value;
    }

    /** Returns how many deletions of the key were seen: two looks with the same number saw none between them. */
    public long deletions() {
        return deletions;
    }

    /** Waits a moment for newer records and returns the newest value. */
    public Optional<V> await(Duration moment) {
        reading.next(moment).forEach(this::take);
        return value;
    }

    /**
     * Reads to the high watermark that the topic has now.
     *
     * @param stop asked while something is to be waited for
     * @return whether it was reached before the caller stopped it
     */
    public boolean look(BooleanSupplier stop) {
        reading.lookAgain();
        return reading.toEnd(this::take, stop);
    }

    private void take(TopicRecord<V> record) {
        if (!record.key().equals(key)) {
            return;
        }
        if (record.isForeign()) {
            ForeignRecords.take(record);
        } else {
            value = record.value();
            deletions += record.isDeletion() ? 1 : 0;
        }
    }
}
