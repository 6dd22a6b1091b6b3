package dev.patronstream.cli.run;

import dev.patronstream.cli.cluster.District;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.schemas.DeliveryPause;
import dev.patronstream.snapshotter.feed.FeedSettings;
import dev.patronstream.snapshotter.schedule.ScheduleSettings;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;

/**
 * An order to deliver nothing of a feed until a time, as the command and the page give it.
 *
 * @param feed the feed
 * @param until when deliveries begin again
 * @param zone the feed's clock
 */
public record PauseOrder(String feed, Instant until, ZoneId zone) {

    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    /**
     * Reads an order; nothing is asked of Kafka yet.
     *
     * @param until a day, or a day and time, by the feed's clock
     * @throws IllegalArgumentException if that is no time, or over already; the message begins with the text
     */
    public static PauseOrder of(Configuration configuration, FeedSettings feed, String until) {
        ZoneId zone = feed.schedule()
                .map(ScheduleSettings::timeZone)
                .orElse(configuration.district().timeZone());
        return new PauseOrder(feed.feed(), end(until, zone, Instant.now()), zone);
    }

    /** Gives the order, and returns it. */
    public PauseOrder give(District district, String by) {
        district.pauses()
                .pause(DeliveryPause.newBuilder()
                        .setFeed(feed)
                        .setUntil(until)
                        .setSince(Instant.now())
                        .setBy(by)
                        .build());
        return this;
    }

    /** Returns when a pause ends that begins now. */
    public static Instant end(String text, ZoneId zone, Instant now) {
        Instant end = moment(text, zone);
        if (!end.isAfter(now)) {
            throw new IllegalArgumentException(text + " (" + end + ") is over already");
        }
        if (end.isAfter(LATEST)) {
            throw new IllegalArgumentException(text + " is too far away; the last day is 9999-12-31");
        }
        return end;
    }

    private static Instant moment(String text, ZoneId zone) {
        try {
            if (!text.contains("T")) {
                return LocalDate.parse(text).atStartOfDay(zone).toInstant();
            }
            boolean hasOffset = text.matches(".*(Z|[+-]\\d\\d:\\d\\d)$");
            return hasOffset
                    ? OffsetDateTime.parse(text).toInstant()
                    : LocalDateTime.parse(text).atZone(zone).toInstant();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    text + " is not a time; write 2026-08-10, 2026-08-10T06:00 or 2026-08-10T13:00Z", e);
        }
    }
}
