package dev.patronstream.connector;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A school office at work on STU: random transactions, and a record of what each row was after each of them. A thread of
 * its own; stopped by {@link #finish}.
 */
final class Office implements AutoCloseable {

    private final Connection connection;
    private final Random random;
    private final int rows;
    private final int largest;
    private final Map<String, String> now = new TreeMap<>();
    private final Map<String, List<@Nullable String>> history = new LinkedHashMap<>();
    private final Thread thread;
    private volatile boolean done;
    private volatile @Nullable SQLException failure;
    private int versions;
    private int transactions;

    Office(TestDistrict district, long seed, int rows, int largest, long pauseMillis) throws SQLException {
        this.connection = district.connect();
        this.connection.setAutoCommit(false);
        this.random = new Random(seed);
        this.rows = rows;
        this.largest = largest;
        this.thread = new Thread(() -> work(pauseMillis), "office");
    }

    Office start() {
        thread.start();
        return this;
    }

    private void work(long pauseMillis) {
        try {
            while (!done) {
                transaction();
                Thread.sleep(random.nextLong(pauseMillis + 1));
            }
        } catch (SQLException e) {
            failure = e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One transaction in ten is rolled back, one in forty is large. */
    private void transaction() throws SQLException {
        int changes = random.nextInt(40) == 0 ? largest : 1 + random.nextInt(4);
        Map<String, @Nullable String> touched = new LinkedHashMap<>();
        Map<String, String> before = new HashMap<>(now);
        try (Statement statement = connection.createStatement()) {
            for (int i = 0; i < changes; i++) {
                change(statement, touched);
            }
        }
        if (random.nextInt(10) == 0) {
            connection.rollback();
            now.clear();
            now.putAll(before);
            return;
        }
        connection.commit();
        transactions++;
        touched.forEach((key, name) ->
                history.computeIfAbsent(key, k -> new ArrayList<>()).add(name));
    }

    private void change(Statement statement, Map<String, @Nullable String> touched) throws SQLException {
        int number = 1 + random.nextInt(rows);
        String key = "10/" + number;
        String name = "v" + ++versions;
        if (!now.containsKey(key)) {
            statement.execute("INSERT INTO dbo.STU (SC, SN, ID, LN, FN, GR, TG, DEL) VALUES (10, " + number + ", "
                    + number + ", N'" + name + "', N'A', 9, ' ', 0)");
            now.put(key, name);
            touched.put(key, name);
        } else if (random.nextInt(8) == 0) {
            statement.execute("DELETE FROM dbo.STU WHERE SC = 10 AND SN = " + number);
            now.remove(key);
            touched.put(key, null);
        } else {
            statement.execute("UPDATE dbo.STU SET LN = N'" + name + "' WHERE SC = 10 AND SN = " + number);
            now.put(key, name);
            touched.put(key, name);
        }
    }

    /** Ends the work. */
    Office finish() throws Exception {
        done = true;
        thread.join();
        if (failure != null) {
            throw failure;
        }
        return this;
    }

    /** What the table holds: last name by key. */
    Map<String, String> table() {
        return now;
    }

    /** By row, in order: the last name after each transaction that touched it, null when it was deleted. */
    Map<String, List<@Nullable String>> history() {
        return history;
    }

    int transactions() {
        return transactions;
    }

    @Override
    public void close() throws Exception {
        finish();
        connection.close();
    }
}
