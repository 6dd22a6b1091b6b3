package dev.patronstream.connector.epoch;

import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.serde.AvroSerdes;
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

    private final CommittedTopics reader;
    private final Topics topics;
    private final RecordForm<Delivery> receipts;
    private final List<String> derived = new ArrayList<>();

    /**
     * @param names of the topics that there are
     */
    public EpochNumbers(CommittedTopics reader, Topics topics, AvroSerdes serdes, Set<String> names) {
        this.reader = reader;
        this.topics = topics;
        this.receipts = RecordForm.of(serdes.deserializer(Delivery.class));
        names.stream()
                .filter(name -> name.equals(topics.patrons())
                        || name.equals(topics.epochs())
                        || name.startsWith(topics.district() + ".feed."))
                .forEach(derived::add);
    }

    /** Returns the highest that stands at the end of what was made of the contract topics. */
    public long atTheEnds() {
        return derived.stream()
                .flatMap(topic -> reader.last(topic, Long.MAX_VALUE, any -> true).stream())
                .mapToLong(EpochNumbers::of)
                .max()
                .orElse(0);
    }

    /** Returns the highest that stands anywhere in the topics. */
    public long anywhere() {
        AtomicLong highest = new AtomicLong();
        List<String> all = new ArrayList<>(derived);
        all.addAll(topics.withTeachers(true).contracts());
        all.forEach(
                topic -> reader.read(topic, RecordForm.ANY, record -> highest.accumulateAndGet(of(record), Math::max)));
        reader.read(topics.deliveries(), receipts, receipt -> receipt.value()
                .flatMap(Delivery::getEpoch)
                .ifPresent(epoch -> highest.accumulateAndGet(epoch, Math::max)));
        return highest.get();
    }

    private static long of(TopicRecord<?> record) {
        return record.epoch().orElse(0);
    }
}
