package dev.patronstream.snapshotter.ledger;

import dev.patronstream.schemas.DeliveredRow;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.schemas.topic.ForeignRecords;
import dev.patronstream.schemas.topic.RecordForm;
import dev.patronstream.schemas.topic.TopicRecord;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.snapshotter.cut.PersonNumber;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a vendor holds, as of the moment it was read: of each person a fingerprint, the site and the status. Memory of
 * the machine that delivers is not needed for it: the topic is all there is. Not thread-safe.
 */
public final class DeliveredTable implements HeldPatrons {

    private static final RowFingerprint UNKNOWN = new RowFingerprint(0, 0);

    private final Map<String, Object> kafka;
    private final String topic;
    private final AvroSerdes serdes;
    private final Optional<Set<String>> compared;
    private final Set<String> identifiers;
    private final Optional<String> pending;
    private final Map<String, String> texts = new HashMap<>();
    private final Map<Long, Held> rows = new HashMap<>();
    private final Set<Long> inDoubt = new HashSet<>();
    private final Map<String, Optional<DeliveredRow>> unwritten = new TreeMap<>();
    private long high;
    private long low;

    /**
     * Reads the table; where there is no topic yet, the vendor holds nothing.
     *
     * @param compared headers of the columns to compare with a new file; empty for all
     * @param identifiers headers of the columns by which the vendor knows the person
     * @param pending the delivery of which nobody knows whether the vendor has it
     */
    public DeliveredTable(
            Topics topics,
            String feed,
            Map<String, Object> kafka,
            AvroSerdes serdes,
            Optional<Set<String>> compared,
            Set<String> identifiers,
            Optional<String> pending) {
        this.kafka = Map.copyOf(kafka);
        this.topic = topics.delivered(feed);
        this.serdes = serdes;
        this.compared = compared;
        this.identifiers = Set.copyOf(identifiers);
        this.pending = pending;
        read(record -> {
            if (record.isForeign()) {
                ForeignRecords.take(record);
                rewrite(record.key());
                return;
            }
            put(record.key(), record.value());
            if (isPending(record.value())) {
                inDoubt.add(PersonNumber.ofKey(record.key()));
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
            rows.computeIfPresent(PersonNumber.ofKey(key), (person, held) -> {
                add(person, held, -1);
                return new Held(UNKNOWN, held.compared(), held.site(), held.status(), held.leftAt());
            });
        }
    }

    void put(String key, Optional<DeliveredRow> row) {
        long person = PersonNumber.ofKey(key);
        inDoubt.remove(person);
        Held before = row.isPresent() ? rows.put(person, held(row.get())) : rows.remove(person);
        add(person, before, -1);
        add(person, rows.get(person), 1);
    }

    private void add(long person, @Nullable Held held, long times) {
        if (held != null) {
            high += times * held.row().high() * (2 * person + 1);
            low += times * held.row().low() * (2 * person + 1);
        }
    }

    /** Puts right what the topic says of a person; written with the next rows of the feed. */
    public void correct(String key, Optional<DeliveredRow> row) {
        Optional<RowFingerprint> known = of(PersonNumber.ofKey(key)).map(Held::row);
        if (!row.map(RowFingerprint::of).equals(known)) {
            put(key, row);
            unwritten.put(key, row);
        }
    }

    /** Puts right what a delivery says of everybody, or only of people of whom nothing is known. */
    public void replay(ArchivedRows.Source rows, String deliveryId, Instant at, boolean onlyNew) throws IOException {
        rows.giveTo((key, row) -> {
            boolean isNew = row.isPresent() && of(PersonNumber.ofKey(key)).isEmpty();
            if (isNew || !onlyNew) {
                correct(key, row.map(value -> DeliveryLedger.stamped(value, deliveryId, at)));
            }
        });
    }

    /** The pending delivery has not arrived: of those in doubt the vendor has what the topic said before, or nothing. */
    public void takeBackDoubtful() {
        Map<String, Optional<DeliveredRow>> before = new TreeMap<>();
        inDoubt.forEach(person -> before.put(PersonNumber.key(person), Optional.empty()));
        if (!before.isEmpty()) {
            read(record -> {
                if (!record.isForeign() && !isPending(record.value())) {
                    before.computeIfPresent(record.key(), (key, earlier) -> record.value());
                }
            });
        }
        before.forEach(this::correct);
    }

    private boolean isPending(Optional<DeliveredRow> row) {
        return row.isPresent() && pending.equals(row.map(DeliveredRow::getDeliveryId));
    }

    /** Returns what is to be written, once. */
    Map<String, Optional<DeliveredRow>> takeCorrections() {
        Map<String, Optional<DeliveredRow>> taken = new TreeMap<>(unwritten);
        unwritten.clear();
        return taken;
    }

    /** Returns a text that is another one when any row is another one, whatever the order in which they were written. */
    public String digest() {
        return rows.size() + ":" + Long.toHexString(high) + ":" + Long.toHexString(low);
    }

    @Override
    public boolean isInDoubt(long person) {
        return inDoubt.contains(person);
    }

    private Held held(DeliveredRow row) {
        RowFingerprint whole = RowFingerprint.of(row);
        return new Held(
                whole,
                RowFingerprint.of(row.getValues(), compared, identifiers),
                texts.computeIfAbsent(row.getSite(), site -> site),
                texts.computeIfAbsent(row.getStatus(), status -> status),
                row.getLeftAt());
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
        unwritten.forEach((key, row) -> {
            long person = PersonNumber.ofKey(key);
            Held held = rows.get(person);
            if (held != null && row.isPresent() && which.test(person, held)) {
                found.put(person, row.get());
            }
        });
        return found;
    }
}
