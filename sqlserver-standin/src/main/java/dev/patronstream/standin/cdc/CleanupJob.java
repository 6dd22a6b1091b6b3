package dev.patronstream.standin.cdc;

import dev.patronstream.standin.engine.Database;
import dev.patronstream.standin.engine.EngineConnection;
import dev.patronstream.standin.engine.Sql;
import dev.patronstream.standin.sql.SqlServerException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clean-up job: really removes what is older than the retention from the change tables and the time mapping, and
 * moves each instance's min LSN. Thread-safe.
 */
final class CleanupJob implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(CleanupJob.class);
    private static final Duration LONGEST_REST = Duration.ofHours(1);

    private final Database database;
    private final Supplier<CaptureSettings> settings;
    private final ReentrantLock scanning;
    private final Thread thread;
    private final Object bell = new Object();
    private volatile boolean running;
    private volatile boolean closed;

    CleanupJob(Database database, Supplier<CaptureSettings> settings, ReentrantLock scanning) {
        this.database = database;
        this.settings = settings;
        this.scanning = scanning;
        this.thread = new Thread(this::loop, "sqlserver-cleanup-" + database.name());
        thread.setDaemon(true);
        thread.start();
    }

    void start() {
        running = true;
        ring();
    }

    void stop() {
        running = false;
    }

    private void ring() {
        synchronized (bell) {
            bell.notifyAll();
        }
    }

    private void loop() {
        try {
            while (!closed) {
                synchronized (bell) {
                    bell.wait(rest().toMillis());
                }
                if (running && !closed) {
                    runNow();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ten times within the retention, and at least hourly: SQL Server's job runs nightly. */
    private Duration rest() {
        Duration tenth = settings.get().retention().dividedBy(10);
        Duration atLeast = tenth.compareTo(Duration.ofMillis(200)) < 0 ? Duration.ofMillis(200) : tenth;
        return atLeast.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : atLeast;
    }

    /** Removes what is older than the retention. */
    void runNow() {
        LocalDateTime oldest =
                database.localTime(database.now().minus(settings.get().retention()));
        try (EngineConnection connection = database.connect()) {
            List<byte @Nullable []> marks = Sql.query(
                    connection.jdbc(),
                    row -> row.getBytes(1),
                    "SELECT COALESCE((SELECT MIN(\"start_lsn\") FROM \"cdc\".\"lsn_time_mapping\" WHERE \"tran_end_time\" >= ?),"
                            + " (SELECT MAX(\"start_lsn\") FROM \"cdc\".\"lsn_time_mapping\"))",
                    oldest);
            byte[] mark = marks.get(0);
            if (mark != null) {
                cleanUp(connection.jdbc(), Optional.empty(), mark);
            }
        } catch (SQLException e) {
            if (!closed) {
                LOGGER.atError().setCause(e).log("The clean-up job failed and will run again.");
            }
        }
    }

    void cleanUp(Optional<String> captureInstance, byte[] lowWaterMark) throws SQLException {
        try (EngineConnection connection = database.connect()) {
            cleanUp(connection.jdbc(), captureInstance, lowWaterMark);
        }
    }

    private void cleanUp(Connection jdbc, Optional<String> captureInstance, byte[] mark) throws SQLException {
        scanning.lock();
        try {
            List<CaptureInstance> instances = CaptureInstance.all(jdbc, id -> List.of()).stream()
                    .filter(i -> captureInstance.isEmpty() || i.name().equalsIgnoreCase(captureInstance.get()))
                    .toList();
            long known =
                    Sql.number(jdbc, "SELECT COUNT(*) FROM \"cdc\".\"lsn_time_mapping\" WHERE \"start_lsn\" = ?", mark);
            if (known == 0) {
                throw new SqlServerException(
                        22957,
                        16,
                        1,
                        "LSN specified as the new low endpoint for the change table is not within the Change Data Capture"
                                + " timeline of the current database.");
            }
            for (CaptureInstance instance : instances) {
                if (Arrays.compareUnsigned(instance.startLsn(), mark) < 0) {
                    Sql.update(jdbc, "DELETE FROM " + instance.changeTable() + " WHERE \"__$start_lsn\" < ?", mark);
                    Sql.update(
                            jdbc,
                            "UPDATE \"cdc\".\"change_tables\" SET \"start_lsn\" = ? WHERE \"object_id\" = ?",
                            mark,
                            instance.objectId());
                }
            }
            Sql.update(
                    jdbc,
                    "DELETE FROM \"cdc\".\"lsn_time_mapping\" WHERE \"start_lsn\" <"
                            + " (SELECT MIN(\"start_lsn\") FROM \"cdc\".\"change_tables\")");
            jdbc.commit();
        } finally {
            scanning.unlock();
        }
    }

    @Override
    public void close() {
        closed = true;
        ring();
        try {
            thread.join(5000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
