package dev.patronstream.connector.capture;

import dev.patronstream.connector.capture.EpochWriter.End;
import dev.patronstream.connector.capture.EpochWriter.SnapshotEnd;
import dev.patronstream.connector.capture.ReadingEpoch.Outcome;
import dev.patronstream.connector.capture.Session.CommitTimes;
import dev.patronstream.connector.database.FreshnessProbe;
import dev.patronstream.connector.database.LogEntry;
import dev.patronstream.connector.database.SnapshotCatchUp;
import dev.patronstream.connector.database.TrackedTable;
import dev.patronstream.connector.epoch.StreamAssembly;
import dev.patronstream.connector.epoch.StreamAssembly.Whole;
import dev.patronstream.connector.row.Captured;
import dev.patronstream.connector.row.Captured.Change;
import dev.patronstream.connector.status.ConnectorStatus;
import dev.patronstream.connector.status.Freshness;
import dev.patronstream.schemas.EpochCause;
import dev.patronstream.schemas.Lsn;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes a snapshot and the changes up to the first LSN whose capture provably covers the time of reading, as one
 * epoch: before its end nothing of it counts, and after it no row goes back in time.
 */
final class SnapshotPhase implements CaptureLoop.Phase {

    private static final Logger LOGGER = LoggerFactory.getLogger(SnapshotPhase.class);
    private static final long LOOK_NANOS = 200_000_000L;
    private static final long PROBE_NANOS = 1_000_000_000L;

    /**
     * Rows that changed while the tables were read wait for the end, so that not even a reader who does not wait for
     * epochs sees one of them go back and forth. More than this many do not: memory comes first, and the epoch still
     * ends right.
     */
    private static final int MOST_CHANGED_ROWS = 50_000;

    private final Session session;
    private final CaptureLoop.Snapshot snapshot;
    private final Runnable stream;
    private final ReadingEpoch epoch;
    private final TransactionCompleteness completeness;
    private final FreshnessProbe probe;
    private final Lsn stamp;
    private final Lsn from;
    private final long begun;
    private StreamAssembly assembly;
    private Lsn whole;
    private boolean streams;
    private long transactions;
    private @Nullable SnapshotCatchUp catchUp;
    private Optional<Lsn> covered = Optional.empty();
    private Lsn mustArrive = Lsn.NONE;
    private String obstacle = "";
    private long lastLook;
    private long lastProbe;

    /** Begins to read the tables; {@code stream} runs once they are read, and the changes since come then. */
    SnapshotPhase(Session session, CaptureLoop.Snapshot snapshot, Runnable stream) throws SQLException {
        this.session = session;
        this.snapshot = snapshot;
        this.stream = stream;
        this.epoch = new ReadingEpoch(session, snapshot.permitted());
        this.completeness = new TransactionCompleteness(session);
        this.probe = new FreshnessProbe(session.database(), session.settings().timeZone());
        epoch.note();
        this.stamp = session.database().maxLsn();
        this.from = newestStart().filter(start -> start.isAfter(stamp)).orElse(stamp);
        this.whole = stamp;
        this.assembly = assembly();
        this.begun = System.nanoTime();
        snapshot.reading().start(stamp);
        LOGGER.atInfo().addKeyValue("reason", snapshot.permitted().reason()).log("Snapshot begins");
        show();
    }

    /**
     * Where the newest instance begins: all were made before the reading, which has seen what was committed before.
     * Such a change may be in an older instance only, without a column of the newest, so it must not come after the rows.
     */
    private Optional<Lsn> newestStart() {
        return session.source().tracked().stream().map(TrackedTable::startLsn).max(Comparator.naturalOrder());
    }

    /** Rows that were merged stay: the engine repeats all changes, in their order. */
    @Override
    public void forget() {
        whole = stamp;
        transactions = 0;
        assembly = assembly();
        streams = false;
    }

    @Override
    public Lsn from() {
        return from;
    }

    @Override
    public CaptureLoop.Phase advance(List<Captured> next, boolean all) throws SQLException {
        for (Captured captured : next) {
            accept(captured);
        }
        show();
        if (catchUp == null) {
            snapshot.reading().requireNoFailure();
            return this;
        }
        if (all) {
            completeness.prove(assembly);
        }
        merge();
        look(catchUp);
        // Before the engine streams, the definitions that a restart needs may not be noted yet.
        boolean complete = streams && covered.isPresent() && !mustArrive.isAfter(whole) && !assembly.hasPart();
        return complete ? finish(covered.get()) : this;
    }

