package dev.patronstream.standin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.standin.SourceHistory.Operation;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HistoryTest extends StandInTest {
    @BeforeEach
    void createTable() throws SQLException {
        execute("CREATE TABLE STU (SC int NOT NULL, SN int NOT NULL, LN varchar(30), TG char(2), BD datetime,"
                + " PRIMARY KEY (SC, SN))");
    }

    @Test
    void keepsTheFullImagesOfEveryChangeInOrderOfCommit() throws Exception {
        execute("INSERT INTO STU VALUES (10, 1, 'Ann', ' ', '2012-02-29'), (10, 2, 'Bob', NULL, NULL)");
        execute("BEGIN TRAN UPDATE STU SET LN = 'Anne' WHERE SN = 1 DELETE STU WHERE SN = 2 COMMIT");
        List<SourceHistory.Transaction> history = standIn.history().transactionsAfter("");
        assertEquals(2, history.size());
        assertTrue(history.get(0).lsn().compareTo(history.get(1).lsn()) < 0);
        assertEquals(
                List.of(Operation.INSERT, Operation.INSERT),
                history.get(0).changes().stream()
                        .map(SourceHistory.Change::operation)
                        .toList());
        SourceHistory.Change update = history.get(1).changes().get(0);
        assertEquals("dbo.STU", update.table());
        assertEquals(Map.of("SC", 10, "SN", 1), update.key());
        assertEquals("Ann", update.before().get("LN"));
        assertEquals("Anne", update.after().get("LN"));
        assertEquals(
                java.time.LocalDateTime.of(2012, 2, 29, 0, 0), update.after().get("BD"));
        SourceHistory.Change delete = history.get(1).changes().get(1);
        assertEquals(Operation.DELETE, delete.operation());
        assertEquals("Bob", delete.before().get("LN"));
        assertEquals(standIn.history().maxLsn().orElseThrow(), history.get(1).lsn());
    }

    @Test
    void holdsNothingOfWhatWasRolledBack() throws Exception {
        execute("BEGIN TRAN INSERT INTO STU (SC, SN) VALUES (10, 1) ROLLBACK");
        execute("BEGIN TRAN INSERT INTO STU (SC, SN) VALUES (10, 2) SAVE TRAN s INSERT INTO STU (SC, SN) VALUES (10, 3)"
                + " ROLLBACK TRAN s COMMIT");
        try {
            execute("INSERT INTO STU (SC, SN) VALUES (10, 4), (10, 5), (10, 2)");
        } catch (SQLException e) {
            assertEquals(2627, e.getErrorCode());
        }
        List<Map<String, Object>> keys = standIn.history().transactionsAfter("").stream()
                .flatMap(t -> t.changes().stream())
                .map(SourceHistory.Change::key)
                .toList();
        assertEquals(List.of(Map.of("SC", 10, "SN", 2)), keys);
    }

    @Test
    void givesTheTableAsOfAnyLsnAndAgreesWithAModelOverRandomWork() throws Exception {
        Random random = new Random(4);
        TreeMap<Integer, String> model = new TreeMap<>();
        Map<String, Map<Integer, String>> states = new TreeMap<>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (int i = 0; i < 150; i++) {
                TreeMap<Integer, String> changed = new TreeMap<>(model);
                for (int j = random.nextInt(4); j >= 0; j--) {
                    change(statement, changed, random, i);
                }
                if (random.nextInt(4) == 0) {
                    connection.rollback();
                } else {
                    connection.commit();
                    model = changed;
                    states.put(standIn.history().maxLsn().orElse(""), new TreeMap<>(model));
                }
            }
        }
        SourceHistory remote = SourceHistory.over(this::connect);
        int i = 0;
        for (Map.Entry<String, Map<Integer, String>> state : states.entrySet()) {
            assertEquals(state.getValue(), read(standIn.history(), state.getKey()), state.getKey());
            if (i++ % 20 == 0) {
                assertEquals(state.getValue(), read(remote, state.getKey()));
            }
        }
        assertEquals(
                model.entrySet().stream()
                        .map(e -> e.getKey() + "|" + e.getValue())
                        .toList(),
                rows("SELECT SN, LN FROM STU ORDER BY SN"));
    }

    private static void change(Statement statement, Map<Integer, String> model, Random random, int i)
            throws SQLException {
        int key = random.nextInt(12);
        int other = random.nextInt(12);
        String name = "N" + i;
        if (!model.containsKey(key)) {
            statement.execute("INSERT INTO STU (SC, SN, LN) VALUES (1, " + key + ", '" + name + "')");
            model.put(key, name);
        } else if (random.nextInt(3) == 0) {
            statement.execute("DELETE FROM STU WHERE SN = " + key);
            model.remove(key);
        } else if (random.nextInt(3) == 0 && model.containsKey(other) && other != key) {
            statement.execute("UPDATE STU SET SN = CASE SN WHEN " + key + " THEN " + other + " ELSE " + key
                    + " END WHERE SN IN (" + key + ", " + other + ")");
            String swapped = model.put(key, model.get(other));
            model.put(other, swapped);
        } else {
            statement.execute("UPDATE STU SET LN = '" + name + "' WHERE SN = " + key);
            model.put(key, name);
        }
    }

    private static Map<Integer, String> read(SourceHistory history, String lsn) {
        Map<Integer, String> rows = new TreeMap<>();
        history.tableAsOf("STU", lsn).forEach(row -> rows.put((Integer) row.get("SN"), (String) row.get("LN")));
        return rows;
    }

    @Test
    void keepsTheOrderOfCommitsWhenTransactionsInterleave() throws Exception {
        try (Connection first = connect();
                Connection second = connect()) {
            first.setAutoCommit(false);
            second.setAutoCommit(false);
            first.createStatement().execute("INSERT INTO STU (SC, SN) VALUES (10, 1)");
            second.createStatement().execute("INSERT INTO STU (SC, SN) VALUES (10, 2)");
            second.commit();
            first.commit();
        }
        assertEquals(
                List.of(2, 1),
                standIn.history().transactionsAfter("").stream()
                        .map(t -> t.changes().get(0).key().get("SN"))
                        .toList());
    }

    @Test
    void followsAddedColumnsAndATableMadeAgain() throws Exception {
        execute("INSERT INTO STU (SC, SN) VALUES (10, 1)");
        String before = standIn.history().maxLsn().orElseThrow();
        execute("ALTER TABLE STU ADD EM varchar(50) NULL");
        execute("UPDATE STU SET EM = 'x'");
        String after = standIn.history().maxLsn().orElseThrow();
        execute("DROP TABLE STU");
        execute("CREATE TABLE STU (ID int PRIMARY KEY)");
        execute("INSERT INTO STU VALUES (7)");
        String again = standIn.history().maxLsn().orElseThrow();
        assertEquals(null, standIn.history().tableAsOf("STU", before).get(0).get("EM"));
        assertEquals("x", standIn.history().tableAsOf("dbo.STU", after).get(0).get("EM"));
        assertEquals(List.of(Map.of("ID", 7)), standIn.history().tableAsOf("STU", again));
    }

    @Test
    void loadsInBulkWithTheSameHistory() throws Exception {
        long loaded = standIn.bulkLoad(
                "STU",
                List.of("SC", "SN", "LN"),
                IntStream.range(0, 12_000)
                        .mapToObj(i -> new Object[] {1, i, "L" + i})
                        .iterator());
        assertEquals(12_000, loaded);
        assertEquals(List.of("12000"), rows("SELECT COUNT(*) FROM STU"));
        SourceHistory history = standIn.history();
        List<Integer> sizes = new ArrayList<>();
        history.transactionsAfter("", t -> sizes.add(t.changes().size()));
        assertEquals(12_000, sizes.stream().mapToInt(Integer::intValue).sum());
        assertEquals(
                12_000, history.tableAsOf("STU", history.maxLsn().orElseThrow()).size());
    }

    @Test
    void isUntouchedByRetention() throws Exception {
        execute("EXEC sys.sp_cdc_enable_db EXEC sys.sp_cdc_enable_table 'dbo', 'STU', NULL");
        execute("INSERT INTO STU (SC, SN) VALUES (10, 1)");
        execute("UPDATE STU SET LN = 'x'");
        standIn.scanNow();
        standIn.cleanUp(standIn.history().maxLsn().orElseThrow());
        assertEquals(List.of("2"), rows("SELECT COUNT(*) FROM cdc.dbo_STU_CT"));
        assertEquals(2, standIn.history().transactionsAfter("").size());
    }

    @Override
    StandInSettings settings(StandInSettings defaults) {
        return defaults.withCaptureInterval(Duration.ofSeconds(5));
    }
}
