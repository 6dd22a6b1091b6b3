package dev.patronstream.connector.database;

import dev.patronstream.schemas.Lsn;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.Optional;

/**
 * Finds the first LSN of which it is proven that capture up to it covers everything a snapshot can have read.
 *
 * <p>Begun after the reading ended, by the order of our own requests and not by any clock. Either of two things proves
 * that the log was read beyond that moment:
 *
 * <ul>
 *   <li>Two good scans of the capture job have ended since: the second began after the first, so after the reading. A
 *       good scan met no error and reached the end of the log.
 *   <li>Capture has noted a commit of a time after the reading: it reads the log in the order of commits. Needs no
 *       right, but something has to be committed, or the five minutes to the next idle entry have to pass. Where the
 *       clocks have just been put back the commit has to be an hour later still.
 * </ul>
 *
 * <p>The max LSN that is read after the proof is the answer. Not thread-safe.
 */
public final class SnapshotCatchUp {

    private static final int SCANS = 2;

    /** The log's times are of type datetime, which rounds to 1/300 s. */
    private static final Duration ROUNDING = Duration.ofMillis(10);

    private final SourceDatabase database;
    private final CaptureJob job;
    private final LocalDateTime readingEnded;
    private Optional<ScanSession> last;
    private int scansSince;

    /**
     * Begins; the reading has ended.
     *
     * @param zone where the database's clock hangs, as far as anyone knows
     */
    public SnapshotCatchUp(SourceDatabase database, ZoneId zone) throws SQLException {
        this.database = database;
        this.job = new CaptureJob(database);
        this.last = job.lastGoodScan(job.maxTransactions());
        LocalDateTime now = database.now().toLocalDateTime();
        this.readingEnded = now.plus(repeatedHour(now, zone)).plus(ROUNDING);
    }

    /** Looks once more; the LSN when the proof is there. */
    public Optional<Lsn> look() throws SQLException {
        Optional<ScanSession> scan = job.lastGoodScan(job.maxTransactions());
        if (scan.isPresent() && !scan.equals(last)) {
            last = scan;
            scansSince++;
        }
        if (scansSince >= SCANS || isNotedAfterReading()) {
            return Optional.of(database.maxLsn());
        }
        return Optional.empty();
    }

    private boolean isNotedAfterReading() throws SQLException {
        return database.entryUpTo(database.maxLsn())
                .filter(entry -> LocalDateTime.parse(entry.committedAt()).isAfter(readingEnded))
                .isPresent();
    }

    /** How much later a local time must be to be later for sure; the hours around a change of clocks repeat. */
    private static Duration repeatedHour(LocalDateTime now, ZoneId zone) {
        ZoneOffsetTransition change =
                zone.getRules().previousTransition(now.atZone(zone).toInstant().plusSeconds(3_600 * 3));
        return change != null
                        && change.isOverlap()
                        && change.getDateTimeBefore().plusHours(3).isAfter(now)
                ? change.getDuration().abs()
                : Duration.ZERO;
    }
}
