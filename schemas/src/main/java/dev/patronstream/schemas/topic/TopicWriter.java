package dev.patronstream.schemas.topic;

import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Writes a single record and waits until it is safe. Stateless. */
public final class TopicWriter {

    private TopicWriter() {}

    /** Writes a record; {@code kafka} are properties that every Kafka client gets. */
    public static void write(Map<String, ?> kafka, ProducerRecord<String, byte[]> record) {
        Map<String, Object> configuration = new TreeMap<>(kafka);
        configuration.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        configuration.put(ProducerConfig.ACKS_CONFIG, "all");
        try (Producer<String, byte[]> producer =
                new KafkaProducer<>(configuration, new StringSerializer(), new ByteArraySerializer())) {
            KafkaAnswers.await(producer.send(record));
        }
    }
}
