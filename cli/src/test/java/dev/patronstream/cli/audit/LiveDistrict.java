package dev.patronstream.cli.audit;

import static org.junit.jupiter.api.Assertions.fail;

import dev.patronstream.cli.cluster.Cluster;
import dev.patronstream.cli.cluster.ClusterClients;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.config.ConfigurationReader;
import dev.patronstream.cli.config.setting.Part;
import dev.patronstream.connector.Connector;
import dev.patronstream.connector.ConnectorSettings;
import dev.patronstream.sandbox.Sandbox;
import dev.patronstream.sandbox.SandboxSettings;
import dev.patronstream.sandbox.district.District;
import dev.patronstream.sandbox.life.Life;
import dev.patronstream.sandbox.life.LifeKind;
import dev.patronstream.sandbox.life.LifeSettings;
import dev.patronstream.snapshotter.Snapshotter;
import dev.patronstream.snapshotter.notice.DeliveryListener;
import dev.patronstream.streams.StreamsApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A generated district with all its stages at work in this process, each of which a test can stop and start. */
final class LiveDistrict implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Sandbox sandbox;
    private final Path file;
    private final Configuration configuration;
    private final Cluster cluster;
    private final dev.patronstream.cli.cluster.District stages;
    private @Nullable Connector connector;
    private @Nullable StreamsApp streamsApp;

    /**
     * Starts the surroundings.
     *
     * @param adjust changes the text of the sandbox's configuration
     */
    LiveDistrict(Path folder, int students, UnaryOperator<String> adjust) throws IOException {
        this.sandbox = Sandbox.start(SandboxSettings.in(folder).withStudents(students), (what, detail) -> {});
        this.file = folder.resolve("adjusted.yaml");
        Files.writeString(file, adjust.apply(Files.readString(sandbox.configuration())));
        this.configuration = ConfigurationReader.read(file, Map.of(), EnumSet.allOf(Part.class));
        this.cluster = Cluster.open(configuration);
        this.stages = new dev.patronstream.cli.cluster.District(configuration, cluster.clients());
    }

    Sandbox sandbox() {
        return sandbox;
    }

    /** The file of the configuration. */
    Path file() {
        return file;
    }

    Configuration configuration() {
        return configuration;
    }

    ClusterClients clients() {
        return cluster.clients();
    }

    void startConnector() {
        connector = stages.connector();
        connector.start();
    }

    /** Starts a connector that goes by another clock. */
    void startConnector(InstantSource clock) {
        connector = new Connector(
                new ConnectorSettings(
                        configuration.topics(),
                        configuration.kafka().topics(),
                        clients().kafka(),
                        clients().serdes(),
                        configuration.capture(),
                        Optional.empty()),
                clock);
        connector.start();
    }

    Connector connector() {
        return java.util.Objects.requireNonNull(connector);
    }

    void startStreamsApp() {
        streamsApp = stages.streamsApp();
        streamsApp.start();
        await("the first epoch", () -> streamsApp().status().applied().isPresent());
    }

    StreamsApp streamsApp() {
        return java.util.Objects.requireNonNull(streamsApp);
    }

    void stopStreamsApp() {
        streamsApp().close();
        streamsApp = null;
    }

    Snapshotter snapshotter(Duration cutTimeLimit) {
        return stages.snapshotter(cutTimeLimit, DeliveryListener.none());
    }

    /** Returns the epoch that patrons and feeds hold. */
    long appliedEpoch() {
        return streamsApp().status().applied().orElseThrow().getEpoch();
    }

    /** Life without what changes a thousand rows at once, or the kinds named. */
    Life life(long seed, int changesPerSecond, Set<LifeKind> without) {
        Map<LifeKind, Integer> weights = new EnumMap<>(LifeKind.class);
        for (LifeKind kind : LifeKind.values()) {
            if (!without.contains(kind)) {
                weights.put(kind, kind.weight());
            }
        }
        return Life.start(
                LifeSettings.usual(seed, changesPerSecond, District.today()).withWeights(weights),
                sandbox::connect,
                event -> {});
    }

    void sql(List<String> statements) throws SQLException {
        try (Connection connection = sandbox.connect();
                Statement statement = connection.createStatement()) {
            for (String text : statements) {
                statement.execute(text);
            }
        }
    }

    /** Waits for a condition, and fails when a stage does. */
    void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (connector != null) {
                connector.failure().ifPresent(failure -> fail("The connector has failed", failure));
            }
            if (System.nanoTime() > deadline) {
                fail("Waited " + PATIENCE.toSeconds() + " s for " + what);
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public void close() {
        if (streamsApp != null) {
            streamsApp.close();
        }
        if (connector != null) {
            connector.close();
        }
        cluster.close();
        sandbox.close();
    }
}
