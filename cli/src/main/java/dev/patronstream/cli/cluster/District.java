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

/** Makes the stages of a district from its configuration: the one place where their settings come together. */
public final class District {

    private final Configuration configuration;
    private final ClusterClients clients;
    private final Optional<String> acceptedDatabase;
    private final boolean patient;

    /** Makes a district of a cluster. */
    public District(Configuration configuration, ClusterClients clients) {
        this(configuration, clients, Optional.empty(), false);
    }

    /** Makes a district whose connector moves to a database as it is, and may wait for it at its start. */
    public District(
            Configuration configuration, ClusterClients clients, Optional<String> acceptedDatabase, boolean patient) {
        this.patient = patient;
        this.configuration = configuration;
        this.clients = clients;
        this.acceptedDatabase = acceptedDatabase;
    }

    /** Makes the connector; it connects to nothing yet. */
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

    /** Makes the streams application; it connects to nothing yet. */
    public StreamsApp streamsApp() {
        return new StreamsApp(streamsSettings());
    }

    /** Returns how the streams application runs. */
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

    /** Makes the snapshotter; it connects to nothing yet. */
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
                        deliveries.feeds(),
                        Optional.of(configuration.capture().database().database())),
                Clock.systemUTC(),
                listener);
    }

    /** Returns people's orders to pause deliveries. */
    public Pauses pauses() {
        return new Pauses(configuration.topics(), topicSettings(), clients.kafkaProperties(), clients.avro());
    }

    private TopicSettings topicSettings() {
        return configuration.kafka().topics();
    }
}
