package dev.patronstream.streams.runtime;

import java.util.Map;
import java.util.function.ObjLongConsumer;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** Reports the topic and offset of every record that the brokers acknowledged. Kafka makes it, by its public constructor. */
public final class AppendWatch implements ProducerInterceptor<byte[], byte[]> {

    /** The producer's property that holds what to call: an {@code ObjLongConsumer<String>}, on the producer's thread. */
    public static final String ACKNOWLEDGED = "patronstream.acknowledged";

    private ObjLongConsumer<String> acknowledged = (topic, offset) -> {};

    @Override
    @SuppressWarnings("unchecked") // Nobody else sets the property.
    public void configure(Map<String, ?> properties) {
        acknowledged = (ObjLongConsumer<String>) properties.get(ACKNOWLEDGED);
    }

    @Override
    public ProducerRecord<byte[], byte[]> onSend(ProducerRecord<byte[], byte[]> row) {
        return row;
    }

    @Override
    public void onAcknowledgement(RecordMetadata place, @Nullable Exception failure) {
        if (failure == null && place.hasOffset()) {
            acknowledged.accept(place.topic(), place.offset());
        }
    }

    @Override
    public void close() {}
}
