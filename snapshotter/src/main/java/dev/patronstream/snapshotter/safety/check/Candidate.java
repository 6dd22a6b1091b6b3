package dev.patronstream.snapshotter.safety.check;

import dev.patronstream.schemas.HeldDelivery;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A file that is ready, and what is known of it.
 *
 * @param counts how many patrons it is about
 * @param form how it is written
 * @param asOf every change committed in the SIS before this time is in the file
 * @param now the moment of the check
 * @param pausedUntil until when deliveries are paused
 * @param rollOver the move to another database that is not complete yet
 * @param comparison the file next to what the vendor holds
 * @param lastDelivered the delivery that the vendor holds
 */
public record Candidate(
        Counts counts,
        Form form,
        Instant asOf,
        Instant now,
        Optional<Instant> pausedUntil,
        Optional<RollOver> rollOver,
        Comparison comparison,
        Optional<HeldDelivery> lastDelivered) {

    /**
     * How many patrons a file is about.
     *
     * @param selected patrons in the feed
     * @param rows rows of patrons in the feed; leavers are not counted
     * @param withProblems patrons of the feed with a line in the problem report
     */
    public record Counts(long selected, long rows, long withProblems) {}

    /**
     * How a file is written.
     *
     * @param columns headers of the file
     * @param description hash of what the vendor's job knows of the files
     * @param hasProperties whether that is a properties file
     */
    public record Form(List<String> columns, String description, boolean hasProperties) {}

    /**
     * A move from one database to another.
     *
     * @param from the database that the feed is of
     * @param to the configured database
     */
    public record RollOver(String from, String to) {}
}
