package dev.patronstream.streams.epochs;

import dev.patronstream.schemas.Enrollment;
import dev.patronstream.schemas.EpochApplied;
import dev.patronstream.schemas.EpochCause;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.Patron;
import dev.patronstream.schemas.Progress;
import dev.patronstream.schemas.School;
import dev.patronstream.schemas.StaffMember;
import dev.patronstream.schemas.Teacher;
import dev.patronstream.schemas.feed.FeedSelection;
import dev.patronstream.schemas.feed.PatronRules;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.schemas.table.JoinedTable;
import dev.patronstream.schemas.topic.TopicIdentity;
import dev.patronstream.schemas.topic.TopicRecord;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.streams.topics.LostStateException;
import dev.patronstream.streams.topics.TopicReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * A district in memory: source tables, the topics the connector would write, and the topology's steps over stores that
 * can be committed, rolled back and lost. Everything Kafka would decide (which topic is read next, when a commit falls,
 * when a process dies) is decided by the test.
 */
final class District {

    static final Topics TOPICS = new Topics("eagle");

    /** Longer than the application takes until it looks for what does not come. */
    private static final int TICKS_BETWEEN_EPOCHS = 20;

    /** A record of a topic. */
    record Logged(
            long offset,
            long timestamp,
            long epoch,
            String key,
            @Nullable Bytes value) {}

    /** A record that the topology wrote. */
    record Output(String topic, String key, @Nullable Bytes value, long epoch) {}

    final AvroSerdes serdes;
    final Map<Integer, School> schools = new TreeMap<>();
    final Map<String, Enrollment> enrollments = new TreeMap<>();
    final Map<Integer, StaffMember> staff = new TreeMap<>();
    final Map<String, Teacher> teachers = new TreeMap<>();
    LocalDate businessDate = Rows.TODAY;
    /** What the connector says that it reads; nothing, as one of before. */
    List<String> columns = List.of();

    /** What the topology wrote, committed or not. */
    final List<Output> outputs = new ArrayList<>();

    private final Map<String, List<Logged>> logs = new LinkedHashMap<>();
    private final Map<String, Long> ends = new HashMap<>();
    /** By topic: the offset after the last record that the connector knows. Markers are none. */
    private final Map<String, Long> nextOffsets = new HashMap<>();

    private final Map<String, String> identities = new HashMap<>();
    /** By topic: the offset that it begins at. */
    private final Map<String, Long> beginnings = new HashMap<>();
    /** The same, when the connector compared the topics with the tables last. */
    private Map<String, Long> firstOffsets = Map.of();

    private final Map<String, Long> positions = new HashMap<>();
    private Map<String, Long> committedPositions = Map.of();
    private int committedOutputs;
    private long epoch;
    private long rows;
    private long now;
    private boolean damaged;

    /** The epoch that was current when the application looked for it last, and where it ended. */
    private long goal;

    private Map<String, Long> endsAtGoal = new HashMap<>();

    /** By topic: the last offset for which compaction has taken earlier records away. */
    private final Map<String, Long> compactedBy = new HashMap<>();

    /** Told of every epoch that ends. */
    LongConsumer whenPublished = number -> {};

    /** Told of every epoch that the topology announces, with what it has written so far. */
    Consumer<EpochApplied> whenAnnounced = announced -> {};

    private final Map<String, MapStore> stores = new HashMap<>();
    private EpochSettings settings;
    private @Nullable EpochSteps steps;
    private TopologyState state = TopologyState.STARTING;

    /** How often the state was dropped. */
    int losses;

    District(AvroSerdes serdes, int pieceSize, PatronRules rules, FeedSelection... feeds) {
        this.serdes = serdes;
        this.settings = new EpochSettings(TOPICS, serdes, rules, List.of(feeds), pieceSize);
        inputs(TOPICS.with(JoinedTable.ALL)).forEach(topic -> logs.put(topic, new ArrayList<>()));
    }

    /** The same, whose teachers are captured. */
    District withTeachers() {
        settings = new EpochSettings(
                TOPICS.with(JoinedTable.ALL), serdes, settings.rules(), settings.feeds(), settings.pieceSize());
        return this;
    }

    // The source: what changes, and how the connector publishes it.

    void put(School school) {
        schools.put(school.getCode(), school);
        append(TOPICS.schools(), Keys.school(school.getCode()), school);
    }

    void removeSchool(int code) {
        schools.remove(code);
        append(TOPICS.schools(), Keys.school(code), null);
    }

