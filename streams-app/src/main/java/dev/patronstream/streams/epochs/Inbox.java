package dev.patronstream.streams.epochs;

import dev.patronstream.schemas.Progress;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.schemas.table.JoinedTable;
import dev.patronstream.schemas.topic.TopicRecord;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.streams.topics.LostStateException;
import dev.patronstream.streams.topics.Note;
import dev.patronstream.streams.topics.TopicReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has been read and not applied: rows, as they came, and the ends of epochs. Knows up to where each topic has been
 * read, and so when all rows of an epoch are there.
 *
 * <p>Offsets skip: transaction markers take them, and compaction removes records. So "read up to" counts a record's own
 * offset, whatever was or was not before it, and what is proven to be missing counts as read.
 */
final class Inbox {

    /** A row of a contract topic; one without a value is a tombstone. Decoded, if it has just been read. */
    record Row(
            String topic, long offset, String key, @Nullable Bytes value, Optional<?> decoded) {

        int number(int from, int to) {
            return Integer.parseInt(key, from, to, 10);
        }

        @SuppressWarnings("unchecked") // Decoded by a deserializer of the topic, as all are.
        <T> T read(Deserializer<T> deserializer) {
            return decoded.isPresent()
                    ? (T) decoded.get()
                    : deserializer.deserialize(topic, value == null ? null : value.get());
        }
    }

    /** A stretch of a contract topic that an epoch still waits for, up to the epoch's end. */
    record Missing(String topic, long from, long to) {}

    private static final int NO_VALUE = -1;

    /** The place of the progress topic, whose records are the ends of epochs. */
    private static final byte EPOCHS = 3;

    private static final String NOT_CAPTURED = "";

    private static final Logger LOGGER = LoggerFactory.getLogger(Inbox.class);
    private static final int MOST_PASSED_OVER = 10;

    private final Inputs inputs;
    private final List<String> passedOver = new ArrayList<>();
    private final KeyValueStore<Bytes, byte[]> store;
    private final List<String> topics;
    private final String progressTopic;
    private final Deserializer<Progress> progress;
    /** Of each topic the last record that was read. */
    private final Note[] notes;
    /** Of each topic the offset read last in this run, or the last below the position it began with. */
    private final long[] seen;

    private final long[] readTo;

    /** Of each topic the offset below which nothing waits: a look from there does not cross what was removed. */
    private final long[] from;

    private @Nullable Replay replay;
    private long writes;
    private @Nullable WaitingEpoch first;
    private boolean noEpochWaits;

    /**
     * A topic's place is part of the keys in the store, so it never changes. A joined table that is not captured keeps its
     * place, under a name that no epoch counts. The order in which an epoch's rows are folded
     * in is that of the places: schools first. No epoch counts records of the progress topic, so none of those are rows.
     */
    Inbox(KeyValueStore<Bytes, byte[]> store, Topics topics, AvroSerdes serdes) {
        this.store = store;
        this.inputs = new Inputs(topics, serdes);
        this.topics =
                new ArrayList<>(List.of(topics.schools(), topics.staff(), topics.enrollments(), topics.progress()));
        for (JoinedTable table : JoinedTable.values()) {
            this.topics.add(topics.joined().contains(table) ? topics.of(table) : NOT_CAPTURED);
        }
        this.progressTopic = topics.progress();
        this.progress = serdes.deserializer(Progress.class);
        this.readTo = new long[this.topics.size()];
        this.seen = new long[readTo.length];
        this.from = new long[readTo.length];
        this.notes = new Note[readTo.length];
        for (byte place = 0; place < readTo.length; place++) {
            byte[] note = store.get(Seals.key(place));
            notes[place] = note == null
                    ? Note.NOTHING
                    : Note.of(new String(note, Long.BYTES, note.length - Long.BYTES, StandardCharsets.UTF_8));
            readTo[place] = notes[place].next();
            writes = Math.max(writes, writesOf(note));
        }
    }

    /** The inputs: the contract topics that are captured, and the progress topic. */
    List<String> topics() {
        return topics.stream().filter(topic -> !topic.equals(NOT_CAPTURED)).toList();
    }

    Note note(String topic) {
        return notes[topics.indexOf(topic)];
    }

    /** The application reads a topic on from this position; without one, from its beginning. */
    void readFrom(String topic, OptionalLong position) {
        int place = topics.indexOf(topic);
        seen[place] = Math.min(position.orElse(0), notes[place].next()) - 1;
    }

    /** Marks the end of a call that has changed more than the inbox; the store's last record, as each note is. */
    void seal(Bytes key, long number) {
        writes = Math.max(writes, writesOf(store.get(key))) + 1;
        store.put(
                key,
                ByteBuffer.allocate(2 * Long.BYTES)
                        .putLong(writes)
                        .putLong(number)
                        .array());
    }

    private static long writesOf(byte @Nullable [] seal) {
        return seal == null ? 0 : ByteBuffer.wrap(seal).getLong();
    }

