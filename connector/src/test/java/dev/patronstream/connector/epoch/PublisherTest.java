package dev.patronstream.connector.epoch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.connector.KafkaExtension;
import dev.patronstream.connector.KafkaExtension.TestKafka;
import dev.patronstream.connector.check.CapturedLayout;
import dev.patronstream.connector.database.Incarnation;
import dev.patronstream.connector.epoch.Publisher.Ending;
import dev.patronstream.connector.row.Captured.SnapshotRow;
import dev.patronstream.connector.row.ContractRow;
import dev.patronstream.connector.row.RowKey;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.schemas.EpochCause;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.Lsn;
import dev.patronstream.schemas.Phase;
import dev.patronstream.schemas.Progress;
import dev.patronstream.schemas.School;
import dev.patronstream.schemas.Source;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.schemas.topic.RecordForm;
import dev.patronstream.schemas.topic.RecordHeaders;
import dev.patronstream.schemas.topic.TopicProvisioner;
import dev.patronstream.schemas.topic.TopicRecord;
import dev.patronstream.schemas.topic.TopicSettings;
import dev.patronstream.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KafkaExtension.class)
class PublisherTest {

    private static final String LIFE = "DST26000EAGLE@2026-07-01T08:30";
    private static final Lsn LSN = new Lsn("00000027:00000758:0005");

    private Map<String, Object> kafka;
    private AvroSerdes serdes;
    private Topics topics;

    @BeforeEach
    void makeTopics(TestKafka shared, TestInfo test) {
        kafka = Map.of("bootstrap.servers", shared.kafka().bootstrapServers());
        serdes = new AvroSerdes(Map.of("schema.registry.url", shared.registry().url()));
        topics = new Topics("p" + Integer.toHexString(test.getDisplayName().hashCode()));
        List<NewTopic> wanted = new ArrayList<>();
        topics.contracts().forEach(topic -> wanted.add(TopicSettings.SINGLE_BROKER.compacted(topic)));
        wanted.add(TopicSettings.SINGLE_BROKER.compacted(topics.progress()));
        wanted.add(TopicSettings.SINGLE_BROKER.compacted(topics.offsets()));
        try (Admin admin = Admin.create(kafka)) {
            new TopicProvisioner(admin).ensure(wanted);
        }
    }

    private Publisher publisher() {
        Publisher publisher = new Publisher(kafka, topics, Map.of(), serdes, Duration.ofSeconds(30), reason -> {});
        publisher.fence();
        return publisher;
    }

    private static Position position(long epoch, Map<String, Note> notes) {
        return new Position(
                epoch,
                new Incarnation(LIFE, "DST26000EAGLE", "2026-07-01T08:30", null),
                LSN.text(),
                null,
                new CapturedLayout("columns", Map.of(), List.of()),
                notes,
                null,
                Map.of());
    }

    private Ending ending(long epoch, Map<String, Note> notes) {
        Progress progress = Progress.newBuilder()
                .setEpoch(epoch)
                .setIncarnation(LIFE)
                .setWatermark(LSN.text())
                .setBusinessDate(LocalDate.of(2026, 8, 31))
                .setPublishedAt(Instant.EPOCH)
                .setCause(EpochCause.CHANGES)
                .setNextOffsets(Map.of())
                .setRows(1)
                .setSourceTransactions(1)
                .setKafkaTransactions(1)
                .build();
        return new Ending(position(epoch, notes), Optional.of(progress));
    }

    private static School school(int code, String name) {
        return School.newBuilder()
                .setCode(code)
                .setName(name)
                .setSource(Source.newBuilder()
                        .setIncarnation(LIFE)
                        .setCommitLsn(LSN.text())
                        .setCommittedAt(Instant.EPOCH)
                        .setPhase(Phase.STREAM)
                        .build())
                .build();
    }

    private static Outgoing row(int code, String name) {
        return new Outgoing(new RowKey(SourceTable.LOC, Integer.toString(code)), Optional.of(school(code, name)), LSN);
    }

