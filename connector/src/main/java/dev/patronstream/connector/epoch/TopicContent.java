package dev.patronstream.connector.epoch;

import dev.patronstream.connector.row.ContractRow;
import dev.patronstream.connector.row.Fingerprint;
import dev.patronstream.connector.row.RowKey;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.schemas.serde.WireFormat;
import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.schemas.topic.RecordForm;
import dev.patronstream.schemas.topic.TopicRecord;
import dev.patronstream.schemas.topic.Topics;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/** What the contract topics hold, as a fingerprint per row, and which of the rows have been seen again. Not thread-safe. */
public final class TopicContent {

    private final Map<SourceTable, Map<String, Held>> tables = new EnumMap<>(SourceTable.class);

    private final Map<String, TopicRecord<?>> foreign = new TreeMap<>();

    private static final class Held {
        /** Empty where something else than the connector wrote last: it is like no row. */
        private final Optional<Fingerprint> fingerprint;

        /** Of a row of STU. */
        private final OptionalInt student;

        private boolean seen;

        Held(Optional<Fingerprint> fingerprint, OptionalInt student, boolean seen) {
            this.fingerprint = fingerprint;
            this.student = student;
            this.seen = seen;
        }
    }

    /** Makes the content of empty topics. */
    public TopicContent() {
        for (SourceTable table : SourceTable.values()) {
            tables.put(table, new HashMap<>());
        }
    }

    /** Reads what is committed in the contract topics. */
    public static TopicContent load(CommittedTopics reader, Topics topics, AvroSerdes serdes) {
        TopicContent content = new TopicContent();
        for (SourceTable table : SourceTable.values()) {
            if (!topics.contracts().contains(table.topic(topics))) {
                continue;
            }
            content.load(reader, table.topic(topics), table, serdes.deserializer(table.contract()));
        }
        return content;
    }

    /**
     * Returns why a contract topic is not what capture left: the newest record of a key is something else's, or names a
     * schema that the registry does not have any more.
     */
    public static Optional<String> unreadable(CommittedTopics reader, Topics topics, AvroSerdes serdes) {
        return Stream.of(SourceTable.values())
                .filter(table -> topics.contracts().contains(table.topic(topics)))
                .flatMap(table -> unreadable(reader, table.topic(topics), table, serdes).stream())
                .findFirst();
    }

    /** One row that can be read tells of all that name the same schema. */
    private static Optional<String> unreadable(
            CommittedTopics reader, String topic, SourceTable table, AvroSerdes serdes) {
        RecordForm<?> form = RecordForm.of(table::isKey, serdes.deserializer(table.contract()));
        Map<String, OptionalInt> schemas = new HashMap<>();
        Set<OptionalInt> readable = new HashSet<>();
        Set<String> foreign = new HashSet<>();
        reader.read(topic, RecordForm.ANY, row -> {
            schemas.remove(row.key());
            foreign.remove(row.key());
            if (isForeign(table, row)) {
                foreign.add(row.key());
            } else if (table.isKey(row.key())) {
                row.value().ifPresent(value -> {
                    OptionalInt schema = WireFormat.schemaId(value);
                    schemas.put(row.key(), schema);
                    if (!readable.contains(schema)
                            && !form.read(new ConsumerRecord<>(topic, 0, row.offset(), row.key(), value))
                                    .isForeign()) {
                        readable.add(schema);
                    }
                });
            }
        });
        if (!readable.containsAll(schemas.values())) {
            return Optional.of("rows of topic " + topic + " cannot be read any more: the registry has another schema"
                    + " under an id that they name, or none");
        }
        return foreign.isEmpty()
                ? Optional.empty()
                : Optional.of("topic " + topic + " holds records that something else wrote, under " + foreign.size()
                        + (foreign.size() == 1 ? " key" : " keys"));
    }

    /** A snapshot leaves no such record: it writes over it, or deletes its key where that is none of the table's. */
    private static boolean isForeign(SourceTable table, TopicRecord<byte[]> row) {
        return table.isKey(row.key())
                ? row.epoch().isEmpty()
                : row.value().isPresent() && !row.key().isEmpty();
    }

