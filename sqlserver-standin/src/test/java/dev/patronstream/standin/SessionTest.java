package dev.patronstream.standin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.sqlserver.jdbc.ISQLServerConnection;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SessionTest extends StandInTest {
    private final ExecutorService executor = Executors.newCachedThreadPool();

    @BeforeEach
    void createTable() throws SQLException {
        execute("CREATE TABLE STU (SN int PRIMARY KEY, LN varchar(30))");
        execute("INSERT INTO STU VALUES (1, 'a'), (2, 'b')");
        execute("ALTER DATABASE CURRENT SET ALLOW_SNAPSHOT_ISOLATION ON");
    }

    @AfterEach
    void stopThreads() {
        executor.shutdownNow();
    }

    @Test
    void commitsAndRollsBackByTheDriversOwnWay() throws Exception {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.executeUpdate("UPDATE STU SET LN = 'x'");
            connection.rollback();
            statement.executeUpdate("UPDATE STU SET LN = 'y' WHERE SN = 1");
            Savepoint savepoint = connection.setSavepoint("s");
            statement.executeUpdate("UPDATE STU SET LN = 'z'");
            connection.rollback(savepoint);
            connection.commit();
            connection.setAutoCommit(true);
            assertEquals(List.of("y", "b"), rows(connection, "SELECT LN FROM STU ORDER BY SN"));
        }
    }

    @Test
    void nestsTransactionsAndCountsThem() throws Exception {
        assertEquals(
                List.of("2|1|0"),
                rows("SET NOCOUNT ON DECLARE @a int, @b int BEGIN TRAN BEGIN TRAN SET @a = @@TRANCOUNT"
                        + " UPDATE STU SET LN = 'x' COMMIT SET @b = @@TRANCOUNT ROLLBACK SELECT @a, @b, @@TRANCOUNT"));
        assertEquals(List.of("a", "b"), rows("SELECT LN FROM STU ORDER BY SN"));
    }

    @Test
    void rollsBackWhatAClientLeavesOpen() throws Exception {
        Connection connection = connect();
        connection.setAutoCommit(false);
        connection.createStatement().executeUpdate("UPDATE STU SET LN = 'x'");
        connection.unwrap(ISQLServerConnection.class).close();
        await("SELECT LN FROM STU ORDER BY SN", List.of("a", "b"));
        execute("SET LOCK_TIMEOUT 5000 UPDATE STU SET LN = 'free'");
    }

    @Test
    void readsOnePointUnderSnapshotIsolationWhileWritersGoOn() throws Exception {
        execute("UPDATE STU SET LN = 'a'");
        AtomicBoolean stop = new AtomicBoolean();
        Future<?> writer = executor.submit(() -> {
            try (Connection connection = connect();
                    PreparedStatement update = connection.prepareStatement("UPDATE STU SET LN = ?")) {
                for (int i = 0; !stop.get(); i++) {
                    update.setString(1, "v" + i);
                    update.executeUpdate();
                }
            }
            return null;
        });
        try (Connection reader = connect()) {
            reader.setTransactionIsolation(ISQLServerConnection.TRANSACTION_SNAPSHOT);
            for (int i = 0; i < 20; i++) {
                reader.setAutoCommit(false);
                List<String> first = rows(reader, "SELECT LN FROM STU WHERE SN = 1");
                String before = rows("SELECT LN FROM STU WHERE SN = 1").get(0);
                for (int j = 0; j < 5; j++) {
                    assertEquals(first, rows(reader, "SELECT LN FROM STU WHERE SN = " + (1 + j % 2)));
                }
                reader.commit();
                assertTrue(before.startsWith("v") || before.equals("a"));
            }
            reader.setAutoCommit(true);
        } finally {
            stop.set(true);
        }
        writer.get(10, TimeUnit.SECONDS);
    }

    @Test
    void refusesSnapshotIsolationWhereTheDatabaseDoesNotAllowIt() throws Exception {
        execute("ALTER DATABASE CURRENT SET ALLOW_SNAPSHOT_ISOLATION OFF");
        assertEquals(
                List.of("0|OFF"),
                rows(
                        "SELECT snapshot_isolation_state, snapshot_isolation_state_desc FROM sys.databases WHERE name = DB_NAME()"));
        try (Connection reader = connect()) {
            reader.setTransactionIsolation(ISQLServerConnection.TRANSACTION_SNAPSHOT);
            reader.setAutoCommit(false);
            SQLException error = assertThrows(SQLException.class, () -> rows(reader, "SELECT LN FROM STU"));
            assertEquals(3952, error.getErrorCode());
        }
    }

    @Test
    void answersError1222WhenALockIsNotHadInTime() throws Exception {
        try (Connection holder = connect()) {
            holder.setAutoCommit(false);
            holder.createStatement().executeUpdate("UPDATE STU SET LN = 'x' WHERE SN = 1");
            SQLException error = assertThrows(
                    SQLException.class, () -> execute("SET LOCK_TIMEOUT 200 UPDATE STU SET LN = 'y' WHERE SN = 1"));
            assertEquals(1222, error.getErrorCode());
            execute("UPDATE STU SET LN = 'y' WHERE SN = 2");
        }
    }

    @Test
    void choosesAVictimOfADeadlockWithError1205() throws Exception {
        try (Connection one = connect();
                Connection two = connect()) {
            one.setAutoCommit(false);
            two.setAutoCommit(false);
            one.createStatement().executeUpdate("UPDATE STU SET LN = 'x' WHERE SN = 1");
            two.createStatement().executeUpdate("UPDATE STU SET LN = 'x' WHERE SN = 2");
            Future<?> waiting =
                    executor.submit(() -> one.createStatement().executeUpdate("UPDATE STU SET LN = 'x' WHERE SN = 2"));
            SQLException error = null;
            try {
                two.createStatement().executeUpdate("UPDATE STU SET LN = 'x' WHERE SN = 1");
                waiting.get(20, TimeUnit.SECONDS);
            } catch (SQLException e) {
                error = e;
                waiting.get(20, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                error = (SQLException) e.getCause();
            }
            assertEquals(1205, error == null ? 0 : error.getErrorCode());
        }
    }

    @Test
    void cancelsAStatementThatWaitsOrComputes() throws Exception {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(1);
            assertThrows(SQLException.class, () -> statement.execute("WAITFOR DELAY '00:00:30'"));
            assertEquals(List.of("1"), rows(connection, "SELECT 1"));
            assertThrows(SQLException.class, () -> {
                try (ResultSet rows = statement.executeQuery(
                        "SELECT COUNT(*) FROM sys.types a, sys.types b, sys.types c, sys.types d, sys.types e, sys.types f")) {
                    rows.next();
                }
            });
            assertEquals(List.of("1"), rows(connection, "SELECT 1"));
        }
    }

    @Test
    void cancelsAStatementThatWaitsForALock() throws Exception {
        try (Connection holder = connect();
                Connection waiter = connect();
                Statement statement = waiter.createStatement()) {
            holder.setAutoCommit(false);
            holder.createStatement().executeUpdate("UPDATE STU SET LN = 'x' WHERE SN = 1");
            statement.setQueryTimeout(1);
            assertThrows(SQLException.class, () -> statement.executeUpdate("UPDATE STU SET LN = 'y' WHERE SN = 1"));
            assertEquals(List.of("1"), rows(waiter, "SELECT 1"));
            holder.commit();
            assertEquals(List.of("x"), rows(waiter, "SELECT LN FROM STU WHERE SN = 1"));
        }
    }

    @Test
    void streamsAResultThatIsLargerThanItsMemoryAndStopsWhenAsked() throws Exception {
        execute("CREATE TABLE BIG (id int PRIMARY KEY, filler varchar(200))");
        String filler = "x".repeat(200);
        standIn.bulkLoad(
                "BIG",
                List.of("id", "filler"),
                IntStream.range(0, 20_000)
                        .mapToObj(i -> new Object[] {i, filler})
                        .iterator());
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            try (ResultSet rows =
                    statement.executeQuery("SELECT * FROM BIG a CROSS JOIN (SELECT TOP 10 id x FROM BIG) b")) {
                int n = 0;
                while (rows.next()) {
                    n++;
                }
                assertEquals(200_000, n);
            }
            try (ResultSet rows = statement.executeQuery("SELECT a.*, b.filler FROM BIG a CROSS JOIN BIG b")) {
                for (int i = 0; i < 1000; i++) {
                    rows.next();
                }
                statement.cancel();
            }
            assertEquals(List.of("20000"), rows(connection, "SELECT COUNT(*) FROM BIG"));
        }
    }

    @Test
    void servesManyConnectionsAtOnce() throws Exception {
        List<Future<Integer>> clients = IntStream.range(0, 20)
                .mapToObj(i -> executor.submit(() -> {
                    try (Connection connection = connect();
                            PreparedStatement insert = connection.prepareStatement("INSERT INTO STU VALUES (?, ?)")) {
                        for (int j = 0; j < 20; j++) {
                            insert.setInt(1, 1000 + 100 * i + j);
                            insert.setString(2, "c" + i);
                            insert.executeUpdate();
                        }
                    }
                    return 1;
                }))
                .toList();
        for (Future<Integer> client : clients) {
            client.get(40, TimeUnit.SECONDS);
        }
        assertEquals(List.of("400"), rows("SELECT COUNT(*) FROM STU WHERE SN >= 1000"));
    }
}
