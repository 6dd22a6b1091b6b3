package dev.patronstream.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PauseOrderTest {

    private static final ZoneId ZONE = ZoneId.of("America/Los_Angeles");
    private static final Instant NOW = Instant.parse("2026-08-01T12:00:00Z");

    @Test
    void aPauseEndsAtTheTimeOfTheFeedsClock() {
        assertEquals(Instant.parse("2026-08-10T07:00:00Z"), PauseOrder.end("2026-08-10", ZONE, NOW));
        assertEquals(Instant.parse("2026-08-10T13:00:00Z"), PauseOrder.end("2026-08-10T06:00", ZONE, NOW));
        assertEquals(Instant.parse("2026-08-10T06:00:00Z"), PauseOrder.end("2026-08-10T06:00Z", ZONE, NOW));
        assertEquals(Instant.parse("9999-12-31T08:00:00Z"), PauseOrder.end("9999-12-31", ZONE, NOW));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-08-01, is over already",
        "-999999999-01-01, is over already",
        "+10000-01-02, is too far away",
        "+999999999-01-01, is too far away",
        "+999999999-12-31T23:59, is too far away",
        "+999999999-12-31T23:59-18:00, is too far away",
        "+9999999999-01-01, is not a time",
        "soon, is not a time",
        "-1, is not a time",
    })
    void anEndThatCannotBeMeantIsRefused(String until, String why) {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> PauseOrder.end(until, ZONE, NOW));
        assertTrue(refused.getMessage().startsWith(until), refused.getMessage());
        assertTrue(refused.getMessage().contains(why), refused.getMessage());
    }
}
