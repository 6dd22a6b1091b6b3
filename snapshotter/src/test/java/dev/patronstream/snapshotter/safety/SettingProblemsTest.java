package dev.patronstream.snapshotter.safety;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.patronstream.snapshotter.Changed;
import dev.patronstream.snapshotter.SetLimits;
import dev.patronstream.snapshotter.Usual;
import dev.patronstream.snapshotter.safety.check.Thresholds;
import dev.patronstream.snapshotter.settings.SettingProblem;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingProblemsTest {

    private static final ZoneId UTC = ZoneOffset.UTC;

    @ParameterizedTest
    @CsvSource({
        "1.0,  1, ''",
        "0.01, 0, hold-when.rows-below",
        "1.01, 1, hold-when.removed-above hold-when.transferred-above hold-when.changed-above"
                + " hold-when.per-site-removed-above hold-when.problems-above"
    })
    void aShareOfMoreThanAllWouldNeverHold(double share, int rowsBelow, String paths) {
        Thresholds thresholds = SetLimits.only(Map.of(
                "removed-above", share,
                "added-above", share,
                "transferred-above", share,
                "changed-above", share,
                "per-site-removed-above", share,
                "problems-above", share,
                "rows-below", rowsBelow));
        assertEquals(paths, paths(Changed.with(Usual.SAFEGUARDS, thresholds)));
    }

    @Test
    void leaversAreRememberedAsLongAsTheyAreSent() {
        assertEquals("", paths(with(Leavers.OMITTED)));
        assertEquals("", paths(with(Leavers.inactiveFor(Duration.ofMillis(1)))));
        assertEquals("leavers.inactive-for", paths(with(Leavers.inactiveFor(Duration.ZERO))));
        assertEquals(Duration.ofDays(3), Leavers.inactiveFor(Duration.ofDays(3)).remembered());
        assertEquals(Duration.ofDays(90), Leavers.OMITTED.remembered());
    }

    @ParameterizedTest
    @CsvSource({
        "00:00 to 23:59,                 ''",
        "12:00 to 11:59,                 ''",
        "00:00 to 12:00; 12:01 to 24:00, ''",
        "00:00 to 12:00; 11:00 to 10:59, blackout",
        "12:01 to 12:00; 11:00 to 13:00, blackout",
        "00:00 to 12:00; 12:00 to 24:00, blackout"
    })
    void oneMinuteOfTheDayMustBeLeft(String hours, String paths) {
        Blackout[] blackout = Stream.of(hours.split("; "))
                .map(text -> Blackout.parse(text, UTC).orElseThrow())
                .toArray(Blackout[]::new);
        assertEquals(paths, paths(Changed.withBlackout(Usual.SAFEGUARDS, blackout)));
    }

    @Test
    void theLastOfAllThatPauseCounts() {
        Safeguards safeguards = new Safeguards(
                Usual.THRESHOLDS,
                false,
                Leavers.OMITTED,
                List.of(
                        PausePeriod.parse("2026-12-21 to 2026-12-22", UTC).orElseThrow(),
                        PausePeriod.parse("2026-12-22 to 2026-12-24", UTC).orElseThrow()),
                List.of(Blackout.parse("22:00 to 05:00", UTC).orElseThrow()),
                Optional.empty());
        assertEquals(Optional.empty(), safeguards.pausedUntil(Instant.parse("2026-12-20T12:00:00Z")));
        assertEquals(
                Optional.of(Instant.parse("2026-12-25T00:00:00Z")),
                safeguards.pausedUntil(Instant.parse("2026-12-22T12:00:00Z")));
        assertEquals(
                Optional.of(Instant.parse("2026-12-25T05:00:00Z")),
                safeguards.pausedUntil(Instant.parse("2026-12-24T23:00:00Z")));
    }

    @Test
    void whatEndsWhereItBeginsIsRefused() {
        LocalTime noon = LocalTime.NOON;
        assertThrows(IllegalArgumentException.class, () -> new Blackout(noon, noon, UTC));
        assertThrows(IllegalArgumentException.class, () -> new PausePeriod(Instant.EPOCH, Instant.EPOCH));
        assertEquals(Optional.empty(), PausePeriod.parse("2026-12-21T10:00 to 2026-12-21T10:00", UTC));
    }

    private static Safeguards with(Leavers leavers) {
        return new Safeguards(SetLimits.NONE, false, leavers, List.of(), List.of(), Optional.empty());
    }

    private static String paths(Safeguards safeguards) {
        return String.join(
                " ", safeguards.problems().stream().map(SettingProblem::path).toList());
    }
}
