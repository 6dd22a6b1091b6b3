package dev.patronstream.standin;

import dev.patronstream.standin.engine.EngineThread;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The stand-in's append-only history: every committed transaction with the full images of every row it changed, whether
 * captured or not, since the database was made. It is written with the commits, not by change data capture, and nothing
 * removes from it: so it can judge what capture and all that follows delivered.
 *
 * <p>It reads the schema {@code standin_history} with plain SQL: in the stand-in's process by {@link
 * SqlServerStandIn#history()}, from any other by {@link #over} with a connection of Microsoft's driver. LSNs are text as
 * Debezium prints them, {@code 00000027:00000758:0005}, which sorts like the LSNs. Values are {@code Integer}, {@code
 * Long}, {@code Boolean}, {@code String}, {@code BigDecimal}, {@code Double}, {@code Float}, {@code byte[]}, {@code
 * LocalDate}, {@code LocalTime}, {@code LocalDateTime}, {@code OffsetDateTime}, {@code UUID} or null. Past rows have the
 * columns of today; a dropped column is kept with the values it had. Thread-safe.
 */
public final class SourceHistory {
    /** Opens a connection; each method uses one and closes it. */
    @FunctionalInterface
    public interface Connections {
        Connection open() throws SQLException;
    }

    /** What happened to a row. A changed key is a delete and an insert. */
    public enum Operation {
        INSERT,
        UPDATE,
        DELETE
    }

    /**
     * A change of a row.
     *
     * @param table schema and name, {@code dbo.STU}
     * @param key the key's columns; all columns for a table without a primary key
     * @param before the row before; empty for an insert
     * @param after the row after; empty for a delete
     */
    public record Change(
            String table,
            Operation operation,
            Map<String, @Nullable Object> key,
            Map<String, @Nullable Object> before,
            Map<String, @Nullable Object> after) {}

    /**
     * A committed transaction.
     *
     * @param changes in the order of execution
     */
    public record Transaction(String lsn, Instant beginTime, Instant commitTime, List<Change> changes) {}

    private record Table(String historyTable, String name, List<String> key) {}

