package dev.patronstream.connector.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EpochWriterTest {

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    @Test
    void freshnessGoesForwardAndBackOnlyFromAClockThatWasAhead() {
        assertEquals(NOON, EpochWriter.freshest(NOON, Optional.empty()));
        assertEquals(NOON, EpochWriter.freshest(null, Optional.of(NOON)));
        assertEquals(NOON, EpochWriter.freshest(NOON.minusSeconds(1), Optional.of(NOON)));
        Duration autumn = Duration.ofMinutes(65);
        assertEquals(NOON, EpochWriter.freshest(NOON, Optional.of(NOON.minus(autumn))));
        assertEquals(NOON, EpochWriter.freshest(NOON.plus(Duration.ofDays(365)), Optional.of(NOON)));
    }
}
