package dev.patronstream.snapshotter.safety;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Hours of every day in which nothing is delivered, by the clock on the wall of a time zone; over midnight where they
 * end before they begin. Immutable.
 *
 * <p>On a day on which daylight saving skips the first or the last of them, that moment is the one of the jump; where
 * the clock shows one twice, they begin with its first and end with its second, so that they are never shorter than the
 * wall says.
 */
public record Blackout(LocalTime from, LocalTime until, ZoneId zone) {

    private static final Pattern FORM = Pattern.compile("(\\S+)\\s+to\\s+(\\S+)");
    private static final String END_OF_DAY = "24:00";

    public Blackout {
        if (from.equals(until)) {
            throw new IllegalArgumentException("Blackout hours must not begin and end at the same time");
        }
    }

    /** Reads {@code 22:00 to 05:30}; returns nothing if it cannot be read, or is no time at all. */
    public static Optional<Blackout> parse(String text, ZoneId zone) {
        Matcher parts = FORM.matcher(text.strip());
        if (!parts.matches()) {
            return Optional.empty();
        }
        try {
            LocalTime from = LocalTime.parse(parts.group(1));
            LocalTime until = parts.group(2).equals(END_OF_DAY) ? LocalTime.MIDNIGHT : LocalTime.parse(parts.group(2));
            return from.equals(until) ? Optional.empty() : Optional.of(new Blackout(from, until, zone));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** Returns when the hours that the moment is in are over; empty when it is in none. */
    public Optional<Instant> endAt(Instant moment) {
        LocalDate today = LocalDate.ofInstant(moment, zone);
        // Those that began the day before may last until today, or until the jump of a clock at midnight.
        for (LocalDate day : List.of(today.minusDays(1), today, today.plusDays(1))) {
            LocalDate lastDay = until.isAfter(from) ? day : day.plusDays(1);
            Instant begin = moment(day.atTime(from), false);
            Instant end = moment(lastDay.atTime(until), true);
            if (!moment.isBefore(begin) && moment.isBefore(end)) {
                return Optional.of(end);
            }
        }
        return Optional.empty();
    }

    boolean holds(LocalTime time) {
        return until.isAfter(from)
                ? !time.isBefore(from) && time.isBefore(until)
                : !time.isBefore(from) || time.isBefore(until);
    }

    private Instant moment(LocalDateTime wall, boolean last) {
        ZoneOffsetTransition change = zone.getRules().getTransition(wall);
        if (change != null && change.isGap()) {
            return change.getInstant();
        }
        ZonedDateTime moment = wall.atZone(zone);
        return (last ? moment.withLaterOffsetAtOverlap() : moment.withEarlierOffsetAtOverlap()).toInstant();
    }
}
