package dev.patronstream.connector.status;

import java.time.Instant;
import java.util.Optional;

/**
 * How old what is published may be.
 *
 * @param state what is known of it
 * @param asOf every change committed before this time, by the database's clock, has been captured; empty when unknown
 * @param note for people, why it is not known or stands still; empty when all is well
 */
public record Freshness(State state, Optional<Instant> asOf, String note) {

    /** What is known. */
    public enum State {
        /** The capture job is at work and its last scan is known. */
        KNOWN,
        /** Nobody tells; at most as old as the last entry in the log. */
        UNKNOWN,
        /** The capture job has not finished a scan for longer than it should take. */
        STALLED
    }

    /** Before anything is known. */
    public static final Freshness NOT_YET = new Freshness(State.UNKNOWN, Optional.empty(), "not looked at yet");
}
