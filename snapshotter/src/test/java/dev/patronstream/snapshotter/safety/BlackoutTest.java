package dev.patronstream.snapshotter.safety;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.snapshotter.Changed;
import dev.patronstream.snapshotter.Usual;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BlackoutTest {

    private static final ZoneId LOS_ANGELES = ZoneId.of("America/Los_Angeles");

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // In the day: the end is not in it any more.
                "08:00 to 15:30, 2026-11-24T15:59:59Z, -",
                "08:00 to 15:30, 2026-11-24T16:00:00Z, 2026-11-24T23:30:00Z",
                "08:00 to 15:30, 2026-11-24T23:29:59Z, 2026-11-24T23:30:00Z",
                "08:00 to 15:30, 2026-11-24T23:30:00Z, -",
                // Over midnight.
                "22:00 to 05:00, 2026-11-24T06:00:00Z, 2026-11-24T13:00:00Z",
                "22:00 to 05:00, 2026-11-24T12:59:59Z, 2026-11-24T13:00:00Z",
                "22:00 to 05:00, 2026-11-24T13:00:00Z, -",
                "22:00 to 24:00, 2026-11-24T07:59:59Z, 2026-11-24T08:00:00Z",
                "22:00 to 24:00, 2026-11-24T08:00:00Z, -",
                // 8 March 2026: the clock jumps from 02:00 to 03:00, at 10:00 UTC.
                "01:30 to 02:30, 2026-03-08T09:59:59Z, 2026-03-08T10:00:00Z",
                "01:30 to 02:30, 2026-03-08T10:00:00Z, -",
                "02:30 to 04:00, 2026-03-08T09:59:59Z, -",
                "02:30 to 04:00, 2026-03-08T10:00:00Z, 2026-03-08T11:00:00Z",
                "02:00 to 03:00, 2026-03-08T10:00:00Z, -",
                "22:00 to 05:00, 2026-03-08T11:59:59Z, 2026-03-08T12:00:00Z",
                // 1 November 2026: the clock goes from 02:00 back to 01:00, at 09:00 UTC; 01:30 is at 08:30 and 09:30.
                "00:30 to 01:30, 2026-11-01T08:45:00Z, 2026-11-01T09:30:00Z",
                "00:30 to 01:30, 2026-11-01T09:30:00Z, -",
                "01:30 to 03:00, 2026-11-01T08:29:59Z, -",
                "01:30 to 03:00, 2026-11-01T08:30:00Z, 2026-11-01T11:00:00Z",
                "01:30 to 03:00, 2026-11-01T09:15:00Z, 2026-11-01T11:00:00Z",
                "22:00 to 05:00, 2026-11-01T12:59:59Z, 2026-11-01T13:00:00Z"
            })
    void theHoursAreThoseOfTheClockOnTheWall(String hours, Instant moment, Instant end) {
        Blackout blackout = Blackout.parse(hours, LOS_ANGELES).orElseThrow();
        assertEquals(Optional.ofNullable(end), blackout.endAt(moment));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "22:00", "22:00-05:00", "25:00 to 05:00", "05:00 to 05:00", "00:00 to 24:00", "ten to six"})
    void whatAreNoHoursIsNotRead(String text) {
        assertEquals(Optional.empty(), Blackout.parse(text, LOS_ANGELES));
    }

    @Test
    void hoursThatLeaveNothingOfTheDayAreAProblem() {
        Blackout morning = Blackout.parse("00:00 to 12:00", LOS_ANGELES).orElseThrow();
        Blackout rest = Blackout.parse("12:00 to 24:00", LOS_ANGELES).orElseThrow();
        assertEquals(List.of(), Changed.withBlackout(Usual.SAFEGUARDS, morning).problems());
        assertTrue(Changed.withBlackout(Usual.SAFEGUARDS, morning, rest).problems().stream()
                .anyMatch(problem -> problem.path().equals("blackout")));
    }
}
