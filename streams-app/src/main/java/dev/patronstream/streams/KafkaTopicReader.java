package dev.patronstream.streams;

import dev.patronstream.schemas.CommittedConsumer;
import dev.patronstream.schemas.KafkaAnswers;
import dev.patronstream.streams.epochs.TopicReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/** Reads topics with a consumer of its own that belongs to no group. Used by one thread. */
final class KafkaTopicReader implements TopicReader {

    /** How long one question waits for the broker; what is not known by then is asked again. */
    private static final Duration PATIENCE = Duration.ofMillis(200);

    private static final long LAST_RECORD_WITHIN = 16;

    private final Admin admin;
    private final String group;
    private final CommittedConsumer<byte[], byte[]> consumer;

    /** Makes a reader for the application of a group, over a client that stays the caller's. */
    KafkaTopicReader(Admin admin, Map<String, Object> kafka, String group) {
        this.admin = admin;
        this.group = group;
        this.consumer = new CommittedConsumer<>(
                kafka,
                Map.of(ConsumerConfig.CLIENT_ID_CONFIG, group + "-topic-reader"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    @Override
    public String identity(String topic) {
        return KafkaAnswers.await(admin.describeTopics(List.of(topic)).allTopicNames())
                .get(topic)
                .topicId()
                .toString();
    }

    @Override
    public boolean isEmptyBetween(String topic, long from, long to) {
        TopicPartition partition = begin(topic, Math.max(from, beginning(topic)));
        List<ConsumerRecord<byte[], byte[]>> records = consumer.poll(PATIENCE).records(partition);
        if (!records.isEmpty()) {
            return records.get(0).offset() >= to;
        }
        // Without a record the position moves only over what the broker has answered holds none.
        return consumer.position(partition) >= to;
    }

    @Override
    public boolean hasPassed(String topic, long offset) {
        OffsetAndMetadata position = KafkaAnswers.await(
                        admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                .get(new TopicPartition(topic, 0));
        long from = Math.max(offset, beginning(topic));
        if (position == null || position.offset() <= from) {
            return false;
        }
        TopicPartition partition = begin(topic, from);
        long to = Math.min(
                position.offset(), consumer.endOffsets(List.of(partition)).get(partition));
        while (consumer.position(partition) < to) {
            List<ConsumerRecord<byte[], byte[]>> records =
                    consumer.poll(PATIENCE).records(partition);
            if (!records.isEmpty()) {
                return records.get(0).offset() < to;
            }
        }
        return false;
    }

    @Override
    public Optional<byte[]> lastValue(String topic) {
        TopicPartition partition = new TopicPartition(topic, 0);
        long beginning = beginning(topic);
        long end = consumer.endOffsets(List.of(partition)).get(partition);
        for (long back = LAST_RECORD_WITHIN; ; back *= 8) {
            long from = Math.max(beginning, end - back);
            Optional<byte[]> last = lastValue(partition, from, end);
            if (last.isPresent() || from == beginning) {
                return last;
            }
        }
    }

    private Optional<byte[]> lastValue(TopicPartition partition, long from, long end) {
        begin(partition.topic(), from);
        Optional<byte[]> last = Optional.empty();
        while (consumer.position(partition) < end) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(PATIENCE)) {
                last = Optional.ofNullable(record.value());
            }
        }
        return last;
    }

    @Override
    public Scan scan(String topic) {
        TopicPartition partition = begin(topic, beginning(topic));
        // The high watermark, not the end of what is committed: a transaction of an earlier life may still be open, or
        // its commit may be decided and not yet visible. Reading up to here waits for its end.
        long end = KafkaAnswers.await(admin.listOffsets(
                                Map.of(partition, OffsetSpec.latest()),
                                new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                        .all())
                .get(partition)
                .offset();
        return new Scan() {
            @Override
            public List<Entry> next() {
                List<Entry> entries = new ArrayList<>();
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(PATIENCE)) {
                    entries.add(new Entry(new String(record.key(), StandardCharsets.UTF_8), wrapped(record.value())));
                }
                return entries;
            }

            @Override
            public boolean isFinished() {
                return consumer.position(partition) >= end;
            }
        };
    }

    @Override
    public void close() {
        consumer.close();
    }

    private static @Nullable Bytes wrapped(byte @Nullable [] value) {
        return value == null ? null : Bytes.wrap(value);
    }

    private TopicPartition begin(String topic, long offset) {
        TopicPartition partition = new TopicPartition(topic, 0);
        consumer.assign(List.of(partition));
        consumer.seek(partition, offset);
        return partition;
    }

    private long beginning(String topic) {
        TopicPartition partition = new TopicPartition(topic, 0);
        return consumer.beginningOffsets(List.of(partition)).get(partition);
    }
}
