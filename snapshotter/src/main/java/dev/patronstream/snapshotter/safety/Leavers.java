package dev.patronstream.snapshotter.safety;

import java.time.Duration;

/**
 * What the file says of people whom the vendor was sent, and who do not qualify any more. Immutable.
 *
 * <p>Destiny leaves a patron who is not in its file as is, active for ever unless the job's option to inactivate after a
 * number of days is on (help page "Scheduled patron import").
 *
 * @param omitted whether they are left out at once
 * @param remembered for how long they are remembered, and sent as inactive with the site last delivered unless left out
 */
public record Leavers(boolean omitted, Duration remembered) {

    public static final Leavers OMITTED = new Leavers(true, Duration.ofDays(90));

    public static Leavers inactiveFor(Duration time) {
        return new Leavers(false, time);
    }
}
