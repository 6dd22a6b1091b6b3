package dev.patronstream.cli.web;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Times as people of the district say them: {@code 2:05 PM}, {@code Nov 24, 2:05 PM}, {@code Nov 24, 2025, 2:05 PM}. */
public final class TimeWords {

    private static final Pattern INSTANT = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?Z");
    private static final DateTimeFormatter TODAY = DateTimeFormatter.ofPattern("h:mm a", Locale.US);
    private static final DateTimeFormatter THIS_YEAR = DateTimeFormatter.ofPattern("MMM d, h:mm a", Locale.US);
    private static final DateTimeFormatter OTHERWISE = DateTimeFormatter.ofPattern("MMM d, yyyy, h:mm a", Locale.US);

    private final ZoneId zone;
    private final ZonedDateTime now;

    /** Words for someone in a zone who reads them now. */
    public TimeWords(ZoneId zone, Instant now) {
        this.zone = zone;
        this.now = now.atZone(zone);
    }

    public String at(Instant time) {
        ZonedDateTime then = time.atZone(zone);
        if (isToday(time)) {
            return TODAY.format(then);
        }
        return (then.getYear() == now.getYear() ? THIS_YEAR : OTHERWISE).format(then);
    }

    /** Whether a time is of the reader's day. */
    public boolean isToday(Instant time) {
        return time.atZone(zone).toLocalDate().equals(now.toLocalDate());
    }

    /** Returns a message of a stage with the times in it in words. */
    public String in(String message) {
        return INSTANT.matcher(message).replaceAll(this::words);
    }

    private String words(MatchResult match) {
        try {
            return at(Instant.parse(match.group()));
        } catch (DateTimeParseException e) {
            return match.group();
        }
    }

    /** Returns how long ago a time was; a page's reader may sit in any time zone, so sentences speak of ages. */
    public static String ago(Instant then, Instant now) {
        Duration age = Duration.between(then, now);
        return age.toSeconds() < 1 ? "just now" : span(age) + " ago";
    }

    public static String span(Duration span) {
        long seconds = Math.max(0, span.toSeconds());
        if (seconds < 120) {
            return count(seconds, "second");
        }
        if (seconds < 2 * 3600) {
            return count(seconds / 60, "minute");
        }
        if (seconds < 48 * 3600) {
            return count(seconds / 3600, "hour");
        }
        return count(seconds / 86_400, "day");
    }

    private static String count(long number, String unit) {
        return number + " " + unit + (number == 1 ? "" : "s");
    }
}
