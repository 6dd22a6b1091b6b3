package dev.patronstream.standin.cdc;

import dev.patronstream.standin.engine.Database;
import dev.patronstream.standin.engine.LogPosition;
import dev.patronstream.standin.engine.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

/**
 * {@code sys.dm_cdc_log_scan_sessions}: a row per scan; consecutive empty scans share one row, whose end time and count
 * move; session 0 sums up. At most 32 sessions are kept.
 */
final class ScanSessions {
    private static final int KEPT = 32;

    private final Database database;
    private final Connection jdbc;
    private int session;
    private boolean lastWasEmpty;

    ScanSessions(Database database, Connection jdbc) {
        this.database = database;
        this.jdbc = jdbc;
    }

    void record(LogScan.Result result, Instant start, Instant end) throws SQLException {
        long millis = Duration.between(start, end).toMillis();
        if (result.transactions() == 0 && lastWasEmpty) {
            Sql.update(
                    jdbc,
                    "UPDATE \"sys\".\"dm_cdc_log_scan_sessions\" SET \"end_time\" = ?, \"empty_scan_count\" = \"empty_scan_count\" + 1"
                            + " WHERE \"session_id\" = ?",
                    database.localTime(end),
                    session);
            summarize(result, start, end, millis);
            jdbc.commit();
            return;
        }
        session++;
        lastWasEmpty = result.transactions() == 0;
        String firstLsn = result.first().map(t -> text(t.commitLsn())).orElse(text(new byte[10]));
        String lastLsn = result.last().map(t -> text(t.commitLsn())).orElse(text(new byte[10]));
        Sql.update(
                jdbc,
                "INSERT INTO \"sys\".\"dm_cdc_log_scan_sessions\" VALUES"
                        + " (?, ?, ?, ?, 'Done', 0, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, 0)",
                session,
                database.localTime(start),
                database.localTime(end),
                (int) (millis / 1000),
                firstLsn,
                lastLsn,
                lastLsn,
                result.captured(),
                lastLsn,
                result.last()
                        .map(t -> database.localTime(t.commitTime().toInstant()))
                        .orElse(null),
                result.commands() + 2L * result.transactions(),
                result.commands(),
                result.first()
                        .map(t -> text(LogPosition.lsn(t.firstPosition())))
                        .orElse(text(new byte[10])),
                lastLsn,
                result.last()
                        .map(t -> database.localTime(t.commitTime().toInstant()))
                        .orElse(null),
                result.last()
                        .map(t -> (int) Math.max(
                                0,
                                Duration.between(t.commitTime().toInstant(), end)
                                        .toSeconds()))
                        .orElse(0),
                lastWasEmpty ? 1 : 0);
        Sql.update(
                jdbc,
                "DELETE FROM \"sys\".\"dm_cdc_log_scan_sessions\" WHERE \"session_id\" > 0 AND \"session_id\" <= ?",
                session - KEPT);
        summarize(result, start, end, millis);
        jdbc.commit();
    }

    /** A scan that failed: an error row in the DMVs. */
    void recordError(String message, Instant start, Instant end) throws SQLException {
        session++;
        lastWasEmpty = false;
        String none = text(new byte[10]);
        Sql.update(
                jdbc,
                "INSERT INTO \"sys\".\"dm_cdc_log_scan_sessions\" VALUES"
                        + " (?, ?, ?, 0, 'Error', 1, ?, ?, ?, 0, ?, NULL, 0, 0, 0, ?, ?, NULL, 0, 0, 1)",
                session,
                database.localTime(start),
                database.localTime(end),
                none,
                none,
                none,
                none,
                none,
                none);
        Sql.update(
                jdbc,
                "INSERT INTO \"sys\".\"dm_cdc_errors\" VALUES (?, 0, ?, 22859, 16, 1, ?, ?, ?, ?)",
                session,
                database.localTime(end),
                message,
                none,
                none,
                none);
        jdbc.commit();
    }

    private void summarize(LogScan.Result result, Instant start, Instant end, long millis) throws SQLException {
        int updated = Sql.update(
                jdbc,
                "UPDATE \"sys\".\"dm_cdc_log_scan_sessions\" SET \"end_time\" = ?, \"duration\" = \"duration\" + ?,"
                        + " \"tran_count\" = \"tran_count\" + ?, \"command_count\" = \"command_count\" + ?,"
                        + " \"empty_scan_count\" = \"empty_scan_count\" + ? WHERE \"session_id\" = 0",
                database.localTime(end),
                (int) (millis / 1000),
                result.captured(),
                result.commands(),
                result.transactions() == 0 ? 1 : 0);
        if (updated == 0) {
            String none = text(new byte[10]);
            Sql.update(
                    jdbc,
                    "INSERT INTO \"sys\".\"dm_cdc_log_scan_sessions\" VALUES"
                            + " (0, ?, ?, ?, 'Aggregate', 0, ?, ?, ?, ?, ?, NULL, 0, 0, ?, ?, ?, NULL, 0, ?, 0)",
                    database.localTime(start),
                    database.localTime(end),
                    (int) (millis / 1000),
                    none,
                    none,
                    none,
                    result.captured(),
                    none,
                    result.commands(),
                    none,
                    none,
                    result.transactions() == 0 ? 1 : 0);
        }
    }

    private static String text(byte[] lsn) {
        return LogPosition.text(lsn);
    }
}
