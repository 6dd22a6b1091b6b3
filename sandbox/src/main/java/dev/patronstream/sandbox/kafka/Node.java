package dev.patronstream.sandbox.kafka;

import java.time.Duration;
import java.util.Map;
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

    private final String clusterId;
    private final ControllerServer controller;
    private final BrokerServer broker;

    private Node(String clusterId, ControllerServer controller, BrokerServer broker) {
        this.clusterId = clusterId;
        this.controller = controller;
        this.broker = broker;
    }

    /** Starts a node and returns when clients can use it. On failure nothing is left running. */
    static Node start(Map<String, String> settings, ServerSocketFactory sockets) {
        KafkaConfig config = new KafkaConfig(settings, false);
        Tuple2<MetaPropertiesEnsemble, BootstrapMetadata> stored =
                KafkaRaftServer.initializeLogDirs(config, LOGGER, "[sandbox] ");
        String clusterId = stored._1().clusterId().orElseThrow();
        Metrics metrics = Server.initializeMetrics(config, Time.SYSTEM, clusterId);
        SharedServer shared = new SharedServer(
                config,
                stored._1(),
                Time.SYSTEM,
                metrics,
                CompletableFuture.completedFuture(
                        QuorumConfig.parseVoterConnections(config.quorumConfig().voters())),
                QuorumConfig.parseBootstrapServers(config.quorumConfig().bootstrapServers()),
                faults(),
                sockets);
        Node node = new Node(
                clusterId,
                new ControllerServer(shared, KafkaRaftServer.configSchema(), stored._2()),
                new BrokerServer(shared));
        try {
            node.controller.startup();
            node.broker.startup();
        } catch (RuntimeException | Error failure) {
            node.shutdown();
            throw failure;
        }
        return node;
    }

    String clusterId() {
        return clusterId;
    }

    /** Stops broker and controller, in this order: the broker says good-bye to the controller. */
    void shutdown() {
        Utils.swallow(LOGGER, () -> broker.shutdown(SHUTDOWN_TIMEOUT));
        Utils.swallow(LOGGER, controller::shutdown);
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
