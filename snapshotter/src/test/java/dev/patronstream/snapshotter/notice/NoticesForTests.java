package dev.patronstream.snapshotter.notice;

import java.time.Instant;
import java.util.Optional;

/** Notices to send. */
final class NoticesForTests {

    private NoticesForTests() {}

    static Notice notice(Occasion occasion) {
        return new Notice(
                "eagle",
                Optional.of("destiny"),
                occasion,
                Instant.parse("2026-11-24T02:00:00Z"),
                "12 % would be removed",
                Optional.of("destiny-1"));
    }
}
