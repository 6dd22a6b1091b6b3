package dev.patronstream.standin.cdc;

import java.time.Duration;

/**
 * How the jobs run. SQL Server keeps whole seconds and minutes; tests may ask for less.
 *
 * @param interval between two scans of the log; zero scans as soon as something commits
 * @param idleEntryInterval after this time without an entry in {@code cdc.lsn_time_mapping} a dummy entry is written
 * @param retention how long changes are kept
 * @param shuffleSequenceValues whether {@code __$seqval} is given out at random inside a transaction, keeping only the
 *     order of changes of one key
 */
public record CaptureSettings(
        Duration interval, Duration idleEntryInterval, Duration retention, boolean shuffleSequenceValues) {
    /** Transactions of one scan. */
    static final int MAX_TRANSACTIONS = 500;

    /** Scans of one cycle. */
    static final int MAX_SCANS = 10;

    public CaptureSettings withInterval(Duration newInterval) {
        return new CaptureSettings(newInterval, idleEntryInterval, retention, shuffleSequenceValues);
    }

    public CaptureSettings withRetention(Duration newRetention) {
        return new CaptureSettings(interval, idleEntryInterval, newRetention, shuffleSequenceValues);
    }

    public CaptureSettings withIdleEntryInterval(Duration newInterval) {
        return new CaptureSettings(interval, newInterval, retention, shuffleSequenceValues);
    }

    public CaptureSettings withShuffledSequenceValues(boolean shuffle) {
        return new CaptureSettings(interval, idleEntryInterval, retention, shuffle);
    }
}
