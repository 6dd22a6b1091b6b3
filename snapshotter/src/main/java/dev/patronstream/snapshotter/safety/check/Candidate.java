package dev.patronstream.snapshotter.safety.check;

import dev.patronstream.schemas.HeldDelivery;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A file that is ready, and what is known of it.
 *
 * @param asOf every change committed in the SIS before this time is in the file
 * @param rollOver the move to another database that is not complete yet
 * @param comparison the file next to what the vendor holds
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
     * How many patrons are in the feed, have a row (leavers are not counted), and have a line in the problem report.
     */
    public record Counts(long selected, long rows, long withProblems) {}

    /**
     * How a file is written: its headers, a hash of what the vendor's job knows of it, and whether that is a properties
     * file.
     */
    public record Form(List<String> columns, String description, boolean hasProperties) {}

    /** A move from one database, which the feed is of, to the configured one. */
    public record RollOver(String from, String to) {}
}
