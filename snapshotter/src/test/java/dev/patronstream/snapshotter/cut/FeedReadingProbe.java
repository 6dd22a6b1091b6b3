package dev.patronstream.snapshotter.cut;

import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.schemas.topic.EpochContent;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.snapshotter.Cluster;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** Reads a feed's topic as of an epoch that the test chooses. */
final class FeedReadingProbe {

    private final Cluster cluster;
    private final String topic;

    FeedReadingProbe(Cluster cluster, Topics topics) {
        this.cluster = cluster;
        this.topic = topics.feed("destiny");
    }

    Set<String> keysAsOf(long epoch) {
        Set<String> keys = new TreeSet<>();
        content(epoch).values().keySet().forEach(person -> keys.add(PersonNumber.key(person)));
        return keys;
    }

    private EpochContent<Long, byte[], byte[]> content(long epoch) {
        EpochContent<Long, byte[], byte[]> content =
                new EpochContent<>(epoch, PersonNumber::ofKey, Function.identity());
        try (CommittedTopics reader = new CommittedTopics(cluster.kafka())) {
            reader.read(topic, FeedCutter.form(cluster.serdes().deserializer(FeedEntry.class)), content::take);
        }
        return content;
    }
}
