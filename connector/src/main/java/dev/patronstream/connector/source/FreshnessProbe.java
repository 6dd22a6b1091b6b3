package dev.patronstream.connector.source;

import dev.patronstream.connector.Freshness;
import dev.patronstream.connector.Freshness.State;
import dev.patronstream.connector.source.SourceDatabase.CaptureJob;
import dev.patronstream.schemas.Lsn;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a quiet database from one whose capture job stands still: both have the same max LSN.
 *
 * <p>The end of the last scan that met no error and reached the end of the log is the time up to which every change has
 * been captured; the max LSN is read after it. The scans' times carry no zone, so a new scan's end is held between the
 * look before and this one: in the hour that a change of clocks repeats it could else lie in the future, or too far
 * back. Without the right to see the scans only the last entry of the log tells, which can be five minutes old.
 *
 * <p>Not thread-safe.
 */
public final class FreshnessProbe {

    private static final Logger LOGGER = LoggerFactory.getLogger(FreshnessProbe.class);
    private static final Duration LEAST_PATIENCE = Duration.ofSeconds(15);
    private static final int SCANS_PATIENCE = 4;

    /**
     * What sys.sp_cdc_add_job takes; only an owner of the database can see what the job has. A smaller one makes
     * freshness look better than it is while the job is behind; nothing is published by it.
     */
    private static final int USUAL_MAX_TRANSACTIONS = 500;

    private final SourceDatabase database;
    private @Nullable CaptureJob job;
    private boolean scansVisible = true;
    private @Nullable ScanSession lastScan;
    private @Nullable Instant lastLook;
    private @Nullable Instant asOf;

    /** Makes a probe over a connection that stays the caller's. */
    public FreshnessProbe(SourceDatabase database) {
        this.database = database;
    }

    /** Looks. */
    public Observation look() throws SQLException {
        if (job == null) {
            job = database.captureJob();
        }
        Optional<ScanSession> scan = lastGoodScan(job.maxTransactions());
        OffsetDateTime now = database.now();
        Lsn maxLsn = database.maxLsn();
        Freshness freshness = scan.isPresent() ? ofScan(scan.get(), now, job.pollSeconds()) : ofLog(maxLsn, now);
        lastLook = now.toInstant();
        return new Observation(now.toInstant(), maxLsn, freshness);
    }

    private Optional<ScanSession> lastGoodScan(OptionalInt maxTransactions) throws SQLException {
        OptionalInt most = OptionalInt.of(maxTransactions.orElse(USUAL_MAX_TRANSACTIONS));
        return scans().stream().filter(scan -> scan.caughtUp(most)).findFirst();
    }

    private List<ScanSession> scans() throws SQLException {
        if (!scansVisible) {
            return List.of();
        }
        try {
            return database.scanSessions();
        } catch (SQLException denied) {
            SourceErrors.requireDenied(denied);
            scansVisible = false;
            LOGGER.atWarn()
                    .addKeyValue("error", denied.getErrorCode())
                    .log(
                            "The scans of the capture job cannot be seen, so on a quiet database freshness is unknown for up"
                                    + " to five minutes. To see them: {}",
                            MissingGrant.ofScans(denied, database.user()));
            return List.of();
        }
    }

    private Freshness ofScan(ScanSession scan, OffsetDateTime now, int pollSeconds) throws SQLException {
        Instant end = scan.endedAt().toInstant(now.getOffset());
        if (!scan.equals(lastScan)) {
            asOf = between(lastLook, end, now.toInstant());
            lastScan = scan;
        }
        Duration patience = Duration.ofSeconds((long) SCANS_PATIENCE * pollSeconds);
        if (patience.compareTo(LEAST_PATIENCE) < 0) {
            patience = LEAST_PATIENCE;
        }
        Instant known = asOf == null ? end : asOf;
        if (known.plus(patience).isBefore(now.toInstant())) {
            boolean agentStopped =
                    database.isAgentRunning().filter(running -> !running).isPresent();
            return new Freshness(
                    State.STALLED,
                    Optional.of(known),
                    agentStopped
                            ? "SQL Server Agent is not running: start it"
                            : "the capture job has not finished a scan since " + known
                                    + ": look at it in SQL Server Agent (sys.dm_cdc_errors says why)");
        }
        return new Freshness(State.KNOWN, Optional.of(known), "");
    }

    private static Instant between(@Nullable Instant earliest, Instant time, Instant latest) {
        Instant bounded = time.isAfter(latest) ? latest : time;
        return earliest != null && bounded.isBefore(earliest) ? earliest : bounded;
    }

    private Freshness ofLog(Lsn maxLsn, OffsetDateTime now) throws SQLException {
        Optional<Instant> last = database.entryUpTo(maxLsn)
                .map(entry -> LocalDateTime.parse(entry.committedAt()).toInstant(now.getOffset()))
                .map(end -> between(null, end, now.toInstant()));
        return new Freshness(
                State.UNKNOWN,
                last,
                "the scans of the capture job cannot be seen; on a quiet database freshness can lag by five minutes");
    }
}
