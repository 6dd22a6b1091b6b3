package dev.patronstream.sandbox.district;

import dev.patronstream.standin.SourceHistory;
import dev.patronstream.standin.SqlServerStandIn;
import dev.patronstream.standin.StandInSettings;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;

/** A stand-in with the sandbox's tables and a generated district. */
public final class DistrictDatabase implements AutoCloseable {

    public static final LocalDate TODAY = LocalDate.of(2026, 11, 24);

    private final Path directory;
    private final int port;
    private SqlServerStandIn standIn;

    public DistrictDatabase(Path directory, int students) throws SQLException {
        this.directory = directory;
        this.standIn = start(0);
        this.port = standIn.port();
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String batch : DistrictSql.createTables()) {
                statement.execute(batch);
            }
            new District(new DistrictSettings(7, students, 2026, TODAY)).load(standIn::bulkLoad);
            for (String batch : DistrictSql.enableCapture(standIn.database(), false)) {
                statement.execute(batch);
            }
        }
    }

    private SqlServerStandIn start(int wantedPort) {
        return SqlServerStandIn.start(
                StandInSettings.in(directory).withPort(wantedPort).withCaptureInterval(Duration.ofMillis(200)));
    }

    public Connection connect() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:sqlserver://127.0.0.1:" + standIn.port() + ";databaseName=" + standIn.database()
                        + ";encrypt=false;loginTimeout=5",
                standIn.user(),
                standIn.password());
    }

    public SourceHistory history() {
        return standIn.history();
    }

    public void stop() {
        standIn.close();
    }

    public void startAgain() {
        standIn = start(port);
    }

    @Override
    public void close() {
        standIn.close();
    }
}
