package dev.patronstream.schemas.lifecycle;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to wait before trying again: doubling up to a bound, and between half and all of that by chance, so that many
 * do not come back at once. Immutable.
 */
public record Backoff(Duration first, Duration longest) {

    private static final int MOST_DOUBLINGS = 16;

    /** Returns how long to wait, once more after so many waits. */
    public Duration after(int waits) {
        long step = Math.min(longest.toMillis(), first.toMillis() << Math.min(waits, MOST_DOUBLINGS));
        return Duration.ofMillis(step / 2 + ThreadLocalRandom.current().nextLong(step / 2 + 1));
    }
}
