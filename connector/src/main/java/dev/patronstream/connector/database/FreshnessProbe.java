package dev.patronstream.connector.database;

import dev.patronstream.connector.status.Freshness;
import dev.patronstream.connector.status.Freshness.State;
import dev.patronstream.schemas.Lsn;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a quiet database from one whose capture job stands still: both have the same max LSN.
 *
 * <p>When the last scan began that met no error and reached the end of the log, every change was captured up to then; the
 * max LSN is read after it. The times carry no zone: one that can be two moments, in the hour that a change of clocks
 * repeats, is the earlier one that can be new since the look before. Without the right to see the scans only the last
 * entry of the log tells, which can be five minutes old.
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

    /** How long after its time something can be seen at the latest; less than what the clocks are put back by. */
    private static final Duration SEEN_AFTER = Duration.ofMinutes(20);

    private final SourceDatabase database;
    private final ZoneId zone;
    private @Nullable CaptureJob job;
    private boolean deniedReported;
    private @Nullable Object lastSeen;
    private @Nullable Instant lastLook;
    private Instant asOf = Instant.EPOCH;
    private Instant lastScan = Instant.EPOCH;

    /**
     * How far capture has come, at one look.
     *
     * @param maxLsn everything committed before {@code freshness.asOf} has an LSN up to this
     */
    public record Observation(Lsn maxLsn, Freshness freshness) {}

    /**
     * Makes a probe over a connection that stays the caller's.
     *
     * @param zone where the database's clock hangs, as far as anyone knows
     */
    public FreshnessProbe(SourceDatabase database, ZoneId zone) {
        this.database = database;
        this.zone = zone;
    }

    public Observation look() throws SQLException {
        if (job == null) {
            job = new CaptureJob(database);
        }
        OffsetDateTime now = database.now();
        Optional<ScanSession> scan = lastGoodScan(job);
        Lsn maxLsn = database.maxLsn();
        // What lies ahead of the clock was read from one that was ahead and has been put right.
        asOf = earlier(asOf, now.toInstant());
        lastScan = earlier(lastScan, now.toInstant());
        Freshness freshness =
                scan.isPresent() ? ofScan(scan.get(), maxLsn, now, job.pollSeconds()) : ofLog(maxLsn, now);
        lastLook = now.toInstant();
        return new Observation(maxLsn, freshness);
    }

    private Optional<ScanSession> lastGoodScan(CaptureJob of) throws SQLException {
        Optional<ScanSession> scan =
                of.lastGoodScan(OptionalInt.of(of.maxTransactions().orElse(USUAL_MAX_TRANSACTIONS)));
        if (of.denied().isPresent() && !deniedReported) {
            deniedReported = true;
            SQLException denied = of.denied().get();
            LOGGER.atWarn()
                    .addKeyValue("error", denied.getErrorCode())
                    .log(
                            "The scans of the capture job cannot be seen, so on a quiet database freshness is unknown for up"
                                    + " to five minutes. To see them: {}",
                            SourceErrors.grantOfScans(
                                    denied, database.settings().user()));
        }
        return scan;
    }

    private Freshness ofScan(ScanSession scan, Lsn maxLsn, OffsetDateTime now, int pollSeconds) throws SQLException {
        @Nullable ScanSession before = lastSeen instanceof ScanSession seen ? seen : null;
        // An older one is there where the newest is at work again just now.
        if (before == null || (scan.id() >= before.id() && !scan.equals(before))) {
            asOf = moment(scan.capturedUpTo(before), now);
            if (before == null) {
                asOf = later(asOf, database.entryUpTo(maxLsn).map(entry -> committed(entry, now)));
            }
            lastScan = moment(scan.endedAt(), now);
            lastSeen = scan;
        }
        Duration patience = Duration.ofSeconds((long) SCANS_PATIENCE * pollSeconds);
        if (patience.compareTo(LEAST_PATIENCE) < 0) {
            patience = LEAST_PATIENCE;
        }
        if (lastScan.plus(patience).isBefore(now.toInstant())) {
            return new Freshness(
                    State.STALLED,
                    Optional.of(asOf),
                    CaptureJob.isAgentStopped(database)
                            ? "SQL Server Agent is not running: start it"
                            : "the capture job has not finished a scan since " + lastScan
                                    + ": look at it in SQL Server Agent (sys.dm_cdc_errors says why)");
        }
        return new Freshness(State.KNOWN, Optional.of(asOf), "");
    }

    private Instant committed(LogEntry entry, OffsetDateTime now) {
        return moment(LocalDateTime.parse(entry.committedAt()), now);
    }

    private static Instant later(Instant one, Optional<Instant> other) {
        return other.filter(time -> time.isAfter(one)).orElse(one);
    }

    /** Returns when something was that is seen now; what was seen before stays where it is. */
    private Instant moment(LocalDateTime at, OffsetDateTime now) {
        return earlier(earliest(at, now), now.toInstant());
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isAfter(other) ? other : one;
    }

    private Instant earliest(LocalDateTime at, OffsetDateTime now) {
        boolean hangsHere = zone.getRules().getOffset(now.toInstant()).equals(now.getOffset());
        List<Instant> times = (hangsHere ? zone.getRules().getValidOffsets(at) : List.<ZoneOffset>of())
                .stream().map(at::toInstant).sorted().toList();
        Instant last = times.isEmpty() ? at.toInstant(now.getOffset()) : times.get(times.size() - 1);
        return times.stream()
                .filter(time -> lastLook == null || !time.isBefore(lastLook.minus(SEEN_AFTER)))
                .findFirst()
                .orElse(last);
    }

    private Freshness ofLog(Lsn maxLsn, OffsetDateTime now) throws SQLException {
        Optional<LogEntry> last = database.entryUpTo(maxLsn);
        if (last.isPresent() && !last.get().equals(lastSeen)) {
            asOf = committed(last.get(), now);
            lastSeen = last.get();
        }
        return new Freshness(
                State.UNKNOWN,
                last.map(entry -> asOf),
                "the scans of the capture job cannot be seen; on a quiet database freshness can lag by five minutes");
    }
}
