package dev.patronstream.streams.runtime;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Sees when a topic that the application writes to loses its tail while it runs: the next record gets an offset that an
 * earlier one had. A producer that begins a transaction learns nothing of it by the broker. Kafka makes it, by its
 * public constructor.
 */
public final class AppendWatch implements ProducerInterceptor<byte[], byte[]> {

    /** The producer's property that holds whom to tell of a topic: a {@code Consumer<String>}. */
    public static final String LOST = "patronstream.lost-tail";

    private final Map<TopicPartition, Long> appended = new ConcurrentHashMap<>();
    private Consumer<String> lost = topic -> {};

    @Override
    @SuppressWarnings("unchecked") // Nobody else sets the property.
    public void configure(Map<String, ?> properties) {
        lost = (Consumer<String>) properties.get(LOST);
    }

    @Override
    public ProducerRecord<byte[], byte[]> onSend(ProducerRecord<byte[], byte[]> row) {
        return row;
    }

    @Override
    public void onAcknowledgement(RecordMetadata place, @Nullable Exception failure) {
        if (failure == null && place.hasOffset()) {
            TopicPartition partition = new TopicPartition(place.topic(), place.partition());
            Long before = appended.put(partition, place.offset());
            if (before != null && before >= place.offset()) {
                lost.accept(place.topic());
            }
        }
    }

    @Override
    public void close() {}
}
