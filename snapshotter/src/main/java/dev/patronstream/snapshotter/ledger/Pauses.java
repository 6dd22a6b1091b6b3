package dev.patronstream.snapshotter.ledger;

import dev.patronstream.schemas.DeliveryPause;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.schemas.topic.RecordForm;
import dev.patronstream.schemas.topic.TopicProvisioner;
import dev.patronstream.schemas.topic.TopicSettings;
import dev.patronstream.schemas.topic.TopicWriter;
import dev.patronstream.schemas.topic.Topics;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * People's orders to deliver nothing of a feed for a while, as they stand in their topic: they outlive every process, and
 * reach a snapshotter wherever it runs. Thread-safe.
 */
public final class Pauses {

    private final Topics topics;
    private final TopicSettings settings;
    private final Map<String, Object> kafka;
    private final AvroSerdes serdes;
    private volatile Map<String, DeliveryPause> known = Map.of();

    /** Makes the orders' reader and writer; {@code kafka} are properties that every Kafka client gets. */
    public Pauses(Topics topics, TopicSettings settings, Map<String, Object> kafka, AvroSerdes serdes) {
        this.topics = topics;
        this.settings = settings;
        this.kafka = Map.copyOf(kafka);
        this.serdes = serdes;
    }

    /**
     * Reads the orders again.
     *
     * @throws org.apache.kafka.common.KafkaException if the cluster cannot be reached
     */
    public void refresh() {
        known = Map.copyOf(all());
    }

    /** Returns until when an order pauses a feed, as far as is known since the last reading; empty when none does. */
    public Optional<Instant> until(String feed, Instant now) {
        return Optional.ofNullable(known.get(feed)).map(DeliveryPause::getUntil).filter(now::isBefore);
    }

    /** Returns the orders by feed, those that are over included. */
    public Map<String, DeliveryPause> all() {
        try (CommittedTopics reader = new CommittedTopics(kafka)) {
            return reader.newest(topics.pauses(), RecordForm.of(serdes.deserializer(DeliveryPause.class)));
        }
    }

    /** Gives an order, in the place of an earlier one of the feed. */
    public void pause(DeliveryPause order) {
        serdes.publish(topics.pauses(), DeliveryPause.class);
        write(order.getFeed(), Optional.of(order));
    }

    /** Takes a feed's order back. */
    public void resume(String feed) {
        write(feed, Optional.empty());
    }

    private void write(String feed, Optional<DeliveryPause> order) {
        String topic = topics.pauses();
        try (Admin admin = Admin.create(kafka)) {
            new TopicProvisioner(admin).ensure(List.of(settings.compacted(topic)));
        }
        byte[] value = order.map(pause -> serdes.serializer(DeliveryPause.class).serialize(topic, pause))
                .orElse(null);
        TopicWriter.write(kafka, new ProducerRecord<>(topic, 0, feed, value));
    }
}
