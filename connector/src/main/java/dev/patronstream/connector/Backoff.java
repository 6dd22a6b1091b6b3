package dev.patronstream.connector;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait before trying again: doubling up to a bound, with jitter, so that many do not come back at once. */
final class Backoff {

    private static final long FIRST_MILLIS = 500;
    private static final long MOST_MILLIS = 30_000;

    private final RandomGenerator random;
    private int attempts;

    Backoff(RandomGenerator random) {
        this.random = random;
    }

    /** Returns how long to wait after one more failure: between half and all of the step's time. */
    Duration next() {
        long step = Math.min(MOST_MILLIS, FIRST_MILLIS << Math.min(attempts, 10));
        attempts++;
        return Duration.ofMillis(step / 2 + random.nextLong(step / 2 + 1));
    }

    /** Failures in a row. */
    int attempts() {
        return attempts;
    }

    /** It worked; the next failure is the first again. */
    void reset() {
        attempts = 0;
    }
}
