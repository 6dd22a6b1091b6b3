package dev.patronstream.snapshotter.delivery;

import dev.patronstream.schemas.AvroSerdes;
import dev.patronstream.schemas.DeliveredRow;
import dev.patronstream.schemas.Topics;
import dev.patronstream.snapshotter.cut.PersonNumber;
import dev.patronstream.snapshotter.cut.TopicReader;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;

/**
 * What a vendor holds, as of the moment it was read: of each person a fingerprint, the site and the status. Memory of
 * the machine that delivers is not needed for it: the topic is all there is. Not thread-safe.
 */
public final class DeliveredTable implements HeldPatrons {

    private final TopicReader reader;
    private final String topic;
    private final AvroSerdes serdes;
    private final Map<Long, Held> rows = new HashMap<>();

    /**
     * Reads the table; where there is no topic yet, the vendor holds nothing.
     *
     * @param kafka properties that every Kafka client gets
     * @param compared headers of the columns to compare with a new file; empty for all
     * @throws org.apache.kafka.common.KafkaException if the cluster cannot be reached
     */
    public DeliveredTable(
            Topics topics, String feed, Map<String, Object> kafka, AvroSerdes serdes, Optional<Set<String>> compared) {
        this.reader = new TopicReader(kafka);
        this.topic = topics.delivered(feed);
        this.serdes = serdes;
        Map<String, String> texts = new HashMap<>();
        reader.read(topic, serdes.deserializer(DeliveredRow.class), record -> {
            long person = PersonNumber.ofKey(record.key());
            if (record.value() == null) {
                rows.remove(person);
            } else {
                rows.put(person, held(record.value(), compared, texts));
            }
        });
    }

    private static Held held(DeliveredRow row, Optional<Set<String>> compared, Map<String, String> texts) {
        RowFingerprint whole = RowFingerprint.of(row);
        return new Held(
                whole,
                RowFingerprint.of(row.getValues(), compared),
                texts.computeIfAbsent(row.getSite(), site -> site),
                texts.computeIfAbsent(row.getStatus(), status -> status),
                row.getLeftAt(),
                row.getAbsentSince().isPresent());
    }

    @Override
    public Optional<Held> of(long person) {
        return Optional.ofNullable(rows.get(person));
    }

    @Override
    public void forEach(BiConsumer<Long, Held> use) {
        rows.forEach(use);
    }

    /** Returns the whole rows of some persons, by {@link PersonNumber} in its order; reads the topic once more. */
    public Map<Long, DeliveredRow> rowsOf(BiPredicate<Long, Held> which) {
        Map<Long, DeliveredRow> found = new TreeMap<>();
        boolean any = rows.entrySet().stream().anyMatch(row -> which.test(row.getKey(), row.getValue()));
        if (any) {
            reader.read(topic, serdes.deserializer(DeliveredRow.class), record -> {
                long person = PersonNumber.ofKey(record.key());
                Held held = rows.get(person);
                if (held != null && record.value() != null && which.test(person, held)) {
                    found.put(person, record.value());
                }
            });
        }
        return found;
    }
}
