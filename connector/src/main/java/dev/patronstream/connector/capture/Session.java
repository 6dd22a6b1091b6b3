package dev.patronstream.connector.capture;

import dev.patronstream.connector.check.CaptureCheck;
import dev.patronstream.connector.check.CaptureSettings;
import dev.patronstream.connector.check.CapturedLayout;
import dev.patronstream.connector.check.Source;
import dev.patronstream.connector.check.TableCatalog;
import dev.patronstream.connector.database.Batch;
import dev.patronstream.connector.database.LogEntry;
import dev.patronstream.connector.database.SourceDatabase;
import dev.patronstream.connector.database.TrackedTable;
import dev.patronstream.connector.epoch.Note;
import dev.patronstream.connector.epoch.Publisher;
import dev.patronstream.connector.epoch.SnapshotNeededException;
import dev.patronstream.connector.start.Retention;
import dev.patronstream.connector.start.StartPlan;
import dev.patronstream.connector.status.CaptureException;
import dev.patronstream.connector.status.StatusBoard;
import dev.patronstream.schemas.Lsn;
import dev.patronstream.schemas.topic.Topics;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What the phases of a capture share: the database, the writer, the settings. One thread uses it. */
public final class Session {

    private final CaptureSettings settings;
    private final SourceDatabase database;
    private final EpochWriter writer;
    private final StatusBoard status;
    private final InstantSource clock;
    private Source source;
    private String tableVersions;

    /**
     * @param tableVersions the versions of the tables' definitions before the plan was made
     * @param history tells what the history of the tables' definitions ends with
     */
    public Session(
            CaptureSettings settings,
            Topics topics,
            SourceDatabase database,
            StartPlan plan,
            String tableVersions,
            Publisher publisher,
            Supplier<Note> history,
            StatusBoard status,
            InstantSource clock) {
        this.settings = settings;
        this.database = database;
        this.source = plan.source();
        this.tableVersions = tableVersions;
        this.writer = new EpochWriter(
                publisher, plan.position(), plan.last(), topics, history, clock, settings.timeZone(), status);
        this.status = status;
        this.clock = clock;
    }

    CaptureSettings settings() {
        return settings;
    }

    SourceDatabase database() {
        return database;
    }

    Source source() {
        return source;
    }

    EpochWriter writer() {
        return writer;
    }

    StatusBoard status() {
        return status;
    }

    InstantSource clock() {
        return clock;
    }

    /**
     * Makes sure that the change tables still held everything after the watermark when it was read, and that the columns
     * were still those that the rows are read by: asked after reading, because only the clean-up, a new instance and a
     * new definition of a table change what is read, and all leave their mark here.
     *
     * @throws SnapshotNeededException if the tables have to be read again
     * @throws CaptureException if the tables cannot be captured any more as configured
     */
    void requireNothingLost(Lsn watermark) throws SQLException {
        Batch batch = database.batch();
        Looked looked = look(batch);
        batch.run();
        requireNothingLost(watermark, looked);
    }

    /** Makes sure of the same, and returns the commit times of transactions by LSN, in one round trip. */
    CommitTimes settle(Lsn watermark, Lsn from, Lsn upTo) throws SQLException {
        Batch batch = database.batch();
        Looked looked = look(batch);
        Supplier<List<OffsetDateTime>> now = database.now(batch);
        Supplier<List<LogEntry>> entries = database.entries(batch, from, upTo);
        batch.run();
        requireNothingLost(watermark, looked);
        return commitTimes(now.get().get(0), entries.get());
    }

    /** What tells whether something was lost. */
    private record Looked(Supplier<String> versions, Supplier<List<TrackedTable>> tracked) {}

    private Looked look(Batch batch) {
        return new Looked(
                TableCatalog.versions(database, batch, source.capturedTables()),
                database.trackedTables(batch, source.capturedTables()));
    }

    private void requireNothingLost(Lsn watermark, Looked looked) throws SQLException {
        List<TrackedTable> now = looked.tracked().get();
        Retention.lost(source.capturedTables(), source.instances(), now, watermark)
                .ifPresent(reason -> {
                    throw new SnapshotNeededException(reason);
                });
        boolean sameInstances = columnsOf(now).equals(columnsOf(source.tracked()));
        source = source.tracking(now);
        String versions = looked.versions().get();
        if (!versions.equals(tableVersions) || !sameInstances) {
            requireSameColumns(CaptureCheck.check(database, settings));
            tableVersions = versions;
        }
    }

    /**
     * Makes sure, before a reading, that the database is the one that is captured, with the columns that are captured.
     *
     * @throws SnapshotNeededException if it is another one, or has other columns
     * @throws CaptureException if it cannot be captured any more as configured
     */
    void requireSame(SourceDatabase polled) throws SQLException {
        Source seen = CaptureCheck.check(polled, settings);
        if (!source.incarnation().isSameAs(seen.incarnation())) {
            throw new SnapshotNeededException("the database is another one than before: "
                    + seen.incarnation().id() + " instead of "
                    + source.incarnation().id());
        }
        requireSameColumns(seen);
    }

    private static Map<String, Map<String, Integer>> columnsOf(List<TrackedTable> tracked) {
        return tracked.stream().collect(Collectors.toMap(TrackedTable::name, TrackedTable::columns));
    }

    /** A column that is dropped reads as NULL from then on, and one of another type is cut to the old one. */
    private void requireSameColumns(Source seen) {
        CapturedLayout before = source.layout();
        List<String> changes = seen.layout().changesSince(before);
        if (!seen.layout().fingerprint().equals(before.fingerprint())) {
            throw new SnapshotNeededException(StartPlan.columnsChanged(changes));
        }
        source = seen.known(source.incarnation());
        status.warnings(source.warnings());
        changes.forEach(change -> status.notice(clock.instant(), change + "; nothing has to be done"));
    }

    /** Returns the commit times of transactions by LSN, and an entry that is in the log at the last. */
    CommitTimes commitTimes(Lsn from, Lsn upTo) throws SQLException {
        Batch batch = database.batch();
        Supplier<List<OffsetDateTime>> now = database.now(batch);
        Supplier<List<LogEntry>> entries = database.entries(batch, from, upTo);
        batch.run();
        return commitTimes(now.get().get(0), entries.get());
    }

    private CommitTimes commitTimes(OffsetDateTime now, List<LogEntry> entries) {
        ZoneOffset offset = now.getOffset();
        Duration ahead = Duration.between(clock.instant(), now);
        Map<String, Instant> times = entries.stream()
                .collect(Collectors.toMap(
                        entry -> entry.lsn(), entry -> entry.committedAt(offset), (first, second) -> first));
        return new CommitTimes(times, entries.stream().reduce((earlier, later) -> later), offset, ahead);
    }

    /**
     * Commit times by LSN, where the log still has an entry, and the last entry among them.
     *
     * @param ahead how much later the database's clock is than ours
     */
    record CommitTimes(Map<String, Instant> byLsn, Optional<LogEntry> last, ZoneOffset offset, Duration ahead) {

        Instant byOurClock(LogEntry entry) {
            return entry.committedAt(offset).minus(ahead);
        }

        Instant of(Lsn lsn, Instant otherwise) {
            return byLsn.getOrDefault(lsn.text(), otherwise);
        }
    }
}
