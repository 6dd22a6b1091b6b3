package dev.patronstream.cli.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.cli.command.CapturedTerminal;
import dev.patronstream.schemas.topic.Topics;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An account of {@code vendor add} reads its feed and how far it is complete, and can do nothing else. */
class VendorAccessTest {

    private static final Topics TOPICS = new Topics("eagle");
    private static final String FEED = TOPICS.feed("destiny");
    private static final Set<String> OPEN = Set.of(FEED, TOPICS.epochs());

    @TempDir
    static Path folder;

    private static EmbeddedDistrict district;

    @BeforeAll
    static void start() throws Exception {
        district = new EmbeddedDistrict(folder);
        Set<String> topics = Stream.of(
                        TOPICS.contracts(),
                        List.of(FEED, TOPICS.feed("reading"), TOPICS.delivered("destiny"), TOPICS.patrons()),
                        List.of(TOPICS.epochs(), TOPICS.progress(), TOPICS.offsets(), TOPICS.holds()),
                        List.of(TOPICS.schemaHistory(), TOPICS.deliveries(), TOPICS.feedStates(), TOPICS.pauses()),
                        List.of(TOPICS.stages(), FEED + "2"))
                .flatMap(List::stream)
                .collect(Collectors.toCollection(TreeSet::new));
        try (Admin admin = Admin.create(ours());
                KafkaProducer<byte[], byte[]> producer =
                        new KafkaProducer<>(ours(), new ByteArraySerializer(), new ByteArraySerializer())) {
            admin.createTopics(topics.stream()
                            .map(topic -> new NewTopic(topic, 1, (short) 1))
                            .toList())
                    .all()
                    .get(60, TimeUnit.SECONDS);
            for (String topic : topics) {
                producer.send(new ProducerRecord<>(topic, bytes("student/1"), bytes("a person")))
                        .get(60, TimeUnit.SECONDS);
            }
            // A group makes the topic of the offsets.
            admin.alterConsumerGroupOffsets(
                            TOPICS.snapshotterGroup(), Map.of(new TopicPartition(FEED, 0), new OffsetAndMetadata(1)))
                    .all()
                    .get(60, TimeUnit.SECONDS);
        }
    }

    @AfterAll
    static void stop() {
        district.close();
    }

    @Test
    void aVendorReadsItsFeedAndNoOtherTopic() throws Exception {
        Map<String, Object> vendor = add("follett");
        for (String topic : OPEN) {
            assertEquals(1, subscribed(vendor, topic).count(), topic);
        }
        Set<String> all;
        try (Admin admin = Admin.create(ours())) {
            all = admin.listTopics(new ListTopicsOptions().listInternal(true))
                    .names()
                    .get(60, TimeUnit.SECONDS);
        }
        assertTrue(
                all.containsAll(Set.of(TOPICS.patrons(), TOPICS.feed("reading"), "__consumer_offsets")), all::toString);
        for (String topic : all) {
            if (!OPEN.contains(topic)) {
                assertThrows(TopicAuthorizationException.class, () -> assigned(vendor, topic), topic);
            }
        }
        try (Admin admin = Admin.create(vendor)) {
            assertEquals(OPEN, admin.listTopics().names().get(60, TimeUnit.SECONDS));
        }
    }

    /** Not the district's, not one that only begins like the vendor's. */
    @Test
    void aVendorJoinsNoGroupButItsOwn() throws Exception {
        Map<String, Object> vendor = add("koha");
        for (String group : List.of(TOPICS.snapshotterGroup(), TOPICS.streamsApplicationId(), "koha2", "follett")) {
            Map<String, Object> other = with(vendor, "group.id", group);
            assertThrows(GroupAuthorizationException.class, () -> subscribed(other, FEED), group);
        }
        try (Admin admin = Admin.create(vendor)) {
            refused(
                    "the offsets of another group",
                    admin.listConsumerGroupOffsets(TOPICS.snapshotterGroup()).all());
            assertEquals(
                    List.of(),
                    admin.listGroups().all().get(60, TimeUnit.SECONDS).stream()
                            .filter(group -> !group.groupId().equals("koha"))
                            .toList());
        }
    }

