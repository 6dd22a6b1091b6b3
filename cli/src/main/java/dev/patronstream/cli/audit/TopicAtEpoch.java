package dev.patronstream.cli.audit;

import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.connector.epoch.CommittedReader;
import dev.patronstream.schemas.RecordHeaders;
import dev.patronstream.schemas.TopicSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * What a topic held at the end of an epoch: of every key the last record of that epoch or before.
 *
 * <p>A record that names no epoch was not written by the stages. It counts whatever its place: every consumer reads it.
 * Memory grows with the topic's content, as it was sent.
 */
final class TopicAtEpoch {

    /** Room for clocks that differ and for a cleaner that is about to run. */
    private static final Duration MARGIN = Duration.ofHours(1);

    private final String topic;
    private final Pattern keys;
    private final long epoch;
    private final Map<String, byte[]> values = new HashMap<>();
    private final Set<String> deleted = new HashSet<>();
    private final Map<String, Long> onlyLaterSince = new HashMap<>();
    private final Map<String, Long> foreign = new TreeMap<>();

    private TopicAtEpoch(String topic, Pattern keys, long epoch) {
        this.topic = topic;
        this.keys = keys;
        this.epoch = epoch;
    }

    /**
     * Reads a topic.
     *
     * @param keys what the topic's keys look like
     * @param now tells how old a record is
     * @throws CommandFailedException if compaction may have removed versions that the epoch needs
     */
    static TopicAtEpoch read(CommittedReader reader, String topic, Pattern keys, long epoch, Instant now) {
        TopicAtEpoch content = new TopicAtEpoch(topic, keys, epoch);
        reader.all(topic, content::take);
        content.requireAllVersions(now);
        return content;
    }

    private void take(ConsumerRecord<String, byte[]> committed) {
        String key = committed.key();
        if (key == null || !keys.matcher(key).matches()) {
            foreign.remove(String.valueOf(key));
            if (committed.value() != null) {
                foreign.put(String.valueOf(key), committed.offset());
            }
            return;
        }
        OptionalLong writtenIn = epochOf(committed);
        if (writtenIn.isPresent() && writtenIn.getAsLong() > epoch) {
            if (!values.containsKey(key) && !deleted.contains(key)) {
                onlyLaterSince.putIfAbsent(key, committed.timestamp());
            }
        } else if (committed.value() == null) {
            values.remove(key);
            deleted.add(key);
        } else {
            values.put(key, committed.value());
            deleted.remove(key);
        }
    }

    private static OptionalLong epochOf(ConsumerRecord<String, byte[]> committed) {
        Header header = committed.headers().lastHeader(RecordHeaders.EPOCH);
        try {
            return header == null
                    ? OptionalLong.empty()
                    : OptionalLong.of(Long.parseLong(new String(header.value(), StandardCharsets.UTF_8)));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** Versions are kept for {@link TopicSettings#MIN_COMPACTION_LAG} after they are overtaken, not longer for sure. */
    private void requireAllVersions(Instant now) {
        long oldest = now.minus(TopicSettings.MIN_COMPACTION_LAG).plus(MARGIN).toEpochMilli();
        long doubtful =
                onlyLaterSince.values().stream().filter(since -> since < oldest).count();
        if (doubtful > 0) {
            throw new CommandFailedException("Patrons and feeds stand at epoch " + epoch
                    + ", which capture has overtaken for so long that the topic " + topic
                    + " may have lost versions of " + doubtful
                    + " records. Start the streams application, let it catch up, and audit again");
        }
    }

    String topic() {
        return topic;
    }

    /** Returns the values by key, as they were sent. */
    Map<String, byte[]> values() {
        return values;
    }

    /** Returns the offsets of records whose key is none of this topic's: what such a key says, nobody knows. */
    List<Long> foreignOffsets() {
        return foreign.values().stream().sorted().toList();
    }
}
