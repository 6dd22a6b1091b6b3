package dev.patronstream.cli.web;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeWordsTest {

    private static final TimeWords WORDS =
            new TimeWords(ZoneId.of("America/Los_Angeles"), Instant.parse("2026-11-24T04:22:00Z"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "the last scan ended at 2026-11-24T01:05:09.123Z: look | the last scan ended at 5:05 PM: look",
                "paused until 2026-11-24T16:00:00Z | paused until Nov 24, 8:00 AM",
                "from 2025-01-02T20:00:00Z to 2026-11-23T20:00:00Z | from Jan 2, 2025, 12:00 PM to 12:00 PM",
                "day 2026-99-99T99:99:99Z | day 2026-99-99T99:99:99Z",
                "business date 2026-11-24 | business date 2026-11-24"
            })
    void timesAreTheDistricts(String message, String words) {
        assertEquals(words, WORDS.in(message).replace('\u202f', ' '));
    }
}
