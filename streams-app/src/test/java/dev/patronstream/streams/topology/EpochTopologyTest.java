package dev.patronstream.streams.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.schemas.Enrollment;
import dev.patronstream.schemas.EpochCause;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.schemas.Progress;
import dev.patronstream.schemas.feed.FeedSelection;
import dev.patronstream.schemas.feed.PatronRules;
import dev.patronstream.schemas.topic.TopicRecord;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.streams.epochs.EpochSettings;
import dev.patronstream.streams.epochs.MemoryRegistry;
import dev.patronstream.streams.epochs.Rows;
import dev.patronstream.streams.topics.TopicReader;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The topology as Kafka Streams sees it: its shape, its names, its records. */
final class EpochTopologyTest {

    private static final Topics TOPICS = new Topics("eagle");
    private static final FeedSelection DESTINY = new FeedSelection(
            "destiny",
            Set.of(10),
            Set.of(PatronStatus.ACTIVE),
            Set.of(PatronKind.STUDENT, PatronKind.STAFF),
            PatronRules.DEFAULT);

    @TempDir
    static Path folder;

    private static MemoryRegistry registry;

    /** What was sent, by topic. */
    private static Map<String, List<TopicRecord<byte[]>>> sent = Map.of();

    @BeforeAll
    static void startRegistry() {
        registry = new MemoryRegistry();
    }

    @AfterAll
    static void stopRegistry() {
        registry.close();
    }

    @Test
    void thereIsOneSubTopologyAndTheDrawingInTheDocsIsIt() throws IOException {
        Topology topology = topology(org.apache.kafka.streams.state.Stores::persistentKeyValueStore);

        assertEquals(1, topology.describe().subtopologies().size());
        assertEquals(Set.of(), topology.describe().globalStores());
        String docs = Files.readString(Path.of("..", "docs", "topology.md"));
        assertTrue(
                docs.contains(drawing(topology)),
                () -> "docs/topology.md does not hold this drawing:\n" + drawing(topology));
    }

    @Test
    void anEpochGoesThroughTheTopologyWithItsStamp() {
        MeterRegistry measured = new SimpleMeterRegistry();
        Metrics.addRegistry(measured);
        try (TopologyTestDriver driver = driver(org.apache.kafka.streams.state.Stores::persistentKeyValueStore)) {
            TestInputTopic<String, byte[]> rows = input(driver, TOPICS.enrollments());
            TestInputTopic<String, byte[]> progress = input(driver, TOPICS.progress());
            TestOutputTopic<String, byte[]> feed = output(driver, TOPICS.feed("destiny"));
            TestOutputTopic<String, byte[]> epochs = output(driver, TOPICS.epochs());
            driver.advanceWallClockTime(EpochProcessor.TICK);

            send(
                    rows,
                    TOPICS.enrollments(),
                    row(
                            "10/1",
                            bytes(
                                    TOPICS.enrollments(),
                                    Rows.enrollment(10, 1, 99).build())));
            send(
                    rows,
                    TOPICS.enrollments(),
                    row(
                            "10/2",
                            bytes(
                                    TOPICS.enrollments(),
                                    Rows.enrollment(10, 2, 98).build())));
            assertTrue(feed.isEmpty());
            send(progress, TOPICS.progress(), new TestRecord<>(Keys.PROGRESS, progress(1, 2)));

            assertEquals(
                    List.of("student/98", "student/99"),
                    feed.readRecordsToList().stream().map(TestRecord::key).toList());
            assertEquals("epoch", epochs.readRecord().key());

            Enrollment moved = Rows.enrollment(10, 2, 98).setStatusTag("I").build();
            send(rows, TOPICS.enrollments(), row("10/2", bytes(TOPICS.enrollments(), moved)));
            send(progress, TOPICS.progress(), new TestRecord<>(Keys.PROGRESS, progress(2, 3)));

            TestRecord<String, byte[]> tombstone = feed.readRecord();
            assertEquals("student/98", tombstone.key());
            assertEquals(null, tombstone.value());
            assertEquals("2", header(tombstone, dev.patronstream.schemas.topic.RecordHeaders.EPOCH));
            assertEquals("00000027:00000002:0001", header(tombstone, dev.patronstream.schemas.topic.RecordHeaders.LSN));
            assertEquals(Rows.INCARNATION, header(tombstone, dev.patronstream.schemas.topic.RecordHeaders.INCARNATION));
            assertTrue(feed.isEmpty());
            Timer applied =
                    measured.get("patronstream.latency").tag("step", "applied").timer();
            assertEquals(1, applied.count(), "of the first epoch after a start it is not known");
        }
    }

    @Test
    void aLargeEpochGoesOnWithTicksAloneAndItsEntriesCarryItsNumber() {
        try (TopologyTestDriver driver = driver(org.apache.kafka.streams.state.Stores::inMemoryKeyValueStore)) {
            TestInputTopic<String, byte[]> rows = input(driver, TOPICS.enrollments());
            TestOutputTopic<String, byte[]> feed = output(driver, TOPICS.feed("destiny"));
            TestOutputTopic<String, byte[]> epochs = output(driver, TOPICS.epochs());
            for (int student = 0; student < 50; student++) {
                send(
                        rows,
                        TOPICS.enrollments(),
                        row(
                                "10/" + student,
                                bytes(
                                        TOPICS.enrollments(),
                                        Rows.enrollment(10, student, student).build())));
            }
            send(input(driver, TOPICS.progress()), TOPICS.progress(), new TestRecord<>(Keys.PROGRESS, progress(7, 50)));
            assertTrue(epochs.isEmpty());
            int ticks = 0;
            while (epochs.isEmpty() && ticks < 100) {
                driver.advanceWallClockTime(EpochProcessor.TICK);
                ticks++;
            }
            assertTrue(ticks > 5, "in pieces, not at once");
            List<TestRecord<String, byte[]>> entries = feed.readRecordsToList();
            assertEquals(50, entries.size());
            for (TestRecord<String, byte[]> entry : entries) {
                assertEquals(
                        7,
                        registry.serdes()
                                .deserializer(FeedEntry.class)
                                .deserialize(TOPICS.feed("destiny"), entry.value())
                                .getEpoch());
            }
        }
    }

