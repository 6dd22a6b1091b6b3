package dev.patronstream.cli.config;

import dev.patronstream.schemas.topic.TopicSettings;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Which Kafka.
 *
 * @param broker a broker of our own, or one that exists
 * @param properties further properties of every Kafka client, such as those for security
 * @param topics how topics are made
 */
public record KafkaSettings(Broker broker, Map<String, String> properties, TopicSettings topics) {

    /** Copies the properties. */
    public KafkaSettings {
        properties = Map.copyOf(properties);
    }

    /** Where the broker is. */
    public sealed interface Broker {}

    /**
     * A broker in the process of {@code run}.
     *
     * @param directory its folder
     * @param port its port on 127.0.0.1; 0 for any free one
     */
    public record Embedded(Path directory, int port) implements Broker {}

    /**
     * A cluster that exists.
     *
     * @param bootstrapServers addresses of some brokers, with commas
     */
    public record External(String bootstrapServers) implements Broker {}

    /** Returns the folder of a broker in the process. */
    Optional<Path> folder() {
        return broker instanceof Embedded own ? Optional.of(own.directory()) : Optional.empty();
    }

    /** Without properties, which may hold secrets. */
    @Override
    public String toString() {
        return "KafkaSettings[" + broker + "]";
    }
}