    /** Rows of an epoch that is being applied, or was, have been read, though they wait no more. */
    void countAsRead(Progress applied) {
        topics.forEach(topic -> countAsRead(topic, applied.getNextOffsets().getOrDefault(topic, 0L)));
    }

    /** All rows of an epoch are applied, and its end: nothing of it, or from before it, waits. */
    void applied(WaitingEpoch epoch) {
        replay = null;
        for (byte place = 0; place < from.length; place++) {
            from[place] = end(epoch.progress(), place);
        }
        from[EPOCHS] = epoch.offset() + 1;
    }

    /** Records below this offset have been read, or are known not to exist. */
    void countAsRead(String topic, long offset) {
        int place = topics.indexOf(topic);
        readTo[place] = Math.max(readTo[place], offset);
    }

    /** Rows up to the goal need not wait, unless one that was read before has not waited without belonging to it. */
    void replay(Progress goal, TopicReader reader) {
        replay = new Replay(goal);
        for (byte place = 0; place < readTo.length; place++) {
            try (KeyValueIterator<Bytes, byte[]> rows = waiting(place, Long.MAX_VALUE)) {
                boolean waits = rows.hasNext();
                long taken = waits ? StoreKeys.offset(rows.next().key) : notes[place].next();
                replay.resume(topics.get(place), taken, waits, reader);
            }
        }
    }

    /**
     * Takes a record in, unless it had been read before, which happens when the group's positions are lost.
     *
     * @return a row that does not wait here; it is to be taken over at once
     * @throws LostStateException if the topic cannot be the one that was read before
     */
    Optional<Row> add(ConsumerRecord<String, byte[]> sent) {
        String topic = sent.topic();
        long offset = sent.offset();
        byte place = (byte) topics.indexOf(topic);
        if (offset <= seen[place] || (offset > notes[place].offset() && offset < readTo[place])) {
            throw new LostStateException(
                    "Topic " + topic + " has lost records that were read: offset " + offset + " holds another one now");
        }
        seen[place] = offset;
        if (offset <= notes[place].offset()) {
            LOGGER.atDebug()
                    .addKeyValue("topic", topic)
                    .addKeyValue("offset", offset)
                    .log("Read before");
            return Optional.empty();
        }
        TopicRecord<?> record = inputs.read(sent);
        boolean isTaken = !record.isForeign() && place != EPOCHS && replay != null && replay.takesOver(record);
        if (record.isForeign()) {
            passOver(record.complaint());
        } else if (!isTaken) {
            store.put(
                    StoreKeys.waiting(place, offset),
                    place == EPOCHS ? sent.value() : packed(record.epoch().orElseThrow(), sent.key(), sent.value()));
        }
        note(place, new Note(offset, Note.digest(sent.timestamp(), record.key(), sent.value())));
        Bytes value = sent.value() == null ? null : Bytes.wrap(sent.value());
        return isTaken ? Optional.of(new Row(topic, offset, sent.key(), value, record.value())) : Optional.empty();
    }

    /** What something else wrote counts for nothing; it is said. */
    void passOver(String complaint) {
        LOGGER.atWarn().addKeyValue("record", complaint).log("A record of something else is passed over");
        passedOver.add("Passed over: " + complaint);
        if (passedOver.size() > MOST_PASSED_OVER) {
            passedOver.remove(0);
        }
    }

    /** Returns what to say of the records passed over last. */
    List<String> passedOver() {
        return passedOver;
    }

    private void note(byte place, Note note) {
        notes[place] = note;
        readTo[place] = note.next();
        noEpochWaits &= place != EPOCHS;
        writes++;
        byte[] text = note.text().getBytes(StandardCharsets.UTF_8);
        store.put(
                Seals.key(place),
                ByteBuffer.allocate(Long.BYTES + text.length)
                        .putLong(writes)
                        .put(text)
                        .array());
    }

    /** Returns the next epoch to apply, if its end has been read. Its rows may still be missing. */
    Optional<WaitingEpoch> firstEpoch() {
        if (first == null && !noEpochWaits) {
            try (KeyValueIterator<Bytes, byte[]> epochs = waiting(EPOCHS, Long.MAX_VALUE)) {
                if (epochs.hasNext()) {
                    KeyValue<Bytes, byte[]> next = epochs.next();
                    first = decoded(StoreKeys.offset(next.key), Bytes.wrap(next.value));
                }
                noEpochWaits = first == null;
            }
        }
        return Optional.ofNullable(first);
    }

    /** The offset of the last end of an epoch that was read. */
    long lastEpoch() {
        return notes[EPOCHS].offset();
    }

