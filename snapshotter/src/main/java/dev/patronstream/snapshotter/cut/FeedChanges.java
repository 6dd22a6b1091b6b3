package dev.patronstream.snapshotter.cut;

import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.schemas.topic.Topics;
import java.util.Map;
import java.util.OptionalLong;

/** Notices that feeds and receipts change, without reading them. Thread-safe; connects at its first use. */
public final class FeedChanges implements AutoCloseable {

    private final Topics topics;
    private final CommittedTopics reader;

    /** Makes it; {@code kafka} are properties that every Kafka client gets. */
    public FeedChanges(Topics topics, Map<String, Object> kafka) {
        this.topics = topics;
        this.reader = new CommittedTopics(kafka);
    }

    /**
     * Returns a number that is another one whenever an entry of the feed has changed; empty while there is no feed.
     *
     * @throws org.apache.kafka.common.KafkaException if the cluster cannot be reached
     */
    public OptionalLong version(String feed) {
        return versionOf(topics.feed(feed));
    }

    /**
     * Returns a number that is another one whenever a receipt has been written; empty while there is none.
     *
     * @throws org.apache.kafka.common.KafkaException if the cluster cannot be reached
     */
    public OptionalLong receiptsVersion() {
        return versionOf(topics.deliveries());
    }

    /** The same offset of another life of the topic is another version. */
    private OptionalLong versionOf(String topic) {
        return reader.id(topic)
                .map(id -> OptionalLong.of(id.getLeastSignificantBits() + reader.end(topic)))
                .orElse(OptionalLong.empty());
    }

    @Override
    public void close() {
        reader.close();
    }
}
