package dev.patronstream.streams;

import dev.patronstream.schemas.StageNote;
import java.time.Instant;
import java.time.LocalDate;
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
        Optional<Applied> applied,
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

    /**
     * The epoch applied last.
     *
     * @param epoch its number
     * @param incarnation identity of the database whose log the watermark belongs to
     * @param watermark every change committed up to this LSN is in
     * @param businessDate the business date that the state was evaluated for
     * @param freshAsOf every change committed before this time is in; empty when that is not known
     * @param publishedAt when the connector published it
     */
    public record Applied(
            long epoch,
            String incarnation,
            String watermark,
            LocalDate businessDate,
            Optional<Instant> freshAsOf,
            Instant publishedAt) {}

    /**
     * Work that takes longer than a moment.
     *
     * @param name what is done, in words
     * @param done how much has been done
     * @param total how much there is to do; 0 when not known
     */
    public record Work(String name, long done, long total) {}

    /** Copies the map. */
    public StreamsStatus {
        feedEntries = Map.copyOf(feedEntries);
    }
}
