package dev.patronstream.snapshotter.schedule;

import dev.patronstream.snapshotter.settings.SettingProblem;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * When a feed is delivered, as configured. Immutable.
 *
 * @param cron five fields of a Unix cron expression: {@code 0 2,12 * * *}; empty for no fixed times
 * @param onChange the shortest time between two deliveries of a feed that has changed; empty for not on change
 * @param lateAfter how long after its time an alert says that a delivery has not happened; empty for never
 * @param timeZone where the clock of the schedule hangs
 */
public record ScheduleSettings(
        Optional<String> cron, Optional<Duration> onChange, Optional<Duration> lateAfter, ZoneId timeZone) {

    /** Returns what is wrong, with paths relative to the feed. */
    public List<SettingProblem> problems() {
        List<SettingProblem> problems = new ArrayList<>();
        cron.ifPresent(expression -> {
            try {
                new CronSchedule(expression, timeZone);
            } catch (IllegalArgumentException e) {
                problems.add(new SettingProblem(
                        "schedule",
                        "'" + expression + "' is not a cron expression (" + reason(e)
                                + "); it has five fields, minute, hour, day of month, month and day of week, like"
                                + " \"0 2,12 * * *\""));
            }
        });
        positive("on-change", onChange, problems);
        positive("late-after", lateAfter, problems);
        return problems;
    }

    private static void positive(String key, Optional<Duration> time, List<SettingProblem> problems) {
        if (time.filter(Duration::isZero).isPresent()) {
            problems.add(new SettingProblem(key, "must be longer than no time at all, like 15m"));
        }
    }

    /** Returns the fixed times; the settings must be without problems. */
    public Optional<CronSchedule> schedule() {
        return cron.map(expression -> new CronSchedule(expression, timeZone));
    }

    private static String reason(IllegalArgumentException e) {
        String message = String.valueOf(e.getMessage());
        return message.isEmpty() ? message : message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
    }
}
