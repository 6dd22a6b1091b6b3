package dev.patronstream.connector.capture;

import dev.patronstream.connector.capture.EpochWriter.End;
import dev.patronstream.connector.capture.EpochWriter.SnapshotEnd;
import dev.patronstream.connector.capture.ReadingEpoch.Outcome;
import dev.patronstream.connector.check.Polling;
import dev.patronstream.connector.database.SourceDatabase;
import dev.patronstream.connector.database.TableReader;
import dev.patronstream.connector.epoch.SnapshotNeededException;
import dev.patronstream.connector.epoch.TopicContent;
import dev.patronstream.connector.row.Captured.SnapshotRow;
import dev.patronstream.connector.row.ContractRow;
import dev.patronstream.connector.row.RowMapper;
import dev.patronstream.connector.row.TableColumns;
import dev.patronstream.connector.status.ConnectorStatus;
import dev.patronstream.connector.status.Freshness;
import dev.patronstream.schemas.EpochCause;
import dev.patronstream.schemas.Lsn;
import dev.patronstream.schemas.topic.TopicWatch;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    private final Session session;
    private final Polling polling;
    private final Connecting database;
    private final RowMapper mapper;
    private final TopicWatch watch;
    private final BooleanSupplier stopped;

    /** Connects to the database, each reading anew: between two of them nothing is left open there. */
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
     * @param content what the topics hold, and what the first reading is compared with
     * @param firstEnded runs when that first reading is complete
     */
    public void run(Optional<PermittedReading> first, TopicContent content, Runnable firstEnded)
            throws SQLException, InterruptedException {
        try {
            if (first.isPresent()) {
                readFirst(first.get());
                firstEnded.run();
            } else {
                lastReading().ifPresent(this::fresh);
            }
            while (awaitDue()) {
                poll(content);
            }
        } catch (CancellationException ended) {
            if (!stopped.getAsBoolean()) {
                throw ended;
            }
        }
    }

    /** Waits until the next reading is due; false when it is stopped first. */
    private boolean awaitDue() throws InterruptedException {
        Duration every = polling.every();
        Duration left = lastReading()
                .map(last -> Duration.between(session.clock().instant(), last.plus(every)))
                .orElse(Duration.ZERO);
        // The time of reading is by the database's clock; whatever that says, no wait is longer than the interval.
        Duration pause = left.compareTo(every) > 0 ? every : left;
        session.status()
                .state(new ConnectorStatus.Polling(
                        Optional.of(session.clock().instant().plus(pause)), 0));
        long due = System.nanoTime() + pause.toNanos();
        while (!stopped.getAsBoolean()) {
            watch.look(session.writer().ends());
            if (System.nanoTime() - due >= 0) {
                return true;
            }
            if (session.writer().isNewDay()) {
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

    private void readFirst(PermittedReading permitted) throws SQLException {
        LOGGER.atInfo()
                .addKeyValue("reason", permitted.reason())
                .log("The tables are read and compared with the topics");
        read(
                permitted,
                ReadingEpoch::note,
                (epoch, stamp, time) -> epoch.finish(outcome -> full(permitted, stamp, time, outcome)));
    }

    private void poll(TopicContent content) throws SQLException {
        PermittedReading permitted = PermittedReading.poll(content);
        read(permitted, epoch -> {}, (epoch, stamp, time) -> {
            try {
                return epoch.finish(outcome -> {
                    if (session.writer().isUnfinished()) {
                        return full(permitted, stamp, time, outcome);
                    }
                    return end(
                            outcome.written() == 0 ? EpochCause.QUIET : EpochCause.CHANGES,
                            stamp,
                            Optional.of(time.from()),
                            time.until());
                });
            } catch (SnapshotNeededException tooMany) {
                // No restart may forget it: what holds it stands before a first reading only.
                session.writer().snapshotPart(String.valueOf(tooMany.getMessage()), Map.of(), List.of());
                throw tooMany;
            }
        });
    }

    /** When a reading was: from its beginning, and until its end where it was not of one moment. */
    private record Time(Instant from, Optional<Instant> until) {}

    /** Ends the epoch of a reading that has a time. */
    private interface Finish {
        Outcome at(ReadingEpoch epoch, Lsn stamp, Time time);
    }

    private void read(PermittedReading permitted, Consumer<ReadingEpoch> begin, Finish finish) throws SQLException {
        session.status().state(new ConnectorStatus.Polling(Optional.empty(), 0));
        try (SourceDatabase connected = database.connect()) {
            session.requireSame(connected);
            ReadingEpoch epoch = new ReadingEpoch(session, permitted);
            begin.accept(epoch);
            Instant readAt = connected.now().toInstant();
            Lsn stamp = after(watermark(), readAt);
            Pace pace = new Pace(polling.rowsPerSecond());
            TableReader tables = connected.tables();
            tables.giveWay(polling.lockTimeout());
            Consumer<ContractRow> taker = row -> take(epoch, row, stamp, readAt, pace);
            if (session.source().snapshotIsolation()) {
                tables.atOneMoment(true, () -> {
                    for (TableColumns table : session.source().tables()) {
                        tables.contractRows(table, mapper, taker);
                    }
                });
            } else {
                readCommitted(tables, taker);
                if (epoch.mustReadAgain()) {
                    readCommitted(tables, taker);
                }
            }
            Optional<Instant> until = session.source().snapshotIsolation()
                    ? Optional.empty()
                    : Optional.of(connected.now().toInstant());
            Outcome outcome = finish.at(epoch, stamp, new Time(readAt, until));
            fresh(readAt);
            LOGGER.atInfo()
                    .addKeyValue("readAt", readAt)
                    .addKeyValue("written", outcome.written())
                    .addKeyValue("removed", outcome.removed())
                    .log("The tables are read");
        }
    }

    private void readCommitted(TableReader tables, Consumer<ContractRow> taker) throws SQLException {
        for (TableColumns table : session.source().tables()) {
            tables.pages(table, mapper, PAGE, taker);
        }
    }

    private void take(ReadingEpoch epoch, ContractRow row, Lsn stamp, Instant readAt, Pace pace) {
        epoch.read(new SnapshotRow(row, stamp, readAt));
        if (epoch.waiting() >= session.settings().limits().maxRows()) {
            epoch.publishDifferences();
        }
        if (pace.row()) {
            session.status().state(new ConnectorStatus.Polling(Optional.empty(), pace.rows()));
            watch.look(session.writer().ends());
            if (stopped.getAsBoolean()) {
                throw new CancellationException("Capture is closed");
            }
        }
    }

    private static End full(PermittedReading permitted, Lsn stamp, Time time, Outcome outcome) {
        return new End(
                EpochCause.SNAPSHOT,
                stamp,
                Optional.empty(),
                0,
                Optional.of(time.from()),
                time.until(),
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

    private Optional<Instant> lastReading() {
        return watermark().readAt();
    }

    private void fresh(Instant readAt) {
        session.status().freshness(new Freshness(Freshness.State.KNOWN, Optional.of(readAt), ""));
    }
}
