package dev.patronstream.streams;

import dev.patronstream.schemas.feed.FeedSelection;
import dev.patronstream.schemas.feed.PatronRules;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.schemas.topic.TopicSettings;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.streams.epochs.EpochSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * How the streams application of one district runs.
 *
 * @param topics names of the topics
 * @param topicSettings how topics are made
 * @param kafka properties of the Kafka clients: {@code bootstrap.servers}, security. Properties of Kafka Streams itself
 *     and those with its prefixes ({@code producer.}, {@code main.consumer.}, ...) go through as well, except for
 *     what the promises rest on
 * @param serdes serdes of the contracts
 * @param stateDirectory folder of the state stores, of this process alone. It may be deleted while the process is
 *     stopped: the state is read back from Kafka
 * @param rules the district's rules, for the patron table
 * @param feeds the feeds to keep
 * @param standbyReplicas hot copies of the state in other processes, 0 for none
 * @param pieceSize largest number of rows or persons that are handled between two commits
 */
public record StreamsSettings(
        Topics topics,
        TopicSettings topicSettings,
        Map<String, Object> kafka,
        AvroSerdes serdes,
        Path stateDirectory,
        PatronRules rules,
        List<FeedSelection> feeds,
        int standbyReplicas,
        int pieceSize) {

    /** Copies the collections. */
    public StreamsSettings {
        kafka = Map.copyOf(kafka);
        feeds = List.copyOf(feeds);
        if (standbyReplicas < 0) {
            throw new IllegalArgumentException("There cannot be " + standbyReplicas + " standby replicas");
        }
    }

    EpochSettings epochs() {
        return new EpochSettings(topics, serdes, rules, feeds, pieceSize);
    }
}
