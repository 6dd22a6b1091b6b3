package dev.patronstream.cli.web;

import java.time.Duration;
import java.time.Instant;

/** Spans of time in words; a page's reader may sit in any time zone, so sentences speak of ages. */
public final class Ago {

    private Ago() {}

    /** Returns how long ago a time was. */
    public static String since(Instant then, Instant now) {
        Duration age = Duration.between(then, now);
        return age.toSeconds() < 1 ? "just now" : words(age) + " ago";
    }

    /** Returns a span of time. */
    public static String words(Duration span) {
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