    void put(Enrollment.Builder row) {
        Enrollment enrollment = row.build();
        String key = Keys.enrollment(enrollment.getSchoolCode(), enrollment.getStudentNumber());
        enrollments.put(key, enrollment);
        append(TOPICS.enrollments(), key, enrollment);
    }

    void removeEnrollment(int school, int number) {
        enrollments.remove(Keys.enrollment(school, number));
        append(TOPICS.enrollments(), Keys.enrollment(school, number), null);
    }

    void put(StaffMember.Builder row) {
        StaffMember member = row.build();
        staff.put(member.getStaffId(), member);
        append(TOPICS.staff(), Keys.staffMember(member.getStaffId()), member);
    }

    void removeStaff(int id) {
        staff.remove(id);
        append(TOPICS.staff(), Keys.staffMember(id), null);
    }

    void put(Teacher teacher) {
        String key = Keys.teacher(teacher.getSchoolCode(), teacher.getTeacherNumber());
        teachers.put(key, teacher);
        append(TOPICS.of(JoinedTable.TCH), key, teacher);
    }

    void removeTeacher(int school, int number) {
        teachers.remove(Keys.teacher(school, number));
        append(TOPICS.of(JoinedTable.TCH), Keys.teacher(school, number), null);
    }

    /** A transaction marker: it takes an offset and is never delivered. */
    void marker(String topic) {
        ends.merge(topic, 1L, Long::sum);
    }

    /** Publishes the epoch's end. */
    long endEpoch() {
        mend();
        epoch++;
        Map<String, Long> next = new HashMap<>();
        TOPICS.with(JoinedTable.ALL).contracts().forEach(topic -> next.put(topic, nextOffsets.getOrDefault(topic, 0L)));
        appendProgress(Progress.newBuilder()
                .setEpoch(epoch)
                .setIncarnation(Rows.INCARNATION)
                .setGeneration(new TreeMap<>(identities) + " " + new TreeMap<>(firstOffsets))
                .setWatermark("00000027:%08x:0001".formatted(epoch))
                .setBusinessDate(businessDate)
                .setPublishedAt(Instant.EPOCH.plusSeconds(epoch))
                .setCause(EpochCause.CHANGES)
                .setNextOffsets(next)
                .setFirstOffsets(firstOffsets)
                .setColumns(columns)
                .setRows(rows)
                .setSourceTransactions(1)
                .setKafkaTransactions(1)
                .build());
        rows = 0;
        whenPublished.accept(epoch);
        return epoch;
    }

    /** A quiet epoch of a connector that has not looked at its topics yet. */
    void unawareEpoch() {
        Progress quiet = Progress.newBuilder(lastProgress())
                .setEpoch(++epoch)
                .setRows(0)
                .setPublishedAt(Instant.EPOCH.plusSeconds(epoch))
                .build();
        appendRaw(TOPICS.progress(), Keys.PROGRESS, serialized(TOPICS.progress(), quiet));
    }

    void appendProgress(Progress progress) {
        append(TOPICS.progress(), Keys.PROGRESS, progress);
    }

    void appendRaw(String topic, String key, byte @Nullable [] value) {
        long offset = ends.merge(topic, 1L, Long::sum) - 1;
        logs.get(topic).add(new Logged(offset, ++now, epoch + 1, key, wrapped(value)));
    }

    // What a broker may lose, and how the connector mends it.

    /** The tail of a contract topic is lost under a consumer, which goes back to where the topic ends now. */
    void loseTailWhileItIsRead(String topic, int records) {
        List<Logged> log = logs.get(topic);
        List<Logged> tail = log.subList(log.size() - records, log.size());
        long end = tail.get(0).offset();
        ends.put(topic, end);
        positions.put(topic, end);
        tail.clear();
        damaged = true;
    }

    /** The power fails: everything ends, and a topic or a changelog has lost its last records. */
    void loseTail(String lost, int records) {
        crash();
        if (logs.containsKey(lost)) {
            List<Logged> log = logs.get(lost);
            List<Logged> tail = log.subList(Math.max(0, log.size() - records), log.size());
            if (!tail.isEmpty() && !isSettled(lost, log.size() - tail.size())) {
                ends.put(lost, tail.get(0).offset());
                tail.clear();
                damaged = true;
            }
        } else if (stores.containsKey(lost)) {
            stores.get(lost).loseLastCommit(records % 2 == 0);
        } else {
            List<Output> tail = outputs.stream()
                    .filter(output -> output.topic().equals(lost))
                    .toList();
            // The very records: others may say the same.
            Set<Output> cut = Collections.newSetFromMap(new IdentityHashMap<>());
            tail.stream().skip(Math.max(0, tail.size() - records)).forEach(cut::add);
            outputs.removeIf(cut::contains);
            committedOutputs = outputs.size();
        }
    }

