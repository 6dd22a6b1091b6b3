package dev.patronstream.streams.topics;

import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.schemas.topic.KafkaAnswers;
import dev.patronstream.schemas.topic.RecordForm;
import dev.patronstream.schemas.topic.TopicIdentity;
import dev.patronstream.schemas.topic.TopicReading;
import dev.patronstream.schemas.topic.TopicRecord;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Reads topics with clients that belong to no group. Used by one thread. */
public final class KafkaTopicReader implements TopicReader {

    /** How long one question waits for the broker; what is not known by then is asked again. */
    private static final Duration POLL = Duration.ofMillis(200);

    private final Admin admin;
    private final String group;
    private final CommittedTopics topics;

    /** Of its own: a scan goes on over many calls, and others look at other topics in between. */
    private final CommittedTopics scanned;

    /** Makes a reader for the application of a group, over a client that stays the caller's. */
    public KafkaTopicReader(Admin admin, Map<String, Object> kafka, String group) {
        this.admin = admin;
        this.group = group;
        this.topics = new CommittedTopics(kafka);
        this.scanned = new CommittedTopics(kafka);
    }

    @Override
    public String identity(String topic) {
        return topics.identity(topic).map(TopicIdentity::text).orElse("none");
    }

    @Override
    public OptionalLong position(String topic) {
        OffsetAndMetadata position = KafkaAnswers.await(
                        admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                .get(new TopicPartition(topic, 0));
        return position == null ? OptionalLong.empty() : OptionalLong.of(position.offset());
    }

    @Override
    public long end(String topic) {
        return topics.end(topic);
    }

    @Override
    public Optional<TopicRecord<byte[]>> first(String topic, long from, long to) {
        long end = Math.min(to, end(topic));
        if (from >= end) {
            return Optional.empty();
        }
        TopicReading<byte[]> reading = topics.open(topic, RecordForm.ANY, from);
        while (reading.position() < end) {
            List<TopicRecord<byte[]>> records = reading.next(POLL);
            if (!records.isEmpty()) {
                return Optional.of(records.get(0)).filter(found -> found.offset() < end);
            }
        }
        return Optional.empty();
    }

    @Override
    public boolean isEmptyBetween(String topic, long from, long to) {
        if (end(topic) < to) {
            return false;
        }
        TopicReading<byte[]> reading = topics.open(topic, RecordForm.ANY, from);
        List<TopicRecord<byte[]>> records = reading.next(POLL);
        // Without a record the position moves only over what the broker has answered holds none.
        return records.isEmpty() ? reading.position() >= to : records.get(0).offset() >= to;
    }

    @Override
    public Optional<TopicRecord<byte[]>> last(String topic, Predicate<TopicRecord<byte[]>> counts) {
        return topics.last(topic, Long.MAX_VALUE, counts);
    }

    @Override
    public Iterator<List<TopicRecord<byte[]>>> scan(String topic) {
        TopicReading<byte[]> reading = scanned.open(topic, RecordForm.ANY);
        return new Iterator<>() {
            @Override
            public List<TopicRecord<byte[]>> next() {
                return reading.next(POLL).stream()
                        .filter(record -> record.offset() < reading.end())
                        .toList();
            }

            @Override
            public boolean hasNext() {
                return !reading.isFinished();
            }
        };
    }

    @Override
    public void close() {
        scanned.close();
        topics.close();
    }
}
