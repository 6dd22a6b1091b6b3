package dev.patronstream.connector;

import dev.patronstream.connector.check.CaptureSettings;
import dev.patronstream.schemas.topic.TopicSettings;
import dev.patronstream.schemas.topic.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * What a connector needs to know.
 *
 * @param kafka properties of the Kafka clients, {@code bootstrap.servers} at least
 * @param serdes configuration of the Avro serdes, {@code schema.registry.url} at least
 * @param acceptedDatabase a database that is moved to even if it looks half-filled or is of an earlier school year
 */
public record ConnectorSettings(
        Topics topics,
        TopicSettings topicSettings,
        Map<String, String> kafka,
        Map<String, String> serdes,
        CaptureSettings capture,
        Optional<String> acceptedDatabase) {

    /** Copies the maps and checks them. */
    public ConnectorSettings {
        kafka = Map.copyOf(kafka);
        serdes = Map.copyOf(serdes);
        if (!topics.joined().equals(capture.columns().joined())) {
            throw new IllegalArgumentException("Topics and columns disagree about which joined tables are captured");
        }
        if (!kafka.containsKey(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG)) {
            throw new IllegalArgumentException("The Kafka properties lack bootstrap.servers");
        }
        if (!serdes.containsKey("schema.registry.url")) {
            throw new IllegalArgumentException("The serde configuration lacks schema.registry.url");
        }
    }

    /** Returns the topics that capture writes, as they should be. */
    List<NewTopic> wantedTopics() {
        List<NewTopic> wanted = new ArrayList<>();
        topics.contracts().forEach(topic -> wanted.add(topicSettings.compacted(topic)));
        wanted.add(topicSettings.compacted(topics.progress()));
        wanted.add(topicSettings.compacted(topics.offsets()));
        wanted.add(topicSettings.compacted(topics.holds()));
        wanted.add(topicSettings.permanent(topics.schemaHistory()));
        return wanted;
    }
}
