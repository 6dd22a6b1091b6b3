package dev.patronstream.connector.capture;

import dev.patronstream.connector.capture.EpochWriter.End;
import dev.patronstream.connector.capture.Session.CommitTimes;
import dev.patronstream.connector.database.FreshnessProbe;
import dev.patronstream.connector.database.FreshnessProbe.Observation;
import dev.patronstream.connector.database.LogEntry;
import dev.patronstream.connector.epoch.Outgoing;
import dev.patronstream.connector.epoch.Position;
import dev.patronstream.connector.epoch.SnapshotNeededException;
import dev.patronstream.connector.epoch.StreamAssembly;
import dev.patronstream.connector.epoch.StreamAssembly.Part;
import dev.patronstream.connector.epoch.StreamAssembly.Whole;
import dev.patronstream.connector.row.Captured;
import dev.patronstream.connector.row.Captured.Change;
import dev.patronstream.connector.start.StartPlan;
import dev.patronstream.connector.status.ConnectorStatus;
import dev.patronstream.schemas.EpochCause;
import dev.patronstream.schemas.Lsn;
import dev.patronstream.schemas.lifecycle.LatencyStep;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Publishes source transactions as they become whole, and epochs without changes while there are none. */
final class StreamPhase implements CaptureLoop.Phase {

    private static final Duration MOST_SELDOM_LOOK = Duration.ofSeconds(1);

    private final Session session;
    private StreamAssembly assembly;
    private final TransactionCompleteness completeness;
    private final FreshnessProbe probe;
    private final Horizon horizon = new Horizon();
    private final long lookEveryNanos;
    private long lastLook;
    private boolean looked;
    private Instant taken;

    /** Goes on after the position. */
    StreamPhase(Session session) {
        this(session, afterPosition(session));
    }

    /** Goes on with what the assembly has of the stream after the position. */
    StreamPhase(Session session, StreamAssembly assembly) {
        this.session = session;
        this.assembly = assembly;
        this.completeness = new TransactionCompleteness(session);
        this.probe = new FreshnessProbe(session.database(), session.settings().timeZone());
        Duration half = session.settings().limits().freshnessInterval().dividedBy(2);
        this.lookEveryNanos = (half.compareTo(MOST_SELDOM_LOOK) < 0 ? half : MOST_SELDOM_LOOK).toNanos();
        this.taken = session.clock().instant();
        session.status().state(new ConnectorStatus.Streaming());
    }

    private static StreamAssembly afterPosition(Session session) {
        Position position = session.writer().position();
        return new StreamAssembly(
                position.watermarkLsn(),
                position.split(),
                session.settings().limits().maxRows());
    }

    @Override
    public void forget() {
        assembly = afterPosition(session);
    }

    @Override
    public Lsn from() {
        return watermark();
    }

    @Override
    public CaptureLoop.Phase advance(List<Captured> next, boolean all) throws SQLException {
        taken = session.clock().instant();
        for (Captured captured : next) {
            accept(captured);
        }
        if (all) {
            completeness.prove(assembly);
        }
        while (publishWhole()) {
            // Until nothing whole is left.
        }
        if (!looked || System.nanoTime() - lastLook >= lookEveryNanos) {
            look();
        }
        publishWithoutChanges();
        session.status().repeated(assembly.takeRepeated());
        return this;
    }

    private void accept(Captured captured) throws SQLException {
        if (captured instanceof Change change) {
            if (assembly.isFull()) {
                makeRoom();
            }
            try {
                assembly.add(change);
            } catch (SnapshotNeededException e) {
                // The published part can only be made good by reading the tables again, and no restart may forget that.
                session.writer().snapshotPart(String.valueOf(e.getMessage()), Map.of(), List.of());
                throw e;
            }
        } else if (captured instanceof Captured.Mark mark) {
            assembly.mark(mark);
        } else {
            throw new IllegalStateException("A row of a snapshot came, though none was asked for");
        }
    }

    private void makeRoom() throws SQLException {
        while (publishWhole()) {
            // Until nothing whole is left.
        }
        if (assembly.isFull()) {
            Part part = assembly.takePart();
            Lsn lsn = part.split().lsn();
            List<Outgoing> rows = outgoing(part.changes(), session.settle(watermark(), lsn, lsn));
            session.writer().transactionPart(rows, part.split());
        }
    }

    private boolean publishWhole() throws SQLException {
        if (assembly.hasWhole()
                && session.writer().isNewDay()
                && !session.writer().isUnfinished()) {
            publish(EpochCause.MIDNIGHT);
        }
        Optional<Whole> whole = assembly.takeWhole();
        if (whole.isEmpty()) {
            return false;
        }
        Lsn last = whole.get().last();
        CommitTimes times = session.settle(watermark(), whole.get().first(), last);
        Lsn reach = horizon.published(last);
        Optional<LogEntry> entry = reach.isAfter(last) ? horizon.reachedEntry() : times.last();
        finish(
                EpochCause.CHANGES,
                reach,
                entry,
                outgoing(whole.get().changes(), times),
                whole.get().transactions());
        times.last().ifPresent(commit -> {
            LatencyStep.CAPTURED.took(times.byOurClock(commit), taken);
            LatencyStep.PUBLISHED.took(taken, session.clock().instant());
        });
        return true;
    }

