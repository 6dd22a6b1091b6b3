package dev.patronstream.connector.capture;

import dev.patronstream.connector.capture.EpochWriter.End;
import dev.patronstream.connector.capture.EpochWriter.SnapshotEnd;
import dev.patronstream.connector.capture.ReadingEpoch.Outcome;
import dev.patronstream.connector.check.Polling;
import dev.patronstream.connector.check.TableCatalog;
import dev.patronstream.connector.database.SourceDatabase;
import dev.patronstream.connector.database.SourceErrors;
import dev.patronstream.connector.database.TableReader;
import dev.patronstream.connector.epoch.SnapshotNeededException;
import dev.patronstream.connector.epoch.TopicContent;
import dev.patronstream.connector.row.Captured.SnapshotRow;
import dev.patronstream.connector.row.ContractRow;
import dev.patronstream.connector.row.RowKey;
import dev.patronstream.connector.row.RowMapper;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.connector.row.TableColumns;
import dev.patronstream.connector.status.ConnectorStatus;
import dev.patronstream.connector.status.Freshness;
import dev.patronstream.schemas.EpochCause;
import dev.patronstream.schemas.Lsn;
import dev.patronstream.schemas.topic.TopicWatch;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Captures without change data capture: reads the tables every so often, and publishes the differences to the topics as
 * one epoch. Its watermark is a time of reading: where the database allows snapshot isolation, everything that was
 * committed before is in. What came and went between two readings is not seen. One thread runs it.
 */
public final class PollLoop {

    private static final Logger LOGGER = LoggerFactory.getLogger(PollLoop.class);
    private static final long LOOK_MILLIS = 100;
    private static final int PAGE = 5_000;

    /** Where more students are to be read again, the whole table is. */
    private static final int MOST_BY_ID = 5_000;

    private final Session session;
    private final Polling polling;
    private final Connecting database;
    private final RowMapper mapper;
    private final TopicWatch watch;
    private final BooleanSupplier stopped;

    /** When the last reading of this run began, by {@link System#nanoTime}. */
    private OptionalLong begun = OptionalLong.empty();

    /** Why the last reading was given up; empty when it was not. */
    private String obstacle = "";

    /** Connects to the database, once for each reading: between two of them nothing is left open there. */
    public interface Connecting {
        SourceDatabase connect() throws SQLException;
    }

    /** Makes a loop that runs until it is stopped. */
    public PollLoop(
            Session session,
            Polling polling,
            Connecting database,
            RowMapper mapper,
            TopicWatch watch,
            BooleanSupplier stopped) {
        this.session = session;
        this.polling = polling;
        this.database = database;
        this.mapper = mapper;
        this.watch = watch;
        this.stopped = stopped;
    }

    /**
     * Reads and publishes until it is stopped.
     *
     * @param first the reading to begin with, if one is needed whatever was read before
     * @param content what the topics hold, and what the readings are compared with
     * @param firstEnded runs when that first reading is complete
     */
    public void run(Optional<PermittedReading> first, TopicContent content, Runnable firstEnded)
            throws SQLException, InterruptedException {
        session.writer().freshAsOf().ifPresent(this::fresh);
        Optional<PermittedReading> begin = first;
        boolean due = first.isPresent();
        try {
            while (due || awaitDue()) {
                due = false;
                if (read(begin.orElseGet(() -> PermittedReading.poll(content)), begin.isPresent())
                        && begin.isPresent()) {
                    begin = Optional.empty();
                    firstEnded.run();
                }
            }
        } catch (CancellationException ended) {
            if (!stopped.getAsBoolean()) {
                throw ended;
            }
        }
    }

