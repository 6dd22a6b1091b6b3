package dev.patronstream.standin;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Starts a stand-in per test and opens connections of Microsoft's driver to it. */
abstract class StandInTest {
    @TempDir
    Path directory;

    SqlServerStandIn standIn;

    @BeforeEach
    void start() {
        standIn = SqlServerStandIn.start(settings(StandInSettings.in(directory)));
    }

    /** Captures at once unless a test wants it otherwise. */
    StandInSettings settings(StandInSettings defaults) {
        return defaults.withCaptureInterval(Duration.ZERO);
    }

    @AfterEach
    void stop() {
        standIn.close();
    }

    String database() {
        return standIn.database();
    }

    Connection connect() throws SQLException {
        return connect("");
    }

    Connection connect(String options) throws SQLException {
        return DriverManager.getConnection(standIn.jdbcUrl() + ";" + options, standIn.user(), standIn.password());
    }

    /** Executes a batch on a connection of its own. */
    void execute(String batch) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            boolean rows = statement.execute(batch);
            while (rows || statement.getUpdateCount() >= 0) {
                rows = statement.getMoreResults();
            }
        }
    }

    /** The rows of a query, each as its values joined by bars. */
    static List<String> rows(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            ResultSetMetaData metaData = rows.getMetaData();
            List<String> result = new ArrayList<>();
            while (rows.next()) {
                StringBuilder row = new StringBuilder();
                for (int i = 1; i <= metaData.getColumnCount(); i++) {
                    row.append(i > 1 ? "|" : "").append(rows.getString(i));
                }
                result.add(row.toString());
            }
            return result;
        }
    }

    List<String> rows(String query) throws SQLException {
        try (Connection connection = connect()) {
            return rows(connection, query);
        }
    }

    /** Polls until the query answers these rows. */
    void await(String query, List<String> expected) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        List<String> last = List.of();
        try (Connection connection = connect()) {
            while (System.nanoTime() < deadline) {
                last = rows(connection, query);
                if (last.equals(expected)) {
                    return;
                }
                Thread.sleep(20);
            }
        }
        throw new AssertionError("Expected " + expected + " but had " + last + " from " + query);
    }
}
