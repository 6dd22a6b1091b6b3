package dev.patronstream.snapshotter.file;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;

/** Identities of deliveries: {@code destiny-20261124T020000123Z-4711}, time and sequence. All methods are pure. */
public final class DeliveryId {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'").withZone(ZoneOffset.UTC);
    private static final String FORM = "-[0-9]{8}T[0-9]{9}Z-[0-9]+";

    private DeliveryId() {}

    /** Returns the identity of a delivery; by the sequence it is another one whatever the clock says. */
    public static String of(String feed, Instant startedAt, long sequence) {
        return feed + "-" + TIME.format(startedAt) + "-" + sequence;
    }

    public static long sequence(String id) {
        return Long.parseLong(id.substring(id.lastIndexOf('-') + 1));
    }

    public static boolean isOf(String feed, String id) {
        return id.matches(pattern(feed));
    }

    /** Returns what matches the identities of a feed's deliveries, of this feed only. */
    public static String pattern(String feed) {
        return Pattern.quote(feed) + FORM;
    }
}
