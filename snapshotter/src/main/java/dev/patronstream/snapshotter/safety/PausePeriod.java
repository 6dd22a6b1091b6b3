package dev.patronstream.snapshotter.safety;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A time in which nothing is delivered; {@code until} is the first moment after it. Immutable. */
public record PausePeriod(Instant from, Instant until) {

    private static final Pattern FORM = Pattern.compile("(\\S+)\\s+to\\s+(\\S+)");

    public PausePeriod {
        if (!from.isBefore(until)) {
            throw new IllegalArgumentException("A pause must end after it has begun");
        }
    }

    /**
     * Reads {@code 2026-12-21 to 2027-01-04}, both days included, or with times of day, {@code 2026-06-12T17:00 to
     * 2026-08-10T06:00}; nothing if it cannot be read, or ends before it begins.
     */
    public static Optional<PausePeriod> parse(String text, ZoneId zone) {
        Matcher parts = FORM.matcher(text.strip());
        if (!parts.matches()) {
            return Optional.empty();
        }
        try {
            Instant from = moment(parts.group(1), zone, 0);
            Instant until = moment(parts.group(2), zone, 1);
            return from.isBefore(until) ? Optional.of(new PausePeriod(from, until)) : Optional.empty();
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    public boolean holds(Instant moment) {
        return !moment.isBefore(from) && moment.isBefore(until);
    }

    private static Instant moment(String text, ZoneId zone, int daysLater) {
        return text.contains("T")
                ? LocalDateTime.parse(text).atZone(zone).toInstant()
                : LocalDate.parse(text).plusDays(daysLater).atStartOfDay(zone).toInstant();
    }
}
