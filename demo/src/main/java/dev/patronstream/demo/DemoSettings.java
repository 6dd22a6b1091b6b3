package dev.patronstream.demo;

import java.time.Duration;
import java.util.Optional;

/**
 * What the demo does.
 *
 * @param changesPerSecond what the school offices do
 * @param time how long, counted from the first live change; empty until it is stopped
 */
record DemoSettings(double changesPerSecond, Optional<Duration> time) {

    private static final Duration LONGEST_PERIOD = Duration.ofSeconds(20);
    private static final Duration SHORTEST_PERIOD = Duration.ofSeconds(5);

    /** Returns how long from one delivery to the next: a few of them in a short demo. */
    Duration deliveryPeriod() {
        Duration third = time.map(all -> all.dividedBy(3)).orElse(LONGEST_PERIOD);
        if (third.compareTo(SHORTEST_PERIOD) < 0) {
            return SHORTEST_PERIOD;
        }
        return third.compareTo(LONGEST_PERIOD) > 0 ? LONGEST_PERIOD : third;
    }
}