    @Test
    void aVendorWritesNothing() throws Exception {
        Map<String, Object> vendor = add("canvas");
        for (String topic :
                List.of(FEED, TOPICS.epochs(), TOPICS.patrons(), TOPICS.deliveries(), TOPICS.enrollments())) {
            for (String idempotent : List.of("true", "false")) {
                try (KafkaProducer<byte[], byte[]> producer =
                        producer(with(vendor, "enable.idempotence", idempotent))) {
                    ExecutionException failure = assertThrows(
                            ExecutionException.class,
                            () -> producer.send(new ProducerRecord<>(topic, bytes("student/1"), null))
                                    .get(60, TimeUnit.SECONDS),
                            topic);
                    assertInstanceOf(AuthorizationException.class, failure.getCause(), topic);
                }
            }
        }
        try (KafkaProducer<byte[], byte[]> producer =
                producer(with(vendor, "transactional.id", TOPICS.connectorTransactionalId()))) {
            assertThrows(TransactionalIdAuthorizationException.class, producer::initTransactions);
        }
    }

    @Test
    void aVendorAdministersNothing() throws Exception {
        Map<String, Object> vendor = add("clever");
        AclBinding everything = new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, TOPICS.patrons(), PatternType.LITERAL),
                new AccessControlEntry("User:clever", "*", AclOperation.READ, AclPermissionType.ALLOW));
        ConfigResource feed = new ConfigResource(ConfigResource.Type.TOPIC, FEED);
        TopicPartition partition = new TopicPartition(FEED, 0);
        Map<String, Function<Admin, KafkaFuture<?>>> attempts = new TreeMap<>();
        attempts.put("create a topic", admin -> admin.createTopics(List.of(new NewTopic("eagle.mine", 1, (short) 1)))
                .all());
        attempts.put(
                "delete the feed", admin -> admin.deleteTopics(List.of(FEED)).all());
        attempts.put("delete records", admin -> admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(1)))
                .all());
        attempts.put("add partitions", admin -> admin.createPartitions(Map.of(FEED, NewPartitions.increaseTo(2)))
                .all());
        attempts.put(
                "see settings", admin -> admin.describeConfigs(List.of(feed)).all());
        attempts.put("see the broker's settings", admin -> admin.describeConfigs(
                        List.of(new ConfigResource(ConfigResource.Type.BROKER, "1")))
                .all());
        attempts.put("alter settings", admin -> admin.incrementalAlterConfigs(Map.of(
                        feed,
                        List.of(new AlterConfigOp(new ConfigEntry("retention.ms", "1"), AlterConfigOp.OpType.SET))))
                .all());
        attempts.put(
                "see rights", admin -> admin.describeAcls(AclBindingFilter.ANY).values());
        attempts.put(
                "take rights", admin -> admin.createAcls(List.of(everything)).all());
        attempts.put("delete rights", admin -> admin.deleteAcls(List.of(AclBindingFilter.ANY))
                .all());
        attempts.put(
                "see accounts", admin -> admin.describeUserScramCredentials().all());
        attempts.put(
                "change a password", admin -> admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                                "follett", new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4096), "mine")))
                        .all());
        attempts.put("delete a group", admin -> admin.deleteConsumerGroups(List.of(TOPICS.snapshotterGroup()))
                .all());
        attempts.put("move a group", admin -> admin.alterConsumerGroupOffsets(
                        TOPICS.snapshotterGroup(), Map.of(partition, new OffsetAndMetadata(0)))
                .all());
        attempts.put("see the quorum", admin -> admin.describeMetadataQuorum().quorumInfo());
        attempts.put("remove the broker", admin -> admin.unregisterBroker(1).all());
        attempts.put("fence the connector", admin -> admin.fenceProducers(List.of(TOPICS.connectorTransactionalId()))
                .all());
        try (Admin admin = Admin.create(vendor)) {
            for (Map.Entry<String, Function<Admin, KafkaFuture<?>>> attempt : attempts.entrySet()) {
                refused(attempt.getKey(), attempt.getValue().apply(admin));
            }
        }
    }

    @Test
    void aNewPasswordEndsTheOldOneAndARemovedAccountReadsNothingNotEvenWhereItIsSignedIn() throws Exception {
        Map<String, Object> first = add("libib");
        Map<String, Object> second = add("libib");
        assertThrows(SaslAuthenticationException.class, () -> subscribed(first, FEED));
        String reads = "Topic " + FEED + ": may be read by ";
        assertTrue(sheet(reads).contains("libib"), () -> sheet(reads));
        try (KafkaConsumer<byte[], byte[]> signedIn = consumer(second)) {
            signedIn.assign(List.of(new TopicPartition(FEED, 0)));
            assertEquals(1, poll(signedIn).count());
            assertEquals("libib may read nothing any more.\n", district.command("vendor", "remove", "libib"));
            assertThrows(TopicAuthorizationException.class, () -> poll(signedIn));
        }
        assertTrue(!sheet(reads).contains("libib"), () -> sheet(reads));
        assertThrows(SaslAuthenticationException.class, () -> subscribed(second, FEED));
        CapturedTerminal again = new CapturedTerminal(Map.of());
        assertEquals(2, again.run(district.with("vendor", "remove", "libib")));
        assertTrue(again.error().contains("There is no account 'libib'"), again.error());
    }

    /** The printed commands are run as they are, by bash, with Kafka's own tools. */
    @Test
    void onAClusterThatExistsTheAdministratorGetsCommandsThatDoTheSame() throws Exception {
        Path file = Files.writeString(folder.resolve("existing.yaml"), """
            district: eagle
            directory: existing
            sqlserver: {host: 127.0.0.1, database: DST26000EAGLE, user: patronstream, password: "${env:SQLSERVER_PASSWORD}"}
            kafka:
              bootstrap-servers: "%s"
              properties: {security.protocol: SASL_PLAINTEXT, sasl.mechanism: SCRAM-SHA-256}
            registry: {url: "%s"}
            feeds:
              destiny: {schools: [10], fields: [names]}
              reading: {schools: [10], fields: [names]}
            """.formatted(
                        district.servers(), district.cluster().addresses().registryUrl()));
        CapturedTerminal added = existing(file, "vendor", "add", "sora", "--feed", "destiny");
        assertTrue(
                added.error().contains("reads the subjects " + FEED + "-value and eagle.epochs-value."), added::error);
        bash(added.error());
        Map<String, Object> vendor = properties(added.out());
        for (String topic : OPEN) {
            assertEquals(1, subscribed(vendor, topic).count(), topic);
        }
        assertThrows(TopicAuthorizationException.class, () -> assigned(vendor, TOPICS.feed("reading")));
        add("overdrive");
        assertEquals(rights("overdrive"), rights("sora"));
        bash(existing(file, "vendor", "remove", "sora").out());
        assertEquals(Set.of(), rights("sora"));
        assertThrows(SaslAuthenticationException.class, () -> subscribed(vendor, FEED));
    }

    private static CapturedTerminal existing(Path file, String... words) {
        CapturedTerminal terminal = new CapturedTerminal(Map.of());
        int exit = terminal.run(Stream.concat(Stream.of(words), Stream.of("--config", file.toString()))
                .toArray(String[]::new));
        assertEquals(0, exit, terminal::error);
        return terminal;
    }

    /** Returns what an account was allowed, without its name. */
    private static Set<String> rights(String vendor) throws Exception {
        try (Admin admin = Admin.create(ours())) {
            return admin.describeAcls(AclBindingFilter.ANY).values().get(60, TimeUnit.SECONDS).stream()
                    .filter(right -> right.entry().principal().equals("User:" + vendor))
                    .map(right -> right.pattern().resourceType() + " "
                            + right.pattern().name().replace(vendor, "its own") + " "
                            + right.pattern().patternType() + " "
                            + right.entry().operation() + " "
                            + right.entry().permissionType() + " "
                            + right.entry().host())
                    .collect(Collectors.toSet());
        }
    }

    private static void bash(String script) throws Exception {
        Path tools = Files.createDirectories(folder.resolve("tools"));
        tool(tools.resolve("kafka-acls.sh"), "org.apache.kafka.tools.AclCommand");
        tool(tools.resolve("kafka-configs.sh"), "org.apache.kafka.tools.ConfigCommand");
        Properties admin = new Properties();
        admin.putAll(district.cluster().clients().kafka());
        try (var file = Files.newBufferedWriter(tools.resolve("admin.properties"))) {
            admin.store(file, null);
        }
        ProcessBuilder builder = new ProcessBuilder("bash", "-e", "-c", script)
                .directory(tools.toFile())
                .redirectErrorStream(true);
        builder.environment().merge("PATH", tools.toString(), (path, ours) -> ours + ":" + path);
        builder.environment().put("TEST_CLASS_PATH", System.getProperty("java.class.path"));
        Process process = builder.start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
    }

    private static void tool(Path script, String main) throws IOException {
        Files.writeString(
                script,
                "#!/bin/sh\nexec \"" + Path.of(System.getProperty("java.home"), "bin", "java")
                        + "\" -XX:TieredStopAtLevel=1 -cp \"$TEST_CLASS_PATH\" " + main + " \"$@\"\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }

    private static String sheet(String line) {
        return district.command("feeds", "destiny")
                .lines()
                .filter(text -> text.strip().startsWith(line))
                .findFirst()
                .orElse("");
    }

    private static void refused(String attempt, KafkaFuture<?> answer) {
        ExecutionException failure =
                assertThrows(ExecutionException.class, () -> answer.get(60, TimeUnit.SECONDS), attempt);
        assertInstanceOf(AuthorizationException.class, failure.getCause(), attempt);
    }

    private static Map<String, Object> add(String vendor) throws IOException {
        return properties(district.command("vendor", "add", vendor, "--feed", "destiny"));
    }

    private static Map<String, Object> properties(String printed) throws IOException {
        Properties properties = new Properties();
        properties.load(new StringReader(printed));
        Map<String, Object> client = new HashMap<>();
        properties.stringPropertyNames().forEach(name -> client.put(name, properties.getProperty(name)));
        return client;
    }

    private static Map<String, Object> ours() {
        return district.cluster().clients().kafkaProperties();
    }

    private static Map<String, Object> with(Map<String, Object> client, String name, String value) {
        Map<String, Object> other = new HashMap<>(client);
        other.put(name, value);
        return other;
    }

    private static ConsumerRecords<byte[], byte[]> subscribed(Map<String, Object> client, String topic) {
        return read(client, consumer -> consumer.subscribe(List.of(topic)));
    }

    private static ConsumerRecords<byte[], byte[]> assigned(Map<String, Object> client, String topic) {
        return read(client, consumer -> consumer.assign(List.of(new TopicPartition(topic, 0))));
    }

    private static ConsumerRecords<byte[], byte[]> read(
            Map<String, Object> client, Consumer<KafkaConsumer<byte[], byte[]>> begin) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(client)) {
            begin.accept(consumer);
            return poll(consumer);
        }
    }

    private static KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> client) {
        // Nothing is committed, so that every reader of a test begins at the beginning.
        return new KafkaConsumer<>(
                with(client, "enable.auto.commit", "false"), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static ConsumerRecords<byte[], byte[]> poll(KafkaConsumer<byte[], byte[]> consumer) {
        ConsumerRecords<byte[], byte[]> records = ConsumerRecords.empty();
        long latest = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (records.isEmpty() && System.nanoTime() < latest) {
            records = consumer.poll(Duration.ofMillis(200));
        }
        return records;
    }

    private static KafkaProducer<byte[], byte[]> producer(Map<String, Object> client) {
        return new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
