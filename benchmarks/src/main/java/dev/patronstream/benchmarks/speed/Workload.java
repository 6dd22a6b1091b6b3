package dev.patronstream.benchmarks.speed;

import dev.patronstream.sandbox.Sandbox;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What is done to a district, and when it may be measured. */
final class Workload {

    private static final double BUSY = 0.15;
    private static final int LOOK_SECONDS = 3;
    private static final int LOOKS = 20;
    private static final int CHANGES_IN_A_TRANSACTION = 25;

    private Workload() {}

    /** Changes the last name in so many rows, a few in each transaction; returns the last one. */
    static String change(Sandbox sandbox, String prefix, int changes) throws SQLException {
        String name = "";
        try (Connection connection = sandbox.connect();
                PreparedStatement update =
                        connection.prepareStatement("UPDATE dbo.STU SET LN = ? WHERE SC = ? AND SN = ?")) {
            List<int[]> keys = new ArrayList<>();
            try (Statement statement = connection.createStatement();
                    ResultSet found = statement.executeQuery("SELECT SC, SN FROM dbo.STU")) {
                while (found.next() && keys.size() < changes) {
                    keys.add(new int[] {found.getInt(1), found.getInt(2)});
                }
            }
            if (keys.size() < changes) {
                throw new IllegalStateException("There are " + keys.size() + " rows of students for " + changes
                        + " changes; take fewer changes");
            }
            connection.setAutoCommit(false);
            for (int i = 0; i < changes; i++) {
                name = prefix + "x" + i + "x";
                int[] key = keys.get(i);
                update.setString(1, name);
                update.setInt(2, key[0]);
                update.setInt(3, key[1]);
                update.executeUpdate();
                if (i % CHANGES_IN_A_TRANSACTION == CHANGES_IN_A_TRANSACTION - 1 || i == changes - 1) {
                    connection.commit();
                }
            }
        }
        sandbox.sqlServer().scanNow();
        return name;
    }

    /** Removes the rows that are marked as deleted, which patronstream does not publish; returns how many are left. */
    static long rows(Sandbox sandbox) throws SQLException {
        long rows = 0;
        try (Connection connection = sandbox.connect();
                Statement statement = connection.createStatement()) {
            for (String table : List.of("STU", "LOC", "STF")) {
                statement.execute("DELETE FROM dbo." + table + " WHERE DEL = 1");
                try (ResultSet counted = statement.executeQuery("SELECT COUNT(*) FROM dbo." + table)) {
                    counted.next();
                    rows += counted.getLong(1);
                }
            }
        }
        sandbox.sqlServer().scanNow();
        return rows;
    }

    /** The day and the machine, as a report names them: {@code 2026-12-01: 2 processors, Java 17}. */
    static String whenAndWhere() {
        return LocalDate.now(ZoneOffset.UTC) + ": " + Runtime.getRuntime().availableProcessors() + " processors, Java "
                + Runtime.version().feature();
    }

    private static com.sun.management.OperatingSystemMXBean machine() {
        return (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    }

    /** What is measured on a busy machine says nothing. */
    static void awaitQuiet() throws InterruptedException {
        double load = 1;
        for (int look = 0; look < LOOKS; look++) {
            machine().getCpuLoad();
            TimeUnit.SECONDS.sleep(LOOK_SECONDS);
            load = machine().getCpuLoad();
            if (load >= 0 && load < BUSY) {
                return;
            }
        }
        throw new IllegalStateException("The machine is busy (" + Math.round(load * 100) + " % of its processors for "
                + LOOKS * LOOK_SECONDS + " s), so nothing is measured. Stop what else runs and start again");
    }
}