    private record Place(long position, long ordinal) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            int byPosition = Long.compare(position, other.position);
            return byPosition != 0 ? byPosition : Long.compare(ordinal, other.ordinal);
        }
    }

    private final Connections connections;

    private SourceHistory(Connections connections) {
        this.connections = connections;
    }

    /** The history as seen over connections to a stand-in, for example of Microsoft's driver. */
    public static SourceHistory over(Connections connections) {
        return new SourceHistory(connections);
    }

    /** The LSN of the last committed transaction; empty if nothing was ever committed. */
    public Optional<String> maxLsn() {
        return with(connection -> {
            try (PreparedStatement select = connection.prepareStatement(
                            "SELECT MAX(\"lsn\") FROM \"standin_history\".\"transactions\"");
                    ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.ofNullable(row.getString(1)) : Optional.empty();
            }
        });
    }

    /**
     * Walks through the transactions after an LSN, in the order of their commits.
     *
     * @param lsn all after this one; an empty text for all from the beginning
     * @param consumer called on another thread, one transaction at a time
     */
    public void transactionsAfter(String lsn, Consumer<Transaction> consumer) {
        with(connection -> {
            List<Table> tables = tables(connection);
            String after = lsn;
            while (true) {
                List<Head> heads = heads(connection, after);
                for (Head head : heads) {
                    consumer.accept(new Transaction(
                            head.lsn, head.begun, head.committed, changes(connection, tables, head.transaction)));
                    after = head.lsn;
                }
                if (heads.isEmpty()) {
                    return Optional.empty();
                }
            }
        });
    }

    /** The transactions after an LSN; see {@link #transactionsAfter(String, Consumer)}. */
    public List<Transaction> transactionsAfter(String lsn) {
        List<Transaction> transactions = new ArrayList<>();
        transactionsAfter(lsn, transactions::add);
        return transactions;
    }

    private record Head(long transaction, String lsn, Instant begun, Instant committed) {}

    private static List<Head> heads(Connection connection, String after) throws SQLException {
        List<Head> heads = new ArrayList<>();
        try (PreparedStatement select =
                connection.prepareStatement("SELECT TOP (1000) \"tx_id\", \"lsn\", \"begin_time\", \"commit_time\""
                        + " FROM \"standin_history\".\"transactions\" WHERE \"lsn\" > ? ORDER BY \"lsn\"")) {
            select.setString(1, after);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    heads.add(new Head(
                            rows.getLong(1),
                            rows.getString(2),
                            rows.getObject(3, OffsetDateTime.class).toInstant(),
                            rows.getObject(4, OffsetDateTime.class).toInstant()));
                }
            }
        }
        return heads;
    }

    private static List<Change> changes(Connection connection, List<Table> tables, long transaction)
            throws SQLException {
        TreeMap<Long, Change> changes = new TreeMap<>();
        for (Table table : tables) {
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT * FROM " + quoted(table) + " WHERE \"__tx\" = ? ORDER BY \"__ordinal\", \"__operation\"")) {
                select.setLong(1, transaction);
                try (ResultSet rows = select.executeQuery()) {
                    Map<String, @Nullable Object> before = Map.of();
                    while (rows.next()) {
                        Map<String, @Nullable Object> image = image(rows);
                        int operation = rows.getInt("__operation");
                        if (operation == 3) {
                            before = image;
                            continue;
                        }
                        changes.put(rows.getLong("__ordinal"), change(table, operation, before, image));
                        before = Map.of();
                    }
                }
            }
        }
        return List.copyOf(changes.values());
    }

    private static Change change(
            Table table, int operation, Map<String, @Nullable Object> before, Map<String, @Nullable Object> image) {
        Map<String, @Nullable Object> key = new LinkedHashMap<>(image);
        if (!table.key.isEmpty()) {
            key.keySet().retainAll(table.key);
        }
        return switch (operation) {
            case 1 -> new Change(table.name, Operation.DELETE, key, image, Map.of());
            case 2 -> new Change(table.name, Operation.INSERT, key, Map.of(), image);
            default -> new Change(table.name, Operation.UPDATE, key, before, image);
        };
    }

    /**
     * A table as it was when the transaction of this LSN, and all before it, had committed, and none after it.
     *
     * @param table {@code STU} or {@code dbo.STU}
     * @return its rows by key; empty if the table did not exist then
     */
    public List<Map<String, @Nullable Object>> tableAsOf(String table, String lsn) {
        return with(connection -> {
            Optional<Table> found = tableAt(connection, table, lsn);
            if (found.isEmpty()) {
                return List.of();
            }
            List<Map<String, @Nullable Object>> rows = found.get().key.isEmpty()
                    ? withoutKey(connection, found.get(), lsn)
                    : byKey(connection, found.get(), lsn);
            rows.sort(byColumns(found.get().key));
            return rows;
        });
    }

    /** First finds the place of each key's last change, then reads just those rows. */
    private static List<Map<String, @Nullable Object>> byKey(Connection connection, Table table, String lsn)
            throws SQLException {
        Map<List<@Nullable Object>, Place> last = new HashMap<>();
        String from = " FROM " + quoted(table) + " h JOIN \"standin_history\".\"transactions\" t"
                + " ON t.\"tx_id\" = h.\"__tx\" WHERE t.\"lsn\" <= ? AND h.\"__operation\" <> 3";
        StringBuilder keyColumns = new StringBuilder();
        table.key.forEach(name -> keyColumns.append(", h.").append(quoted(name)));
        each(connection, "SELECT t.\"commit_position\", h.\"__ordinal\"" + keyColumns + from, lsn, rows -> {
            List<@Nullable Object> key = new ArrayList<>();
            for (int i = 0; i < table.key.size(); i++) {
                key.add(value(rows, 3 + i));
            }
            last.merge(key, new Place(rows.getLong(1), rows.getLong(2)), (a, b) -> a.compareTo(b) > 0 ? a : b);
        });
        List<Map<String, @Nullable Object>> result = new ArrayList<>();
        each(connection, "SELECT t.\"commit_position\", h.*" + from + " AND h.\"__operation\" <> 1", lsn, rows -> {
            Map<String, @Nullable Object> image = image(rows);
            List<@Nullable Object> key = new ArrayList<>();
            table.key.forEach(name -> key.add(image.get(name)));
            if (new Place(rows.getLong(1), rows.getLong("__ordinal")).equals(last.get(key))) {
                result.add(image);
            }
        });
        return result;
    }

    private static List<Map<String, @Nullable Object>> withoutKey(Connection connection, Table table, String lsn)
            throws SQLException {
        Map<Map<String, @Nullable Object>, Integer> counts = new LinkedHashMap<>();
        each(
                connection,
                "SELECT h.* FROM " + quoted(table) + " h JOIN \"standin_history\".\"transactions\" t"
                        + " ON t.\"tx_id\" = h.\"__tx\" WHERE t.\"lsn\" <= ?",
                lsn,
                rows -> counts.merge(image(rows), rows.getInt("__operation") % 2 == 0 ? 1 : -1, Integer::sum));
        List<Map<String, @Nullable Object>> result = new ArrayList<>();
        counts.forEach((row, count) -> {
            for (int i = 0; i < count; i++) {
                result.add(row);
            }
        });
        return result;
    }

    private interface RowConsumer {
        void accept(ResultSet row) throws SQLException;
    }

    private static void each(Connection connection, String sql, String lsn, RowConsumer consumer) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, lsn);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    consumer.accept(rows);
                }
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static Comparator<Map<String, @Nullable Object>> byColumns(List<String> columns) {
        Comparator<Map<String, @Nullable Object>> comparator = Comparator.comparing(row -> 0);
        for (String column : columns) {
            comparator = comparator.thenComparing(
                    row -> row.get(column) instanceof Comparable<?> c ? (Comparable<Object>) c : null,
                    Comparator.nullsFirst(Comparator.naturalOrder()));
        }
        return comparator;
    }

    private static Optional<Table> tableAt(Connection connection, String name, String lsn) throws SQLException {
        String schema = name.contains(".") ? name.substring(0, name.indexOf('.')) : "dbo";
        String table = name.substring(name.indexOf('.') + 1);
        try (PreparedStatement select =
                connection.prepareStatement("SELECT \"history_table\", \"schema_name\", \"table_name\", \"key_columns\""
                        + " FROM \"standin_history\".\"tables\" WHERE \"schema_name\" = ? AND \"table_name\" = ?"
                        + " AND \"created_lsn\" <= ? AND (\"dropped_lsn\" IS NULL OR \"dropped_lsn\" > ?)")) {
            select.setString(1, schema);
            select.setString(2, table);
            select.setString(3, lsn);
            select.setString(4, lsn);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? Optional.of(table(rows)) : Optional.empty();
            }
        }
    }

    private static List<Table> tables(Connection connection) throws SQLException {
        List<Table> tables = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement("SELECT \"history_table\", \"schema_name\","
                        + " \"table_name\", \"key_columns\" FROM \"standin_history\".\"tables\"");
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                tables.add(table(rows));
            }
        }
        return tables;
    }

    private static Table table(ResultSet rows) throws SQLException {
        String key = rows.getString(4);
        return new Table(
                rows.getString(1),
                rows.getString(2) + "." + rows.getString(3),
                key.isEmpty() ? List.of() : Arrays.asList(key.split("\t")));
    }

    private static String quoted(Table table) {
        return "\"standin_history\"." + quoted(table.historyTable);
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** The table's own columns of a history row, in their order. */
    private static Map<String, @Nullable Object> image(ResultSet rows) throws SQLException {
        ResultSetMetaData metaData = rows.getMetaData();
        Map<String, @Nullable Object> image = new LinkedHashMap<>();
        for (int i = 1; i <= metaData.getColumnCount(); i++) {
            String name = metaData.getColumnLabel(i);
            if (!name.startsWith("__") && !name.equals("commit_position")) {
                image.put(name, value(rows, i));
            }
        }
        return image;
    }

    private static @Nullable Object value(ResultSet rows, int i) throws SQLException {
        Object value = rows.getObject(i);
        if (value instanceof Byte || value instanceof Short) {
            return ((Number) value).intValue();
        }
        if (value instanceof java.sql.Timestamp timestamp) {
            return timestamp.toLocalDateTime();
        }
        if (value instanceof java.sql.Date date) {
            return date.toLocalDate();
        }
        if (value instanceof java.sql.Time) {
            return rows.getObject(i, java.time.LocalTime.class);
        }
        if (value == null
                || value instanceof String
                || value instanceof Number
                || value instanceof Boolean
                || value instanceof BigDecimal
                || value instanceof byte[]
                || value instanceof java.util.UUID
                || value instanceof OffsetDateTime) {
            return value;
        }
        return rows.getObject(i, OffsetDateTime.class);
    }

    private interface Reading<T> {
        T with(Connection connection) throws SQLException;
    }

    private <T> T with(Reading<T> reading) {
        return EngineThread.call(() -> {
            try (Connection connection = connections.open()) {
                return reading.with(connection);
            } catch (SQLException e) {
                throw new IllegalStateException("The stand-in's history could not be read: " + e.getMessage(), e);
            }
        });
    }
}
