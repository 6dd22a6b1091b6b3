package dev.patronstream.streams.rebuild;

import dev.patronstream.schemas.TopicSettings;
import dev.patronstream.streams.StreamsSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;

/** Compares a table with its shadow, as of an epoch. Used by one thread. */
final class TableComparison {

    /** Room for clocks that differ and for a cleaner that is about to run. */
    private static final Duration MARGIN = Duration.ofHours(1);

    private final StreamsSettings settings;
    private final OutputReader reader;
    private final long epoch;

    TableComparison(StreamsSettings settings, OutputReader reader, long epoch) {
        this.settings = settings;
        this.reader = reader;
        this.epoch = epoch;
    }

    <T extends SpecificRecord> VerificationReport.Table compare(
            String topic, String shadow, Class<T> type, Instant now) {
        Map<String, String> actual = contents(topic, type, now);
        Map<String, String> expected = contents(shadow, type, now);
        List<String> missing = minus(expected.keySet(), actual.keySet());
        List<String> extra = minus(actual.keySet(), expected.keySet());
        List<String> different = actual.keySet().stream()
                .filter(key -> expected.containsKey(key) && !expected.get(key).equals(actual.get(key)))
                .sorted()
                .toList();
        long equal = (long) actual.size() - extra.size() - different.size();
        return new VerificationReport.Table(topic, equal, missing, extra, different);
    }

    /**
     * What the table said of every person at the end of the epoch. The application may run meanwhile: entries of later
     * epochs are passed over; the topic keeps what they replaced for {@link TopicSettings#MIN_COMPACTION_LAG}.
     */
    private <T extends SpecificRecord> Map<String, String> contents(String topic, Class<T> type, Instant now) {
        Deserializer<T> deserializer = settings.serdes().deserializer(type);
        ContentDigest<T> digest = new ContentDigest<>(type);
        Map<String, String> contents = new HashMap<>();
        Set<String> deleted = new HashSet<>();
        Map<String, Long> onlyLaterSince = new HashMap<>();
        reader.read(topic, 0, record -> {
            if (OutputReader.epoch(record) > epoch) {
                if (!contents.containsKey(record.key()) && !deleted.contains(record.key())) {
                    onlyLaterSince.putIfAbsent(record.key(), record.timestamp());
                }
            } else if (record.value() == null) {
                contents.remove(record.key());
                deleted.add(record.key());
            } else {
                contents.put(record.key(), digest.of(deserializer.deserialize(topic, record.value())));
                deleted.remove(record.key());
            }
        });
        long oldest = now.minus(TopicSettings.MIN_COMPACTION_LAG).plus(MARGIN).toEpochMilli();
        if (onlyLaterSince.values().stream().anyMatch(since -> since < oldest)) {
            throw new RebuildRefusedException("Topic " + topic + " may have lost what it said at the end of epoch "
                    + epoch + ": it has been overtaken for too long. Start the services, and verify again when they"
                    + " have caught up");
        }
        return contents;
    }

    private static List<String> minus(Set<String> keys, Set<String> others) {
        return keys.stream().filter(key -> !others.contains(key)).sorted().toList();
    }
}