    private void accept(Captured captured) throws SQLException {
        if (captured instanceof Captured.SnapshotRow row) {
            epoch.read(row);
        } else if (captured instanceof Captured.TablesRead) {
            readingEnded();
        } else if (captured instanceof Captured.Mark mark) {
            if (!mark.starting()) {
                streams = true;
                assembly.mark(mark);
            }
        } else if (captured instanceof Change change) {
            streams = true;
            epoch.seen(change.row());
            if (assembly.isFull()) {
                merge();
            }
            assembly.add(change);
        }
        if (epoch.waiting() >= (catchUp == null ? session.settings().limits().maxRows() : MOST_CHANGED_ROWS)) {
            epoch.publishDifferences();
        }
    }

    private void readingEnded() throws SQLException {
        catchUp = new SnapshotCatchUp(session.database(), session.settings().timeZone());
        LOGGER.atInfo().addKeyValue("rows", epoch.read()).log("Snapshot is read");
        // Debezium would say it less well, and retry.
        session.requireNothingLost(stamp);
        stream.run();
    }

    /** Moves what has arrived into the epoch: whole transactions, and a part of one that is too large to wait. */
    private void merge() throws SQLException {
        Optional<Whole> next = assembly.takeWhole();
        while (next.isPresent()) {
            CommitTimes times =
                    session.commitTimes(next.get().first(), next.get().last());
            next.get()
                    .changes()
                    .forEach(change -> epoch.changed(change, times.of(change.commitLsn(), change.committedAt())));
            transactions += next.get().transactions();
            whole = next.get().last();
            next = assembly.takeWhole();
        }
        if (assembly.isFull()) {
            assembly.takePart().changes().forEach(change -> epoch.changed(change, change.committedAt()));
        }
    }

    private void look(SnapshotCatchUp reading) throws SQLException {
        if (covered.isPresent() || System.nanoTime() - lastLook < LOOK_NANOS) {
            return;
        }
        lastLook = System.nanoTime();
        probe();
        // A watermark from before the instances is none that the stream can begin at again.
        covered = reading.look().filter(lsn -> !from.isAfter(lsn));
        if (covered.isPresent()) {
            mustArrive = session.database()
                    .lastChange(from, covered.get(), session.source().tracked())
                    .orElse(stamp);
        }
    }

    /** A capture job that stands still keeps the snapshot from ending, so it has to be said here too. */
    private void probe() throws SQLException {
        if (System.nanoTime() - lastProbe < PROBE_NANOS) {
            return;
        }
        lastProbe = System.nanoTime();
        Freshness freshness = probe.look().freshness();
        session.status().freshness(freshness);
        obstacle = freshness.state() == Freshness.State.STALLED ? freshness.note() : "";
    }

    private CaptureLoop.Phase finish(Lsn coveringLsn) throws SQLException {
        session.requireNothingLost(stamp);
        Lsn watermark = coveringLsn.isAfter(whole) ? coveringLsn : whole;
        Optional<LogEntry> entry = session.database().entryUpTo(watermark);
        String reason = snapshot.permitted().reason();
        Outcome outcome = epoch.finish(ended -> new End(
                EpochCause.SNAPSHOT,
                watermark,
                entry,
                transactions,
                Optional.empty(),
                Optional.empty(),
                Optional.of(new SnapshotEnd(reason, ended.removed()))));
        assembly.advance(watermark);
        LOGGER.atInfo()
                .addKeyValue("reason", reason)
                .addKeyValue("watermark", watermark)
                .addKeyValue("written", outcome.written())
                .addKeyValue("removed", outcome.removed())
                .log("Snapshot is complete; streaming begins");
        return new StreamPhase(session, assembly);
    }

    /** Some of its changes may have been read already, and then they are repeated. */
    private StreamAssembly assembly() {
        return new StreamAssembly(
                from, Optional.empty(), session.settings().limits().maxRows());
    }

    private void show() {
        Map<String, Long> rows = new TreeMap<>();
        epoch.read().forEach((table, count) -> rows.put(table.name(), count));
        Duration running = Duration.ofNanos(System.nanoTime() - begun);
        session.status()
                .state(new ConnectorStatus.Snapshotting(
                        snapshot.permitted().reason(),
                        rows,
                        snapshot.reading().counted(),
                        running,
                        catchUp != null,
                        obstacle));
    }
}
