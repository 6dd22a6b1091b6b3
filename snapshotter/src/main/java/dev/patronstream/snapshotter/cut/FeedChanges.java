package dev.patronstream.snapshotter.cut;

import dev.patronstream.schemas.Topics;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.admin.Admin;

/** Notices that feeds and receipts change, without reading them. Thread-safe; connects at its first use. */
public final class FeedChanges implements AutoCloseable {

    private final Topics topics;
    private final Admin admin;

    /** Makes it; {@code kafka} are properties that every Kafka client gets. */
    public FeedChanges(Topics topics, Map<String, Object> kafka) {
        this.topics = topics;
        this.admin = Admin.create(kafka);
    }

    /**
     * Returns a number that is another one whenever an entry of the feed has changed; empty while there is no feed.
     *
     * @throws org.apache.kafka.common.KafkaException if the cluster cannot be reached
     */
    public OptionalLong version(String feed) {
        return version(topics.feed(feed), new TopicDescriber(admin));
    }

    /**
     * Returns a number that is another one whenever a receipt has been written; empty while there is none.
     *
     * @throws org.apache.kafka.common.KafkaException if the cluster cannot be reached
     */
    public OptionalLong receiptsVersion() {
        return version(topics.deliveries(), new TopicDescriber(admin));
    }

    private static OptionalLong version(String topic, TopicDescriber describer) {
        return describer.identity(topic).isPresent()
                ? OptionalLong.of(describer.highWatermark(topic))
                : OptionalLong.empty();
    }

    @Override
    public void close() {
        admin.close();
    }
}
