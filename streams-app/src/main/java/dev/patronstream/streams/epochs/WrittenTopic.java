package dev.patronstream.streams.epochs;

import dev.patronstream.schemas.topic.ContentDigest;
import dev.patronstream.schemas.topic.RecordForm;
import dev.patronstream.schemas.topic.RecordHeaders;
import dev.patronstream.schemas.topic.TopicRecord;
import dev.patronstream.streams.people.Person;
import dev.patronstream.streams.people.Stamp;
import dev.patronstream.streams.topics.Note;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * One output topic and what it holds: the record last written of every person, byte by byte as in the topic. Writes only
 * what differs.
 *
 * @param <T> type of the records
 */
final class WrittenTopic<T extends SpecificRecord> {

    private final String topic;
    private final String name;
    private final Bytes prefix;
    private final KeyValueStore<Bytes, byte[]> store;
    private final Serde<T> serde;
    private final Ledger ledger;
    private final Announcements announcements;
    private final BiConsumer<Record<byte[], byte[]>, String> sink;
    private long count;
    private long digest;
    private Optional<String> last;

    /**
     * Continues with what the state holds.
     *
     * @param topic name of the topic
     * @param name name of the output within the topology: of its sink, and in the store
     * @param sink takes a record, and the name of the output that it is for
     */
    WrittenTopic(
            String topic,
            String name,
            KeyValueStore<Bytes, byte[]> store,
            Serde<T> serde,
            Ledger ledger,
            Announcements announcements,
            BiConsumer<Record<byte[], byte[]>, String> sink) {
        this.topic = topic;
        this.name = name;
        this.prefix = StoreKeys.output(name);
        this.store = store;
        this.serde = serde;
        this.ledger = ledger;
        this.announcements = announcements;
        this.sink = sink;
        this.count = ledger.count(name);
        this.digest = ledger.digest(name);
        this.last = ledger.last(name);
    }

    String topic() {
        return topic;
    }

    String name() {
        return name;
    }

    long count() {
        return count;
    }

    long digest() {
        return digest;
    }

    /** Notes what a later start compares with the topic, the count and the sum. */
    void save() {
        ledger.content(name, count, digest);
        ledger.last(name, last);
    }

    /**
     * Sees to it that the topic says this of the person.
     *
     * @param record what it should say; empty if the person is not in it
     */
    void write(Person person, Optional<T> record, Stamp stamp) {
        Bytes key = StoreKeys.written(prefix, person);
        byte[] before = store.get(key);
        if (before == null ? record.isEmpty() : record.isPresent() && record.equals(read(before))) {
            return;
        }
        byte[] value = record.map(filled -> serde.serializer().serialize(topic, filled))
                .orElse(null);
        replace(key, before, value);
        announcements.takeBack(stamp);
        last = Optional.of(send(sink, name, person.key(), value, stamp));
    }

    /** Sends a record to an output, and returns its digest. */
    static String send(
            BiConsumer<Record<byte[], byte[]>, String> sink,
            String output,
            String key,
            byte @Nullable [] value,
            Stamp stamp) {
        Record<byte[], byte[]> sent = new Record<>(
                key.getBytes(StandardCharsets.UTF_8), value, stamp.publishedAt().toEpochMilli());
        RecordHeaders.add(sent.headers(), stamp.epoch(), stamp.watermark(), stamp.incarnation());
        sink.accept(sent, output);
        return Note.digest(stamp.epoch(), key, value);
    }

    /** The digest of a record of an output: a topic's own times are the broker's, and are not known when it is written. */
    static String digest(TopicRecord<byte[]> record) {
        return Note.digest(
                record.epoch().orElse(0), record.key(), record.value().orElse(null));
    }

    /** With one record in the changelog. */
    private void replace(Bytes key, byte @Nullable [] before, byte @Nullable [] value) {
        if (before == null && value == null) {
            return;
        }
        if (before != null) {
            count--;
            digest -= ContentDigest.of(before);
        }
        if (value != null) {
            count++;
            digest += ContentDigest.of(value);
        }
        store.put(key, value);
    }

    /** Empty for what something else wrote into the topic: it differs from whatever belongs there. */
    private Optional<T> read(byte[] written) {
        RecordForm<T> form = RecordForm.of(serde.deserializer());
        return form.read(new ConsumerRecord<>(topic, 0, 0, name, written)).value();
    }

    /** Takes over what the topic holds already. */
    void load(Optional<Person> known, TopicRecord<byte[]> record) {
        last = Optional.of(digest(record));
        known.ifPresent(person -> {
            Bytes key = StoreKeys.written(prefix, person);
            replace(key, store.get(key), record.value().orElse(null));
        });
    }

    /** Forgets up to so many records that were written; returns how many. The topic keeps them. */
    int forget(int most) {
        last = Optional.empty();
        count = 0;
        digest = 0;
        List<Bytes> keys = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> all = store.range(prefix, StoreKeys.last(prefix))) {
            while (all.hasNext() && keys.size() < most) {
                keys.add(all.next().key);
            }
        }
        keys.forEach(store::delete);
        return keys.size();
    }

    Set<Person> persons(Bytes from, int most) {
        return StoreKeys.persons(store, prefix, from, most);
    }
}
