package dev.patronstream.snapshotter.cut;

import dev.patronstream.schemas.EpochApplied;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.RecordHeaders;
import dev.patronstream.schemas.TopicSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.Deserializer;

/** Reads a feed's topic once, from its beginning to its high watermark, as of one epoch. Not thread-safe. */
final class FeedReading {

    private static final Duration POLL = Duration.ofMillis(200);
    /** Room for clocks that differ and for a cleaner that is about to run. */
    private static final Duration MARGIN = Duration.ofHours(1);

    private final TopicDescriber describer;
    private final String topic;
    private final EpochApplied epoch;
    private final Deadline deadline;
    private final Map<Long, byte[]> entries = new HashMap<>();
    private final Set<Long> deleted = new HashSet<>();
    private final Map<Long, Long> onlyLaterSince = new HashMap<>();

    FeedReading(TopicDescriber describer, String topic, EpochApplied epoch, Deadline deadline) {
        this.describer = describer;
        this.topic = topic;
        this.epoch = epoch;
        this.deadline = deadline;
    }

    /** Returns the entries as of the epoch by {@link PersonNumber}, or nothing if the topic was replaced underneath. */
    Optional<Map<Long, byte[]>> read(Consumer<String, byte[]> consumer, Deserializer<FeedEntry> values)
            throws CutFailedException {
        Optional<Uuid> identity = describer.identity(topic);
        long end = describer.highWatermark(topic);
        TopicPartition partition = new TopicPartition(topic, 0);
        consumer.assign(List.of(partition));
        try {
            consumer.seekToBeginning(List.of(partition));
            while (consumer.position(partition) < end) {
                var records = consumer.poll(POLL);
                for (ConsumerRecord<String, byte[]> record : records) {
                    if (record.offset() < end) {
                        take(record, values);
                    }
                }
                if (records.isEmpty() && !describer.identity(topic).equals(identity)) {
                    return Optional.empty();
                }
                if (deadline.isOver() && consumer.position(partition) < end) {
                    throw new CutFailedException("Reading the topic " + topic + " did not end within "
                            + deadline.limit() + "; a transaction of the streams application may be hanging");
                }
            }
        } catch (InvalidOffsetException shrunk) {
            return Optional.empty();
        }
        return describer.identity(topic).equals(identity) ? Optional.of(entries) : Optional.empty();
    }

    /**
     * A patron with later entries only may have had one of the epoch that compaction has removed since. Entries stay
     * for {@link TopicSettings#MIN_COMPACTION_LAG}, so this can only be when the epoch is older than that.
     */
    void requireAllVersions(Instant now) throws CutFailedException {
        long oldest = now.minus(TopicSettings.MIN_COMPACTION_LAG).plus(MARGIN).toEpochMilli();
        long doubtful =
                onlyLaterSince.values().stream().filter(since -> since < oldest).count();
        if (doubtful > 0) {
            throw new CutFailedException("The newest complete state of the feed (epoch " + epoch.getEpoch()
                    + ") has been overtaken for so long that the topic may have lost versions of " + doubtful
                    + " patrons. The streams application seems to stand in the middle of an epoch: start it, and try"
                    + " again when it has caught up");
        }
    }

    private void take(ConsumerRecord<String, byte[]> record, Deserializer<FeedEntry> values) throws CutFailedException {
        long person = PersonNumber.ofKey(record.key());
        if (epochOf(record, values) > epoch.getEpoch()) {
            if (!entries.containsKey(person) && !deleted.contains(person)) {
                onlyLaterSince.putIfAbsent(person, record.timestamp());
            }
        } else if (record.value() == null) {
            entries.remove(person);
            deleted.add(person);
        } else {
            entries.put(person, record.value());
            deleted.remove(person);
        }
    }

    private long epochOf(ConsumerRecord<String, byte[]> record, Deserializer<FeedEntry> values)
            throws CutFailedException {
        Header header = record.headers().lastHeader(RecordHeaders.EPOCH);
        if (header != null) {
            return Long.parseLong(new String(header.value(), StandardCharsets.UTF_8));
        }
        if (record.value() == null) {
            throw new CutFailedException("The topic " + topic + " has a deletion at offset " + record.offset()
                    + " that names no epoch: something other than the streams application writes there");
        }
        return values.deserialize(topic, record.value()).getEpoch();
    }
}
