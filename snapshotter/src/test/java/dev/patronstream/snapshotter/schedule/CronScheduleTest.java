package dev.patronstream.snapshotter.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.snapshotter.Changed;
import dev.patronstream.snapshotter.settings.SettingProblem;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CronScheduleTest {

    private static final ZoneId LOS_ANGELES = ZoneId.of("America/Los_Angeles");

    @Test
    void slotsAreCountedOnTheWallOfTheTimeZone() {
        assertEquals(
                List.of("2026-11-24T10:00:00Z", "2026-11-24T20:00:00Z", "2026-11-25T10:00:00Z"),
                slots("0 2,12 * * *", "2026-11-24T09:59:59Z", 3));
    }

    @Test
    void aSlotIsNotItsOwnNext() {
        assertEquals(List.of("2026-11-25T10:00:00Z"), slots("0 2 * * *", "2026-11-24T10:00:00Z", 1));
    }

    @Test
    void aTimeThatDaylightSavingSkipsComesWhenTheClockHasJumped() {
        // 8 March 2026: 02:00 is followed by 03:00.
        assertEquals(
                List.of("2026-03-07T10:30:00Z", "2026-03-08T10:00:00Z", "2026-03-09T09:30:00Z"),
                slots("30 2 * * *", "2026-03-07T00:00:00Z", 3));
    }

    @Test
    void aTimeThatComesTwiceCountsOnce() {
        // 1 November 2026: 02:00 is followed by 01:00.
        assertEquals(
                List.of("2026-10-31T08:30:00Z", "2026-11-01T08:30:00Z", "2026-11-02T09:30:00Z"),
                slots("30 1 * * *", "2026-10-31T00:00:00Z", 3));
    }

    @Test
    void anOpenHourGoesOnThroughBothChangesWithoutAHole() {
        assertEquals(
                List.of("2026-11-01T08:30:00Z", "2026-11-01T09:00:00Z", "2026-11-01T09:30:00Z", "2026-11-01T10:00:00Z"),
                slots("*/30 * * * *", "2026-11-01T08:00:00Z", 4));
        assertEquals(
                List.of("2026-03-08T09:30:00Z", "2026-03-08T10:00:00Z", "2026-03-08T10:30:00Z"),
                slots("*/30 * * * *", "2026-03-08T09:00:00Z", 3));
    }

    @Test
    void theLastSlotIsFoundAcrossBothChanges() {
        assertEquals("2026-03-08T10:00:00Z", last("30 2 * * *", "2026-03-08T12:00:00Z"));
        assertEquals("2026-11-01T08:30:00Z", last("30 1 * * *", "2026-11-01T09:45:00Z"));
        assertEquals("2026-11-24T10:00:00Z", last("0 2 * * *", "2026-11-24T10:00:00Z"));
        assertEquals("2026-11-23T10:00:00Z", last("0 2 * * *", "2026-11-24T09:59:59Z"));
    }

    @Test
    void leapDaysAndWeekdaysAreKnown() {
        assertEquals(List.of("2028-02-29T08:00:00Z"), slots("0 0 29 2 *", "2026-11-24T00:00:00Z", 1));
        assertEquals(List.of("2026-11-29T10:00:00Z"), slots("0 2 * * 0", "2026-11-24T00:00:00Z", 1));
        assertEquals(List.of("2026-11-29T10:00:00Z"), slots("0 2 * * 7", "2026-11-24T00:00:00Z", 1));
    }

    /** Every minute of two years, held against a plain count of the minutes on the wall. */
    @Test
    void noSlotOfTwoYearsIsMissedOrRepeated() {
        CronSchedule schedule = new CronSchedule("15 3,1 * * *", LOS_ANGELES);
        Instant end = Instant.parse("2028-01-01T08:00:00Z");
        List<Instant> found = new ArrayList<>();
        for (Optional<Instant> slot = schedule.next(Instant.parse("2026-01-01T08:00:00Z"));
                slot.orElseThrow().isBefore(end);
                slot = schedule.next(slot.orElseThrow())) {
            found.add(slot.orElseThrow());
        }
        List<Instant> expected = new ArrayList<>();
        for (LocalDateTime minute = LocalDateTime.of(2026, 1, 1, 0, 0);
                minute.getYear() < 2028;
                minute = minute.plusMinutes(1)) {
            if (minute.getMinute() == 15 && (minute.getHour() == 1 || minute.getHour() == 3)) {
                expected.add(minute.atZone(LOS_ANGELES).toInstant());
            }
        }
        assertEquals(expected, found);
        for (Instant slot : found) {
            assertEquals(Optional.of(slot), schedule.last(slot));
            assertEquals(Optional.of(slot), schedule.last(slot.plusSeconds(3599)));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "0 2 * *", "0 0 2 * * *", "61 * * * *", "0 25 * * *", "0 2 * * mon-", "@daily", "0 0 30 2 *"
            })
    void whatIsNotACronExpressionIsExplained(String expression) {
        List<SettingProblem> problems =
                Changed.schedule(expression, LOS_ANGELES).problems();
        assertEquals(
                List.of("schedule"), problems.stream().map(SettingProblem::path).toList());
        assertTrue(
                problems.get(0).message().contains("five fields"),
                problems.get(0).message());
    }

    @Test
    void noTimeAtAllIsNoWait() {
        for (Duration time : List.of(Duration.ZERO, Duration.ofMillis(1))) {
            ScheduleSettings settings =
                    new ScheduleSettings(Optional.empty(), Optional.of(time), Optional.of(time), LOS_ANGELES);
            assertEquals(
                    time.isZero() ? List.of("on-change", "late-after") : List.of(),
                    settings.problems().stream().map(SettingProblem::path).toList());
        }
        String message =
                Changed.schedule("61 * * * *", LOS_ANGELES).problems().get(0).message();
        assertTrue(message.startsWith("'61 * * * *' is not a cron expression (failed to parse"), message);
    }

    private static List<String> slots(String expression, String after, int count) {
        CronSchedule schedule = new CronSchedule(expression, LOS_ANGELES);
        List<String> slots = new ArrayList<>();
        Instant from = Instant.parse(after);
        for (int i = 0; i < count; i++) {
            from = schedule.next(from).orElseThrow();
            slots.add(from.toString());
        }
        return slots;
    }

    private static String last(String expression, String until) {
        return new CronSchedule(expression, LOS_ANGELES)
                .last(Instant.parse(until))
                .orElseThrow()
                .toString();
    }
}
