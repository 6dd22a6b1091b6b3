package dev.patronstream.standin.cdc;

import dev.patronstream.standin.engine.Database;
import dev.patronstream.standin.engine.EngineConnection;
import dev.patronstream.standin.engine.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Change data capture of one database: what the {@code sp_cdc_*} procedures do, and the jobs. Thread-safe: changes of
 * what is captured and scans of the log exclude each other.
 */
public final class ChangeDataCapture implements AutoCloseable {
    private final Database database;
    private final ReentrantLock scanning = new ReentrantLock();
    private final CaptureSecurity security;
    private final Enablement enablement;
    private final CaptureJobs jobs;
    private final CapturedTables tables;

    public ChangeDataCapture(Database database, CaptureSecurity security, CaptureSettings settings)
            throws SQLException {
        this.database = database;
        this.security = security;
        this.enablement = new Enablement(database);
        this.jobs = new CaptureJobs(database, enablement, settings, scanning);
        this.tables = new CapturedTables(database, security, enablement, jobs, scanning);
        try (EngineConnection connection = database.connect()) {
            jobs.restore(connection.jdbc());
        }
    }

    /** {@code sys.sp_cdc_enable_db}. */
    public void enable(EngineConnection connection) throws SQLException {
        connection.commit();
        Connection jdbc = connection.jdbc();
        if (Enablement.isEnabled(jdbc)) {
            return;
        }
        Database.execute(jdbc, "DROP SCHEMA IF EXISTS \"cdc\" CASCADE");
        security.forgetSchema(connection, "cdc");
        Database.runScript(jdbc, "cdc/cdc.sql");
        Sql.update(jdbc, "MERGE INTO \"sys\".\"schemas\" KEY (\"name\") VALUES ('cdc', 5, 5)");
        database.log().reserve(jdbc, position -> {
            LogScan.skipTo(jdbc, position);
            return Sql.update(
                    jdbc, "UPDATE \"sys\".\"databases\" SET \"is_cdc_enabled\" = TRUE WHERE \"database_id\" = 5");
        });
    }

    /** {@code sys.sp_cdc_disable_db}: everything captured is gone. */
    public void disable(EngineConnection connection) throws SQLException {
        connection.commit();
        Connection jdbc = connection.jdbc();
        enablement.require(jdbc);
        jobs.stop();
        scanning.lock();
        try {
            tables.removeAll(jdbc);
            Sql.update(jdbc, "DELETE FROM \"msdb\".\"cdc_jobs\"");
            Sql.update(jdbc, "DELETE FROM \"sys\".\"dm_server_services\"");
            Sql.update(jdbc, "DELETE FROM \"sys\".\"schemas\" WHERE \"name\" = 'cdc'");
            Sql.update(jdbc, "UPDATE \"sys\".\"databases\" SET \"is_cdc_enabled\" = FALSE WHERE \"database_id\" = 5");
            jdbc.commit();
            Database.execute(jdbc, "DROP SCHEMA \"cdc\" CASCADE");
        } finally {
            scanning.unlock();
        }
    }

    /** Raises error 22901 unless change data capture is enabled. */
    public void requireEnabled(Connection jdbc) throws SQLException {
        enablement.require(jdbc);
    }

    public CapturedTables tables() {
        return tables;
    }

    public CaptureJobs jobs() {
        return jobs;
    }

    @Override
    public void close() throws SQLException {
        jobs.close();
    }
}
