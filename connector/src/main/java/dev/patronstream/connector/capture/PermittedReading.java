package dev.patronstream.connector.capture;

import dev.patronstream.connector.epoch.TopicContent;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.connector.start.RollOver;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A reading of the tables whose differences to the topics may be published.
 *
 * @param reason why the tables are read, for people
 * @param approved by table: how many rows, or what else is counted, it may remove because a person has allowed it
 * @param content gives what the topics hold
 * @param rollOver the move to another database, if this is one: then students are counted and not their rows
 */
public record PermittedReading(
        String reason, Map<SourceTable, Long> approved, Supplier<TopicContent> content, Optional<RollOver> rollOver) {

    private static final String POLL = "the tables are polled";

    /** Returns the next of the readings of a polled database. */
    static PermittedReading poll(TopicContent content) {
        return new PermittedReading(POLL, Map.of(), () -> content, Optional.empty());
    }

    /** Says why a reading that is under way must not remove what it would. */
    String tooMany(String removals) {
        return reason.equals(POLL)
                ? removals + " are gone since the tables were polled last"
                : reason + "; while the tables were read, " + removals + " went away";
    }
}
