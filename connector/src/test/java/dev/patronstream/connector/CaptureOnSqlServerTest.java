package dev.patronstream.connector;

import dev.patronstream.connector.KafkaExtension.TestKafka;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.testcontainers.mssqlserver.MSSQLServerContainer;

/** Capture from Microsoft's own server, a database for each test. */
@NeedsDocker
@Tag("sqlserver")
class CaptureOnSqlServerTest extends CaptureTest {

    private static final MSSQLServerContainer SERVER = new MSSQLServerContainer(
                    "mcr.microsoft.com/mssql/server:2022-latest")
            .acceptLicense()
            .withEnv("MSSQL_AGENT_ENABLED", "true");
    private static int databases;

    @BeforeAll
    static void startServer() {
        SERVER.start();
    }

    @AfterAll
    static void stopServer() {
        SERVER.stop();
    }

    @Override
    TestDistrict district(TestKafka kafka, String name, Duration captureInterval) throws Exception {
        TestServer master = new TestServer(
                SERVER.getHost(),
                SERVER.getMappedPort(MSSQLServerContainer.MS_SQL_SERVER_PORT),
                "master",
                SERVER.getUsername(),
                SERVER.getPassword(),
                Map.of("trustServerCertificate", "true"));
        TestServer server = master.withDatabase("capture" + ++databases);
        try (Connection connection = DriverManager.getConnection(master.jdbcUrl(), master.user(), master.password());
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE [" + server.database() + "]");
        }
        TestDistrict district = new TestDistrict(kafka, "sqlserver-" + name, server).withTables();
        district.sql("EXEC sys.sp_cdc_change_job @job_type = N'capture', @pollinginterval = "
                + Math.max(1, captureInterval.toSeconds()));
        district.sql("EXEC sys.sp_cdc_stop_job @job_type = N'capture'");
        district.sql("EXEC sys.sp_cdc_start_job @job_type = N'capture'");
        return district;
    }
}
