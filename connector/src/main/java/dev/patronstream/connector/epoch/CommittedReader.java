package dev.patronstream.connector.epoch;

import dev.patronstream.schemas.CommittedConsumer;
import dev.patronstream.schemas.KafkaAnswers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Reads what is committed in a topic's only partition, up to its end at the time of asking.
 *
 * <p>The end is the high watermark: the end for {@code read_committed} readers can stand before records whose
 * transaction is committed already but not yet marked in this partition. Not thread-safe.
 */
public final class CommittedReader implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final long FIRST_WINDOW = 32;
    private static final long WINDOW_GROWTH = 16;

    private final Admin admin;
    private final CommittedConsumer<String, byte[]> consumer;
    private final Duration patience;

    /** Receives a record. */
    @FunctionalInterface
    public interface Receiver {
        /** Takes a record; its value is null for a tombstone. */
        void take(ConsumerRecord<String, byte[]> committed);
    }

    /**
     * Makes a reader with clients of its own.
     *
     * @param kafka properties of the Kafka clients
     * @param patience how long to wait for progress before giving up
     */
    public CommittedReader(Map<String, ?> kafka, Duration patience) {
        this.patience = patience;
        this.admin = Admin.create(new HashMap<>(kafka));
        this.consumer = new CommittedConsumer<>(
                kafka,
                Map.of(
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                        500),
                new StringDeserializer(),
                new ByteArrayDeserializer());
    }

    /** Returns the last record of each of the keys; a key that was never written, or whose record is deleted, is absent. */
    public Map<String, byte[]> last(String topic, Set<String> keys) {
        TopicPartition partition = new TopicPartition(topic, 0);
        long begin = offset(partition, OffsetSpec.earliest());
        long end = offset(partition, OffsetSpec.latest());
        Map<String, byte[]> found = new HashMap<>();
        for (long window = FIRST_WINDOW; ; window *= WINDOW_GROWTH) {
            long start = Math.max(begin, end - window);
            found.clear();
            read(partition, start, end, committed -> {
                if (keys.contains(committed.key())) {
                    found.put(committed.key(), committed.value());
                }
            });
            if (start == begin || found.keySet().containsAll(keys)) {
                found.values().removeIf(java.util.Objects::isNull);
                return found;
            }
        }
    }

    /** Hands every committed record to the receiver, from the first to the last. */
    public void all(String topic, Receiver receiver) {
        TopicPartition partition = new TopicPartition(topic, 0);
        read(partition, offset(partition, OffsetSpec.earliest()), offset(partition, OffsetSpec.latest()), receiver);
    }

    /** Returns the offset after the last record, committed or not. */
    public long end(String topic) {
        return offset(new TopicPartition(topic, 0), OffsetSpec.latest());
    }

    private void read(TopicPartition partition, long start, long end, Receiver receiver) {
        consumer.assign(List.of(partition));
        consumer.seek(partition, start);
        long deadline = System.nanoTime() + patience.toNanos();
        long position = start;
        while (position < end) {
            for (ConsumerRecord<String, byte[]> committed : consumer.poll(POLL)) {
                if (committed.offset() < end) {
                    receiver.take(committed);
                }
            }
            long reached = consumer.position(partition);
            if (reached > position) {
                deadline = System.nanoTime() + patience.toNanos();
            } else if (System.nanoTime() > deadline) {
                throw new TimeoutException("Reading " + partition + " stands still at offset " + position + " of "
                        + end + "; a transaction before the end is neither committed nor aborted, or the broker is"
                        + " slow");
            }
            position = reached;
        }
    }

    private long offset(TopicPartition partition, OffsetSpec which) {
        return KafkaAnswers.await(admin.listOffsets(
                                Map.of(partition, which), new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                        .partitionResult(partition))
                .offset();
    }

    @Override
    public void close() {
        try (admin) {
            consumer.close();
        }
    }
}
