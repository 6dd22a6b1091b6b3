package dev.patronstream.connector.capture;

import dev.patronstream.connector.check.Source;
import dev.patronstream.connector.database.DatabaseSettings;
import dev.patronstream.connector.database.SourceDatabase;
import dev.patronstream.connector.database.TableReader;
import dev.patronstream.connector.engine.EventReader;
import dev.patronstream.connector.row.Captured;
import dev.patronstream.connector.row.RowMapper;
import dev.patronstream.connector.row.TableColumns;
import dev.patronstream.schemas.Lsn;
import java.sql.SQLException;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the tables for a snapshot, on a thread and a connection of its own, all at one moment where the database allows
 * it. Hands each row over as it arrives, before what the engine hands over, and waits while publishing is slower.
 */
public final class SnapshotReading implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(SnapshotReading.class);
    private static final long STOPPING_MILLIS = 10_000;

    private final DatabaseSettings settings;
    private final Source source;
    private final RowMapper mapper;
    private final EventReader events;
    private volatile boolean closed;
    private volatile long counted = -1;
    private volatile @Nullable SourceDatabase database;
    private volatile @Nullable Throwable failure;
    private @Nullable Thread thread;

    /** Makes a reading; nothing is read before it is started. */
    public SnapshotReading(DatabaseSettings settings, Source source, RowMapper mapper, EventReader events) {
        this.settings = settings;
        this.source = source;
        this.mapper = mapper;
        this.events = events;
    }

    /** Begins to read; {@code stamp} is a max LSN from before it: the stream after it has every change from now on. */
    void start(Lsn stamp) {
        thread = new Thread(() -> read(stamp), Thread.currentThread().getName() + "-tables");
        thread.setDaemon(true);
        thread.start();
    }

    private void read(Lsn stamp) {
        try (SourceDatabase connected = SourceDatabase.connect(settings)) {
            database = connected;
            requireOpen();
            Instant readAt = connected.now().toInstant();
            requireNotBehind(stamp, connected);
            TableReader tables = connected.tables();
            counted = tables.count(source.tables()).orElse(-1);
            tables.atOneMoment(source.snapshotIsolation(), () -> {
                for (TableColumns table : source.tables()) {
                    tables.contractRows(table, mapper, row -> handOver(new Captured.SnapshotRow(row, stamp, readAt)));
                }
            });
            handOver(new Captured.TablesRead());
        } catch (SQLException | RuntimeException | Error e) {
            failure = e;
        }
    }

    /** One that is closed while the connection is made finds none to break off. */
    private void requireOpen() {
        if (closed) {
            throw new CancellationException("Capture is closed");
        }
    }

    /** Replicas behind one name may lag: what the stream leaves out has to be in the rows. */
    private static void requireNotBehind(Lsn stamp, SourceDatabase connected) throws SQLException {
        if (stamp.isAfter(connected.maxLsn())) {
            throw new SQLException("The tables would be read at a server that is behind the one that capture asks, at "
                    + connected.maxLsn() + " and not " + stamp
                    + "; name the primary server, not a listener of replicas");
        }
    }

    private void handOver(Captured captured) {
        try {
            requireOpen();
            events.handOver(captured);
        } catch (InterruptedException e) {
            throw new CancellationException(e.getMessage());
        }
    }

    /** Returns how many rows there were when the reading began, once they are counted. */
    OptionalLong counted() {
        return counted < 0 ? OptionalLong.empty() : OptionalLong.of(counted);
    }

    /** Throws what the reading has failed with. */
    void requireNoFailure() throws SQLException {
        Throwable why = failure;
        if (why instanceof SQLException sql) {
            throw sql;
        } else if (why instanceof Error error) {
            throw error;
        } else if (why != null) {
            throw (RuntimeException) why;
        }
    }

    /** Breaks the reading off and waits, seconds at most, until it has ended. */
    @Override
    public void close() {
        closed = true;
        SourceDatabase connected = database;
        if (connected != null) {
            connected.abort();
        }
        if (thread != null) {
            thread.interrupt();
            boolean interrupted = Thread.interrupted();
            try {
                thread.join(STOPPING_MILLIS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
            if (thread.isAlive()) {
                LOGGER.atWarn().log("The reader of the tables did not stop in time and is left behind");
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