    /** Somebody has altered the settings of a topic, or deleted its first records. */
    void loseBeginning(String lost, int records) {
        if (logs.containsKey(lost)) {
            List<Logged> log = logs.get(lost);
            List<Logged> head = log.subList(0, Math.min(log.size(), records));
            if (!head.isEmpty()) {
                beginnings.put(lost, head.get(head.size() - 1).offset() + 1);
                head.clear();
                damaged = true;
            }
        } else {
            crash();
            List<Output> head = outputs.stream()
                    .filter(output -> output.topic().equals(lost))
                    .limit(records)
                    .toList();
            Set<Output> cut = Collections.newSetFromMap(new IdentityHashMap<>());
            cut.addAll(head);
            outputs.removeIf(cut::contains);
            committedOutputs = outputs.size();
            beginnings.merge(lost, (long) head.size(), Long::sum);
        }
    }

    /** A broker loses what is seconds old; that is not so old that compaction has taken something away for it. */
    private boolean isSettled(String topic, int kept) {
        if (!topic.equals(TOPICS.progress()) || kept == 0) {
            return false;
        }
        Logged end = logs.get(topic).get(kept - 1);
        Progress last = serdes.deserializer(Progress.class).deserialize(topic, bytes(end.value()));
        return compactedBy.entrySet().stream()
                .anyMatch(by -> by.getValue() >= last.getNextOffsets().getOrDefault(by.getKey(), 0L));
    }

    /** The connector compares the topics with the tables and publishes what differs, before anything else. */
    private void mend() {
        if (!damaged) {
            return;
        }
        damaged = false;
        firstOffsets = Map.copyOf(beginnings);
        rows = 0;
        // The number of an epoch that was abandoned in part is given to no other.
        List<String> contracts = TOPICS.with(JoinedTable.ALL).contracts();
        if (contracts.stream().flatMap(topic -> logs.get(topic).stream()).anyMatch(record -> record.epoch() > epoch)) {
            epoch++;
        }
        contracts.forEach(topic -> {
            List<Logged> log = logs.get(topic);
            nextOffsets.put(
                    topic,
                    log.isEmpty()
                            ? beginnings.getOrDefault(topic, 0L)
                            : log.get(log.size() - 1).offset() + 1);
        });
        mend(TOPICS.schools(), keyed(schools, Keys::school));
        mend(TOPICS.staff(), keyed(staff, Keys::staffMember));
        mend(TOPICS.enrollments(), enrollments);
        mend(TOPICS.of(JoinedTable.TCH), teachers);
        endEpoch();
    }

    private static <T> Map<String, T> keyed(Map<Integer, T> table, IntFunction<String> key) {
        Map<String, T> keyed = new TreeMap<>();
        table.forEach((number, row) -> keyed.put(key.apply(number), row));
        return keyed;
    }

    private void mend(String topic, Map<String, ? extends SpecificRecord> table) {
        Map<String, Bytes> held = new TreeMap<>();
        logs.get(topic).forEach(record -> held.put(record.key(), record.value()));
        table.forEach((key, row) -> {
            if (!wrapped(serialized(topic, row)).equals(held.remove(key))) {
                append(topic, key, row);
            }
        });
        held.forEach((key, value) -> {
            if (value != null) {
                append(topic, key, null);
            }
        });
    }

    /** What Kafka's compaction may do at most: only the last record of each key stays, tombstones go as well. */
    void compact(String topic) {
        compact(topic, Long.MAX_VALUE);
    }

    /** What it may do while the application runs: tombstones stay for much longer than the application is behind. */
    void compactWhatIsRead(String topic) {
        compact(topic, committedPositions.getOrDefault(topic, 0L));
    }

