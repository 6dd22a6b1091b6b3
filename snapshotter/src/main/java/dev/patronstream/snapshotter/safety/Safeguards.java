package dev.patronstream.snapshotter.safety;

import dev.patronstream.snapshotter.safety.check.Thresholds;
import dev.patronstream.snapshotter.settings.SettingProblem;
import java.time.Instant;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What stands between a feed's file and its vendor. Immutable.
 *
 * @param thresholds above what a file is held
 * @param sendsFirst whether the first file ever is sent without a person having looked at it
 * @param leavers what becomes of people who do not qualify any more
 * @param pauses times in which nothing is delivered
 * @param blackout hours of every day in which nothing is delivered
 * @param system name of the vendor's system, where several feeds go to the same one; each person is in one of them
 */
public record Safeguards(
        Thresholds thresholds,
        boolean sendsFirst,
        Leavers leavers,
        List<PausePeriod> pauses,
        List<Blackout> blackout,
        Optional<String> system) {

    private static final int MINUTES_OF_A_DAY = 24 * 60;

    public Safeguards {
        pauses = List.copyOf(pauses);
        blackout = List.copyOf(blackout);
    }

    /** Returns until when the configuration pauses the feed at this moment, by a pause or by blackout hours. */
    public Optional<Instant> pausedUntil(Instant moment) {
        return Stream.concat(
                        pauses.stream().filter(pause -> pause.holds(moment)).map(PausePeriod::until),
                        blackout.stream().flatMap(hours -> hours.endAt(moment).stream()))
                .max(Comparator.naturalOrder());
    }

    /** Returns everything that is wrong, with paths relative to the feed. */
    public List<SettingProblem> problems() {
        List<SettingProblem> problems = new ArrayList<>();
        thresholds.problems().forEach(problem -> problems.add(problem.below("hold-when")));
        if (!leavers.omitted() && leavers.remembered().isZero()) {
            problems.add(new SettingProblem(
                    "leavers.inactive-for", "is no time at all; write omit in its place to leave leavers out"));
        }
        if (!blackout.isEmpty() && coversTheDay()) {
            problems.add(new SettingProblem("blackout", "leaves no minute of the day in which a file may be sent"));
        }
        return problems;
    }

    private boolean coversTheDay() {
        return IntStream.range(0, MINUTES_OF_A_DAY)
                .mapToObj(minute -> LocalTime.MIDNIGHT.plusMinutes(minute))
                .allMatch(time -> blackout.stream().anyMatch(hours -> hours.holds(time)));
    }
}