    private <T extends SpecificRecordBase> void load(
            CommittedTopics reader, String topic, SourceTable table, Deserializer<T> rows) {
        Map<String, Held> held = tables.get(table);
        reader.read(topic, new RecordForm<>(table::isKey, rows, true), record -> {
            String place = topic + " " + record.key();
            RowKey key = new RowKey(table, record.key());
            if (record.isForeign() && !record.key().isEmpty()) {
                held(key, Optional.empty());
                foreign.put(place, record);
                return;
            }
            foreign.remove(place);
            if (record.isDeletion()) {
                held.remove(record.key());
            } else {
                record.value().ifPresent(row -> held(key, Optional.of(row)));
            }
        });
    }

    /** Takes note of what a topic holds; empty for what something else wrote. */
    void held(RowKey key, Optional<SpecificRecordBase> row) {
        tables.get(key.table()).put(key.key(), new Held(row.map(Fingerprint::of), ContractRow.student(row), false));
    }

    /** Returns what to say of records that something else wrote and that are written over, the last of each key. */
    public List<String> foreign() {
        return foreign.values().stream().map(TopicRecord::complaint).toList();
    }

    /** Whether the topics hold just this: the fingerprint of a row, or no row. The row counts as seen. */
    boolean matches(RowKey key, Optional<Fingerprint> fingerprint) {
        @Nullable Held held = tables.get(key.table()).get(key.key());
        if (held == null) {
            return fingerprint.isEmpty();
        }
        held.seen = true;
        return fingerprint.isPresent() && held.fingerprint.equals(fingerprint);
    }

    /** Whether the topics hold a row. */
    public boolean holds(RowKey key) {
        return tables.get(key.table()).containsKey(key.key());
    }

    /** Returns whose row of STU the topics hold; empty where they hold none. */
    public OptionalInt student(RowKey key) {
        @Nullable Held held = tables.get(key.table()).get(key.key());
        return held == null ? OptionalInt.empty() : held.student;
    }

    /** Returns the rows of STU that the topics hold of some students. */
    public Stream<RowKey> ofStudents(Set<Integer> students) {
        return tables.get(SourceTable.STU).entrySet().stream()
                .filter(row -> row.getValue().student.isPresent()
                        && students.contains(row.getValue().student.getAsInt()))
                .map(row -> new RowKey(SourceTable.STU, row.getKey()));
    }

    /** A row counts as not seen, whatever was read before. */
    void unsee(RowKey key) {
        @Nullable Held held = tables.get(key.table()).get(key.key());
        if (held != null) {
            held.seen = false;
        }
    }

    /** Begins to look again: no row has been seen. */
    void forgetSeen() {
        tables.values().forEach(rows -> rows.values().forEach(held -> held.seen = false));
    }

    /** Takes note of what was written. */
    void put(RowKey key, Optional<Fingerprint> fingerprint, OptionalInt student) {
        Map<String, Held> held = tables.get(key.table());
        if (fingerprint.isPresent()) {
            held.put(key.key(), new Held(fingerprint, student, true));
        } else {
            held.remove(key.key());
        }
    }

    /** Number of rows of a table. */
    public int rows(SourceTable table) {
        return tables.get(table).size();
    }

    /** Returns the keys of the rows that a table holds. */
    public Set<String> keys(SourceTable table) {
        return Set.copyOf(tables.get(table).keySet());
    }

    /** Returns, by table, the rows that have not been seen, sorted by key. */
    public Map<SourceTable, List<RowKey>> leftOver() {
        Map<SourceTable, List<RowKey>> leftOver = new EnumMap<>(SourceTable.class);
        tables.forEach((table, held) -> leftOver.put(
                table,
                held.entrySet().stream()
                        .filter(entry -> !entry.getValue().seen)
                        .map(entry -> new RowKey(table, entry.getKey()))
                        .sorted((a, b) -> a.key().compareTo(b.key()))
                        .toList()));
        return leftOver;
    }
}
