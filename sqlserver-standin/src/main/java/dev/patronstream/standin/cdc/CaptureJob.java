package dev.patronstream.standin.cdc;

import dev.patronstream.standin.engine.Database;
import dev.patronstream.standin.engine.EngineConnection;
import dev.patronstream.standin.engine.LogPosition;
import dev.patronstream.standin.engine.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The capture job: scans the log every interval while it runs. It is SQL Server Agent's job as far as anyone can see
 * from outside: max LSN lags the commits by it, a stopped one leaves changes in the log. Thread-safe.
 */
final class CaptureJob implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(CaptureJob.class);

    private final Database database;
    private final EngineConnection connection;
    private final Connection jdbc;
    private final Supplier<CaptureSettings> settings;
    private final ScanSessions sessions;
    private final ReentrantLock scanning;
    private final Thread thread;
    private final Object bell = new Object();
    private volatile boolean running;
    private volatile boolean paused;
    private volatile boolean closed;
    private volatile CaptureSettings inForce;

    CaptureJob(Database database, Supplier<CaptureSettings> settings, ReentrantLock scanning) throws SQLException {
        this.database = database;
        this.settings = settings;
        this.inForce = settings.get();
        this.scanning = scanning;
        this.connection = database.connect();
        this.jdbc = connection.jdbc();
        this.sessions = new ScanSessions(database, jdbc);
        this.thread = new Thread(this::loop, "sqlserver-capture-" + database.name());
        thread.setDaemon(true);
        thread.start();
    }

    /** Starts the job, with the settings as they are now. */
    void start() {
        inForce = settings.get();
        running = true;
        wake();
    }

    void stop() {
        running = false;
    }

    boolean isRunning() {
        return running;
    }

    /** Holds the job still although it is started: a stalled agent. */
    void pause() {
        paused = true;
    }

    void resume() {
        paused = false;
        wake();
    }

    /** Never by interrupt: that would close the files of the engine under this thread. */
    private void wake() {
        synchronized (bell) {
            bell.notifyAll();
        }
    }

    private void loop() {
        try {
            while (!closed) {
                long seen = database.log().lastPosition();
                if (running && !paused) {
                    cycle();
                }
                rest(seen);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @SuppressWarnings("WaitNotInLoop") // Woken too early, it only scans once more.
    private void rest(long seen) throws InterruptedException {
        if (running && !paused && inForce.interval().isZero()) {
            database.log().awaitCommitAfter(seen, Duration.ofMillis(100));
            return;
        }
        synchronized (bell) {
            if (closed) {
                return;
            }
            if (running && !paused) {
                bell.wait(Math.max(1, inForce.interval().toMillis()));
            } else {
                bell.wait(1000);
            }
        }
    }

    private void cycle() {
        for (int i = 0; i < CaptureSettings.MAX_SCANS && running && !paused && !closed; i++) {
            if (!scan()) {
                return;
            }
        }
    }

    /** Scans once; whether there may be more to scan at once. */
    boolean scan() {
        Instant start = database.log().settledTime();
        scanning.lock();
        try {
            LogScan.Result result = new LogScan(database, jdbc, inForce).run();
            writeDummyEntryIfDue();
            sessions.record(result, start, database.now());
            return result.transactions() == CaptureSettings.MAX_TRANSACTIONS;
        } catch (SQLException | IllegalStateException e) {
            if (!closed) {
                LOGGER.atError().setCause(e).log("A scan of the capture job failed and will be tried again.");
                recordError(e, start);
            }
            return false;
        } finally {
            scanning.unlock();
        }
    }

    private void recordError(Exception error, Instant start) {
        try {
            jdbc.rollback();
            sessions.recordError("The log scan failed: " + error.getClass().getSimpleName(), start, database.now());
        } catch (SQLException e) {
            LOGGER.atError().setCause(e).log("The failed scan could not be recorded.");
        }
    }

    private void writeDummyEntryIfDue() throws SQLException {
        boolean afterEnabling = Sql.number(
                        jdbc,
                        "SELECT COUNT(*) FROM \"cdc\".\"change_tables\" WHERE \"start_lsn\" >"
                                + " COALESCE((SELECT MAX(\"start_lsn\") FROM \"cdc\".\"lsn_time_mapping\"), X'00')")
                > 0;
        boolean idle = Sql.number(
                        jdbc,
                        "SELECT COUNT(*) FROM \"cdc\".\"lsn_time_mapping\" WHERE \"tran_end_time\" > ?",
                        database.localTime(database.now().minus(inForce.idleEntryInterval())))
                == 0;
        if (!afterEnabling && !idle) {
            return;
        }
        database.log().reserve(jdbc, position -> {
            long committed =
                    Sql.number(jdbc, "SELECT MAX(\"commit_position\") FROM \"standin_history\".\"transactions\"");
            if (committed > LogScan.capturedPosition(jdbc)) {
                return 0;
            }
            byte[] lsn = LogPosition.lsn(position);
            return Sql.update(
                    jdbc,
                    "INSERT INTO \"cdc\".\"lsn_time_mapping\" VALUES (?, ?, ?, X'00', X'00000000000000000000')",
                    lsn,
                    database.localNow(),
                    database.localNow());
        });
    }

    @Override
    public void close() throws SQLException {
        closed = true;
        running = false;
        wake();
        try {
            thread.join(5000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        scanning.lock();
        try {
            connection.close();
        } finally {
            scanning.unlock();
        }
    }
}
