package dev.patronstream.streams;

import dev.patronstream.schemas.Progress;
import dev.patronstream.schemas.StageNote;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How the streams application is. Immutable.
 *
 * @param phase what it is doing
 * @param message the same in words for people, with what to do where something is wrong
 * @param applied the epoch applied last, if any
 * @param patrons persons in the patron table
 * @param feedEntries by feed: persons in it
 * @param work how far the present work is, if it takes longer than a moment
 * @param notes what a person should know, the newest first
 */
public record StreamsStatus(
        Phase phase,
        String message,
        Optional<Progress> applied,
        long patrons,
        Map<String, Long> feedEntries,
        Optional<Work> work,
        List<StageNote> notes) {

    /** What the application is doing. */
    public enum Phase {
        /** Connecting, waiting to be given its work. */
        STARTING,
        /** Reading its own state back from Kafka. */
        RESTORING,
        /** Without state: replaying the contract topics before anything is written. */
        REBUILDING,
        /** Applying epochs as they come. */
        RUNNING,
        /** In the middle of a large epoch, or evaluating everybody again. */
        WORKING,
        /** Trouble from outside; tried again. */
        RETRYING,
        /** Rows that were announced have not come for a while, though the cluster answers. */
        STALLED,
        /** Closed. */
        STOPPED,
        /** Stopped by an error that trying again would not mend. */
        FAILED
    }

    /** Work that takes longer than a moment: what is done, in words, how much of it, and of how much; 0 when not known. */
    public record Work(String name, long done, long total) {}

    /** Copies the map. */
    public StreamsStatus {
        feedEntries = Map.copyOf(feedEntries);
    }
}
