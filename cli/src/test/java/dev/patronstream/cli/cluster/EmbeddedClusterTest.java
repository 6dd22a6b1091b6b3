package dev.patronstream.cli.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.cli.command.CapturedTerminal;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.config.ConfigurationReader;
import dev.patronstream.cli.config.setting.Part;
import dev.patronstream.schemas.EpochApplied;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.schemas.serde.RegistryClient;
import dev.patronstream.schemas.serde.RegistryException;
import java.io.IOException;
import java.io.StringReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The broker and the registry in the process: who is let in, and what others can read of their files. */
class EmbeddedClusterTest {

    private static final String FEED = "eagle.feed.destiny";
    private static final String PEOPLE = "eagle.patrons";

    @TempDir
    static Path folder;

    private static Path file;
    private static Configuration configuration;
    private static Cluster cluster;
    private static Instances.Claim claim;

    @BeforeAll
    static void start() throws Exception {
        file = Files.writeString(folder.resolve("patronstream.yaml"), """
            district: eagle
            directory: data
            sqlserver: {host: 127.0.0.1, database: DST26000EAGLE, user: patronstream, password: "${env:SQLSERVER_PASSWORD}"}
            kafka: {embedded: {directory: data/kafka}}
            registry: {embedded: true}
            feeds:
              destiny: {schools: [10], statuses: [active], patrons: [students], sites: {10: EAGLEHS}, layout: destiny}
            """);
        configuration = ConfigurationReader.read(file, Map.of(), EnumSet.of(Part.KAFKA));
        // As in a shell that lets everybody read what is written.
        Files.createDirectories(
                configuration.installation().directory(),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        claim = new Instances(configuration.installation().directory()).claim("run");
        cluster = Cluster.open(configuration);
        claim.announce(cluster.addresses(), "http://127.0.0.1:1/");
        try (Admin admin = Admin.create(cluster.clients().kafkaProperties());
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        cluster.clients().kafkaProperties(), new ByteArraySerializer(), new ByteArraySerializer())) {
            admin.createTopics(List.of(
                            new NewTopic(FEED, 1, (short) 1),
                            new NewTopic(PEOPLE, 1, (short) 1),
                            new NewTopic("eagle.epochs", 1, (short) 1)))
                    .all()
                    .get(60, TimeUnit.SECONDS);
            for (String topic : List.of(FEED, PEOPLE)) {
                producer.send(new ProducerRecord<>(topic, bytes("student/1"), bytes("a person")))
                        .get(60, TimeUnit.SECONDS);
            }
        }
    }

    @AfterAll
    static void stop() {
        cluster.close();
        claim.close();
    }

    @Test
    void whoHasNoAccountIsNotLetIn() {
        Map<String, Object> stranger =
                Map.of("bootstrap.servers", servers(), "default.api.timeout.ms", 3000, "request.timeout.ms", 2000);
        try (Admin admin = Admin.create(stranger)) {
            assertThrows(
                    ExecutionException.class, () -> admin.listTopics().names().get(60, TimeUnit.SECONDS));
        }
        Map<String, Object> guessing = account("patronstream", "PLAIN", "plain.PlainLoginModule", "patronstream");
        try (Admin admin = Admin.create(guessing)) {
            ExecutionException refused = assertThrows(
                    ExecutionException.class, () -> admin.listTopics().names().get(60, TimeUnit.SECONDS));
            assertInstanceOf(SaslAuthenticationException.class, refused.getCause());
        }
    }

    @Test
    void theControllerAsksAsWell() throws Exception {
        String metadata = Files.readString(Path.of("/proc/self/net/tcp"));
        // Every loopback port of this process that listens: each must refuse a client without an account.
        for (String line : metadata.lines()
                .filter(text -> text.contains("0100007F:") && text.contains(" 0A "))
                .toList()) {
            int port = Integer.parseInt(line.strip().split("\\s+")[1].split(":")[1], 16);
            Map<String, Object> stranger = new HashMap<>(Map.of(
                    "bootstrap.controllers",
                    "127.0.0.1:" + port,
                    "default.api.timeout.ms",
                    2000,
                    "request.timeout.ms",
                    1000));
            try (Admin admin = Admin.create(stranger)) {
                assertThrows(
                        ExecutionException.class,
                        () -> admin.describeMetadataQuorum().quorumInfo().get(60, TimeUnit.SECONDS),
                        "port " + port);
            }
        }
    }

