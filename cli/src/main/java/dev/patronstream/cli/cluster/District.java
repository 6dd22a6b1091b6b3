package dev.patronstream.cli.cluster;

import dev.patronstream.cli.config.Configuration;
import dev.patronstream.connector.Connector;
import dev.patronstream.connector.ConnectorSettings;
import dev.patronstream.schemas.topic.TopicSettings;
import dev.patronstream.snapshotter.Snapshotter;
import dev.patronstream.snapshotter.feed.FeedSettings;
import dev.patronstream.snapshotter.feed.SnapshotterSettings;
import dev.patronstream.snapshotter.ledger.Archive;
import dev.patronstream.snapshotter.ledger.Pauses;
import dev.patronstream.snapshotter.notice.DeliveryListener;
import dev.patronstream.streams.StreamsApp;
import dev.patronstream.streams.StreamsSettings;
import dev.patronstream.streams.epochs.EpochSettings;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * Makes the stages of a district from its configuration: the one place where their settings come together. What it makes
 * connects to nothing yet.
 *
 * @param clients how its cluster is reached
 * @param acceptedDatabase a database that the connector moves to as it is
 * @param patient whether the connector may wait for the database at its start
 */
public record District(
        Configuration configuration, ClusterClients clients, Optional<String> acceptedDatabase, boolean patient) {

    /** How old what is delivered may be at least before a receipt says so. */
    private static final Duration STALE = Duration.ofMinutes(15);

    /** Makes one whose connector decides about a database by itself, and does not wait for one. */
    public District(Configuration configuration, ClusterClients clients) {
        this(configuration, clients, Optional.empty(), false);
    }

    public Connector connector() {
        return new Connector(
                new ConnectorSettings(
                        configuration.topics(),
                        topicSettings(),
                        clients.kafka(),
                        clients.serdes(),
                        configuration.capture(),
                        acceptedDatabase),
                new Connector.Service(new Instances(configuration.installation().directory()).seat(), patient));
    }

    public StreamsApp streamsApp() {
        return new StreamsApp(streamsSettings());
    }

    public StreamsSettings streamsSettings() {
        return new StreamsSettings(
                new EpochSettings(
                        configuration.topics(),
                        clients.avro(),
                        configuration.district().rules(),
                        configuration.deliveries().feeds().stream()
                                .map(FeedSettings::selection)
                                .toList(),
                        EpochSettings.DEFAULT_PIECE_SIZE),
                topicSettings(),
                clients.kafkaProperties(),
                configuration.streams().state(),
                configuration.streams().standbyReplicas());
    }

    public Snapshotter snapshotter() {
        return snapshotter(configuration.deliveries().cutTimeLimit(), DeliveryListener.none());
    }

    /** Makes a snapshotter that waits so long for a cut, and tells somebody of its deliveries. */
    public Snapshotter snapshotter(Duration cutTimeLimit, DeliveryListener listener) {
        Configuration.Deliveries deliveries = configuration.deliveries();
        return new Snapshotter(
                new SnapshotterSettings(
                        configuration.topics(),
                        topicSettings(),
                        clients.kafkaProperties(),
                        clients.serdeProperties(),
                        new Archive(
                                deliveries.archive(), deliveries.generations(), deliveries.megabytes() * 1_000_000L),
                        cutTimeLimit,
                        longer(STALE, configuration.status().staleAfter()),
                        deliveries.feeds(),
                        Optional.of(configuration.capture().database().database())),
                Clock.systemUTC(),
                listener);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    public Pauses pauses() {
        return new Pauses(configuration.topics(), topicSettings(), clients.kafkaProperties(), clients.avro());
    }

    private TopicSettings topicSettings() {
        return configuration.kafka().topics();
    }
}