    /**
     * Compaction has a lag, which is longer than a catch-up takes: what has come since one began takes nothing away
     * before it is over.
     */
    private void compact(String topic, long tombstonesBelow) {
        if (damaged) {
            // The connector mends within minutes, too.
            return;
        }
        long appliedLast = state.applied().map(Progress::getEpoch).orElse(0L);
        boolean isCatchingUp = steps != null && appliedLast < goal;
        Map<String, Long> ends = isCatchingUp || logs.get(TOPICS.progress()).isEmpty()
                ? endsAtGoal
                : lastProgress().getNextOffsets();
        // What an open transaction holds takes nothing away either.
        long settled = topic.equals(TOPICS.progress()) ? Long.MAX_VALUE : ends.getOrDefault(topic, 0L);
        Map<String, Long> last = new HashMap<>();
        logs.get(topic).stream()
                .filter(record -> record.offset() < settled)
                .forEach(record -> last.put(record.key(), record.offset()));
        last.values().forEach(offset -> compactedBy.merge(topic, offset, Math::max));
        logs.get(topic)
                .removeIf(record -> record.offset() < last.getOrDefault(record.key(), 0L)
                        || (record.value() == null && record.offset() < Math.min(settled, tombstonesBelow)));
    }

    private void append(String topic, String key, @Nullable SpecificRecord value) {
        mend();
        rows++;
        appendRaw(topic, key, serialized(topic, value));
        // It stays, whatever compaction does later.
        nextOffsets.put(topic, ends.get(topic));
    }

    @SuppressWarnings("unchecked")
    private byte @Nullable [] serialized(String topic, @Nullable SpecificRecord value) {
        return value == null
                ? null
                : serdes.serializer((Class<SpecificRecord>) value.getClass()).serialize(topic, value);
    }

    // Kafka Streams: what is read when, commits and crashes.

    /** Delivers the next record of a topic, if there is one; returns whether there was. */
    boolean deliver(String topic) {
        if (!inputs(settings.topics()).contains(topic)) {
            return false;
        }
        // A start may find that the state is lost, and with it the positions.
        EpochSteps running = steps();
        long position = positions.getOrDefault(topic, 0L);
        Optional<Logged> next = logs.get(topic).stream()
                .filter(logged -> logged.offset() >= position)
                .findFirst();
        if (next.isEmpty()) {
            return false;
        }
        Logged record = next.get();
        positions.put(topic, record.offset() + 1);
        try {
            running.receive(new ConsumerRecord<>(
                    topic,
                    0,
                    record.offset(),
                    record.timestamp(),
                    TimestampType.CREATE_TIME,
                    ConsumerRecord.NULL_SIZE,
                    ConsumerRecord.NULL_SIZE,
                    record.key(),
                    bytes(record.value()),
                    new RecordHeaders()
                            .add(
                                    dev.patronstream.schemas.topic.RecordHeaders.EPOCH,
                                    Long.toString(record.epoch()).getBytes(StandardCharsets.UTF_8)),
                    Optional.empty()));
        } catch (LostStateException lost) {
            dropState();
        }
        return true;
    }

    /** Delivers all there is, topic by topic, the end of the epochs last. */
    void deliverAll() {
        inputs(settings.topics()).forEach(topic -> {
            while (deliver(topic)) {
                // One after the other.
            }
        });
    }

    void tick() {
        try {
            steps().tick();
        } catch (LostStateException lost) {
            dropState();
        }
    }

    /**
     * Delivers everything and lets all work come to its end. Where a topic lacks its beginning or its last record, the
     * connector may have to end one epoch for that; it does so every few seconds.
     */
    void settle() {
        deliverAll();
        tick();
        int still = 0;
        boolean isQuiet = false;
        for (int left = 10_000; !isSettled(); left--) {
            if (left == 0) {
                throw new AssertionError("Not settled: " + state);
            }
            TopologyState before = state;
            deliverAll();
            tick();
            still = state.equals(before) ? still + 1 : 0;
            // Of the epochs that can never be whole again, one is passed over at each probe.
            if (still == 10 * TICKS_BETWEEN_EPOCHS) {
                if (isQuiet || rows > 0 || !(damaged || lacksAnEnd())) {
                    throw new AssertionError("Nothing goes on: " + state);
                }
                isQuiet = true;
                endEpoch();
            }
        }
    }

    /** Whether a topic lacks the last record that the connector knows. */
    private boolean lacksAnEnd() {
        return nextOffsets.entrySet().stream()
                .anyMatch(next -> next.getValue() > 0
                        && logs.get(next.getKey()).stream()
                                .noneMatch(record -> record.offset() == next.getValue() - 1));
    }