    /** The description in the form of the docs: one node a line, in an order that does not depend on chance. */
    private static String drawing(Topology topology) {
        return String.join(
                "\n",
                topology.describe()
                        .toString()
                        .lines()
                        .map(String::strip)
                        .filter(line ->
                                line.contains("Source:") || line.contains("Processor:") || line.contains("Sink:"))
                        .map(EpochTopologyTest::withSortedStores)
                        .sorted()
                        .toList());
    }

    private static String withSortedStores(String line) {
        int from = line.indexOf("[");
        int to = line.indexOf("]");
        if (!line.contains("stores:") || from < 0) {
            return line;
        }
        List<String> stores =
                Stream.of(line.substring(from + 1, to).split(", ")).sorted().toList();
        return line.substring(0, from) + stores + line.substring(to + 1);
    }

    private static Topology topology(Function<String, KeyValueBytesStoreSupplier> stores) {
        return EpochTopology.of(
                new EpochSettings(TOPICS, registry.serdes(), PatronRules.DEFAULT, List.of(DESTINY), 10),
                stores,
                SentTopics::new,
                state -> {});
    }

    private static TopologyTestDriver driver(Function<String, KeyValueBytesStoreSupplier> stores) {
        sent = new HashMap<>();
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, TOPICS.streamsApplicationId());
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:9092");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, folder.resolve("state").toString());
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        return new TopologyTestDriver(topology(stores), properties);
    }

    private static TestInputTopic<String, byte[]> input(TopologyTestDriver driver, String topic) {
        return driver.createInputTopic(
                topic, new StringSerializer(), new ByteArraySerializer(), Instant.EPOCH, Duration.ZERO);
    }

    private static TestOutputTopic<String, byte[]> output(TopologyTestDriver driver, String topic) {
        return driver.createOutputTopic(topic, new StringDeserializer(), new ByteArrayDeserializer());
    }

    private static void send(TestInputTopic<String, byte[]> input, String topic, TestRecord<String, byte[]> record) {
        List<TopicRecord<byte[]>> log = sent.computeIfAbsent(topic, name -> new ArrayList<>());
        log.add(new TopicRecord<>(
                topic,
                log.size(),
                0,
                record.key(),
                OptionalLong.empty(),
                record.headers(),
                Optional.of(record.value()),
                Optional.empty()));
        input.pipeInput(record);
    }

    private static TestRecord<String, byte[]> row(String key, byte[] value) {
        return new TestRecord<>(
                key, value, new RecordHeaders().add(dev.patronstream.schemas.topic.RecordHeaders.EPOCH, new byte[] {'1'
                        }));
    }

    private static byte[] progress(long epoch, long nextRow) {
        return bytes(
                TOPICS.progress(),
                Progress.newBuilder()
                        .setEpoch(epoch)
                        .setIncarnation(Rows.INCARNATION)
                        .setWatermark("00000027:%08x:0001".formatted(epoch))
                        .setBusinessDate(Rows.TODAY)
                        .setPublishedAt(Instant.EPOCH)
                        .setCause(EpochCause.CHANGES)
                        .setNextOffsets(Map.of(TOPICS.enrollments(), nextRow))
                        .setRows(nextRow)
                        .setSourceTransactions(1)
                        .setKafkaTransactions(1)
                        .build());
    }

    @SuppressWarnings("unchecked")
    private static byte[] bytes(String topic, SpecificRecord record) {
        return registry.serdes()
                .serializer((Class<SpecificRecord>) record.getClass())
                .serialize(topic, record);
    }

    private static @Nullable String header(TestRecord<String, byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    /** Topics that hold what was sent. */
    private static final class SentTopics implements TopicReader {

        @Override
        public String identity(String topic) {
            return topic;
        }

        @Override
        public OptionalLong position(String topic) {
            return OptionalLong.empty();
        }

        @Override
        public long end(String topic) {
            return sent.getOrDefault(topic, List.of()).size();
        }

        @Override
        public Optional<TopicRecord<byte[]>> first(String topic, long from, long to) {
            return sent.getOrDefault(topic, List.of()).stream()
                    .filter(entry -> entry.offset() >= from && entry.offset() < to)
                    .findFirst();
        }

        @Override
        public boolean isEmptyBetween(String topic, long from, long to) {
            return false;
        }

        @Override
        public Optional<TopicRecord<byte[]>> last(String topic, Predicate<TopicRecord<byte[]>> counts) {
            return sent.getOrDefault(topic, List.of()).stream().filter(counts).reduce((one, next) -> next);
        }

        @Override
        public Iterator<List<TopicRecord<byte[]>>> scan(String topic) {
            return Collections.emptyIterator();
        }

        @Override
        public void close() {}
    }
}
