package dev.patronstream.snapshotter.safety;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PausePeriodTest {

    private static final ZoneId ZONE = ZoneId.of("America/Los_Angeles");

    @Test
    void daysAreWholeOnesByTheClockOfTheFeedAlsoOverADaylightSavingChange() {
        PausePeriod pause = PausePeriod.parse("2026-10-30 to 2026-11-02", ZONE).orElseThrow();

        assertEquals(Instant.parse("2026-10-30T07:00:00Z"), pause.from());
        assertEquals(Instant.parse("2026-11-03T08:00:00Z"), pause.until());
        assertTrue(pause.holds(pause.from()));
        assertFalse(pause.holds(pause.until()));
    }

    @Test
    void timesOfDayAreTakenAsTheyAre() {
        assertEquals(
                Optional.of(
                        new PausePeriod(Instant.parse("2026-06-13T00:00:00Z"), Instant.parse("2026-08-10T13:00:00Z"))),
                PausePeriod.parse("2026-06-12T17:00 to 2026-08-10T06:00", ZONE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2026-12-21", "2027-01-04 to 2026-12-21", "2026-13-01 to 2026-13-02", "june to august"})
    void whatIsNoPauseIsRefused(String text) {
        assertEquals(Optional.empty(), PausePeriod.parse(text, ZONE));
    }
}
