package dev.patronstream.embedded.kafka;

import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.schemas.topic.RecordForm;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Plain Kafka clients with short words. */
final class TestClients {

    private TestClients() {}

    static void createTopic(String bootstrapServers, String topic) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
        }
    }

    static KafkaProducer<String, String> transactionalProducer(String bootstrapServers, String id) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "transactional.id", id, "delivery.timeout.ms", 60_000),
                new StringSerializer(),
                new StringSerializer());
    }

    static void sendInOneTransaction(KafkaProducer<String, String> producer, String topic, String... values) {
        producer.beginTransaction();
        for (String value : values) {
            var unused = producer.send(new ProducerRecord<>(topic, "k", value));
        }
        producer.commitTransaction();
    }

    /** The committed values of a topic, read to its present end. */
    static List<String> committed(String bootstrapServers, String topic) {
        try (CommittedTopics topics = new CommittedTopics(Map.of("bootstrap.servers", bootstrapServers))) {
            List<String> values = new ArrayList<>();
            topics.read(
                    topic,
                    RecordForm.of(new StringDeserializer()),
                    record -> values.add(record.value().orElseThrow()));
            return values;
        }
    }
}