    private boolean isSettled() {
        return epoch == 0
                ? state.activity() == TopologyState.Activity.UP_TO_DATE
                        || state.activity() == TopologyState.Activity.STARTING
                : state.activity() == TopologyState.Activity.UP_TO_DATE
                        && state.applied().orElseThrow().getEpoch() >= epoch;
    }

    void commit() {
        stores.values().forEach(MapStore::commit);
        committedPositions = Map.copyOf(positions);
        committedOutputs = outputs.size();
    }

    /** The process dies: what is not committed has never been. */
    void crash() {
        stores.values().forEach(MapStore::rollBack);
        positions.clear();
        positions.putAll(committedPositions);
        outputs.subList(committedOutputs, outputs.size()).clear();
        steps = null;
        state = TopologyState.STARTING;
    }

    /** The process stops in order and starts again. */
    void restart() {
        commit();
        crash();
    }

    void restartWith(EpochSettings other) {
        restart();
        settings = other;
    }

    EpochSettings settings() {
        return settings;
    }

    /** The record that ended the last epoch. */
    Progress lastProgress() {
        List<Logged> log = logs.get(TOPICS.progress());
        return serdes.deserializer(Progress.class)
                .deserialize(TOPICS.progress(), bytes(log.get(log.size() - 1).value()));
    }

    /** State stores, changelogs and positions are deleted; the outputs stay. */
    void loseState() {
        commit();
        dropState();
    }

    private void dropState() {
        losses++;
        crash();
        stores.clear();
        committedPositions = Map.of();
        positions.clear();
    }

    /** The positions are lost (the group's offsets expired), the state is not. */
    void losePositions() {
        restart();
        committedPositions = Map.of();
        positions.clear();
    }

    /** A topic is deleted and made again, empty. */
    void replaceTopic(String topic) {
        identities.merge(topic, "1", (before, one) -> before + one);
        outputs.removeIf(output -> output.topic().equals(topic));
        if (logs.containsKey(topic)) {
            logs.get(topic).clear();
            ends.remove(topic);
            endsAtGoal.remove(topic);
            compactedBy.remove(topic);
            beginnings.remove(topic);
            damaged = true;
            // The position is out of its range, and an application's clients begin at the earliest record then.
            positions.remove(topic);
        }
    }

    TopologyState state() {
        return state;
    }

    int storeSize(String store) {
        return stores.get(store).size();
    }

    private EpochSteps steps() {
        if (steps == null) {
            try {
                steps = started();
            } catch (LostStateException lost) {
                dropState();
                steps = started();
            }
        }
        return steps;
    }

    private EpochSteps started() {
        Stores opened =
                new Stores(settings, name -> stores.computeIfAbsent(name, key -> new MapStore()), (sent, sink) -> {
                    String epochOfRecord = new String(
                            sent.headers()
                                    .lastHeader(dev.patronstream.schemas.topic.RecordHeaders.EPOCH)
                                    .value(),
                            StandardCharsets.UTF_8);
                    outputs.add(new Output(
                            topic(sink),
                            new String(sent.key(), StandardCharsets.UTF_8),
                            wrapped(sent.value()),
                            Long.parseLong(epochOfRecord)));
                    if (topic(sink).equals(TOPICS.epochs()) && sent.value() != null) {
                        whenAnnounced.accept(
                                serdes.deserializer(EpochApplied.class).deserialize(TOPICS.epochs(), sent.value()));
                    }
                });
        return new EpochSteps(settings, opened, new Reader(), told -> state = told);
    }

    private static @Nullable Bytes wrapped(byte @Nullable [] value) {
        return value == null ? null : Bytes.wrap(value);
    }

    private static byte @Nullable [] bytes(@Nullable Bytes value) {
        return value == null ? null : value.get();
    }

    private static String topic(String sink) {
        return "eagle." + sink;
    }

    private static List<String> inputs(Topics topics) {
        List<String> inputs = new ArrayList<>(topics.contracts());
        inputs.add(topics.progress());
        return inputs;
    }

    // What a reader of the outputs sees.

    Map<String, Patron> patrons() {
        return table(TOPICS.patrons(), Patron.class);
    }

    Map<String, FeedEntry> feed(String feed) {
        return table(TOPICS.feed(feed), FeedEntry.class);
    }

    Optional<EpochApplied> applied() {
        return Optional.ofNullable(table(TOPICS.epochs(), EpochApplied.class).get(Keys.EPOCH));
    }

