package dev.patronstream.snapshotter;

import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/** Keeps Kafka clients from being made as long as a test says so; those that are there go on. Kafka makes it by name. */
public final class BrokenConsumers implements ConsumerInterceptor<Object, Object>, ProducerInterceptor<Object, Object> {

    static final AtomicBoolean BROKEN = new AtomicBoolean();

    @Override
    public void configure(Map<String, ?> configuration) {
        if (BROKEN.get()) {
            throw new IllegalStateException("The cluster is away");
        }
    }

    @Override
    public ConsumerRecords<Object, Object> onConsume(ConsumerRecords<Object, Object> records) {
        return records;
    }

    @Override
    public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

    @Override
    public ProducerRecord<Object, Object> onSend(ProducerRecord<Object, Object> record) {
        return record;
    }

    @Override
    public void onAcknowledgement(RecordMetadata metadata, Exception exception) {}

    @Override
    public void close() {}
}
