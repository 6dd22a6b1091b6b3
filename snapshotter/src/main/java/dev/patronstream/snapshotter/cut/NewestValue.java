package dev.patronstream.snapshotter.cut;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Follows a topic in which only the newest record counts.
 *
 * <p>Looks backwards from the end in growing steps, since compaction and the markers of transactions leave gaps of any
 * length; then reads on. Not thread-safe; the consumer stays the caller's.
 */
final class NewestValue<T> {

    private static final long FIRST_STEP = 64;
    private static final long STEP_FACTOR = 16;
    private static final Duration READ = Duration.ofMillis(200);

    private final Consumer<String, T> consumer;
    private final TopicPartition partition;
    private Optional<T> newest = Optional.empty();

    NewestValue(Consumer<String, T> consumer, String topic) {
        this.consumer = consumer;
        this.partition = new TopicPartition(topic, 0);
        consumer.assign(List.of(partition));
        findLast();
    }

    /** Returns the newest value seen so far. */
    Optional<T> value() {
        return newest;
    }

    /** Waits a moment for newer values and returns the newest one. */
    Optional<T> await(Duration moment) {
        take(moment);
        return newest;
    }

    /** Reads what is committed by now, until the deadline at the latest, and returns the newest value. */
    Optional<T> atEnd(Deadline deadline) throws CutFailedException {
        long end = consumer.endOffsets(List.of(partition)).get(partition);
        while (consumer.position(partition) < end) {
            if (deadline.isOver()) {
                throw new CutFailedException("Reading the topic " + partition.topic() + " to its end did not come to"
                        + " an end within " + deadline.limit());
            }
            take(READ);
        }
        return newest;
    }

    private void findLast() {
        long end = consumer.endOffsets(List.of(partition)).get(partition);
        long begin = consumer.beginningOffsets(List.of(partition)).get(partition);
        long from = end;
        for (long step = FIRST_STEP; newest.isEmpty() && from > begin; step *= STEP_FACTOR) {
            from = Math.max(begin, end - step);
            consumer.seek(partition, from);
            while (consumer.position(partition) < end) {
                take(READ);
            }
        }
        if (newest.isEmpty()) {
            consumer.seek(partition, end);
        }
    }

    private void take(Duration moment) {
        for (ConsumerRecord<String, T> record : consumer.poll(moment)) {
            newest = Optional.ofNullable(record.value());
        }
    }
}
