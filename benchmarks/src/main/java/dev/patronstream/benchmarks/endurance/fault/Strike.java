package dev.patronstream.benchmarks.endurance.fault;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A fault that happened.
 *
 * @param number its place in the plan, from 1
 * @param fault what it was
 * @param at when it struck
 * @param epoch the epoch that was applied last when it struck
 * @param done when everything had been put back
 * @param outcome how it went, where there is something to say
 * @param recovery how long it took until epochs were applied again after everything had been put back; empty where the
 *     next fault did not wait for that
 */
public record Strike(
        int number, Fault fault, Instant at, long epoch, Instant done, String outcome, Optional<Duration> recovery) {

    public Strike recoveredIn(Duration time) {
        return new Strike(number, fault, at, epoch, done, outcome, Optional.of(time));
    }
}
