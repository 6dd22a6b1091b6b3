package dev.patronstream.snapshotter.cut;

import dev.patronstream.schemas.EpochApplied;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Topics;
import dev.patronstream.snapshotter.Cluster;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads a feed's topic as of an epoch that the test chooses. */
final class FeedReadingProbe {

    private final Cluster cluster;
    private final String topic;

    FeedReadingProbe(Cluster cluster, Topics topics) {
        this.cluster = cluster;
        this.topic = topics.feed("destiny");
    }

    Set<String> keysAsOf(long epoch) throws CutFailedException {
        Set<String> keys = new TreeSet<>();
        reading(epoch, (reading, entries) -> new Cut(applied(epoch), entries, bytes -> cluster.serdes()
                        .deserializer(FeedEntry.class)
                        .deserialize(topic, bytes))
                .forEach(entry -> keys.add(dev.patronstream.schemas.Keys.person(entry.getKind(), entry.getId()))));
        return keys;
    }

    void requireAllVersionsAsOf(long epoch, Instant now) throws CutFailedException {
        reading(epoch, (reading, entries) -> reading.requireAllVersions(now));
    }

    @FunctionalInterface
    private interface Check {
        void on(FeedReading reading, Map<Long, byte[]> entries) throws CutFailedException;
    }

    private void reading(long epoch, Check check) throws CutFailedException {
        Map<String, Object> configuration = new java.util.TreeMap<>(cluster.kafka());
        configuration.put("isolation.level", "read_committed");
        try (Admin admin = Admin.create(cluster.kafka());
                Consumer<String, byte[]> consumer =
                        new KafkaConsumer<>(configuration, new StringDeserializer(), new ByteArrayDeserializer())) {
            FeedReading reading = new FeedReading(
                    new TopicDescriber(admin), topic, applied(epoch), new Deadline(Duration.ofSeconds(30)));
            Map<Long, byte[]> entries = reading.read(consumer, cluster.serdes().deserializer(FeedEntry.class))
                    .orElseThrow();
            check.on(reading, entries);
        }
    }

    private static EpochApplied applied(long epoch) {
        return EpochApplied.newBuilder()
                .setEpoch(epoch)
                .setIncarnation("eagle-1")
                .setWatermark("00000027:00000758:0005")
                .setBusinessDate(LocalDate.of(2026, 11, 24))
                .setPublishedAt(Instant.EPOCH)
                .setFeeds(Map.of())
                .setPatrons(0)
                .setFeedEntries(Map.of())
                .build();
    }
}
