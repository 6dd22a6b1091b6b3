package dev.patronstream.standin;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.testcontainers.mssqlserver.MSSQLServerContainer;

/** The rules of change data capture on Microsoft's own server: what fails here is a mistake of the stand-in. */
@NeedsDocker
@Tag("sqlserver")
class ChangeDataCaptureOnSqlServerTest extends ChangeDataCaptureTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final MSSQLServerContainer SERVER = new MSSQLServerContainer(
                    "mcr.microsoft.com/mssql/server:2022-latest")
            .acceptLicense()
            .withEnv("MSSQL_AGENT_ENABLED", "true");
    private static int databases;

    private String database = "";

    @BeforeAll
    static void startServer() {
        SERVER.start();
    }

    @AfterAll
    static void stopServer() {
        SERVER.stop();
    }

    @Override
    @BeforeEach
    void start() {
        database = "rules" + ++databases;
        try (Connection server = connection("master", "");
                Statement statement = server.createStatement()) {
            statement.execute("CREATE DATABASE [" + database + "]");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    @AfterEach
    void stop() {
        // The container goes with all its databases.
    }

    @Override
    String database() {
        return database;
    }

    @Override
    Connection connect(String options) throws SQLException {
        return connection(database, options);
    }

    private static Connection connection(String database, String options) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:sqlserver://" + SERVER.getHost() + ":"
                        + SERVER.getMappedPort(MSSQLServerContainer.MS_SQL_SERVER_PORT)
                        + ";trustServerCertificate=true;databaseName=" + database + ";" + options,
                SERVER.getUsername(),
                SERVER.getPassword());
    }

    /** With the job stopped the log is scanned when a test says so, and at no other time. */
    @Override
    void scan() throws SQLException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                execute("EXEC sys.sp_cdc_stop_job @job_type = N'capture'");
            } catch (SQLException stopped) {
                // It was not running.
            }
            try {
                execute("EXEC sys.sp_cdc_scan");
                return;
            } catch (SQLException busy) {
                if (System.nanoTime() > deadline) {
                    throw busy;
                }
            }
        }
    }
}
