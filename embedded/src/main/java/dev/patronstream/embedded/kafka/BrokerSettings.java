package dev.patronstream.embedded.kafka;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** The broker's properties: one node that is broker and controller, small, quick to start and to stop. */
final class BrokerSettings {

    static final int NODE_ID = 1;
    static final String ADDRESS = "127.0.0.1";
    static final String CLIENT_LISTENER = "CLIENT";
    static final String CONTROLLER_LISTENER = "CONTROLLER";

    private BrokerSettings() {}

    static Map<String, String> of(
            Path logDirectory, int clientPort, int controllerPort, Map<String, String> overrides) {
        String clientEndpoint = CLIENT_LISTENER + "://" + ADDRESS + ":" + clientPort;
        String controllerEndpoint = CONTROLLER_LISTENER + "://" + ADDRESS + ":" + controllerPort;
        Map<String, String> settings = new HashMap<>();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", Integer.toString(NODE_ID));
        settings.put("log.dirs", logDirectory.toString());
        settings.put("listeners", clientEndpoint + "," + controllerEndpoint);
        settings.put("advertised.listeners", clientEndpoint + "," + controllerEndpoint);
        settings.put("listener.security.protocol.map", "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("inter.broker.listener.name", CLIENT_LISTENER);
        settings.put("controller.listener.names", CONTROLLER_LISTENER);
        settings.put("controller.quorum.voters", NODE_ID + "@" + ADDRESS + ":" + controllerPort);
        topics(settings);
        lifecycle(settings);
        resources(settings);
        settings.putAll(overrides);
        return settings;
    }

    /**
     * The broker asks who its clients are: its own account with a password that lies in its folder, vendors with
     * passwords that Kafka keeps (SCRAM). What nobody was allowed is refused. The controller's port asks as well.
     */
    static Map<String, String> secured(BrokerAccount account) {
        Map<String, String> settings = new HashMap<>();
        settings.put("listener.security.protocol.map", "CLIENT:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT");
        settings.put("sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-256");
        settings.put("sasl.mechanism.inter.broker.protocol", "PLAIN");
        settings.put("sasl.mechanism.controller.protocol", "PLAIN");
        settings.put("listener.name.client.plain.sasl.jaas.config", account.brokerLogin());
        settings.put(
                "listener.name.client.scram-sha-256.sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required;");
        settings.put("listener.name.controller.sasl.enabled.mechanisms", "PLAIN");
        settings.put("listener.name.controller.plain.sasl.jaas.config", account.brokerLogin());
        settings.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        settings.put("super.users", "User:" + BrokerAccount.NAME);
        // There is no other broker that has what this one loses with the power: on disk before it is acknowledged, in
        // every topic, those of transactions, groups and changelogs too. A test's broker has nothing to lose.
        settings.put("log.flush.interval.messages", "1");
        return settings;
    }

    /** For a controller alone that ends the session of a broker that was killed. */
    static Map<String, String> shortSession() {
        return Map.of("broker.session.timeout.ms", "100", "broker.heartbeat.interval.ms", "50");
    }

    private static void topics(Map<String, String> settings) {
        // A topic that nobody declared is a mistake; it has to be an error, not a topic with default settings.
        settings.put("auto.create.topics.enable", "false");
        settings.put("num.partitions", "1");
        settings.put("default.replication.factor", "1");
        settings.put("min.insync.replicas", "1");
        settings.put("offsets.topic.replication.factor", "1");
        settings.put("offsets.topic.num.partitions", "3");
        settings.put("transaction.state.log.replication.factor", "1");
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("transaction.state.log.num.partitions", "3");
        settings.put("share.coordinator.state.topic.replication.factor", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        settings.put("share.coordinator.state.topic.num.partitions", "1");
        // Services may stand still over the summer holidays and must then go on from where they were.
        settings.put(
                "offsets.retention.minutes", Long.toString(Duration.ofDays(100).toMinutes()));
        settings.put(
                "transaction.max.timeout.ms", Long.toString(Duration.ofHours(1).toMillis()));
        settings.put("log.cleaner.enable", "true");
    }

    private static void lifecycle(Map<String, String> settings) {
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("controlled.shutdown.enable", "true");
        // Nobody takes over from the only broker, so fencing it when a busy machine delays its heartbeats only makes
        // every client start over, which keeps the machine busy. Its successor does not wait: see Node.endSession.
        settings.put(
                "broker.session.timeout.ms",
                Long.toString(Duration.ofMinutes(10).toMillis()));
        settings.put("broker.heartbeat.interval.ms", "500");
        settings.put("initial.broker.registration.timeout.ms", "60000");
    }

    private static void resources(Map<String, String> settings) {
        settings.put("num.network.threads", "2");
        settings.put("num.io.threads", "4");
        settings.put("background.threads", "2");
        settings.put("num.recovery.threads.per.data.dir", "1");
        settings.put("log.cleaner.threads", "1");
        // Taken from the heap of the process the broker lives in: room for about 600,000 keys per pass.
        settings.put("log.cleaner.dedupe.buffer.size", Integer.toString(16 * 1024 * 1024));
        settings.put("log.index.size.max.bytes", Integer.toString(2 * 1024 * 1024));
        settings.put("message.max.bytes", Integer.toString(8 * 1024 * 1024));
        settings.put("socket.request.max.bytes", Integer.toString(32 * 1024 * 1024));
    }
}
