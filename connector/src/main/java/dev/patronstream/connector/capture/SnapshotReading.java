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
            TableReader tables = connected.tables();
            tables.atOneMoment(source.snapshotIsolation(), () -> {
                long rows = 0;
                for (TableColumns table : source.tables()) {
                    rows += tables.count(table);
                }
                counted = rows;
                for (TableColumns table : source.tables()) {
                    tables.contractRows(table, mapper, row -> handOver(new Captured.SnapshotRow(row, stamp, readAt)));
                }
            });
            handOver(new Captured.TablesRead());
        } catch (SQLException | RuntimeException | Error e) {
            failure = e;
        }
    }

    /** Whoever closes while the connection is made finds none to break off. */
    private void requireOpen() {
        if (closed) {
            throw new CancellationException("Capture is closed");
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