    /** Waits until the next reading is due; false when it is stopped first. */
    private boolean awaitDue() throws InterruptedException {
        Duration pause = polling.every().minus(sinceLastReading());
        session.status()
                .state(new ConnectorStatus.Polling(
                        Optional.of(session.clock().instant().plus(pause)), 0, obstacle));
        long due = System.nanoTime() + pause.toNanos();
        while (!stopped.getAsBoolean()) {
            watch.look(session.writer().ends());
            if (System.nanoTime() - due >= 0) {
                return true;
            }
            if (session.writer().isNewDay() && !session.writer().isUnfinished()) {
                session.writer()
                        .finish(
                                List.of(),
                                session.source(),
                                end(EpochCause.MIDNIGHT, watermark(), Optional.empty(), Optional.empty()));
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
        return false;
    }

    /** At most as long as between two readings. After a start the time of reading tells, which is by the database's clock. */
    private Duration sinceLastReading() {
        Duration since = begun.isPresent()
                ? Duration.ofNanos(System.nanoTime() - begun.getAsLong())
                : watermark()
                        .readAt()
                        .map(last -> Duration.between(last, session.clock().instant()))
                        .orElse(polling.every());
        Duration atLeast = since.isNegative() ? Duration.ZERO : since;
        return atLeast.compareTo(polling.every()) > 0 ? polling.every() : atLeast;
    }

    /** Returns false where it gave way to somebody who had locked rows; then it is due again after the usual time. */
    private boolean read(PermittedReading permitted, boolean first) throws SQLException {
        begun = OptionalLong.of(System.nanoTime());
        session.status().state(new ConnectorStatus.Polling(Optional.empty(), 0, obstacle));
        LOGGER.atInfo()
                .addKeyValue("reason", permitted.reason())
                .log("The tables are read and compared with the topics");
        try (SourceDatabase connected = database.connect()) {
            read(connected, permitted, first);
            obstacle = "";
            return true;
        } catch (SQLException e) {
            if (!SourceErrors.isLocked(e)) {
                throw e;
            }
            LOGGER.atWarn().addKeyValue("error", e.getErrorCode()).log("A reading gave way to somebody's locks");
            obstacle = "the reading at " + session.clock().instant().truncatedTo(ChronoUnit.SECONDS)
                    + " was given up: somebody kept rows locked for longer than sqlserver.capture.poll.lock-timeout ("
                    + polling.lockTimeout().toMillis() + " ms). It is tried again when the next one is due; if it goes"
                    + " on, allow snapshot isolation or find out who locks";
            return false;
        }
    }

    private void read(SourceDatabase connected, PermittedReading permitted, boolean first) throws SQLException {
        session.requireSame(connected);
        String versions = TableCatalog.versions(connected, session.source().capturedTables());
        ReadingEpoch epoch = new ReadingEpoch(session, permitted);
        if (first) {
            epoch.note();
        }
        Instant readAt = connected.now().toInstant();
        Lsn stamp = after(watermark(), readAt);
        Pace pace = new Pace(polling.rowsPerSecond());
        TableReader tables = connected.tables();
        Consumer<ContractRow> taker = row -> take(epoch, row, stamp, readAt, pace);
        boolean oneMoment = session.source().snapshotIsolation();
        if (oneMoment) {
            tables.atOneMoment(true, () -> {
                for (TableColumns table : session.source().tables()) {
                    tables.contractRows(table, mapper, taker);
                }
            });
        } else {
            readCommitted(tables, epoch, taker);
        }
        if (!TableCatalog.versions(connected, session.source().capturedTables()).equals(versions)) {
            throw new SnapshotNeededException("a table was altered while it was read");
        }
        Optional<Instant> until =
                oneMoment ? Optional.empty() : Optional.of(connected.now().toInstant());
        Outcome outcome = epoch.finish(ended -> first || session.writer().isUnfinished()
                ? full(permitted, stamp, readAt, until, ended)
                : end(ended.written() == 0 ? EpochCause.QUIET : EpochCause.CHANGES, stamp, Optional.of(readAt), until));
        fresh(readAt);
        LOGGER.atInfo()
                .addKeyValue("readAt", readAt)
                .addKeyValue("written", outcome.written())
                .addKeyValue("removed", outcome.removed())
                .log("The tables are read");
    }

    private void readCommitted(TableReader tables, ReadingEpoch epoch, Consumer<ContractRow> taker)
            throws SQLException {
        for (TableColumns table : session.source().tables()) {
            tables.pages(table, mapper, PAGE, taker);
        }
        Set<Integer> students = epoch.toReadAgain();
        if (students.isEmpty()) {
            return;
        }
        TableColumns layout = session.source().tables().stream()
                .filter(table -> table.table() == SourceTable.STU)
                .findFirst()
                .orElseThrow();
        if (students.size() > MOST_BY_ID) {
            tables.pages(layout, mapper, PAGE, taker);
        } else {
            tables.ofStudents(layout, mapper, students, taker);
        }
        List<RowKey> lookUp = epoch.toLookUp(students);
        tables.ofKeys(layout, mapper, lookUp, taker);
        epoch.lookedUp(lookUp);
    }

    private void take(ReadingEpoch epoch, ContractRow row, Lsn stamp, Instant readAt, Pace pace) {
        epoch.read(new SnapshotRow(row, stamp, readAt));
        if (epoch.waiting() >= session.settings().limits().maxRows()) {
            epoch.publishDifferences();
        }
        if (pace.row()) {
            session.status().state(new ConnectorStatus.Polling(Optional.empty(), pace.rows(), obstacle));
            watch.look(session.writer().ends());
            if (stopped.getAsBoolean()) {
                throw new CancellationException("Capture is closed");
            }
        }
    }

    private static End full(
            PermittedReading permitted, Lsn stamp, Instant readAt, Optional<Instant> until, Outcome outcome) {
        return new End(
                EpochCause.SNAPSHOT,
                stamp,
                Optional.empty(),
                0,
                Optional.of(readAt),
                until,
                Optional.of(new SnapshotEnd(permitted.reason(), outcome.removed())));
    }

    private static End end(EpochCause cause, Lsn stamp, Optional<Instant> freshAsOf, Optional<Instant> readUntil) {
        return new End(cause, stamp, Optional.empty(), 0, freshAsOf, readUntil, Optional.empty());
    }

    /** A clock that was put back does not take the watermark back. */
    private static Lsn after(Lsn watermark, Instant readAt) {
        Lsn now = Lsn.ofReading(readAt);
        return watermark
                .readAt()
                .filter(before -> !now.isAfter(watermark))
                .map(before -> Lsn.ofReading(before.plusMillis(1)))
                .orElse(now);
    }

    private Lsn watermark() {
        return session.writer().position().watermarkLsn();
    }

    private void fresh(Instant readAt) {
        session.status().freshness(new Freshness(Freshness.State.KNOWN, Optional.of(readAt), ""));
    }
}
