package dev.patronstream.streams;

import dev.patronstream.embedded.kafka.EmbeddedKafka;
import dev.patronstream.embedded.registry.EmbeddedRegistry;
import dev.patronstream.sandbox.kafka.LostTail;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Patron;
import dev.patronstream.schemas.feed.FeedSelection;
import dev.patronstream.schemas.feed.PatronRules;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.schemas.table.JoinedTable;
import dev.patronstream.schemas.topic.TopicProvisioner;
import dev.patronstream.schemas.topic.TopicSettings;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.streams.epochs.EpochSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A district on a real broker with a real registry: what tests of whole lives of the application share. */
final class BrokerDistrict implements AutoCloseable {

    /** A broker and a registry, for many districts. */
    static final class Cluster implements AutoCloseable {

        private final EmbeddedKafka kafka;
        private final EmbeddedRegistry registry;
        private int districts;

        Cluster(Path folder) {
            kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0);
            registry = EmbeddedRegistry.start(kafka.bootstrapServers(), 0);
        }

        String bootstrapServers() {
            return kafka.bootstrapServers();
        }

        String registryUrl() {
            return registry.url();
        }

        /** Takes the broker away until {@link #startKafka()}. */
        void stopKafka() {
            kafka.stop();
        }

        void startKafka() {
            kafka.start();
        }

        /** The power fails, and the last transaction of a topic was not on the disk. */
        void loseTail(Path folder, String topic) {
            loseTails(folder, List.of(topic));
        }

        void loseTails(Path folder, List<String> topics) {
            kafka.stop();
            try {
                topics.forEach(topic -> LostTail.cut(folder.resolve("kafka"), topic));
            } finally {
                kafka.start();
            }
        }

        BrokerDistrict district(Path folder) {
            districts++;
            return new BrokerDistrict(this, "eagle" + districts, folder.resolve("state" + districts));
        }

        /** The district whose name stands in records that were kept. */
        BrokerDistrict district(Path folder, String name) {
            return new BrokerDistrict(this, name, folder.resolve("state-" + name));
        }

