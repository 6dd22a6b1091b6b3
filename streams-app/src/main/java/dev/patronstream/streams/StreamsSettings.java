package dev.patronstream.streams;

import dev.patronstream.schemas.topic.TopicSettings;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.streams.epochs.EpochSettings;
import java.nio.file.Path;
import java.util.Map;

/**
 * How the streams application of one district runs.
 *
 * @param epochs what it does: the district's topics, rules and feeds
 * @param topicSettings how topics are made
 * @param kafka properties of the Kafka clients: {@code bootstrap.servers}, security. Properties of Kafka Streams itself
 *     and those with its prefixes ({@code producer.}, {@code main.consumer.}, ...) go through as well, except for
 *     what the promises rest on
 * @param stateDirectory folder of the state stores, of this process alone. It may be deleted while the process is
 *     stopped: the state is read back from Kafka
 * @param standbyReplicas hot copies of the state in other processes, 0 for none
 */
public record StreamsSettings(
        EpochSettings epochs,
        TopicSettings topicSettings,
        Map<String, Object> kafka,
        Path stateDirectory,
        int standbyReplicas) {

    /** Copies the map. */
    public StreamsSettings {
        kafka = Map.copyOf(kafka);
        if (standbyReplicas < 0) {
            throw new IllegalArgumentException("There cannot be " + standbyReplicas + " standby replicas");
        }
    }

    /** Returns the names of the topics. */
    public Topics topics() {
        return epochs.topics();
    }
}
