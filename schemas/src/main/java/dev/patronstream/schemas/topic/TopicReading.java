package dev.patronstream.schemas.topic;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * One pass through a topic under one topic id, to the high watermark that it had when it was opened or {@link #lookAgain}
 * was called. Not thread-safe.
 */
public final class TopicReading<V> {

    private static final Duration POLL = Duration.ofMillis(200);
    /** Where a connection is being made, or the broker is busy, a few polls bring nothing. */
    private static final int IDLE_POLLS = 5;

    private final CommittedTopics topics;
    private final CommittedConsumer<String, byte[]> consumer;
    private final RecordForm<V> form;
    private final TopicPartition partition;
    private final Uuid id;
    private long end;

    TopicReading(
            CommittedTopics topics,
            CommittedConsumer<String, byte[]> consumer,
            RecordForm<V> form,
            String topic,
            Uuid id,
            long from,
            long end) {
        this.topics = topics;
        this.consumer = consumer;
        this.form = form;
        this.partition = new TopicPartition(topic, 0);
        this.id = id;
        this.end = end;
        consumer.assign(List.of(partition));
        consumer.seek(partition, from);
    }

    /** Returns the offset after the last record of this reading. */
    public long end() {
        return end;
    }

    /** Returns the offset of what is read next. */
    public long position() {
        return consumer.position(partition);
    }

    /** Whether everything before the end was read. */
    public boolean isFinished() {
        return position() >= end;
    }

    /** Goes on to the high watermark that the topic has now. */
    public void lookAgain() {
        end = topics.end(partition.topic());
        requireSameTopic();
    }

    /**
     * Returns what comes next, beyond the end too; nothing if nothing comes within the time.
     *
     * @throws TopicReplacedException if the topic was replaced meanwhile
     */
    public List<TopicRecord<V>> next(Duration wait) {
        List<TopicRecord<V>> records = new ArrayList<>();
        try {
            for (ConsumerRecord<String, byte[]> sent : consumer.poll(wait)) {
                records.add(read(sent));
            }
        } catch (InvalidOffsetException shrunk) {
            throw new TopicReplacedException(partition.topic());
        }
        if (records.isEmpty()) {
            requireSameTopic();
        }
        return records;
    }

    private TopicRecord<V> read(ConsumerRecord<String, byte[]> sent) {
        try {
            return form.read(sent);
        } catch (RuntimeException e) {
            // The registry does not answer: the next try begins here.
            consumer.seek(partition, sent.offset());
            throw e;
        }
    }

    /**
     * Reads to the end.
     *
     * @throws TimeoutException if the reading stands still for longer than the patience
     * @throws TopicReplacedException if the topic was replaced meanwhile
     */
    public void toEnd(Consumer<TopicRecord<V>> sink, Duration patience) {
        AtomicLong position = new AtomicLong(position());
        AtomicLong since = new AtomicLong(System.nanoTime());
        boolean isRead = toEnd(sink, () -> {
            if (position() > position.getAndSet(position())) {
                since.set(System.nanoTime());
            }
            return System.nanoTime() - since.get() > patience.toNanos();
        });
        if (!isRead) {
            throw standsStill();
        }
    }

    /**
     * Reads to the end, or until the caller stops it.
     *
     * @param stop asked whether to give up, but only while nothing comes
     * @return whether the end was reached
     * @throws TopicReplacedException if the topic was replaced meanwhile
     */
    public boolean toEnd(Consumer<TopicRecord<V>> sink, BooleanSupplier stop) {
        int idle = 0;
        while (!isFinished()) {
            long position = position();
            take(sink);
            idle = position() > position ? 0 : idle + 1;
            if (idle >= IDLE_POLLS && stop.getAsBoolean()) {
                return false;
            }
        }
        requireSameTopic();
        return true;
    }

    /** Returns what to say when the end is not reached in time. */
    TimeoutException standsStill() {
        return new TimeoutException("The topic " + partition.topic() + " could be read to its record " + position()
                + " of " + end + " only: a transaction that writes there has not ended. Try again in a minute; if it"
                + " stays so, `kafka-transactions.sh find-hanging` shows who holds it");
    }

    private void take(Consumer<TopicRecord<V>> sink) {
        for (TopicRecord<V> record : next(POLL)) {
            if (record.offset() < end) {
                sink.accept(record);
            }
        }
        if (position() > end) {
            consumer.seek(partition, end);
        }
    }

    private void requireSameTopic() {
        if (!topics.id(partition.topic()).equals(Optional.of(id))) {
            throw new TopicReplacedException(partition.topic());
        }
    }
}
