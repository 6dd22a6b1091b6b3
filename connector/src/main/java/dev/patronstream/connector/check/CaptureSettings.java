package dev.patronstream.connector.check;

import dev.patronstream.connector.database.DatabaseSettings;
import dev.patronstream.connector.database.SourceDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;

/**
 * What is captured, and how.
 *
 * @param columns what is captured besides the usual columns
 * @param timeZone the district's time zone, for the business date
 * @param polling how the tables are polled; empty where change data capture is used
 * @param engine properties that replace those we give Debezium, for support and tests
 */
public record CaptureSettings(
        DatabaseSettings database,
        CapturedColumns columns,
        ZoneId timeZone,
        Limits limits,
        Optional<Polling> polling,
        Map<String, String> engine) {

    public CaptureSettings {
        engine = Map.copyOf(engine);
    }

    /** Settings for change data capture. */
    public CaptureSettings(
            DatabaseSettings database,
            CapturedColumns columns,
            ZoneId timeZone,
            Limits limits,
            Map<String, String> engine) {
        this(database, columns, timeZone, limits, Optional.empty(), engine);
    }

    /** Connects; where the tables are polled, everybody else goes first there. */
    public SourceDatabase connect() throws SQLException {
        SourceDatabase connected = SourceDatabase.connect(database);
        if (polling.isPresent()) {
            try {
                connected.tables().giveWay(polling.get().lockTimeout());
            } catch (SQLException e) {
                connected.close();
                throw e;
            }
        }
        return connected;
    }

    /**
     * Intervals and bounds.
     *
     * @param pollInterval how often the change tables are asked
     * @param freshnessInterval how often, at most, an epoch without changes says how fresh the topics are
     * @param maxRows the most rows of a Kafka transaction; a larger source transaction is split
     * @param maxWaitingRows the most rows that wait between the database and the loop that publishes them
     * @param commitPatience how long a Kafka commit without an answer is asked again
     * @param massDeleteAbove the share of a table that a snapshot may remove from its topic; above it a person has to look
     */
    public record Limits(
            Duration pollInterval,
            Duration freshnessInterval,
            int maxRows,
            int maxWaitingRows,
            Duration commitPatience,
            double massDeleteAbove) {

        public Limits {
            requirePositive("poll interval", pollInterval);
            requirePositive("freshness interval", freshnessInterval);
            requirePositive("commit patience", commitPatience);
            if (maxRows < 1 || maxWaitingRows < 1) {
                throw new IllegalArgumentException("The most rows of a Kafka transaction and the most waiting rows must"
                        + " be at least 1, not " + maxRows + " and " + maxWaitingRows);
            }
            if (!(massDeleteAbove >= 0 && massDeleteAbove <= 1)) {
                throw new IllegalArgumentException(
                        "The share of a table that a snapshot may remove must be within 0..1, not " + massDeleteAbove);
            }
        }

        /** Returns what fits most districts. */
        public static Limits usual() {
            return new Limits(
                    Duration.ofMillis(100), Duration.ofSeconds(10), 10_000, 8_192, Duration.ofMinutes(2), 0.1);
        }

        private static void requirePositive(String what, Duration duration) {
            if (duration.isZero() || duration.isNegative()) {
                throw new IllegalArgumentException("The " + what + " must be longer than nothing, not " + duration);
            }
        }
    }
}
