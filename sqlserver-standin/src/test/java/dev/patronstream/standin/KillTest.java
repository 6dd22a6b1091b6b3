package dev.patronstream.standin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KillTest {
    private static final String PASSWORD = StandInSettings.in(Path.of(".")).password();
    private static final int WRITERS = 3;

    @TempDir
    Path directory;

    private final Set<Integer> acknowledged = new ConcurrentSkipListSet<>();

    @Test
    void losesNothingThatWasCommittedAndKeepsNothingThatWasNot() throws Exception {
        try (StandInProcess process = new StandInProcess(directory);
                Connection connection = DriverManager.getConnection(process.jdbcUrl(), "sa", PASSWORD);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE T (id int PRIMARY KEY, pair int, filler varchar(100))");
            statement.execute("EXEC sys.sp_cdc_enable_db");
            statement.execute("EXEC sys.sp_cdc_enable_table 'dbo', 'T', NULL");
        }
        String lastLsn = "";
        for (int round = 0; round < 4; round++) {
            try (StandInProcess process = new StandInProcess(directory)) {
                write(process, round);
            }
            try (SqlServerStandIn standIn = SqlServerStandIn.start(StandInProcess.settings(directory))) {
                lastLsn = judge(standIn, lastLsn);
            }
        }
        assertTrue(acknowledged.size() > 100, acknowledged.size() + " commits were acknowledged");
    }

    /** Writers commit pairs of rows until the process is killed in the middle of their work. */
    private void write(StandInProcess process, int round) throws Exception {
        CountDownLatch enough = new CountDownLatch(40 + 25 * round);
        List<Thread> writers = new ArrayList<>();
        for (int w = 0; w < WRITERS; w++) {
            int first = 1_000_000 * round + 100_000 * w;
            Thread writer = new Thread(() -> {
                try (Connection connection = DriverManager.getConnection(process.jdbcUrl(), "sa", PASSWORD);
                        PreparedStatement insert = connection.prepareStatement("INSERT INTO T VALUES (?, ?, ?)")) {
                    connection.setAutoCommit(false);
                    for (int id = first; ; id += 2) {
                        for (int half = 0; half < 2; half++) {
                            insert.setInt(1, id + half);
                            insert.setInt(2, id);
                            insert.setString(3, "x".repeat(100));
                            insert.executeUpdate();
                        }
                        connection.commit();
                        acknowledged.add(id);
                        enough.countDown();
                    }
                } catch (SQLException e) {
                    // The process was killed: that is what ends this writer.
                    enough.countDown();
                }
            });
            writer.start();
            writers.add(writer);
        }
        enough.await();
        process.close();
        for (Thread writer : writers) {
            writer.join();
        }
    }

    private String judge(SqlServerStandIn standIn, String lastLsn) throws SQLException {
        standIn.scanNow();
        String lsn = standIn.history().maxLsn().orElseThrow();
        assertTrue(lsn.compareTo(lastLsn) > 0);
        try (Connection connection = DriverManager.getConnection(standIn.jdbcUrl(), "sa", PASSWORD)) {
            Set<Integer> table = ids(StandInTest.rows(connection, "SELECT id FROM T"));
            for (int pair : acknowledged) {
                assertTrue(table.contains(pair) && table.contains(pair + 1), "lost " + pair);
            }
            for (int id : table) {
                assertTrue(table.contains(id ^ 1), "half of a transaction: " + id);
            }
            Set<Integer> history = new TreeSet<>();
            for (Map<String, Object> row : standIn.history().tableAsOf("T", lsn)) {
                history.add((Integer) row.get("id"));
            }
            assertEquals(table, history);
            List<String> captured = StandInTest.rows(connection, "SELECT id FROM cdc.dbo_T_CT");
            assertEquals(table.size(), captured.size());
            assertEquals(table, ids(captured));
            return lsn;
        }
    }

    private static Set<Integer> ids(List<String> rows) {
        Set<Integer> ids = new TreeSet<>();
        rows.forEach(row -> ids.add(Integer.parseInt(row)));
        return ids;
    }
}
