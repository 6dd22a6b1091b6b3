package dev.patronstream.streams.epochs;

import dev.patronstream.schemas.EpochApplied;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.topic.RecordForm;
import dev.patronstream.schemas.topic.RecordHeaders;
import dev.patronstream.schemas.topic.TopicRecord;
import dev.patronstream.streams.people.Stamp;
import dev.patronstream.streams.topics.Note;
import dev.patronstream.streams.topics.TopicReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Sends the records of the outputs, and announces the epoch that the outputs are the state of. */
final class Outbox {

    private final String topic;
    private final Serde<EpochApplied> serde;
    private final Ledger ledger;
    private final BiConsumer<Record<byte[], byte[]>, String> sink;

    /**
     * Continues with what the ledger holds.
     *
     * @param topic the topic of applied epochs
     * @param sink takes a record, and the name of the output that it is for
     */
    Outbox(String topic, Serde<EpochApplied> serde, Ledger ledger, BiConsumer<Record<byte[], byte[]>, String> sink) {
        this.topic = topic;
        this.serde = serde;
        this.ledger = ledger;
        this.sink = sink;
    }

    /**
     * Sends a record to an output, and returns its digest. An epoch that has been announced may be evaluated again: while
     * that goes on the outputs are the state of no epoch, so the announcement is taken back before the first record.
     */
    String send(String output, String key, byte @Nullable [] value, Stamp stamp) {
        if (ledger.announced().equals(OptionalLong.of(stamp.epoch()))) {
            sendAnnouncement(null, stamp);
            ledger.announcedNone();
        }
        return forward(output, key, value, stamp);
    }

    void announce(EpochApplied epoch, Stamp stamp) {
        sendAnnouncement(epoch, stamp);
        ledger.announced(epoch.getEpoch());
    }

    private void sendAnnouncement(@Nullable EpochApplied epoch, Stamp stamp) {
        byte[] value = serde.serializer().serialize(topic, epoch);
        ledger.last(Stores.EPOCHS, Optional.of(forward(Stores.EPOCHS, Keys.EPOCH, value, stamp)));
    }

    private String forward(String output, String key, byte @Nullable [] value, Stamp stamp) {
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

    String topic() {
        return topic;
    }

    /** Takes over the announcement that the topic holds already. */
    void load(TopicReader reader) {
        RecordForm<EpochApplied> form = RecordForm.of(Keys.EPOCH::equals, serde.deserializer());
        reader.last(topic, record -> !form.read(record).isForeign())
                .flatMap(record -> form.read(record).value())
                .ifPresentOrElse(epoch -> ledger.announced(epoch.getEpoch()), ledger::announcedNone);
        ledger.last(Stores.EPOCHS, reader.last(topic).map(Outbox::digest));
    }
}
