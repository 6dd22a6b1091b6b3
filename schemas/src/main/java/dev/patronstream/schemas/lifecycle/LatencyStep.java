package dev.patronstream.schemas.lifecycle;

import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/**
 * The steps of a change from its commit to the feeds. How long they take is in Micrometer's global registry, median and
 * p99 of the last minutes, for anyone who shows metrics. Thread-safe.
 */
@SuppressWarnings("ImmutableEnumChecker") // A timer of Micrometer is thread-safe.
public enum LatencyStep {
    /** From the commit in the database until capture has the change: the capture job's part and that of polling. */
    CAPTURED("From the commit in the database until capture has the change"),
    /** From there until the epoch with it is in the contract topics, committed. */
    PUBLISHED("From there until it is in the contract topics"),
    /** From there until the streams application has made the feeds' entries; they are readable with its next commit. */
    APPLIED("From there until the entries of the feeds are made");

    private final Timer timer;

    LatencyStep(String description) {
        this.timer = Timer.builder("patronstream.latency")
                .description(description)
                .tag("step", name().toLowerCase(Locale.ROOT))
                .publishPercentiles(0.5, 0.99)
                .register(Metrics.globalRegistry);
    }

    /** Takes note of one time; less than none, where clocks differ, is none. */
    public void took(Instant begun, Instant ended) {
        Duration took = Duration.between(begun, ended);
        timer.record(took.isNegative() ? Duration.ZERO : took);
    }
}