    private static Outgoing gone(int code) {
        return new Outgoing(new RowKey(SourceTable.LOC, Integer.toString(code)), Optional.empty(), LSN);
    }

    private CommittedTopics reader() {
        return new CommittedTopics(kafka, Duration.ofSeconds(30));
    }

    private List<TopicRecord<byte[]>> schools() {
        List<TopicRecord<byte[]>> records = new ArrayList<>();
        try (CommittedTopics reader = reader()) {
            reader.read(topics.schools(), RecordForm.ANY, records::add);
        }
        return records;
    }

    private Optional<Position> storedPosition() {
        try (CommittedTopics reader = reader()) {
            return Optional.ofNullable(reader.newest(topics.offsets(), RecordForm.ANY, Set.of(Position.KEY))
                            .get(Position.KEY))
                    .map(Position::of);
        }
    }

    @Test
    void rowsProgressAndPositionAreWrittenTogether() {
        try (Publisher publisher = publisher();
                CommittedTopics reader = reader()) {
            Ending first = publisher.publish(
                    1, LIFE, List.of(row(10, "Eagle"), row(20, "Hawk")), Map.of(), next -> ending(1, next));
            assertEquals(2, first.position().notes().get(topics.schools()).next());
            Ending second = publisher.publish(
                    2, LIFE, List.of(gone(20)), first.position().notes(), next -> ending(2, next));
            // One offset in between is the first transaction's marker.
            assertEquals(4, second.position().notes().get(topics.schools()).next());

            assertEquals(Optional.of(second.position()), storedPosition());
            byte[] progress = reader.newest(topics.progress(), RecordForm.ANY, Set.of(Keys.PROGRESS))
                    .get(Keys.PROGRESS);
            assertEquals(
                    2,
                    serdes.deserializer(Progress.class)
                            .deserialize(topics.progress(), progress)
                            .getEpoch());
        }
    }

    @Test
    void tombstonesSayInHeadersWhereTheyComeFrom() {
        try (Publisher publisher = publisher()) {
            publisher.publish(7, LIFE, List.of(gone(20)), Map.of(), next -> ending(7, next));
        }
        TopicRecord<byte[]> tombstone = schools().get(0);
        assertTrue(tombstone.isDeletion());
        assertEquals("7", header(tombstone, RecordHeaders.EPOCH));
        assertEquals(LSN.text(), header(tombstone, RecordHeaders.LSN));
        assertEquals(LIFE, header(tombstone, RecordHeaders.INCARNATION));
    }

    private static String header(TopicRecord<byte[]> published, String name) {
        return new String(published.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    @Test
    void aSecondPublisherFencesTheFirstAndItsUnfinishedTransactionIsNeverSeen() {
        Publisher zombie = publisher();
        zombie.publish(1, LIFE, List.of(row(10, "Eagle")), Map.of(), next -> ending(1, next));
        Publisher[] successor = new Publisher[1];
        KafkaException refused = assertThrows(
                KafkaException.class,
                () -> zombie.publish(2, LIFE, List.of(row(10, "Zombie")), Map.of(), next -> {
                    successor[0] = publisher();
                    return ending(2, next);
                }));
        zombie.close();
        assertTrue(isFenced(refused), refused.toString());
        try (Publisher publisher = successor[0]) {
            assertEquals(1, storedPosition().orElseThrow().epoch());
            publisher.publish(2, LIFE, List.of(row(20, "Hawk")), Map.of(), next -> ending(2, next));
        }
        assertEquals(
                List.of("10", "20"), schools().stream().map(TopicRecord::key).toList());
    }

    private static boolean isFenced(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProducerFencedException
                    || cause instanceof org.apache.kafka.common.errors.InvalidProducerEpochException) {
                return true;
            }
        }
        return false;
    }

