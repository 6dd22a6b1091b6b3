package dev.patronstream.cli.web;

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

    /** Returns a time in words. */
    public String at(Instant time) {
        ZonedDateTime then = time.atZone(zone);
        if (then.toLocalDate().equals(now.toLocalDate())) {
            return TODAY.format(then);
        }
        return (then.getYear() == now.getYear() ? THIS_YEAR : OTHERWISE).format(then);
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
}
