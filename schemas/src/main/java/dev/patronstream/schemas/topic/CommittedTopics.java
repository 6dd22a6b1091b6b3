package dev.patronstream.schemas.topic;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads back what is committed in topics with one partition.
 *
 * <p>There is one idea of a topic's end: the high watermark at the time of asking. The end that {@code read_committed}
 * readers see can stand before records whose transaction is committed but not yet marked in this partition. So a
 * reading goes on until its own position has reached the high watermark, and waits for transactions that are open below
 * it; each of them ends, at the latest when its own time-out is over.
 *
 * <p>A topic that is replaced while it is read is found by its id ({@link TopicReplacedException}). Not thread-safe, but
 * for {@link #id}, {@link #end} and {@link #version}, and one reading at a time: an earlier one must not be used when
 * another one was opened.
 */
public final class CommittedTopics implements AutoCloseable {

    /** Above the longest time-out of a transaction that writes topics of ours, so that one left behind ends before. */
    public static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final long FIRST_WINDOW = 32;
    private static final long WINDOW_GROWTH = 16;

    private final Admin admin;
    private final Map<String, Object> kafka;
    private final Duration patience;
    private @Nullable CommittedConsumer<String, byte[]> consumer;

    /** Makes a reader that waits for {@link #PATIENCE}. */
    public CommittedTopics(Map<String, ?> kafka) {
        this(kafka, PATIENCE);
    }

    /**
     * Makes a reader with clients of its own.
     *
     * @param kafka properties that every Kafka client gets
     * @param patience how long to wait for progress before giving up
     */
    public CommittedTopics(Map<String, ?> kafka, Duration patience) {
        this.patience = patience;
        Map<String, Object> client = new HashMap<>(kafka);
        client.putIfAbsent(AdminClientConfig.METRIC_REPORTER_CLASSES_CONFIG, CommittedConsumer.NO_REPORTERS);
        this.kafka = Map.copyOf(client);
        this.admin = Admin.create(this.kafka);
    }

    /** Returns the names of the cluster's topics. */
    public Set<String> names() {
        return KafkaAnswers.await(admin.listTopics().names());
    }

    /** Whether there is such a topic. */
    public boolean exists(String topic) {
        return id(topic).isPresent();
    }

    /** Returns the id of a topic: one that was deleted and made again has another. Empty when there is none. */
    public Optional<Uuid> id(String topic) {
        try {
            return Optional.of(
                    KafkaAnswers.await(admin.describeTopics(List.of(topic)).allTopicNames())
                            .get(topic)
                            .topicId());
        } catch (UnknownTopicOrPartitionException none) {
            return Optional.empty();
        }
    }

    /** Returns what a topic is known by; empty when there is none. */
    public Optional<TopicIdentity> identity(String topic) {
        return id(topic).map(id -> new TopicIdentity(id.toString(), offset(topic, OffsetSpec.earliest())));
    }

    /**
     * Returns the offset after the last record that is safe on the brokers, whether its transaction has ended or not.
     *
     * @throws UnknownTopicOrPartitionException if there is no such topic
     */
    public long end(String topic) {
        return offset(topic, OffsetSpec.latest());
    }

    /** Whether no transaction is open in a topic, for which those who read it would wait; so where there is no topic. */
    public boolean isSettled(String topic) {
        try {
            return offset(topic, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED) == end(topic);
        } catch (UnknownTopicOrPartitionException none) {
            return true;
        }
    }

    /**
     * Returns a number that is another one whenever something was written to a topic, without reading it; empty when there
     * is none. The same offset under another topic id is another version.
     */
    public OptionalLong version(String topic) {
        return id(topic)
                .map(id -> OptionalLong.of(id.getLeastSignificantBits() + end(topic)))
                .orElse(OptionalLong.empty());
    }

    /**
     * Opens a topic from its first record to its end.
     *
     * @throws UnknownTopicOrPartitionException if there is no such topic
     */
    public <V> TopicReading<V> open(String topic, RecordForm<V> form) {
        return open(topic, form, 0);
    }

    /**
     * Opens a topic from an offset, or its first record where that is later, to its end.
     *
     * @throws UnknownTopicOrPartitionException if there is no such topic
     * @throws TopicReplacedException if the topic ends before the offset
     */
    public <V> TopicReading<V> open(String topic, RecordForm<V> form, long from) {
        Uuid id = id(topic).orElseThrow(() -> new UnknownTopicOrPartitionException("There is no topic " + topic));
        ForeignRecords.isIn(topic, id);
        long begin = Math.max(from, offset(topic, OffsetSpec.earliest()));
        long end = end(topic);
        if (begin > end) {
            throw new TopicReplacedException(topic);
        }
        if (consumer == null) {
            consumer = new CommittedConsumer<>(kafka, new StringDeserializer(), new ByteArrayDeserializer());
        }
        return new TopicReading<>(this, consumer, form, topic, id, begin, end);
    }

    /**
     * Reads a topic from its first record to its end; one that does not exist is empty.
     *
     * @throws org.apache.kafka.common.errors.TimeoutException if the reading stands still, as it does while a
     *     transaction stays open
     * @throws TopicReplacedException if the topic was replaced meanwhile
     * @throws org.apache.kafka.common.KafkaException if the cluster cannot be reached
     */
    public <V> void read(String topic, RecordForm<V> form, Consumer<TopicRecord<V>> sink) {
        read(topic, form, 0, sink);
    }

    /** As {@link #read(String, RecordForm, Consumer)}, from an offset. */
    public <V> void read(String topic, RecordForm<V> form, long from, Consumer<TopicRecord<V>> sink) {
        TopicReading<V> reading;
        try {
            reading = open(topic, form, from);
        } catch (UnknownTopicOrPartitionException none) {
            return;
        }
        reading.toEnd(sink, patience);
    }

    /**
     * Returns the last value of each of the keys; a key that was never written, or whose record is deleted, is absent, and
     * so is every key of a topic that does not exist. Foreign records count for nothing.
     *
     * @throws org.apache.kafka.common.errors.TimeoutException if a transaction stays open
     */
    public <V> Map<String, V> newest(String topic, RecordForm<V> form, Set<String> keys) {
        Map<String, V> values = new HashMap<>();
        newestRecords(topic, form, keys)
                .forEach((key, record) -> record.value().ifPresent(value -> values.put(key, value)));
        return values;
    }

    /** Returns the last record of a key, a deletion too; empty as in {@link #newest(String, RecordForm, Set)}. */
    public <V> Optional<TopicRecord<V>> newestRecord(String topic, RecordForm<V> form, String key) {
        return Optional.ofNullable(newestRecords(topic, form, Set.of(key)).get(key));
    }

    private <V> Map<String, TopicRecord<V>> newestRecords(String topic, RecordForm<V> form, Set<String> keys) {
        long begun = System.nanoTime();
        return exists(topic)
                ? newestRecords(topic, form, keys, () -> System.nanoTime() - begun > patience.toNanos())
                : Map.of();
    }

    /** As {@link #newest(String, RecordForm, Set)} for every key of the topic. */
    public <V> Map<String, V> newest(String topic, RecordForm<V> form) {
        Map<String, V> values = new TreeMap<>();
        read(topic, form, record -> {
            if (record.isForeign()) {
                ForeignRecords.take(record);
            }
            if (record.isDeletion()) {
                values.remove(record.key());
            }
            record.value().ifPresent(value -> values.put(record.key(), value));
        });
        return values;
    }

    /**
     * Returns the last record before an offset that counts, foreign ones too.
     *
     * @throws org.apache.kafka.common.errors.TimeoutException if a transaction stays open
     */
    public Optional<TopicRecord<byte[]>> last(String topic, long before, Predicate<TopicRecord<byte[]>> counts) {
        long end = Math.min(before, end(topic));
        AtomicReference<Optional<TopicRecord<byte[]>>> last = new AtomicReference<>(Optional.empty());
        for (long window = FIRST_WINDOW; ; window *= WINDOW_GROWTH) {
            read(topic, RecordForm.ANY, Math.max(0, end - window), record -> {
                if (record.offset() < end && counts.test(record)) {
                    last.set(Optional.of(record));
                }
            });
            if (last.get().isPresent() || window >= end) {
                return last.get();
            }
        }
    }

    /** As {@link #newest(String, RecordForm, Set)} for one key. */
    public <V> Optional<V> newest(String topic, RecordForm<V> form, String key) {
        return Optional.ofNullable(newest(topic, form, Set.of(key)).get(key));
    }

    /**
     * Opens a topic at the newest record of a key, to follow it.
     *
     * @param stop asked while something is to be waited for
     * @throws UnknownTopicOrPartitionException if there is no such topic
     * @throws org.apache.kafka.common.errors.TimeoutException if the caller stops it
     */
    public <V> NewestRecord<V> follow(String topic, RecordForm<V> form, String key, BooleanSupplier stop) {
        Optional<TopicRecord<V>> newest = Optional.ofNullable(
                newestRecords(topic, form, Set.of(key), stop).get(key));
        return new NewestRecord<>(
                open(topic, form, newest.map(TopicRecord::offset).orElse(0L)), key);
    }

    /** Looks backwards in growing steps: compaction and the markers of transactions leave gaps of any length. */
    private <V> Map<String, TopicRecord<V>> newestRecords(
            String topic, RecordForm<V> form, Set<String> keys, BooleanSupplier stop) {
        Map<String, TopicRecord<V>> found = new HashMap<>();
        long end = end(topic);
        for (long window = FIRST_WINDOW; ; window *= WINDOW_GROWTH) {
            TopicReading<V> reading = open(topic, form, Math.max(0, end - window));
            found.clear();
            boolean isRead = reading.toEnd(
                    record -> {
                        if (keys.contains(record.key())) {
                            if (record.isForeign()) {
                                ForeignRecords.take(record);
                            } else {
                                found.put(record.key(), record);
                            }
                        }
                    },
                    stop);
            if (!isRead) {
                throw reading.standsStill();
            }
            if (window >= end || found.keySet().containsAll(keys)) {
                return found;
            }
        }
    }

    private long offset(String topic, OffsetSpec which) {
        return offset(topic, which, IsolationLevel.READ_UNCOMMITTED);
    }

    private long offset(String topic, OffsetSpec which, IsolationLevel isolation) {
        TopicPartition partition = new TopicPartition(topic, 0);
        return KafkaAnswers.await(admin.listOffsets(Map.of(partition, which), new ListOffsetsOptions(isolation))
                        .partitionResult(partition))
                .offset();
    }

    @Override
    public void close() {
        try (admin) {
            if (consumer != null) {
                consumer.close();
            }
        }
    }
}
