package dev.patronstream.snapshotter.delivery;

import dev.patronstream.schemas.AvroSerdes;
import dev.patronstream.schemas.DeliveredRow;
import dev.patronstream.snapshotter.cut.PersonNumber;
import dev.patronstream.snapshotter.layout.PatronRow;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;

/** What a vendor holds, as of the moment it was read: a fingerprint per row. Not thread-safe. */
final class DeliveredTable {

    private final TopicReader reader;
    private final String topic;
    private final AvroSerdes serdes;
    private final Map<Long, Held> rows = new HashMap<>();

    private record Held(RowFingerprint fingerprint, boolean left) {}

    DeliveredTable(TopicReader reader, String topic, AvroSerdes serdes) {
        this.reader = reader;
        this.topic = topic;
        this.serdes = serdes;
        reader.read(topic, serdes.deserializer(DeliveredRow.class), record -> {
            long person = PersonNumber.ofKey(record.key());
            if (record.value() == null) {
                rows.remove(person);
            } else {
                rows.put(
                        person,
                        new Held(
                                RowFingerprint.of(record.value()),
                                record.value().getLeftAt().isPresent()));
            }
        });
    }

    /** Whether the vendor holds just this row of a person in the feed. */
    boolean holds(PatronRow row) {
        Held held = rows.get(PersonNumber.of(row.kind(), row.id()));
        return held != null && held.fingerprint().equals(RowFingerprint.of(row));
    }

    /** Returns by key the rows of those who are not marked as leavers, and are not in the feed any more. */
    Map<String, DeliveredRow> leavers(LongPredicate inFeed) {
        Set<Long> leaving = rows.entrySet().stream()
                .filter(row -> !row.getValue().left() && !inFeed.test(row.getKey()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        Map<String, DeliveredRow> found = new HashMap<>();
        if (!leaving.isEmpty()) {
            reader.read(topic, serdes.deserializer(DeliveredRow.class), record -> {
                if (leaving.contains(PersonNumber.ofKey(record.key())) && record.value() != null) {
                    found.put(record.key(), record.value());
                }
            });
        }
        return found;
    }
}
