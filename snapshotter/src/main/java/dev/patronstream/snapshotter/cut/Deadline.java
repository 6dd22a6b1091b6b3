package dev.patronstream.snapshotter.cut;

import java.time.Duration;

/** The moment at which waiting ends, by a clock that nobody can set. Immutable. */
final class Deadline {

    private final Duration limit;
    private final long endNanos;

    Deadline(Duration limit) {
        this.limit = limit;
        this.endNanos = System.nanoTime() + limit.toNanos();
    }

    boolean isOver() {
        return System.nanoTime() - endNanos >= 0;
    }

    /** For messages: {@code 5 min}, {@code 90 s}. */
    String limit() {
        return limit.toSeconds() % 60 == 0 ? limit.toMinutes() + " min" : limit.toMillis() / 1000.0 + " s";
    }
}