    @Test
    void anAbandonedTransactionLeavesNothingBehind() {
        Publisher abandoned = publisher();
        assertThrows(
                IllegalStateException.class,
                () -> abandoned.publish(1, LIFE, List.of(row(10, "Lost")), Map.of(), next -> {
                    throw new IllegalStateException("killed here");
                }));
        try (Publisher publisher = publisher()) {
            assertEquals(Optional.empty(), storedPosition());
            publisher.publish(1, LIFE, List.of(row(10, "Found")), Map.of(), next -> ending(1, next));
        }
        abandoned.close();
        assertEquals(1, schools().size());
    }

    @Test
    void thePositionIsFoundBehindManyOtherRecords() {
        try (Publisher publisher = publisher()) {
            publisher.publish(1, LIFE, List.of(row(10, "Eagle")), Map.of(), next -> ending(1, next));
            for (int i = 0; i < 60; i++) {
                publisher.note(topics.offsets(), "owner", new byte[] {1});
            }
        }
        assertEquals(1, storedPosition().orElseThrow().epoch());
    }

    @Test
    void aSnapshotWritesOnlyWhatDiffersAndDeletesWhatIsGone() {
        try (Publisher publisher = publisher()) {
            publisher.publish(
                    1,
                    LIFE,
                    List.of(row(10, "Eagle"), row(20, "Hawk"), row(30, "Owl"), row(40, "Kite"), gone(40)),
                    Map.of(),
                    next -> ending(1, next));
        }
        TopicContent content;
        try (CommittedTopics reader = reader()) {
            content = TopicContent.load(reader, topics, serdes);
        }
        assertEquals(3, content.rows(SourceTable.LOC));
        SnapshotEpoch snapshot = new SnapshotEpoch(LIFE, content);
        snapshot.add(read(school(10, "Eagle")));
        snapshot.add(read(school(20, "Hawk High")));
        snapshot.add(read(school(50, "Wren")));
        List<Outgoing> differences = snapshot.takeDifferences();
        assertEquals(
                List.of("20", "50"),
                differences.stream().map(change -> change.row().key()).toList());
        List<RowKey> gone =
                snapshot.leftOverAfter(rest -> assertTrue(rest.isEmpty())).get(SourceTable.LOC);
        assertEquals(List.of(new RowKey(SourceTable.LOC, "30")), gone);
        assertEquals(Optional.empty(), snapshot.delete(gone).get(0).value());
        assertTrue(snapshot.leftOverAfter(rest -> assertTrue(rest.isEmpty()))
                .get(SourceTable.LOC)
                .isEmpty());
    }

