package dev.patronstream.streams.rebuild;

import java.time.LocalDate;
import java.util.List;

/**
 * What a comparison of the tables with a second replay found.
 *
 * @param epoch the epoch that both are the state of
 * @param watermark LSN up to which it holds every change
 * @param businessDate the business date that it was evaluated for
 * @param changedFeeds feeds whose selection is another one here than the one the running application has applied: their
 *     differences are what a restart with this configuration would write
 * @param tables the patron table and the feeds
 */
public record VerificationReport(
        long epoch, String watermark, LocalDate businessDate, List<String> changedFeeds, List<Table> tables) {

    /** Copies the lists. */
    public VerificationReport {
        changedFeeds = List.copyOf(changedFeeds);
        tables = List.copyOf(tables);
    }

    /** Whether nothing differs. */
    public boolean isEqual() {
        return tables.stream().allMatch(Table::isEqual);
    }

    /**
     * One table. Equality leaves aside source, epoch and timestamps.
     *
     * @param topic its topic
     * @param equal how many persons are equal
     * @param missing keys of persons that the replay has and the topic lacks
     * @param extra keys of persons that the topic has and the replay lacks
     * @param different keys of persons of whom the two say different things
     */
    public record Table(String topic, long equal, List<String> missing, List<String> extra, List<String> different) {

        /** Copies the lists. */
        public Table {
            missing = List.copyOf(missing);
            extra = List.copyOf(extra);
            different = List.copyOf(different);
        }

        /** Whether nothing differs. */
        public boolean isEqual() {
            return missing.isEmpty() && extra.isEmpty() && different.isEmpty();
        }
    }
}
