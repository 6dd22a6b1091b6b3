package dev.patronstream.benchmarks.endurance.judge;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.schemas.EpochCause;
import dev.patronstream.schemas.Progress;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A backup was made after LSN 2 and put back after LSN 4; the second life gives 3 and 4 to other transactions. */
class LivesTest {

    private static final NavigableMap<String, Instant> FIRST = commits(Map.of("1", 10, "2", 20, "3", 30, "4", 40));
    private static final NavigableMap<String, Instant> SECOND =
            commits(Map.of("1", 10, "2", 20, "3", 60, "4", 70, "5", 80));

    @Test
    void aLifeOfWhichNothingWasPublishedAfterTheBackupIsSeenByNobody() {
        assertFalse(Lives.isPublished(FIRST, SECOND, List.of(epoch("1", 15), epoch("2", 45), epoch("4", 75))));
    }

    @Test
    void aLifeOfWhichATransactionWasPublishedAfterTheBackupCounts() {
        assertTrue(Lives.isPublished(FIRST, SECOND, List.of(epoch("2", 25), epoch("3", 35))));
    }

    private static NavigableMap<String, Instant> commits(Map<String, Integer> seconds) {
        NavigableMap<String, Instant> commits = new TreeMap<>();
        seconds.forEach((lsn, at) -> commits.put(lsn, Instant.ofEpochSecond(at)));
        return commits;
    }

    private static Progress epoch(String watermark, long publishedAt) {
        return Progress.newBuilder()
                .setEpoch(1)
                .setIncarnation("i")
                .setWatermark(watermark)
                .setBusinessDate(LocalDate.of(2026, 10, 1))
                .setPublishedAt(Instant.ofEpochSecond(publishedAt))
                .setCause(EpochCause.CHANGES)
                .setNextOffsets(Map.of())
                .setRows(0)
                .setSourceTransactions(0)
                .setKafkaTransactions(1)
                .build();
    }
}
