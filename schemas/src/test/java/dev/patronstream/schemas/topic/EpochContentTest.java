package dev.patronstream.schemas.topic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class EpochContentTest {

    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

    private final EpochContent<String, String, String> content =
            new EpochContent<>(7, Function.identity(), Function.identity());
    private long offset;

    @Test
    void ofEveryKeyTheLastRecordOfTheEpochOrBeforeCounts() {
        take("a", 6, "old");
        take("a", 7, "current");
        take("a", 8, "later");
        take("without epoch", null, "old");
        take("deleted", 5, "old");
        take("deleted", 7, null);
        take("back", 6, null);
        take("back", 7, "again");
        take("deleted later", 7, "stays");
        take("deleted later", 8, null);
        take("new", 8, "later");

        assertEquals(
                Map.of("a", "current", "without epoch", "old", "back", "again", "deleted later", "stays"),
                content.values());
    }

    @Test
    void aForeignRecordChangesNothingUntilItIsWrittenOver() {
        take("a", 6, "old");
        foreign("a");
        foreign("b");
        foreign("later");
        take("b", 7, "mended");
        take("later", 8, "mended in a later epoch");

        assertEquals(Map.of("a", "old", "b", "mended"), content.values());
        assertEquals(
                List.of("a", "later"),
                content.foreign().stream().map(TopicRecord::key).toList());
    }

    @Test
    void aKeyWithLaterRecordsOnlyIsDoubtfulOnceCompactionMayHaveTakenItsEarlierOne() {
        Instant edge = NOW.minus(TopicSettings.MIN_COMPACTION_LAG).plus(Duration.ofHours(1));
        later("at the edge", edge);
        later("before the edge", edge.minusMillis(1));
        later("before the edge", NOW);
        later("long before", Instant.EPOCH);
        take("known", 7, "of the epoch");
        later("known", Instant.EPOCH);
        take("deleted", 7, null);
        later("deleted", Instant.EPOCH);

        assertEquals(2, content.doubtful(NOW));
    }

    private void take(String key, Integer epoch, String value) {
        record(key, epoch, NOW, Optional.ofNullable(value), Optional.empty());
    }

    private void later(String key, Instant time) {
        record(key, 8, time, Optional.of("later"), Optional.empty());
    }

    private void foreign(String key) {
        record(key, null, NOW, Optional.empty(), Optional.of("it is not ours"));
    }

    private void record(String key, Integer epoch, Instant time, Optional<String> value, Optional<String> foreign) {
        content.take(new TopicRecord<>(
                "eagle.patrons",
                offset++,
                time.toEpochMilli(),
                key,
                epoch == null ? OptionalLong.empty() : OptionalLong.of(epoch),
                new RecordHeaders(),
                value,
                foreign));
    }
}
