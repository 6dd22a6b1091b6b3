package dev.patronstream.streams.rebuild;

import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.TopicSettings;
import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.schemas.topic.EpochContent;
import dev.patronstream.schemas.topic.RecordForm;
import dev.patronstream.streams.StreamsSettings;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;

/** Compares a table with its shadow, as of an epoch. Used by one thread. */
final class TableComparison {

    private final StreamsSettings settings;
    private final CommittedTopics reader;
    private final long epoch;

    TableComparison(StreamsSettings settings, CommittedTopics reader, long epoch) {
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
        ContentDigest<T> digest = new ContentDigest<>(type);
        EpochContent<String, T, String> content = new EpochContent<>(epoch, Function.identity(), digest::of);
        reader.read(topic, RecordForm.of(Keys::isPerson, settings.serdes().deserializer(type)), content::take);
        if (content.doubtful(now) > 0) {
            throw new RebuildRefusedException("Topic " + topic + " may have lost what it said at the end of epoch "
                    + epoch + ": it has been overtaken for too long. Start the services, and verify again when they"
                    + " have caught up");
        }
        Map<String, String> contents = content.values();
        content.foreign().forEach(record -> contents.put(record.key(), record.complaint()));
        return contents;
    }

    private static List<String> minus(Set<String> keys, Set<String> others) {
        return keys.stream().filter(key -> !others.contains(key)).sorted().toList();
    }
}
