package dev.patronstream.snapshotter;

import dev.patronstream.schemas.CaptureHold;
import dev.patronstream.schemas.EpochApplied;
import dev.patronstream.schemas.EpochCause;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.schemas.Progress;
import dev.patronstream.schemas.SnapshotTaken;
import dev.patronstream.schemas.feed.FeedSelection;
import dev.patronstream.schemas.feed.PatronRules;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.schemas.topic.ContentDigest;
import dev.patronstream.schemas.topic.RecordHeaders;
import dev.patronstream.schemas.topic.TopicProvisioner;
import dev.patronstream.schemas.topic.TopicSettings;
import dev.patronstream.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes what connector and streams application write for one feed, as they do it: progress in one transaction, entries
 * and the applied epoch in others.
 */
public final class FeedTopic implements AutoCloseable {

    /** Whom the feed of the tests holds. */
    public static final FeedSelection SELECTION = new FeedSelection(
            "destiny",
            Set.of(10, 20),
            Set.of(PatronStatus.ACTIVE, PatronStatus.PRE_ENROLLED),
            Set.of(PatronKind.STUDENT, PatronKind.STAFF),
            PatronRules.DEFAULT);

    private final Topics topics;
    private final AvroSerdes serdes;
    private final Producer<String, byte[]> connector;
    private final Producer<String, byte[]> streams;
    private final List<FeedSelection> selections;
    private final Map<String, TreeMap<String, FeedEntry>> entriesByFeed = new TreeMap<>();
    private long epoch;
    private @Nullable SnapshotTaken lastSnapshot;
    private Optional<Instant> freshAsOf = Optional.empty();
    private String database = "";
    private String generation = "";

    /** Makes the topics; there may be other feeds beside the usual one. */
    public FeedTopic(Cluster cluster, Topics topics, FeedSelection... others) {
        this.topics = topics;
        this.serdes = cluster.serdes();
        selections = new ArrayList<>(List.of(others));
        selections.add(SELECTION);
        TopicSettings settings = TopicSettings.SINGLE_BROKER;
        List<NewTopic> needed =
                new ArrayList<>(List.of(settings.compacted(topics.progress()), settings.compacted(topics.epochs())));
        for (FeedSelection selection : selections) {
            entriesByFeed.put(selection.feed(), new TreeMap<>());
            needed.add(settings.compacted(topics.feed(selection.feed())));
        }
        try (Admin admin = Admin.create(cluster.kafka())) {
            needed.add(settings.compacted(topics.holds()));
            new TopicProvisioner(admin).ensure(needed);
        }
        connector = producer(cluster, topics.connectorTransactionalId());
        streams = producer(cluster, topics.streamsApplicationId());
    }

    private static Producer<String, byte[]> producer(Cluster cluster, String transactionalId) {
        Map<String, Object> configuration = new TreeMap<>(cluster.kafka());
        configuration.put("transactional.id", transactionalId);
        Producer<String, byte[]> producer =
                new KafkaProducer<>(configuration, new StringSerializer(), new ByteArraySerializer());
        producer.initTransactions();
        return producer;
    }

    /** Returns the number of the last epoch. */
    public long epoch() {
        return epoch;
    }

    /** Returns what the feed holds, by key. */
    public Map<String, FeedEntry> entries() {
        return Map.copyOf(entriesOf(SELECTION.feed()));
    }

    private Map<String, FeedEntry> entriesOf(String feed) {
        return Objects.requireNonNull(entriesByFeed.get(feed), feed);
    }

    /** The database says from the next epoch on how fresh it is. */
    public void freshAsOf(Instant asOf) {
        freshAsOf = Optional.of(asOf);
    }

    /** The epochs are of this database from the next one on. */
    public void database(String name) {
        database = name;
    }

    /** The connector begins a generation of the contract topics, whose epochs may begin again at any number. */
    public void generation(String id, long epochBefore) {
        generation = id;
        epoch = epochBefore;
    }

    /** The topology takes the announcement of the epoch back, as it does before it evaluates everybody again. */
    public void takeBack() {
        send(streams, topics.epochs(), Keys.EPOCH, Optional.empty());
    }

    /** Publishes and applies one epoch: entries by key, nothing for those that leave. */
    public void apply(Map<String, Optional<FeedEntry>> changes) {
        publish();
        begin();
        write(changes);
        commitEpoch();
    }

    /** As {@link #apply(Map)} for entries that come or change. */
    public void apply(FeedEntry... changed) {
        Map<String, Optional<FeedEntry>> changes = new TreeMap<>();
        for (FeedEntry entry : changed) {
            changes.put(Keys.person(entry.getKind(), entry.getId()), Optional.of(entry));
        }
        apply(changes);
    }

    /** The connector reads the tables in full with the next epoch. */
    public void snapshotNext(String reason) {
        lastSnapshot = new SnapshotTaken(epoch + 1, reason, Instant.parse("2026-11-24T07:00:00Z"), 3L, 1L);
    }

    /** The connector holds a snapshot; null when it does not any more. */
    public void hold(@Nullable CaptureHold hold) {
        connector.beginTransaction();
        send(connector, topics.holds(), Keys.HELD, Optional.ofNullable(hold).map(held -> serdes.serializer(
                        CaptureHold.class)
                .serialize(topics.holds(), held)));
        connector.commitTransaction();
    }

