package dev.patronstream.embedded.kafka;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kafka's own broker and controller (KRaft, one node) in this process, on 127.0.0.1 only.
 *
 * <p>Topics, offsets and transactions live in a folder and go on from there at the next start: after an orderly stop,
 * and after the process was killed. Topics are never created by accident ({@code auto.create.topics.enable=false}),
 * group offsets are kept for 100 days.
 *
 * <p>{@link #stop()} and {@link #start()} let a test take the broker away from its clients and bring it back under the
 * same address. Methods may be called from any thread; start and stop exclude each other.
 */
public final class EmbeddedKafka implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(EmbeddedKafka.class);

    private final Path directory;
    private final Map<String, String> overrides;
    private int port;
    private @Nullable FolderLock lock;
    private @Nullable Node node;

    private EmbeddedKafka(Path directory, int port, Map<String, String> overrides) {
        this.directory = directory;
        this.port = port;
        this.overrides = Map.copyOf(overrides);
    }

    /**
     * Starts a broker over a folder, which is made and formatted when it is new.
     *
     * @param directory the broker's folder; one broker at a time
     * @param port the port clients connect to; 0 for any free one
     * @throws java.io.UncheckedIOException if the port is taken or the folder cannot be written
     * @throws IllegalStateException if another broker holds the folder
     */
    public static EmbeddedKafka start(Path directory, int port) {
        return start(directory, port, Map.of());
    }

    /**
     * As {@link #start(Path, int)}, for people's data: only the account of the folder and those that it makes are let in.
     *
     * @see BrokerAccount
     */
    public static EmbeddedKafka startSecured(Path directory, int port) {
        return start(directory, port, BrokerSettings.secured(BrokerAccount.ensure(directory)));
    }

    /** As {@link #start(Path, int)}, with broker properties that replace this class' own. */
    public static EmbeddedKafka start(Path directory, int port, Map<String, String> overrides) {
        EmbeddedKafka kafka = new EmbeddedKafka(directory.toAbsolutePath(), port, overrides);
        kafka.start();
        return kafka;
    }

    /** Starts the broker again after {@link #stop()}, on the same port and folder; does nothing while it runs. */
    public synchronized void start() {
        if (node != null) {
            return;
        }
        long began = System.nanoTime();
        FolderLock taken = FolderLock.take(directory);
        try (BoundSockets sockets = new BoundSockets()) {
            Path log = LogDirectory.ensureFormatted(directory);
            int clientPort = sockets.bind(port);
            if (LogDirectory.mayHaveSession(directory)) {
                Map<String, String> brief = new HashMap<>(overrides);
                brief.putAll(BrokerSettings.shortSession());
                Node.endSession(BrokerSettings.of(log, clientPort, sockets.bind(0), brief), sockets);
            }
            LogDirectory.sessionBegins(directory);
            int controllerPort = sockets.bind(0);
            node = Node.start(BrokerSettings.of(log, clientPort, controllerPort, overrides), sockets);
            port = clientPort;
            lock = taken;
        } finally {
            if (node == null) {
                taken.close();
            }
        }
        LOGGER.atInfo()
                .addKeyValue("bootstrapServers", bootstrapServers())
                .addKeyValue("directory", directory)
                .addKeyValue("millis", (System.nanoTime() - began) / 1_000_000)
                .log("Kafka is running");
    }

    /** Takes the broker away; clients see a dead server until {@link #start()}. Does nothing while it is stopped. */
    public synchronized void stop() {
        if (node != null) {
            if (node.shutdown()) {
                LogDirectory.sessionEnded(directory);
            }
            node = null;
            Objects.requireNonNull(lock).close();
            lock = null;
            LOGGER.atInfo().addKeyValue("directory", directory).log("Kafka is stopped");
        }
    }

    /** Whether the broker is started. */
    public synchronized boolean isRunning() {
        return node != null;
    }

    /** The address for {@code bootstrap.servers}; the same after a stop and start. */
    public String bootstrapServers() {
        return BrokerSettings.ADDRESS + ":" + port();
    }

    /** The port clients connect to. */
    public synchronized int port() {
        return port;
    }

    /**
     * The cluster's id: made with the folder, never changed.
     *
     * @throws IllegalStateException while the broker is stopped
     */
    public synchronized String clusterId() {
        if (node == null) {
            throw new IllegalStateException(
                    "Kafka in " + directory + " is stopped; start it to ask for its cluster id");
        }
        return node.clusterId();
    }

    /** Stops the broker for good. */
    @Override
    public void close() {
        stop();
    }
}
