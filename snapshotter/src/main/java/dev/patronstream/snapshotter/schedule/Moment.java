package dev.patronstream.snapshotter.schedule;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * Now, by two clocks. The one on the wall says which fixed time has come and can be put forward and back; how long
 * something lasts is measured by the other one, as of {@link System#nanoTime}, which only goes on.
 */
public record Moment(Instant wall, long nanos) {

    public static Moment of(Clock wall, LongSupplier nanos) {
        return new Moment(wall.instant(), nanos.getAsLong());
    }

    Duration since(Moment earlier) {
        return Duration.ofNanos(nanos - earlier.nanos);
    }

    /** Returns the moment some time later, both clocks undisturbed. */
    Moment plus(Duration time) {
        return new Moment(wall.plus(time), nanos + time.toNanos());
    }
}
