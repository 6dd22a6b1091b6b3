package dev.patronstream.embedded.kafka;

import static dev.patronstream.embedded.kafka.TestClients.committed;
import static dev.patronstream.embedded.kafka.TestClients.createTopic;
import static dev.patronstream.embedded.kafka.TestClients.sendInOneTransaction;
import static dev.patronstream.embedded.kafka.TestClients.transactionalProducer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.embedded.ChildProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaTest {

    @TempDir
    Path directory;

    @Test
    void onlyAFolderThatWasNeverUsedOrWasLeftInOrderHasNoSession() throws Exception {
        LogDirectory.ensureFormatted(directory);
        assertFalse(LogDirectory.mayHaveSession(directory));
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, 0)) {
            assertTrue(LogDirectory.mayHaveSession(directory));
            kafka.stop();
            assertFalse(LogDirectory.mayHaveSession(directory));
        }
    }

    /** A start that fails stops in order and leaves Kafka's own mark of that, while the session of the killed one goes on. */
    @Test
    void aKilledBrokerIsSucceededAlsoWhereAStartHasFailedSince() throws Exception {
        try (ChildProcess broker = ChildProcess.start(BrokerMain.class, directory.toString())) {
            createTopic("127.0.0.1:" + broker.readyLine().split(" ", -1)[0], "eagle.test");
            broker.kill();
        }
        Files.writeString(directory.resolve("log").resolve(".kafka_cleanshutdown"), "{\"version\":0}");

        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, 0)) {
            assertEquals(List.of(), committed(kafka.bootstrapServers(), "eagle.test"));
        }
    }

    @Test
    void clientWithAnOpenTransactionGoesOnAfterTheBrokerCameBack() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, 0)) {
            int port = kafka.port();
            createTopic(kafka.bootstrapServers(), "eagle.test");
            try (KafkaProducer<String, String> producer = transactionalProducer(kafka.bootstrapServers(), "writer")) {
                producer.initTransactions();
                sendInOneTransaction(producer, "eagle.test", "before");
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("eagle.test", "k", "first half"))
                        .get();

                kafka.stop();
                kafka.start();

                producer.send(new ProducerRecord<>("eagle.test", "k", "second half"))
                        .get();
                producer.commitTransaction();
            }
            assertEquals(port, kafka.port());
            assertEquals(
                    List.of("before", "first half", "second half"), committed(kafka.bootstrapServers(), "eagle.test"));
        }
    }

    @Test
    void committedTransactionsSurviveKillAndOpenOnesAreNeverSeen() throws Exception {
        String clusterId;
        int port;
        try (ChildProcess broker = ChildProcess.start(BrokerMain.class, directory.toString())) {
            String[] ready = broker.readyLine().split(" ", -1);
            port = Integer.parseInt(ready[0]);
            clusterId = ready[1];
            String bootstrapServers = "127.0.0.1:" + port;
            createTopic(bootstrapServers, "eagle.test");
            try (KafkaProducer<String, String> producer = transactionalProducer(bootstrapServers, "writer")) {
                producer.initTransactions();
                sendInOneTransaction(producer, "eagle.test", "one", "two");
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("eagle.test", "k", "never committed"))
                        .get();
                broker.kill();
                producer.close(Duration.ZERO);
            }
        }
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, port);
                KafkaProducer<String, String> successor = transactionalProducer(kafka.bootstrapServers(), "writer")) {
            assertEquals(clusterId, kafka.clusterId());
            assertEquals("127.0.0.1:" + port, kafka.bootstrapServers());
            successor.initTransactions();
            sendInOneTransaction(successor, "eagle.test", "three");

            assertEquals(List.of("one", "two", "three"), committed(kafka.bootstrapServers(), "eagle.test"));
        }
    }

    @Test
    void aBrokerThatStoodStillForSecondsIsStillTheLeader() throws Exception {
        try (ChildProcess broker = ChildProcess.start(BrokerMain.class, directory.toString())) {
            String bootstrapServers = "127.0.0.1:" + broker.readyLine().split(" ", -1)[0];
            createTopic(bootstrapServers, "eagle.test");
            try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
                Optional<Integer> before = leaderEpoch(admin, "eagle.test");

                // Longer than the three seconds after which it was fenced once, with all clients starting over.
                broker.freezeFor(Duration.ofSeconds(4));
                createTopic(bootstrapServers, "eagle.afterwards");

                assertEquals(before, leaderEpoch(admin, "eagle.test"));
            }
        }
    }

    private static Optional<Integer> leaderEpoch(Admin admin, String topic) throws Exception {
        TopicPartition partition = new TopicPartition(topic, 0);
        return admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                .partitionResult(partition)
                .get()
                .leaderEpoch();
    }

    @Test
    void topicsThatNobodyDeclaredAreRefusedAndOffsetsAreKeptForMonths() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, 0);
                Admin admin =
                        Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()))) {
            ExecutionException unknown =
                    assertThrows(ExecutionException.class, () -> admin.describeTopics(List.of("eagle.nothing"))
                            .allTopicNames()
                            .get());
            assertInstanceOf(UnknownTopicOrPartitionException.class, unknown.getCause());

            ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, "1");
            var settings = admin.describeConfigs(List.of(broker)).all().get().get(broker);
            assertTrue(Long.parseLong(settings.get("offsets.retention.minutes").value()) >= 30 * 24 * 60);
            assertEquals("false", settings.get("auto.create.topics.enable").value());
        }
    }

    @Test
    void secondBrokerOnTheSameFolderIsRefusedAndTheFirstGoesOn() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, 0)) {
            IllegalStateException refused =
                    assertThrows(IllegalStateException.class, () -> EmbeddedKafka.start(directory, 0));
            assertTrue(refused.getMessage().contains(directory.toString()), refused.getMessage());

            createTopic(kafka.bootstrapServers(), "eagle.test");
            assertEquals(List.of(), committed(kafka.bootstrapServers(), "eagle.test"));
        }
    }

    @Test
    void takenPortIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            UncheckedIOException refused = assertThrows(
                    UncheckedIOException.class, () -> EmbeddedKafka.start(directory, taken.getLocalPort()));
            assertTrue(refused.getMessage().contains("Port " + taken.getLocalPort()), refused.getMessage());
        }
    }

    @Test
    void brokerListensOnTheLoopbackAddressOnly() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, 0)) {
            for (NetworkInterface network : NetworkInterface.networkInterfaces().toList()) {
                for (InetAddress address : network.inetAddresses()
                        .filter(a -> !a.isLoopbackAddress())
                        .toList()) {
                    try (Socket socket = new Socket()) {
                        assertThrows(
                                IOException.class,
                                () -> socket.connect(new InetSocketAddress(address, kafka.port()), 1000),
                                "reachable through " + address);
                    }
                }
            }
        }
    }
}