        @Override
        public void close() {
            registry.close();
            kafka.close();
        }
    }

    final Topics topics;
    final AvroSerdes serdes;
    final Admin admin;
    ConnectorDouble connector;
    private final Cluster cluster;
    private Path stateDirectory;
    private PatronRules rules = PatronRules.DEFAULT;
    private int pieceSize = 1_000;
    private boolean teachers;
    private List<FeedSelection> feeds = List.of();
    private Map<String, Object> kafka = Map.of();

    private BrokerDistrict(Cluster cluster, String name, Path stateDirectory) {
        this.cluster = cluster;
        this.topics = new Topics(name);
        this.stateDirectory = stateDirectory;
        this.serdes = new AvroSerdes(Map.of("schema.registry.url", cluster.registryUrl()));
        this.admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrapServers()));
        List<String> inputs = new ArrayList<>(topics.contracts());
        inputs.add(topics.progress());
        new TopicProvisioner(admin)
                .ensure(inputs.stream()
                        .map(TopicSettings.SINGLE_BROKER::compacted)
                        .toList());
        this.connector = new ConnectorDouble(cluster.bootstrapServers(), serdes, topics);
    }

    /** The connector begins again, as it does when its broker was away. */
    void connectAgain() {
        connector.close();
        connector = connector.successor(cluster.bootstrapServers());
    }

    void feeds(FeedSelection... selections) {
        feeds = List.of(selections);
    }

    /** Kafka properties as a configuration file has them. */
    void kafka(Map<String, Object> properties) {
        kafka = properties;
    }

    void rules(PatronRules newRules) {
        rules = newRules;
    }

    /** Whether the application reads the teachers; their topic is there from the first time on. */
    void teachers(boolean captured) {
        teachers = captured;
        new TopicProvisioner(admin).ensure(List.of(TopicSettings.SINGLE_BROKER.compacted(topics.of(JoinedTable.TCH))));
    }

    void pieceSize(int rows) {
        pieceSize = rows;
    }

    Path stateDirectory() {
        return stateDirectory;
    }

    void stateDirectory(Path other) {
        stateDirectory = other;
    }

    StreamsSettings settings() {
        Map<String, Object> properties = new HashMap<>(kafka);
        properties.put("bootstrap.servers", cluster.bootstrapServers());
        return new StreamsSettings(
                new EpochSettings(
                        topics.with(teachers ? Set.of(JoinedTable.TCH) : Set.of()), serdes, rules, feeds, pieceSize),
                TopicSettings.SINGLE_BROKER,
                properties,
                stateDirectory,
                0);
    }

    /** Starts the application; the caller closes it. */
    StreamsApp start() {
        StreamsApp app = new StreamsApp(settings());
        app.start();
        return app;
    }

    /** Runs the application until it has announced the epoch, to readers of committed records, with these feeds. */
    void runUntilApplied(long epoch) {
        try (StreamsApp app = start()) {
            awaitApplied(app, epoch);
        }
    }

    /** Applied with the configured selections, and committed: the topic says so to a reader of committed records. */
    void awaitApplied(StreamsApp app, long epoch) {
        Map<String, String> fingerprints = new HashMap<>();
        feeds.forEach(feed -> fingerprints.put(feed.feed(), feed.fingerprint()));
        try (TopicTail epochs = new TopicTail(cluster.bootstrapServers(), topics.epochs())) {
            Waiting.until(app::status, () -> {
                if (app.failure().isCompletedExceptionally()) {
                    throw new AssertionError(app.status());
                }
                epochs.poll();
                boolean applied = app.status()
                        .applied()
                        .filter(last -> last.getEpoch() >= epoch)
                        .isPresent();
                return applied
                        && !epochs.seen.isEmpty()
                        && isAnnouncement(epochs.seen.get(epochs.seen.size() - 1), epoch, fingerprints);
            });
        }
    }

    private boolean isAnnouncement(TopicTail.Seen seen, long epoch, Map<String, String> fingerprints) {
        return seen.value() != null
                && seen.epoch() >= epoch
                && serdes.deserializer(dev.patronstream.schemas.EpochApplied.class)
                        .deserialize(topics.epochs(), seen.value().get())
                        .getFeeds()
                        .equals(fingerprints);
    }

    /** The records of an output, as {@code key@epoch}, tombstones as {@code -key@epoch}. */
    List<String> written(String topic) {
        try (TopicTail tail = new TopicTail(cluster.bootstrapServers(), topic)) {
            tail.toEnd();
            return tail.seen.stream()
                    .map(seen -> (seen.value() == null ? "-" : "") + seen.key() + "@" + seen.epoch())
                    .toList();
        }
    }

    /** By key: what the patron table says of each person, without epoch and watermark. */
    Map<String, String> patrons() {
        return contents(topics.patrons(), Patron.class);
    }

    /** By key: what a feed says of each person, without epoch and watermark. */
    Map<String, String> feed(String feed) {
        return contents(topics.feed(feed), FeedEntry.class);
    }

    Map<String, FeedEntry> entries(String feed) {
        return table(topics.feed(feed), FeedEntry.class);
    }

    /** Every entry that was ever written to a feed and not compacted away. */
    List<FeedEntry> everWritten(String feed) {
        String topic = topics.feed(feed);
        try (TopicTail tail = new TopicTail(cluster.bootstrapServers(), topic)) {
            tail.toEnd();
            return tail.seen.stream()
                    .filter(seen -> seen.value() != null)
                    .map(seen -> serdes.deserializer(FeedEntry.class)
                            .deserialize(topic, seen.value().get()))
                    .toList();
        }
    }

    private <T extends SpecificRecord> Map<String, String> contents(String topic, Class<T> type) {
        Map<String, String> contents = new TreeMap<>();
        table(topic, type).forEach((key, record) -> {
            String text = record.toString();
            contents.put(key, text.substring(0, text.indexOf("\"epoch\"")));
        });
        return contents;
    }

    private <T extends SpecificRecord> Map<String, T> table(String topic, Class<T> type) {
        Map<String, T> table = new TreeMap<>();
        try (TopicTail tail = new TopicTail(cluster.bootstrapServers(), topic)) {
            tail.toEnd();
            for (TopicTail.Seen seen : tail.seen) {
                if (seen.value() == null) {
                    table.remove(seen.key());
                } else {
                    table.put(
                            seen.key(),
                            serdes.deserializer(type)
                                    .deserialize(topic, seen.value().get()));
                }
            }
        }
        return table;
    }

    /** The end when no transaction is open: the last marker may be written shortly after the transaction is committed. */
    long end(String topic) {
        Waiting.until(
                () -> topic,
                () -> end(topic, IsolationLevel.READ_COMMITTED) == end(topic, IsolationLevel.READ_UNCOMMITTED));
        return end(topic, IsolationLevel.READ_UNCOMMITTED);
    }

    private long end(String topic, IsolationLevel level) {
        TopicPartition partition = new TopicPartition(topic, 0);
        return await(admin.listOffsets(Map.of(partition, OffsetSpec.latest()), new ListOffsetsOptions(level))
                        .all())
                .get(partition)
                .offset();
    }

    Set<String> topicNames() {
        Set<String> names = new TreeSet<>(await(admin.listTopics().names()));
        names.removeIf(name -> !name.startsWith(topics.district() + "."));
        return names;
    }

    String identity(String topic) {
        return await(admin.describeTopics(List.of(topic)).allTopicNames())
                .get(topic)
                .topicId()
                .toString();
    }

    Set<String> groups() {
        Set<String> groups = new TreeSet<>();
        await(admin.listGroups().all()).forEach(group -> groups.add(group.groupId()));
        groups.removeIf(name -> !name.startsWith(topics.district() + "."));
        return groups;
    }

    String changelog(String store) {
        return topics.streamsApplicationId() + "-" + store + "-changelog";
    }

    void deleteTopics(List<String> names) {
        await(admin.deleteTopics(names).all());
        Waiting.until(
                () -> names, () -> await(admin.listTopics().names()).stream().noneMatch(names::contains));
    }

    /** Moves the positions to the ends of the inputs, past rows that the state has not read. */
    void movePositionsToTheEnd() {
        Map<TopicPartition, OffsetAndMetadata> ends = new HashMap<>();
        List<String> inputs = new ArrayList<>(topics.contracts());
        inputs.add(topics.progress());
        inputs.forEach(topic -> ends.put(new TopicPartition(topic, 0), new OffsetAndMetadata(end(topic))));
        await(admin.alterConsumerGroupOffsets(topics.streamsApplicationId(), ends)
                .all());
    }

    void deletePositions() {
        await(admin.deleteConsumerGroups(List.of(topics.streamsApplicationId())).all());
    }

    /** Writes to a topic what nobody should. */
    void vandalise(String topic, String key, byte @Nullable [] value) {
        try (KafkaProducer<byte[], byte[]> vandal = new KafkaProducer<>(
                Map.of("bootstrap.servers", cluster.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            vandal.send(new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value))
                    .get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    static <T> T await(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        connector.close();
        admin.close();
    }
}
