package dev.patronstream.snapshotter.delivery;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Reads a topic of our own from its beginning to what has been committed by now; one that does not exist yet is empty.
 * Thread-safe.
 */
final class TopicReader {

    private static final Duration POLL = Duration.ofMillis(200);

    private final Map<String, Object> kafka;

    TopicReader(Map<String, Object> kafka) {
        this.kafka = Map.copyOf(kafka);
    }

    <V> void read(
            String topic, Deserializer<V> deserializer, java.util.function.Consumer<ConsumerRecord<String, V>> sink) {
        Map<String, Object> configuration = new TreeMap<>(kafka);
        configuration.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        configuration.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        configuration.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        configuration.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        TopicPartition partition = new TopicPartition(topic, 0);
        try (Consumer<String, V> consumer =
                new KafkaConsumer<>(configuration, new StringDeserializer(), deserializer)) {
            // Asked for the whole list: a question about a topic that is missing is answered after a minute only.
            if (!consumer.listTopics().containsKey(topic)) {
                return;
            }
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                consumer.poll(POLL).forEach(sink);
            }
        }
    }
}
