package dev.patronstream.streams.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class EarlierStateTest {

    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

    /** Compaction keeps tombstones for 30 days; a clock that was a year ahead must not make state young for a year. */
    @Test
    void stateIsTooOldAfterTombstonesAreGoneAndWhenItsTimeIsToCome() {
        assertTooOld(false, Duration.ZERO);
        assertTooOld(false, Duration.ofDays(-28));
        assertTooOld(true, Duration.ofDays(-30));
        assertTooOld(false, Duration.ofHours(23));
        assertTooOld(true, Duration.ofDays(365));
    }

    private static void assertTooOld(boolean expected, Duration fromNow) {
        assertEquals(expected, EarlierState.isTooOld(NOW.plus(fromNow).toEpochMilli(), NOW), fromNow.toString());
    }
}