    /** Says how fresh the topics are, at most every so often; and that a new day has begun. */
    private void publishWithoutChanges() {
        if (session.writer().isUnfinished()) {
            return;
        }
        if (session.writer().isNewDay()) {
            publish(EpochCause.MIDNIGHT);
            return;
        }
        Instant last = session.writer().lastEnd();
        Instant due = last.plus(session.settings().limits().freshnessInterval());
        Instant now = session.clock().instant();
        // An end in the future says that the clock was put back since.
        if (now.isBefore(due) && !now.isBefore(last)) {
            return;
        }
        Lsn reach = horizon.published(watermark());
        if (reach.isAfter(watermark()) || session.writer().changesFreshness(horizon.freshAsOf())) {
            publish(EpochCause.QUIET);
        }
    }

    private void publish(EpochCause cause) {
        Lsn reach = horizon.published(watermark());
        Optional<LogEntry> entry = reach.isAfter(watermark()) ? horizon.reachedEntry() : Optional.empty();
        finish(cause, reach, entry, List.of(), 0);
    }

    private void finish(
            EpochCause cause, Lsn reach, Optional<LogEntry> entry, List<Outgoing> rows, int sourceTransactions) {
        End end = new End(
                cause, reach, entry, sourceTransactions, horizon.freshAsOf(), Optional.empty(), Optional.empty());
        session.writer().finish(rows, session.source(), end);
        assembly.advance(reach);
    }

    private void look() throws SQLException {
        Observation seen = probe.look();
        if (watermark().isAfter(seen.maxLsn())) {
            throw new SnapshotNeededException(StartPlan.restored(seen.maxLsn(), watermark()));
        }
        session.status().freshness(seen.freshness());
        Lsn lastChange = session.database()
                .lastChange(watermark(), seen.maxLsn(), session.source().tracked())
                .orElse(watermark());
        session.requireNothingLost(watermark());
        horizon.add(lastChange, seen, session.database().entryUpTo(seen.maxLsn()));
        lastLook = System.nanoTime();
        looked = true;
    }

    private List<Outgoing> outgoing(List<Change> changes, CommitTimes times) {
        String incarnation = session.source().incarnation().id();
        return changes.stream()
                .map(change -> new Outgoing(
                        change.row().rowKey(),
                        change.row()
                                .live(change.source(incarnation, times.of(change.commitLsn(), change.committedAt()))),
                        change.commitLsn()))
                .toList();
    }

    private Lsn watermark() {
        return session.writer().position().watermarkLsn();
    }

    /**
     * How far the watermark reaches beyond what was published, and how fresh it is.
     *
     * <p>Each look at the database gives a fact that stays true: of all changes of our tables, none lies between the
     * last one the look saw and the max LSN it saw. Once that last change is published, everything up to the max LSN is.
     * So a quiet spell moves the watermark without asking what the engine has read.
     */
    private static final class Horizon {

        private static final int MOST_FACTS = 64;

        private final Deque<Fact> facts = new ArrayDeque<>();
        private Lsn reached = Lsn.NONE;
        private Optional<LogEntry> reachedEntry = Optional.empty();
        private Optional<Instant> freshAsOf = Optional.empty();

        private record Fact(Lsn lastChange, Observation seen, Optional<LogEntry> entry) {}

        /**
         * Takes a look's fact.
         *
         * @param lastChange the last change of our tables up to the max LSN of the look
         * @param entry the log's entry at the max LSN
         */
        void add(Lsn lastChange, Observation seen, Optional<LogEntry> entry) {
            if (facts.size() == MOST_FACTS) {
                facts.removeFirst();
            }
            facts.addLast(new Fact(lastChange, seen, entry));
        }

        /** Takes note that everything up to here is published; returns how far that reaches. */
        Lsn published(Lsn upTo) {
            while (!facts.isEmpty() && !facts.getFirst().lastChange().isAfter(upTo)) {
                Fact fact = facts.removeFirst();
                if (fact.seen().maxLsn().isAfter(reached)) {
                    reached = fact.seen().maxLsn();
                    reachedEntry = fact.entry();
                }
                freshAsOf = fact.seen().freshness().asOf();
            }
            return reached.isAfter(upTo) ? reached : upTo;
        }

        /** The log's entry at the place that was reached. */
        Optional<LogEntry> reachedEntry() {
            return reachedEntry;
        }

        /** Every change before this time is published, if that is known. */
        Optional<Instant> freshAsOf() {
            return freshAsOf;
        }
    }
}
