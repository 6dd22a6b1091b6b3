package dev.patronstream.standin.cdc;

import dev.patronstream.standin.engine.Database;
import dev.patronstream.standin.engine.EngineConnection;
import dev.patronstream.standin.engine.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The capture job and the clean-up job of a database, with their settings as {@code sp_cdc_change_job} leaves them.
 * Thread-safe.
 */
public final class CaptureJobs implements AutoCloseable {
    private final Enablement enablement;
    private final ReentrantLock scanning;
    private final CaptureJob job;
    private final CleanupJob cleanup;
    private volatile CaptureSettings settings;

    CaptureJobs(Database database, Enablement enablement, CaptureSettings settings, ReentrantLock scanning)
            throws SQLException {
        this.enablement = enablement;
        this.scanning = scanning;
        this.settings = settings;
        this.job = new CaptureJob(database, () -> this.settings, scanning);
        this.cleanup = new CleanupJob(database, () -> this.settings, scanning);
    }

    /** After a table has been enabled: the first one makes the jobs, and jobs that are to run do. */
    void tableEnabled(Connection jdbc, boolean first) throws SQLException {
        boolean stopped = !job.isRunning();
        if (first) {
            create(jdbc);
        }
        if (stopped && isToRun(jdbc)) {
            job.start();
            cleanup.start();
            job.scan();
        }
    }

    /** Stops both jobs; what {@code sp_cdc_start_job} has set stays. */
    void stop() {
        job.stop();
        cleanup.stop();
    }

    private void create(Connection jdbc) throws SQLException {
        Sql.update(
                jdbc,
                "MERGE INTO \"msdb\".\"cdc_jobs\" KEY (\"database_id\", \"job_type\") VALUES"
                        + " (5, 'capture', RANDOM_UUID(), ?, ?, TRUE, ?, 0, 0)",
                CaptureSettings.MAX_TRANSACTIONS,
                CaptureSettings.MAX_SCANS,
                settings.interval().plusMillis(999).toSeconds());
        Sql.update(
                jdbc,
                "MERGE INTO \"msdb\".\"cdc_jobs\" KEY (\"database_id\", \"job_type\") VALUES"
                        + " (5, 'cleanup', RANDOM_UUID(), 0, 0, FALSE, 0, ?, 5000)",
                settings.retention().toMinutes());
        Sql.update(
                jdbc,
                "INSERT INTO \"sys\".\"dm_server_services\" SELECT 'SQL Server Agent (MSSQLSERVER)', 2, 'Automatic', 4,"
                        + " 'Running', 'stand-in' WHERE NOT EXISTS (SELECT 1 FROM \"sys\".\"dm_server_services\")");
        setting(jdbc, "capture_job", "started");
        jdbc.commit();
    }

    private boolean isToRun(Connection jdbc) throws SQLException {
        return Sql.query(
                        jdbc,
                        row -> row.getString(1),
                        "SELECT \"value\" FROM \"standin\".\"settings\" WHERE \"name\" = 'capture_job'")
                .contains("started");
    }

    void restore(Connection jdbc) throws SQLException {
        Sql.query(
                jdbc,
                row -> {
                    long value = row.getLong(2);
                    settings = row.getString(1).equals("capture_interval")
                            ? settings.withInterval(Duration.ofSeconds(value))
                            : settings.withRetention(Duration.ofMinutes(value));
                    return value;
                },
                "SELECT \"name\", \"value\" FROM \"standin\".\"settings\""
                        + " WHERE \"name\" IN ('capture_interval', 'retention')");
        if (Enablement.isEnabled(jdbc) && isToRun(jdbc)) {
            job.start();
            cleanup.start();
        }
    }

    private static void setting(Connection jdbc, String name, String value) throws SQLException {
        Sql.update(jdbc, "MERGE INTO \"standin\".\"settings\" KEY (\"name\") VALUES (?, ?)", name, value);
    }

    /** {@code sys.sp_cdc_start_job} and {@code sp_cdc_stop_job}; a stopped capture job stays stopped over a restart. */
    public void turn(EngineConnection connection, String type, boolean on) throws SQLException {
        enablement.require(connection.jdbc());
        if (type.equals("cleanup")) {
            if (on) {
                cleanup.runNow();
            }
            return;
        }
        setting(connection.jdbc(), "capture_job", on ? "started" : "stopped");
        connection.jdbc().commit();
        if (on) {
            job.start();
        } else {
            job.stop();
        }
    }

    /** {@code sys.sp_cdc_change_job}: in force when the job is started the next time, as on the server. */
    public void change(
            EngineConnection connection, String type, Optional<Long> intervalSeconds, Optional<Long> retentionMinutes)
            throws SQLException {
        Connection jdbc = connection.jdbc();
        enablement.require(jdbc);
        if (type.equals("capture") && intervalSeconds.isPresent()) {
            settings = settings.withInterval(Duration.ofSeconds(intervalSeconds.get()));
            setting(jdbc, "capture_interval", intervalSeconds.get().toString());
            Sql.update(
                    jdbc,
                    "UPDATE \"msdb\".\"cdc_jobs\" SET \"pollinginterval\" = ? WHERE \"job_type\" = 'capture'",
                    intervalSeconds.get());
        }
        if (type.equals("cleanup") && retentionMinutes.isPresent()) {
            settings = settings.withRetention(Duration.ofMinutes(retentionMinutes.get()));
            setting(jdbc, "retention", retentionMinutes.get().toString());
            Sql.update(
                    jdbc,
                    "UPDATE \"msdb\".\"cdc_jobs\" SET \"retention\" = ? WHERE \"job_type\" = 'cleanup'",
                    retentionMinutes.get());
        }
        jdbc.commit();
    }

    /** Changes are no longer scanned, although the job counts as running: a stalled agent. */
    public void pause() {
        job.pause();
        awaitRunningScan();
    }

    private void awaitRunningScan() {
        scanning.lock();
        try {
            // Having had the lock once is enough: the scan that ran has ended.
        } finally {
            scanning.unlock();
        }
    }

    public void resume() {
        job.resume();
    }

    /** Scans until everything committed before this call is captured, whether the job runs or not. */
    public void scanNow() {
        boolean more = true;
        while (more) {
            more = job.scan();
        }
    }

    /** Removes changes older than the retention now. */
    public void cleanUpNow() {
        cleanup.runNow();
    }

    /** {@code sys.sp_cdc_cleanup_change_table}. */
    public void cleanUp(Optional<String> captureInstance, byte[] lowWaterMark) throws SQLException {
        cleanup.cleanUp(captureInstance, lowWaterMark);
    }

    @Override
    public void close() throws SQLException {
        job.close();
        cleanup.close();
    }
}
