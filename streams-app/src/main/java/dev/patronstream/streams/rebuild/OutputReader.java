package dev.patronstream.streams.rebuild;

import dev.patronstream.schemas.CommittedConsumer;
import dev.patronstream.schemas.KafkaAnswers;
import dev.patronstream.schemas.RecordHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads committed records of topics with one partition, with a consumer that belongs to no group. Used by one thread. */
final class OutputReader implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int BACK = 16;

    private final Admin admin;
    private final CommittedConsumer<String, byte[]> consumer;

    /** Makes a reader over a client that stays the caller's. */
    OutputReader(Admin admin, Map<String, Object> kafka) {
        this.admin = admin;
        this.consumer = new CommittedConsumer<>(kafka, new StringDeserializer(), new ByteArrayDeserializer());
    }

    /** Whether there is such a topic. */
    boolean exists(String topic) {
        return KafkaAnswers.await(admin.listTopics().names()).contains(topic);
    }

    /** Returns the topic's high watermark; 0 if there is no such topic. */
    long end(String topic) {
        if (!exists(topic)) {
            return 0;
        }
        TopicPartition partition = new TopicPartition(topic, 0);
        return KafkaAnswers.await(admin.listOffsets(
                                Map.of(partition, OffsetSpec.latest()),
                                new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                        .all())
                .get(partition)
                .offset();
    }

    /**
     * Reads a topic from an offset to the high watermark that it has now; transactions that are open are waited for.
     *
     * @throws TimeoutException if one stays open for minutes
     */
    void read(String topic, long from, Consumer<ConsumerRecord<String, byte[]>> each) {
        TopicPartition partition = new TopicPartition(topic, 0);
        long end = end(topic);
        consumer.assign(List.of(partition));
        long beginning = consumer.beginningOffsets(List.of(partition)).get(partition);
        consumer.seek(partition, Math.max(from, beginning));
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (consumer.position(partition) < end) {
            for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                deadline = System.nanoTime() + PATIENCE.toNanos();
                if (record.offset() < end) {
                    each.accept(record);
                }
            }
            if (System.nanoTime() > deadline) {
                throw new TimeoutException("Topic " + topic + " cannot be read beyond offset "
                        + consumer.position(partition) + ": a transaction has been open for " + PATIENCE.toSeconds()
                        + " s. The broker ends it when its producer is gone for longer than it said");
            }
        }
    }

    /** Returns the last committed record of a topic that stands at an offset or after it, if there is one. */
    Optional<ConsumerRecord<String, byte[]>> last(String topic, long from) {
        long end = end(topic);
        Last last = new Last();
        long start = end;
        for (long back = BACK; start > from && last.record.isEmpty(); back *= 8) {
            start = Math.max(from, end - back);
            read(topic, start, last);
        }
        return last.record;
    }

    /** Returns the epoch that a record was written for; 0 if something else than the application has written it. */
    static long epoch(ConsumerRecord<String, byte[]> record) {
        Header header = record.headers().lastHeader(RecordHeaders.EPOCH);
        return header == null ? 0 : Long.parseLong(new String(header.value(), StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        consumer.close();
    }

    private static final class Last implements Consumer<ConsumerRecord<String, byte[]>> {

        private Optional<ConsumerRecord<String, byte[]>> record = Optional.empty();

        @Override
        public void accept(ConsumerRecord<String, byte[]> next) {
            record = Optional.of(next);
        }
    }
}
