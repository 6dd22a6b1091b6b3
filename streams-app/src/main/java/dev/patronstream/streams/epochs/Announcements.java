package dev.patronstream.streams.epochs;

import dev.patronstream.schemas.EpochApplied;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.topic.RecordForm;
import dev.patronstream.streams.people.Stamp;
import dev.patronstream.streams.topics.TopicReader;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Announces the epoch that the outputs are the state of. An epoch that has been announced may be evaluated again: while
 * that goes on the outputs are the state of no epoch, so the announcement is taken back before the first record.
 */
final class Announcements {

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
    Announcements(
            String topic, Serde<EpochApplied> serde, Ledger ledger, BiConsumer<Record<byte[], byte[]>, String> sink) {
        this.topic = topic;
        this.serde = serde;
        this.ledger = ledger;
        this.sink = sink;
    }

    void announce(EpochApplied epoch, Stamp stamp) {
        send(epoch, stamp);
        ledger.announced(epoch.getEpoch());
    }

    /** Makes way for a record of the epoch. */
    void takeBack(Stamp stamp) {
        if (ledger.announced().equals(OptionalLong.of(stamp.epoch()))) {
            send(null, stamp);
            ledger.announcedNone();
        }
    }

    private void send(@Nullable EpochApplied epoch, Stamp stamp) {
        byte[] value = serde.serializer().serialize(topic, epoch);
        ledger.last(Stores.EPOCHS, Optional.of(WrittenTopic.send(sink, Stores.EPOCHS, Keys.EPOCH, value, stamp)));
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
        ledger.last(Stores.EPOCHS, reader.last(topic).map(WrittenTopic::digest));
    }
}
