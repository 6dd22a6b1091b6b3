package dev.patronstream.snapshotter.delivery;

import dev.patronstream.schemas.AvroSerdes;
import dev.patronstream.schemas.DeliveredRow;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.Topics;
import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.schemas.topic.RecordForm;
import dev.patronstream.schemas.topic.TopicRecord;
import dev.patronstream.snapshotter.cut.PersonNumber;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.function.Consumer;

/**
 * What a vendor holds, as of the moment it was read: of each person a fingerprint, the site and the status. Memory of
 * the machine that delivers is not needed for it: the topic is all there is. Not thread-safe.
 */
public final class DeliveredTable implements HeldPatrons {

    private static final RowFingerprint UNKNOWN = new RowFingerprint(0, 0);

    private final Map<String, Object> kafka;
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
        this.kafka = Map.copyOf(kafka);
        this.topic = topics.delivered(feed);
        this.serdes = serdes;
        Map<String, String> texts = new HashMap<>();
        read(record -> {
            if (record.isForeign()) {
                rewrite(record.key());
                return;
            }
            long person = PersonNumber.ofKey(record.key());
            if (record.isDeletion()) {
                rows.remove(person);
            } else {
                rows.put(person, held(record.value().orElseThrow(), compared, texts));
            }
        });
    }

    private void read(Consumer<TopicRecord<DeliveredRow>> sink) {
        RecordForm<DeliveredRow> form = RecordForm.of(Keys::isPerson, serdes.deserializer(DeliveredRow.class));
        try (CommittedTopics reader = new CommittedTopics(kafka)) {
            reader.read(topic, form, sink);
        }
    }

    /** What a foreign record hides goes on counting, and the next delivery writes it again. */
    private void rewrite(String key) {
        if (Keys.isPerson(key)) {
            rows.computeIfPresent(
                    PersonNumber.ofKey(key),
                    (person, held) -> new Held(
                            UNKNOWN, held.compared(), held.site(), held.status(), held.leftAt(), held.absent()));
        }
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
            read(record -> record.value().ifPresent(row -> {
                long person = PersonNumber.ofKey(record.key());
                Held held = rows.get(person);
                if (held != null && which.test(person, held)) {
                    found.put(person, row);
                }
            }));
        }
        return found;
    }
}