    /** Whether all rows that the epoch counts wait here; rows that compaction has removed are missing for ever. */
    boolean hasAllRows(Progress epoch) {
        long waiting = 0;
        for (byte place = 0; place < readTo.length; place++) {
            long end = end(epoch, place);
            if (end > from[place]) {
                try (KeyValueIterator<Bytes, byte[]> rows = waiting(place, end)) {
                    for (; rows.hasNext(); rows.next()) {
                        waiting++;
                    }
                }
            }
        }
        return waiting >= epoch.getRows();
    }

    /**
     * Whether a later epoch's row waits where this one counts its own: a topic has lost records, and others were written
     * in their place. Epochs of rows never fall, so the last row tells.
     */
    boolean hasLaterRows(Progress epoch) {
        for (byte place = 0; place < readTo.length; place++) {
            long end = end(epoch, place);
            if (end > from[place]) {
                try (KeyValueIterator<Bytes, byte[]> last =
                        store.reverseRange(StoreKeys.waiting(place, from[place]), StoreKeys.waiting(place, end - 1))) {
                    if (last.hasNext() && ByteBuffer.wrap(last.next().value).getLong() > epoch.getEpoch()) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** Returns what the epoch still waits for; nothing if all its rows have been read. */
    List<Missing> missing(Progress epoch) {
        List<Missing> missing = new ArrayList<>();
        for (int place = 0; place < readTo.length; place++) {
            long end = end(epoch, place);
            if (readTo[place] < end) {
                missing.add(new Missing(topics.get(place), readTo[place], end));
            }
        }
        return missing;
    }

    /** How many offsets have been read of those that the epoch needs. */
    long read(Progress epoch) {
        long read = 0;
        for (int place = 0; place < readTo.length; place++) {
            read += Math.min(readTo[place], end(epoch, place));
        }
        return read;
    }

    /** Returns the next waiting rows of an epoch, at most so many. */
    List<Row> rows(Progress epoch, int most) {
        List<Row> rows = new ArrayList<>();
        for (byte place = 0; place < readTo.length && rows.size() < most; place++) {
            long end = end(epoch, place);
            if (end <= from[place]) {
                continue;
            }
            try (KeyValueIterator<Bytes, byte[]> waiting = waiting(place, end)) {
                while (waiting.hasNext() && rows.size() < most) {
                    KeyValue<Bytes, byte[]> next = waiting.next();
                    rows.add(unpacked(topics.get(place), StoreKeys.offset(next.key), next.value));
                }
            }
        }
        return rows;
    }

    long size() {
        return store.approximateNumEntries();
    }

    /** Takes a row out: the first of its topic that waits. */
    void remove(Row row) {
        byte place = (byte) topics.indexOf(row.topic());
        store.delete(StoreKeys.waiting(place, row.offset()));
        from[place] = row.offset() + 1;
    }

    /** Takes the first epoch out. */
    void remove(WaitingEpoch epoch) {
        store.delete(StoreKeys.waiting(EPOCHS, epoch.offset()));
        from[EPOCHS] = epoch.offset() + 1;
        first = null;
    }

    /** Returns the epoch that ended last, read or not. */
    Optional<WaitingEpoch> current(TopicReader reader) {
        return reader.last(progressTopic, inputs::isEpoch)
                .map(end -> decoded(end.offset(), Bytes.wrap(end.value().orElseThrow())));
    }

    /** Reads a progress record; also one that waits no more. */
    WaitingEpoch decoded(long offset, Bytes wire) {
        return new WaitingEpoch(offset, progress.deserialize(progressTopic, wire.get()), wire);
    }

    private long end(Progress epoch, int place) {
        return Math.max(0, epoch.getNextOffsets().getOrDefault(topics.get(place), 0L));
    }

    private KeyValueIterator<Bytes, byte[]> waiting(byte place, long end) {
        return store.range(StoreKeys.waiting(place, from[place]), StoreKeys.waiting(place, end - 1));
    }

    /** The epoch, length of the key, key, length of the value, value. */
    private static byte[] packed(long epoch, String text, byte @Nullable [] value) {
        byte[] key = text.getBytes(StandardCharsets.UTF_8);
        int length = Long.BYTES + 2 * Integer.BYTES + key.length + (value == null ? 0 : value.length);
        ByteBuffer packed =
                ByteBuffer.allocate(length).putLong(epoch).putInt(key.length).put(key);
        if (value == null) {
            packed.putInt(NO_VALUE);
        } else {
            packed.putInt(value.length).put(value);
        }
        return packed.array();
    }

    private static Row unpacked(String topic, long offset, byte[] packed) {
        ByteBuffer bytes = ByteBuffer.wrap(packed).position(Long.BYTES);
        int keyLength = bytes.getInt();
        String key = new String(packed, bytes.position(), keyLength, StandardCharsets.UTF_8);
        bytes.position(bytes.position() + keyLength);
        int length = bytes.getInt();
        Bytes value =
                length == NO_VALUE ? null : Bytes.wrap(Arrays.copyOfRange(packed, bytes.position(), packed.length));
        return new Row(topic, offset, key, value, Optional.empty());
    }
}
