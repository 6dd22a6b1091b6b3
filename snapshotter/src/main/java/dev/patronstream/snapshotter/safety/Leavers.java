package dev.patronstream.snapshotter.safety;

import java.time.Duration;

/**
 * What the file says of people whom the vendor was sent, and who do not qualify any more. Immutable.
 *
 * <p>Destiny leaves a patron who is not in its file as is, active for ever unless the job's option to inactivate after a
 * number of days is on (help page "Scheduled patron import").
 */
public sealed interface Leavers {

    /** How long leavers are sent, and remembered, unless configured. */
    Duration DEFAULT_TIME = Duration.ofDays(90);

    Duration remembered();

    /** They are sent as inactive for a while, with the site last delivered. */
    record InactiveFor(Duration time) implements Leavers {
        @Override
        public Duration remembered() {
            return time;
        }
    }

    /** They are left out at once. */
    record Omitted() implements Leavers {
        @Override
        public Duration remembered() {
            return DEFAULT_TIME;
        }
    }
}
