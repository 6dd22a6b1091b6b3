package dev.patronstream.connector.check;

import java.time.Duration;

/**
 * How the tables are polled.
 *
 * @param every the time from the beginning of one reading to that of the next
 * @param rowsPerSecond the most rows that are read in a second, so that the server has time for others
 * @param lockTimeout how long a reading waits for a row that somebody else has locked
 */
public record Polling(Duration every, int rowsPerSecond, Duration lockTimeout) {

    /** Checks that all are more than nothing. */
    public Polling {
        if (every.isZero() || every.isNegative() || lockTimeout.isZero() || lockTimeout.isNegative()) {
            throw new IllegalArgumentException("The time between two readings and the lock timeout must be longer than"
                    + " nothing, not " + every + " and " + lockTimeout);
        }
        if (rowsPerSecond < 1) {
            throw new IllegalArgumentException(
                    "At least one row has to be read in a second, not " + rowsPerSecond + " rows");
        }
    }

    /** Returns what fits most districts: 50,000 students are read within seconds. */
    public static Polling every(Duration every) {
        return new Polling(every, 20_000, Duration.ofSeconds(10));
    }
}