    Patron patron(Output output) {
        return serdes.deserializer(Patron.class).deserialize(output.topic(), bytes(output.value()));
    }

    FeedEntry entry(Output output) {
        return serdes.deserializer(FeedEntry.class).deserialize(output.topic(), bytes(output.value()));
    }

    /** How many records stand in the patron table and the feeds together. */
    long written() {
        return outputs.stream()
                .filter(output -> !output.topic().equals(TOPICS.epochs()))
                .count();
    }

    <T extends SpecificRecord> Map<String, T> table(String topic, Class<T> type) {
        Map<String, T> table = new TreeMap<>();
        for (Output output : outputs) {
            if (output.topic().equals(topic)) {
                if (output.value() == null) {
                    table.remove(output.key());
                } else {
                    table.put(output.key(), serdes.deserializer(type).deserialize(topic, bytes(output.value())));
                }
            }
        }
        return table;
    }

    private final class Reader implements TopicReader {

        /** As Kafka does. */
        private void requireName(String topic) {
            if (topic.isEmpty()) {
                throw new InvalidTopicException(topic);
            }
        }

        @Override
        public String identity(String topic) {
            requireName(topic);
            return new TopicIdentity(topic + identities.getOrDefault(topic, ""), beginnings.getOrDefault(topic, 0L))
                    .text();
        }

        @Override
        public OptionalLong position(String topic) {
            Long position = committedPositions.get(topic);
            return position == null ? OptionalLong.empty() : OptionalLong.of(position);
        }

        @Override
        public long end(String topic) {
            requireName(topic);
            return ends.getOrDefault(topic, 0L);
        }

        @Override
        public Optional<TopicRecord<byte[]>> first(String topic, long from, long to) {
            return logs.get(topic).stream()
                    .filter(record -> record.offset() >= from && record.offset() < to)
                    .findFirst()
                    .map(logged -> record(topic, logged));
        }

        @Override
        public boolean isEmptyBetween(String topic, long from, long to) {
            return end(topic) >= to && first(topic, from, to).isEmpty();
        }

        @Override
        public Optional<TopicRecord<byte[]>> last(String topic, Predicate<TopicRecord<byte[]>> counts) {
            if (topic.equals(TOPICS.progress()) && !logs.get(topic).isEmpty()) {
                goal = lastProgress().getEpoch();
                endsAtGoal = new HashMap<>(lastProgress().getNextOffsets());
            }
            if (topic.endsWith("-changelog")) {
                String store = topic.substring(
                        settings.topics().streamsApplicationId().length() + 1, topic.length() - "-changelog".length());
                return stores.get(store)
                        .last()
                        .map(last ->
                                record(topic, 0, 0, 0, new String(last.key.get(), StandardCharsets.UTF_8), last.value));
            }
            List<TopicRecord<byte[]>> all = logs.containsKey(topic)
                    ? logs.get(topic).stream()
                            .map(logged -> record(topic, logged))
                            .toList()
                    : written(topic);
            return all.stream().filter(counts).reduce((before, after) -> after);
        }

        private static TopicRecord<byte[]> record(String topic, Logged logged) {
            return record(topic, logged.offset(), logged.timestamp(), 0, logged.key(), bytes(logged.value()));
        }

        private static TopicRecord<byte[]> record(
                String topic, long offset, long timestamp, long epoch, String key, byte @Nullable [] value) {
            return new TopicRecord<>(
                    topic,
                    offset,
                    timestamp,
                    key,
                    OptionalLong.of(epoch),
                    new RecordHeaders(),
                    Optional.ofNullable(value),
                    Optional.empty());
        }

        @Override
        public Iterator<List<TopicRecord<byte[]>>> scan(String topic) {
            List<TopicRecord<byte[]>> all = written(topic);
            int[] next = {0};
            return new Iterator<>() {
                @Override
                public List<TopicRecord<byte[]>> next() {
                    int from = next[0];
                    next[0] = Math.min(all.size(), from + 7);
                    return all.subList(from, next[0]);
                }

                @Override
                public boolean hasNext() {
                    return next[0] < all.size();
                }
            };
        }

        @Override
        public void close() {}

        private List<TopicRecord<byte[]>> written(String topic) {
            return outputs.stream()
                    .filter(output -> output.topic().equals(topic))
                    .map(output -> record(topic, 0, 0, output.epoch(), output.key(), bytes(output.value())))
                    .toList();
        }
    }
}
