package dev.patronstream.cli.audit;

import dev.patronstream.schemas.EpochApplied;
import java.time.Instant;
import java.util.List;

/**
 * What an audit found.
 *
 * @param epoch the epoch at whose end everything was compared
 * @param read how the database was read
 * @param topics the topics compared
 * @param differences every difference, by topic and key
 * @param warnings what a person should know about the database
 */
public record AuditReport(
        EpochApplied epoch,
        DatabaseRead read,
        List<Topic> topics,
        List<Difference> differences,
        List<String> warnings) {

    /**
     * How the database was read.
     *
     * @param database its name
     * @param at when the tables were read, by the database's clock
     * @param atOneMoment whether they were read under snapshot isolation
     * @param capturedUpTo up to where changes were looked through
     * @param rolledBack how many rows had changed since the epoch and were put back
     */
    public record DatabaseRead(
            String database, Instant at, boolean atOneMoment, String capturedUpTo, long rolledBack) {}

    /**
     * A topic that was compared.
     *
     * @param name its name
     * @param expected how many records it should hold by the database
     * @param found how many it holds
     */
    public record Topic(String name, long expected, long found) {}

    /** Copies the lists. */
    public AuditReport {
        topics = List.copyOf(topics);
        differences = List.copyOf(differences);
        warnings = List.copyOf(warnings);
    }

    /** Whether the topics hold what they should. */
    public boolean isClean() {
        return differences.isEmpty();
    }

    /** Returns how many differences of a kind a topic has. */
    public long count(String topic, Difference.Kind kind) {
        return differences.stream()
                .filter(difference -> difference.topic().equals(topic) && difference.kind() == kind)
                .count();
    }
}
