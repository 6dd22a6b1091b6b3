package dev.patronstream.connector.database;

import java.time.LocalDateTime;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A run of the capture job over the log, from {@code sys.dm_cdc_log_scan_sessions}; consecutive runs that found nothing
 * can be one row with a count.
 *
 * @param startedAt when it began, in the server's local time
 * @param endedAt when it ended, in the server's local time
 * @param emptyScans consecutive runs without transactions
 * @see <a
 *     href="https://learn.microsoft.com/sql/relational-databases/system-dynamic-management-views/change-data-capture-sys-dm-cdc-log-scan-sessions">Microsoft:
 *     sys.dm_cdc_log_scan_sessions</a>
 */
public record ScanSession(
        long id, LocalDateTime startedAt, LocalDateTime endedAt, long errors, long transactions, long emptyScans) {

    /**
     * Whether it reached the end of the log: it stopped for want of transactions, not because it had its fill.
     *
     * @param maxTransactions how many it takes at most; where that is not known, only one that found none is sure
     */
    boolean caughtUp(OptionalInt maxTransactions) {
        return errors == 0 && (transactions == 0 || transactions < maxTransactions.orElse(0));
    }

    /**
     * Returns up to when every change is captured: what is committed while a scan runs may come too late for it, so it is
     * the time when the last scan began. Of several scans in one row only the first beginning is known, but each begins
     * after the one before has ended.
     *
     * @param before what was seen of the sessions the last time; null the first time
     */
    LocalDateTime capturedUpTo(@Nullable ScanSession before) {
        return emptyScans > 1 && before != null && before.startedAt.equals(startedAt) ? before.endedAt : startedAt;
    }
}