    @Test
    void aSnapshotWritesOverWhatSomethingElseWrote() throws Exception {
        try (Publisher publisher = publisher()) {
            publisher.publish(
                    1,
                    LIFE,
                    List.of(row(10, "Eagle"), row(20, "Hawk"), row(30, "Owl"), row(40, "Kite"), row(50, "Wren")),
                    Map.of(),
                    next -> ending(1, next));
        }
        byte[] otherSchema = serdes.serializer(Progress.class)
                .serialize(topics.progress(), ending(1, Map.of()).progress().orElseThrow());
        List<Long> offsets = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> other =
                new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer())) {
            offsets.add(foreign(other, "10", "not avro at all".getBytes(StandardCharsets.UTF_8), "1"));
            offsets.add(foreign(other, "20", otherSchema, "1"));
            offsets.add(foreign(other, "30", new byte[] {0, 9, 9, 9, 9, 9}, "1"));
            offsets.add(foreign(
                    other,
                    "40",
                    serdes.serializer(School.class).serialize(topics.schools(), school(40, "Kite")),
                    "one"));
            offsets.add(foreign(other, "50", null, null));
            offsets.add(foreign(other, "a school", null, null));
        }
        TopicContent content;
        try (CommittedTopics reader = reader()) {
            content = TopicContent.load(reader, topics, serdes);
        }
        String at = "the record at offset %d of topic " + topics.schools() + " was written by something else: %s";
        assertEquals(
                List.of(
                        at.formatted(offsets.get(0), "its value is not of this topic's schema"),
                        at.formatted(offsets.get(1), "its value is not of this topic's schema"),
                        at.formatted(offsets.get(2), "its value names no Avro schema that the registry has"),
                        at.formatted(offsets.get(3), "its header patronstream.epoch is no number"),
                        at.formatted(offsets.get(4), "it has no header patronstream.epoch"),
                        at.formatted(offsets.get(5), "its key is none of this topic's")),
                content.foreign());
        SnapshotEpoch snapshot = new SnapshotEpoch(LIFE, content);
        snapshot.add(read(school(10, "Eagle")));
        snapshot.add(read(school(20, "Hawk")));
        snapshot.add(read(school(30, "Owl")));
        snapshot.add(read(school(40, "Kite")));
        assertEquals(
                List.of("10", "20", "30", "40"),
                snapshot.takeDifferences().stream()
                        .map(change -> change.row().key())
                        .toList());
        assertEquals(
                List.of(new RowKey(SourceTable.LOC, "50"), new RowKey(SourceTable.LOC, "a school")),
                snapshot.leftOverAfter(rest -> assertTrue(rest.isEmpty())).get(SourceTable.LOC));
    }

    /** Later rows stand behind them, so the end of the topic does not tell. */
    @Test
    void recordsOfSomethingElseAreAReasonForASnapshotUntilOneHasWrittenOverThem() throws Exception {
        Map<String, Note> notes;
        try (Publisher publisher = publisher()) {
            notes = publisher
                    .publish(1, LIFE, List.of(row(10, "Eagle"), row(20, "Hawk")), Map.of(), next -> ending(1, next))
                    .position()
                    .notes();
            assertEquals(Optional.empty(), unreadable());
            try (KafkaProducer<byte[], byte[]> other =
                    new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer())) {
                foreign(other, "10", null, null);
                foreign(other, "20", "not avro".getBytes(StandardCharsets.UTF_8), null);
                foreign(other, "a school", "not avro".getBytes(StandardCharsets.UTF_8), null);
                foreign(other, "", "not avro".getBytes(StandardCharsets.UTF_8), null);
            }
            publisher.publish(2, LIFE, List.of(row(30, "Owl")), notes, next -> ending(2, next));
        }
        assertEquals(
                Optional.of("topic " + topics.schools() + " holds records that something else wrote, under 3 keys"),
                unreadable());

        TopicContent content;
        try (CommittedTopics reader = reader()) {
            content = TopicContent.load(reader, topics, serdes);
        }
        SnapshotEpoch snapshot = new SnapshotEpoch(LIFE, content);
        snapshot.add(read(school(10, "Eagle")));
        snapshot.add(read(school(30, "Owl")));
        List<Outgoing> all = new ArrayList<>(snapshot.takeDifferences());
        all.addAll(snapshot.delete(snapshot.leftOverAfter(all::addAll).get(SourceTable.LOC)));
        try (Publisher publisher = publisher()) {
            publisher.publish(3, LIFE, all, Map.of(), next -> ending(3, next));
        }
        assertEquals(
                List.of("10", "20", "a school"),
                all.stream().map(change -> change.row().key()).toList());
        assertEquals(Optional.empty(), unreadable());
    }

    private Optional<String> unreadable() {
        try (CommittedTopics reader = reader()) {
            return TopicContent.unreadable(reader, topics, serdes);
        }
    }

    /** Returns the record's offset: the marker of the transaction before may come later than it. */
    private long foreign(
            KafkaProducer<byte[], byte[]> other, String key, byte @Nullable [] value, @Nullable String epoch)
            throws Exception {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topics.schools(), 0, key.getBytes(StandardCharsets.UTF_8), value);
        if (epoch != null) {
            record.headers().add(RecordHeaders.EPOCH, epoch.getBytes(StandardCharsets.UTF_8));
        }
        return other.send(record).get().offset();
    }

    private static SnapshotRow read(School school) {
        return new SnapshotRow(
                new ContractRow(SourceTable.LOC, Integer.toString(school.getCode()), Optional.of(school)),
                LSN,
                Instant.EPOCH);
    }
}