    /** The connector publishes the next epoch. */
    public void publish() {
        epoch++;
        Progress progress = Progress.newBuilder()
                .setEpoch(epoch)
                .setIncarnation("eagle-1")
                .setGeneration(generation)
                .setDatabase(database)
                .setWatermark(watermark())
                .setBusinessDate(LocalDate.of(2026, 11, 24))
                .setPublishedAt(Instant.EPOCH)
                .setCause(EpochCause.CHANGES)
                .setNextOffsets(Map.of())
                .setRows(1)
                .setSourceTransactions(1)
                .setKafkaTransactions(1)
                .setLastSnapshot(lastSnapshot)
                .build();
        connector.beginTransaction();
        send(
                connector,
                topics.progress(),
                Keys.PROGRESS,
                Optional.of(serdes.serializer(Progress.class).serialize(topics.progress(), progress)));
        connector.commitTransaction();
    }

    /** The topology begins a transaction. */
    public void begin() {
        streams.beginTransaction();
    }

    /** Publishes and applies one epoch of another feed. */
    public void apply(String feed, Map<String, Optional<FeedEntry>> changes) {
        publish();
        begin();
        write(feed, changes);
        commitEpoch();
    }

    /** The topology writes entries of the published epoch into its transaction. */
    public void write(Map<String, Optional<FeedEntry>> changes) {
        write(SELECTION.feed(), changes);
    }

    private void write(String feed, Map<String, Optional<FeedEntry>> changes) {
        Map<String, FeedEntry> entries = entriesOf(feed);
        changes.forEach((key, entry) -> {
            Optional<FeedEntry> stamped = entry.map(this::stamped);
            send(streams, topics.feed(feed), key, stamped.map(value -> bytes(feed, value)));
            stamped.ifPresentOrElse(value -> entries.put(key, value), () -> entries.remove(key));
        });
        streams.flush();
    }

    /** What the topology counts as written, and the broker has lost. */
    public void lose(FeedEntry entry) {
        entriesOf(SELECTION.feed()).put(Keys.person(entry.getKind(), entry.getId()), stamped(entry));
    }

    private FeedEntry stamped(FeedEntry entry) {
        return FeedEntry.newBuilder(entry)
                .setEpoch(epoch)
                .setWatermark(watermark())
                .build();
    }

    private byte[] bytes(String feed, FeedEntry entry) {
        return serdes.serializer(FeedEntry.class).serialize(topics.feed(feed), entry);
    }

    /** The topology writes into its transaction what it will take back. */
    public void writeInVain(FeedEntry entry) {
        String topic = topics.feed(SELECTION.feed());
        send(
                streams,
                topic,
                Keys.person(entry.getKind(), entry.getId()),
                Optional.of(serdes.serializer(FeedEntry.class).serialize(topic, entry)));
        streams.flush();
        streams.abortTransaction();
    }

    /** The topology commits a part of an epoch. */
    public void commitPart() {
        streams.commitTransaction();
    }

    /** The topology ends the epoch and commits. */
    public void commitEpoch() {
        commitEpoch(SELECTION.fingerprint(), entriesOf(SELECTION.feed()).size());
    }

    /** As {@link #commitEpoch()}, with what the record says about the feed. */
    public void commitEpoch(String fingerprint, long count) {
        Map<String, String> fingerprints = new TreeMap<>();
        Map<String, Long> counts = new TreeMap<>();
        Map<String, Long> digests = new TreeMap<>();
        selections.forEach(selection -> {
            String feed = selection.feed();
            fingerprints.put(feed, selection.fingerprint());
            counts.put(feed, (long) entriesOf(feed).size());
            digests.put(
                    feed,
                    entriesOf(feed).values().stream()
                            .mapToLong(entry -> ContentDigest.of(bytes(feed, entry)))
                            .sum());
        });
        fingerprints.put(SELECTION.feed(), fingerprint);
        counts.put(SELECTION.feed(), count);
        EpochApplied applied = EpochApplied.newBuilder()
                .setEpoch(epoch)
                .setIncarnation("eagle-1")
                .setGeneration(generation)
                .setDatabase(database)
                .setWatermark(watermark())
                .setBusinessDate(LocalDate.of(2026, 11, 24))
                .setPublishedAt(Instant.EPOCH)
                .setFreshAsOf(freshAsOf.orElse(null))
                .setFeeds(fingerprints)
                .setPatrons(count)
                .setFeedEntries(counts)
                .setFeedDigests(digests)
                .build();
        send(
                streams,
                topics.epochs(),
                Keys.EPOCH,
                Optional.of(serdes.serializer(EpochApplied.class).serialize(topics.epochs(), applied)));
        streams.commitTransaction();
    }

    /** Returns the watermark of the last epoch. */
    public String watermark() {
        return "00000027:%08x:0005".formatted(epoch);
    }

    private void send(Producer<String, byte[]> producer, String topic, String key, Optional<byte[]> value) {
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, 0, key, value.orElse(null));
        Headers headers = record.headers();
        headers.add(RecordHeaders.EPOCH, Long.toString(epoch).getBytes(StandardCharsets.UTF_8));
        headers.add(RecordHeaders.LSN, watermark().getBytes(StandardCharsets.UTF_8));
        var unused = producer.send(record);
    }

    @Override
    public void close() {
        connector.close();
        streams.close();
    }
}
