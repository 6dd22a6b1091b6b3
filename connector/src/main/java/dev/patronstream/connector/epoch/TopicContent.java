package dev.patronstream.connector.epoch;

import dev.patronstream.connector.row.Fingerprint;
import dev.patronstream.connector.row.RowKey;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.schemas.AvroSerdes;
import dev.patronstream.schemas.Topics;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/** What the contract topics hold, as a fingerprint per row, and which of the rows have been seen again. Not thread-safe. */
public final class TopicContent {

    private final Map<SourceTable, Map<String, Held>> tables = new EnumMap<>(SourceTable.class);

    private static final class Held {
        private final Fingerprint fingerprint;
        private boolean seen;

        Held(Fingerprint fingerprint, boolean seen) {
            this.fingerprint = fingerprint;
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
    public static TopicContent load(CommittedReader reader, Topics topics, AvroSerdes serdes) {
        TopicContent content = new TopicContent();
        for (SourceTable table : SourceTable.values()) {
            if (!topics.contracts().contains(table.topic(topics))) {
                continue;
            }
            Map<String, Held> held = content.tables.get(table);
            Deserializer<? extends SpecificRecordBase> rows = serdes.deserializer(table.contract());
            reader.all(table.topic(topics), committed -> {
                if (committed.value() == null) {
                    held.remove(committed.key());
                } else {
                    SpecificRecordBase row = rows.deserialize(committed.topic(), committed.value());
                    held.put(committed.key(), new Held(Fingerprint.of(row), false));
                }
            });
        }
        return content;
    }

    /** Whether the topics hold just this: the fingerprint of a row, or no row. The row counts as seen. */
    boolean matches(RowKey key, Optional<Fingerprint> fingerprint) {
        @Nullable Held held = tables.get(key.table()).get(key.key());
        if (held == null) {
            return fingerprint.isEmpty();
        }
        held.seen = true;
        return fingerprint.isPresent() && held.fingerprint.equals(fingerprint.get());
    }

    /** Takes note of what was written. */
    void put(RowKey key, Optional<Fingerprint> fingerprint) {
        Map<String, Held> held = tables.get(key.table());
        if (fingerprint.isPresent()) {
            held.put(key.key(), new Held(fingerprint.get(), true));
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

    /** Whether no table holds a row. */
    public boolean isEmpty() {
        return tables.values().stream().allMatch(Map::isEmpty);
    }

    /** Returns, by table, the rows that have not been seen, sorted by key. */
    Map<SourceTable, List<RowKey>> leftOver() {
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
