package dev.patronstream.connector.status;

import dev.patronstream.schemas.Lsn;
import dev.patronstream.schemas.lifecycle.LeaderLease;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a connector is doing.
 *
 * @param lastEpoch number of the last complete epoch
 * @param watermark everything up to this LSN is published
 * @param warnings what a person should know, but what stops nothing
 * @param notices what happened that a person may want to know of, the newest first
 */
public record ConnectorStatus(
        State state,
        OptionalLong lastEpoch,
        Optional<Lsn> watermark,
        Freshness freshness,
        Optional<Instant> lastPublished,
        Counters counters,
        List<String> warnings,
        List<Notice> notices) {

    /** Something that happened, in words for people. */
    public record Notice(Instant at, String text) {}

    /** What a connector does. */
    public sealed interface State {

        /** Returns it in words, for people. */
        String inWords();
    }

    /** It prepares to read. */
    public record Starting() implements State {
        @Override
        public String inWords() {
            return "starting";
        }
    }

    /**
     * It reads the tables, or waits for the changes that came while it read them.
     *
     * @param rows by table: rows read so far
     * @param counted how many rows there are to read, once they are counted
     * @param running how long it has been reading
     * @param readingEnded whether all rows are read
     * @param obstacle why capture does not come on; empty when nothing is known to stand in its way
     */
    public record Snapshotting(
            String reason,
            Map<String, Long> rows,
            OptionalLong counted,
            Duration running,
            boolean readingEnded,
            String obstacle)
            implements State {
        @Override
        public String inWords() {
            long sum = rows.values().stream().mapToLong(Long::longValue).sum();
            return readingEnded
                    ? "snapshot read (" + sum + " rows), waiting for capture to pass the time of reading"
                            + (obstacle.isEmpty() ? "" : "; " + obstacle)
                    : "taking a snapshot, " + sum + progress(sum) + " (" + reason + ")";
        }

        private String progress(long read) {
            if (counted.isEmpty() || counted.getAsLong() < read) {
                return " rows so far";
            }
            long all = counted.getAsLong();
            String left = read == 0
                    ? ""
                    : ", about " + (long) Math.ceil(running.toMillis() / 1e3 * (all - read) / read) + " s left";
            return " of " + all + " rows" + left;
        }
    }

    /** It publishes changes as they come. */
    public record Streaming() implements State {
        @Override
        public String inWords() {
            return "streaming";
        }
    }

    /**
     * It reads the tables every so often and publishes what differs.
     *
     * @param next when the next reading is due; empty while the tables are read
     * @param rows how many rows are read by now, about
     * @param obstacle why the last reading was given up; empty when it was not
     */
    public record Polling(Optional<Instant> next, long rows, String obstacle) implements State {
        @Override
        public String inWords() {
            return next.map(time -> "polling; the next reading is due at " + time)
                            .orElseGet(() -> "polling; the tables are being read, " + rows + " rows so far")
                    + (obstacle.isEmpty() ? "" : "; " + obstacle);
        }
    }

    /** It waits for an answer that takes long, and goes on with what it did before; nothing has failed yet. */
    public record Waiting(String reason, State during) implements State {
        @Override
        public String inWords() {
            return "waiting: " + reason;
        }
    }

    /** It waits for its turn: another connector of the district captures, which one may not be known yet. */
    public record Standby(Optional<LeaderLease.Leader> leader) implements State {
        @Override
        public String inWords() {
            return "waits: "
                    + leader.map(other -> "instance " + other.instance() + " captures since " + other.since())
                            .orElse("which instance captures is about to be settled");
        }
    }

    /**
     * It starts over after an error, and waits before it does.
     *
     * @param attempt how many times in a row
     * @param next when it tries again
     */
    public record Retrying(String reason, int attempt, Instant next) implements State {
        @Override
        public String inWords() {
            return "retrying after attempt " + attempt + ": " + reason;
        }
    }

    /** It waits for a person to decide on a hold; the reason says on what, with counts. */
    public record Held(String id, String reason) implements State {
        @Override
        public String inWords() {
            return "held: " + reason;
        }
    }

    /** It has given up; the message says what was tried, what happened, what to do. */
    public record Failed(String message) implements State {
        @Override
        public String inWords() {
            return "failed: " + message;
        }
    }

    /** It was closed. */
    public record Stopped() implements State {
        @Override
        public String inWords() {
            return "stopped";
        }
    }

    /**
     * What a connector did since its start.
     *
     * @param rows records written to the contract topics
     * @param splits epochs that took more than one Kafka transaction
     * @param repeated changes that the engine handed over again and that were dropped
     * @param problems values that their fields could not hold
     * @param retries times it started over after an error
     */
    public record Counters(
            long rows,
            long sourceTransactions,
            long kafkaTransactions,
            long epochs,
            long splits,
            long repeated,
            long problems,
            long retries) {}
}
