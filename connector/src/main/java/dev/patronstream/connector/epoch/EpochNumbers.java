package dev.patronstream.connector.epoch;

import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.schemas.table.JoinedTable;
import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.schemas.topic.RecordForm;
import dev.patronstream.schemas.topic.TopicRecord;
import dev.patronstream.schemas.topic.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The numbers of epochs that the district's topics hold. They are given out once: whatever the connector has lost, it
 * goes on above the highest that anybody may have seen.
 */
public final class EpochNumbers {

    private EpochNumbers() {}

    /**
     * Returns the highest.
     *
     * @param names of the topics that there are
     * @param anywhere whether to look at every record, or only at the ends of what was made of the contract topics
     */
    public static long highest(
            CommittedTopics reader, Topics topics, AvroSerdes serdes, Set<String> names, boolean anywhere) {
        List<String> read = new ArrayList<>(names);
        read.removeIf(name -> !name.equals(topics.patrons())
                && !name.equals(topics.epochs())
                && !name.startsWith(topics.district() + ".feed."));
        AtomicLong highest = new AtomicLong();
        if (!anywhere) {
            read.forEach(topic -> reader.last(topic, Long.MAX_VALUE, any -> true)
                    .ifPresent(record -> highest.accumulateAndGet(of(record), Math::max)));
            return highest.get();
        }
        read.addAll(topics.with(JoinedTable.ALL).contracts());
        read.forEach(
                topic -> reader.read(topic, RecordForm.ANY, record -> highest.accumulateAndGet(of(record), Math::max)));
        RecordForm<Delivery> receipts = RecordForm.of(serdes.deserializer(Delivery.class));
        reader.read(topics.deliveries(), receipts, receipt -> receipt.value()
                .flatMap(Delivery::getEpoch)
                .ifPresent(epoch -> highest.accumulateAndGet(epoch, Math::max)));
        return highest.get();
    }

    private static long of(TopicRecord<?> record) {
        return record.epoch().orElse(0);
    }
}
