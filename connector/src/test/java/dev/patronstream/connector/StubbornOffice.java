package dev.patronstream.connector;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A school office whose database goes away under its hands: it connects again and works on. What became of the
 * transaction in its hands only the database's own history tells.
 */
final class StubbornOffice {

    private final TestDistrict district;
    private final Random random;
    private final AtomicInteger commits = new AtomicInteger();
    private final Thread thread = new Thread(this::work, "stubborn-office");
    private volatile boolean done;
    private int versions;

    StubbornOffice(TestDistrict district, long seed) {
        this.district = district;
        this.random = new Random(seed);
    }

    StubbornOffice start() {
        thread.start();
        return this;
    }

    private void work() {
        while (!done) {
            try (Connection connection = district.connect();
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                while (!done) {
                    int changes = random.nextInt(20) == 0 ? 40 : 1 + random.nextInt(4);
                    for (int i = 0; i < changes; i++) {
                        change(statement, 1 + random.nextInt(40));
                    }
                    connection.commit();
                    commits.incrementAndGet();
                    Thread.sleep(random.nextInt(15));
                }
            } catch (SQLException away) {
                pause();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void change(Statement statement, int number) throws SQLException {
        String name = "v" + ++versions;
        if (random.nextInt(8) == 0) {
            statement.execute("DELETE FROM dbo.STU WHERE SC = 10 AND SN = " + number);
        } else if (statement.executeUpdate("UPDATE dbo.STU SET LN = N'" + name + "' WHERE SC = 10 AND SN = " + number)
                == 0) {
            statement.execute("INSERT INTO dbo.STU (SC, SN, ID, LN, FN, GR, TG, DEL) VALUES (10, " + number + ", "
                    + number + ", N'" + name + "', N'A', 9, ' ', 0)");
        }
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    int commits() {
        return commits.get();
    }

    void finish() throws InterruptedException {
        done = true;
        thread.join();
    }
}