    @Test
    void aVendorReadsItsFeedAndNothingElse() throws Exception {
        CapturedTerminal terminal = new CapturedTerminal(Map.of());
        assertEquals(
                0,
                terminal.run("vendor", "add", "follett", "--feed", "destiny", "--config", file.toString()),
                terminal::error);
        Properties printed = new Properties();
        printed.load(new StringReader(terminal.out()));
        assertEquals(1, read(printed, FEED).count());
        assertThrows(TopicAuthorizationException.class, () -> read(printed, PEOPLE));
        Map<String, Object> writing = new HashMap<>();
        printed.stringPropertyNames().forEach(name -> writing.put(name, printed.getProperty(name)));
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(writing, new ByteArraySerializer(), new ByteArraySerializer())) {
            ExecutionException refused = assertThrows(
                    ExecutionException.class, () -> producer.send(new ProducerRecord<>(FEED, bytes("student/1"), null))
                            .get(60, TimeUnit.SECONDS));
            assertInstanceOf(AuthorizationException.class, refused.getCause());
        }
        CapturedTerminal sheet = new CapturedTerminal(Map.of());
        assertEquals(0, sheet.run("feeds", "destiny", "--config", file.toString()), sheet::error);
        assertTrue(sheet.out().contains("Topic " + FEED + ": may be read by follett\n"), sheet.out());
        assertEquals(0, new CapturedTerminal(Map.of()).run("vendor", "remove", "follett", "--config", file.toString()));
        CapturedTerminal unread = new CapturedTerminal(Map.of());
        assertEquals(0, unread.run("feeds", "destiny", "--config", file.toString()), unread::error);
        assertTrue(unread.out().contains("Topic " + FEED + ": no account of a vendor\n"), unread.out());
        assertThrows(SaslAuthenticationException.class, () -> read(printed, FEED));
        CapturedTerminal again = new CapturedTerminal(Map.of());
        assertEquals(2, again.run("vendor", "remove", "follett", "--config", file.toString()));
        assertTrue(again.error().contains("There is no account 'follett'"), again.error());
    }

    @Test
    void theRegistryIsReadByAnybodyHereAndChangedByUsOnly() throws Exception {
        RegistryClient ours = new AvroSerdes(cluster.clients().serdes()).registry();
        int id = ours.register("ours-value", EpochApplied.getClassSchema());
        RegistryClient stranger =
                new AvroSerdes(Map.of("schema.registry.url", cluster.addresses().registryUrl())).registry();
        assertEquals(EpochApplied.getClassSchema(), stranger.schema(id));
        RegistryException refused = assertThrows(
                RegistryException.class, () -> stranger.register("theirs-value", EpochApplied.getClassSchema()));
        assertEquals(401, refused.status());
        assertEquals("HTTP/1.1 401", status("PUT /config HTTP/1.1", "127.0.0.1"));
        assertEquals("HTTP/1.1 403", status("GET /subjects HTTP/1.1", "rebound.example"));
        assertEquals("HTTP/1.1 200", status("GET /subjects HTTP/1.1", "localhost"));
    }

    @Test
    void nobodyElseCanEnterTheFolders() throws IOException {
        assertEquals("rwx------", permissions(configuration.installation().directory()));
        assertEquals(
                "rwx------",
                permissions(configuration.installation().directory().resolve("kafka")));
        assertEquals(
                "rw-------",
                permissions(configuration.installation().directory().resolve("kafka/kafka-secret")));
        assertEquals(
                "rw-------",
                permissions(configuration.installation().directory().resolve("status-token")));
        assertFalse(cluster.clients().toString().contains("password"));
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static ConsumerRecords<byte[], byte[]> read(Properties client, String topic) {
        Properties settings = new Properties();
        settings.putAll(client);
        settings.put("auto.offset.reset", "earliest");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(topic));
            ConsumerRecords<byte[], byte[]> records = ConsumerRecords.empty();
            long latest = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (records.isEmpty() && System.nanoTime() < latest) {
                records = consumer.poll(Duration.ofMillis(200));
            }
            return records;
        }
    }

    private static Map<String, Object> account(String user, String mechanism, String module, String password) {
        return Map.of(
                "bootstrap.servers",
                servers(),
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                mechanism,
                "sasl.jaas.config",
                "org.apache.kafka.common.security." + module + " required username=\"" + user + "\" password=\""
                        + password + "\";");
    }

    private static String servers() {
        return cluster.addresses().bootstrapServers();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** With a host header of its own, which Java's client does not allow. */
    private static String status(String line, String host) throws IOException {
        URI url = URI.create(cluster.addresses().registryUrl());
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            socket.getOutputStream()
                    .write(bytes(line + "\r\nHost: " + host + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8).substring(0, 12);
        }
    }
}
