package dev.patronstream.snapshotter.schedule;

import dev.patronstream.snapshotter.settings.SettingProblem;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;

/**
 * When a feed is delivered, as configured. Immutable.
 *
 * @param cron five fields of a Unix cron expression: {@code 0 2,12 * * *}
 * @param timeZone where its clock hangs
 */
public record ScheduleSettings(String cron, ZoneId timeZone) {

    /** Returns what is wrong, with paths relative to the feed. */
    public List<SettingProblem> problems() {
        try {
            new CronSchedule(cron, timeZone);
            return List.of();
        } catch (IllegalArgumentException e) {
            return List.of(new SettingProblem(
                    "schedule",
                    "'" + cron + "' is not a cron expression (" + reason(e)
                            + "); it has five fields, minute, hour, day of month, month and day of week, like"
                            + " \"0 2,12 * * *\""));
        }
    }

    /** Returns the schedule; the settings must be without problems. */
    public CronSchedule schedule() {
        return new CronSchedule(cron, timeZone);
    }

    private static String reason(IllegalArgumentException e) {
        String message = String.valueOf(e.getMessage());
        return message.isEmpty() ? message : message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
    }
}
