package dev.patronstream.demo;

import dev.patronstream.cli.run.DeliveryWords;
import dev.patronstream.connector.status.ConnectorStatus;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.Progress;
import dev.patronstream.streams.StreamsStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How everything stands, in one line. */
final class LiveLine {

    private LiveLine() {}

    static String of(ConnectorStatus capture, StreamsStatus patrons, long changes, Delivery last, Instant now) {
        String feeds = new TreeMap<>(patrons.feedEntries())
                .entrySet().stream()
                        .map(feed -> feed.getKey() + " " + feed.getValue())
                        .collect(Collectors.joining(", "));
        return changes + " changes, " + capture.counters().rows() + " rows | " + fresh(patrons, now) + " | "
                + patrons.patrons() + " patrons, " + feeds + " | " + DeliveryWords.word(last) + " "
                + seconds(now, last) + " ago, " + last.getRows() + " rows";
    }

    private static String fresh(StreamsStatus patrons, Instant now) {
        return patrons.applied()
                .flatMap(Progress::getFreshAsOf)
                .map(asOf -> String.format(Locale.ROOT, "fresh to %.1f s ago", age(now, asOf)))
                .orElse("freshness not known yet");
    }

    private static String seconds(Instant now, Delivery delivery) {
        return String.format(Locale.ROOT, "%.0f s", age(now, delivery.getStartedAt()));
    }

    private static double age(Instant now, Instant then) {
        return Math.max(0, Duration.between(then, now).toMillis() / 1000.0);
    }
}
