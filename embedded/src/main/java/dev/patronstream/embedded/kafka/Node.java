package dev.patronstream.embedded.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.FaultHandlerFactory;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.Server;
import kafka.server.SharedServer;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.metadata.BrokerRegistration;
import org.apache.kafka.metadata.bootstrap.BootstrapMetadata;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.raft.QuorumConfig;
import org.apache.kafka.server.ServerSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/**
 * Kafka's broker and controller wired as {@code kafka.server.KafkaRaftServer} does it, with one difference: a fault
 * that would end the JVM there is logged and thrown here, because the JVM belongs to somebody else, who learns of it as of a
 * thread that has died.
 */
final class Node {

    private static final Logger LOGGER = LoggerFactory.getLogger(Node.class);
    private static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration SESSION_END = Duration.ofMinutes(1);
    private static final Duration LOOK = Duration.ofMillis(10);

    private final String clusterId;
    private final SharedServer shared;
    private final ControllerServer controller;
    private final BrokerServer broker;

    private Node(KafkaConfig config, ServerSocketFactory sockets) {
        Tuple2<MetaPropertiesEnsemble, BootstrapMetadata> stored =
                KafkaRaftServer.initializeLogDirs(config, LOGGER, "[sandbox] ");
        clusterId = stored._1().clusterId().orElseThrow();
        Metrics metrics = Server.initializeMetrics(config, Time.SYSTEM, clusterId);
        shared = new SharedServer(
                config,
                stored._1(),
                Time.SYSTEM,
                metrics,
                CompletableFuture.completedFuture(
                        QuorumConfig.parseVoterConnections(config.quorumConfig().voters())),
                QuorumConfig.parseBootstrapServers(config.quorumConfig().bootstrapServers()),
                faults(),
                sockets);
        controller = new ControllerServer(shared, KafkaRaftServer.configSchema(), stored._2());
        broker = new BrokerServer(shared);
    }

    /** Starts a node and returns when clients can use it. On failure nothing is left running. */
    static Node start(Map<String, String> settings, ServerSocketFactory sockets) {
        Node node = new Node(new KafkaConfig(settings, false), sockets);
        try {
            node.controller.startup();
            node.broker.startup();
        } catch (RuntimeException | Error failure) {
            var unused = node.shutdown();
            throw failure;
        }
        return node;
    }

    /**
     * Ends the session of a broker that was killed: no other one gets its id before. The controller runs alone for that, with
     * sessions so short that this one is over at once.
     *
     * @param settings as for {@link #start}, with short sessions
     * @throws IllegalStateException if the session does not end within a minute, or the thread is interrupted
     */
    static void endSession(Map<String, String> settings, ServerSocketFactory sockets) {
        Node node = new Node(new KafkaConfig(settings, false), sockets);
        try {
            node.controller.startup();
            if (!node.sessionEnds(SESSION_END)) {
                throw new IllegalStateException("Kafka's controller has not ended the session of the broker that was"
                        + " killed within " + SESSION_END.toSeconds() + " s");
            }
        } finally {
            Utils.swallow(LOGGER, node.controller::shutdown);
        }
    }

    private boolean sessionEnds(Duration within) {
        long end = System.nanoTime() + within.toNanos();
        try {
            while (hasSession()) {
                if (System.nanoTime() > end) {
                    return false;
                }
                Thread.sleep(LOOK.toMillis());
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** True also where it cannot be known: the image is empty until the controller has read what is committed. */
    private boolean hasSession() {
        OptionalLong committed = shared.raftManager().client().highWatermark();
        MetadataImage image = controller.metadataCache().currentImage();
        if (committed.isEmpty() || image.offset() < committed.getAsLong() - 1) {
            return true;
        }
        BrokerRegistration registered = image.cluster().broker(BrokerSettings.NODE_ID);
        return registered != null && !registered.fenced();
    }

    String clusterId() {
        return clusterId;
    }

    /**
     * Stops broker and controller, in this order: the broker says good-bye to the controller.
     *
     * @return whether the controller has noted that the broker's session is over, so the next one need not wait for it
     */
    boolean shutdown() {
        Utils.swallow(LOGGER, () -> broker.shutdown(SHUTDOWN_TIMEOUT));
        boolean ended = sessionEnds(SHUTDOWN_TIMEOUT);
        Utils.swallow(LOGGER, controller::shutdown);
        return ended;
    }

    private static FaultHandlerFactory faults() {
        return (name, fatal, action) -> (message, cause) -> {
            action.run();
            LOGGER.atError()
                    .addKeyValue("part", name)
                    .addKeyValue("fatal", fatal)
                    .setCause(cause)
                    .log("Kafka reports a fault: {}", message);
            IllegalStateException fault = new IllegalStateException("Kafka's " + name + " reports: " + message, cause);
            Thread.UncaughtExceptionHandler process = Thread.getDefaultUncaughtExceptionHandler();
            if (fatal && process != null) {
                process.uncaughtException(Thread.currentThread(), fault);
            }
            return fault;
        };
    }
}
