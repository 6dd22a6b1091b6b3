package dev.patronstream.connector.database;

import com.microsoft.sqlserver.jdbc.ISQLServerConnection;
import dev.patronstream.connector.row.ColumnValues;
import dev.patronstream.connector.row.ContractRow;
import dev.patronstream.connector.row.RowKey;
import dev.patronstream.connector.row.RowMapper;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.connector.row.TableColumns;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one reader of the tables: snapshots, the audit, the preview and the counts of a roll-over read by it.
 *
 * <p>Rows are handed over as they arrive, so memory does not grow with a table, and one who takes them slowly makes the
 * server wait. Not thread-safe.
 */
public final class TableReader {

    private static final Logger LOGGER = LoggerFactory.getLogger(TableReader.class);

    private static final int MOST_VALUES = 1_000;
    private static final int MOST_KEYS = 200;

    private final DatabaseSettings settings;
    private final Connection connection;

    TableReader(DatabaseSettings settings, Connection connection) {
        this.settings = settings;
        this.connection = connection;
    }

    /**
     * Lets everybody else go first, until the connection is closed: a reading gives up rather than wait long for a lock,
     * and is the one that ends where two wait for each other.
     *
     * @see <a href="https://learn.microsoft.com/sql/t-sql/statements/set-deadlock-priority-transact-sql">Microsoft: SET
     *     DEADLOCK_PRIORITY</a>
     */
    public void giveWay(Duration lockTimeout) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET DEADLOCK_PRIORITY LOW");
            statement.execute("SET LOCK_TIMEOUT " + lockTimeout.toMillis());
        }
    }

    /** Something that reads tables. */
    public interface Reading {
        void read() throws SQLException;
    }

    /**
     * Reads tables: all in one snapshot transaction where the database allows it, else as committed row by row. Never as
     * uncommitted, and never with locks that outlast a row.
     */
    public void atOneMoment(boolean snapshotIsolation, Reading reading) throws SQLException {
        connection.setTransactionIsolation(
                snapshotIsolation ? ISQLServerConnection.TRANSACTION_SNAPSHOT : Connection.TRANSACTION_READ_COMMITTED);
        connection.setAutoCommit(!snapshotIsolation);
        try (Ending ending = () -> end(snapshotIsolation)) {
            reading.read();
        }
    }

    /** Ends a transaction; where the reading has failed too, that is what is thrown. */
    private interface Ending extends AutoCloseable {
        @Override
        void close() throws SQLException;
    }

    private void end(boolean snapshotIsolation) throws SQLException {
        if (snapshotIsolation) {
            connection.rollback();
            connection.setAutoCommit(true);
        }
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    }

    /** Hands over every row of a table as its contract has it, softly deleted ones as such. */
    public void contractRows(TableColumns table, RowMapper mapper, Consumer<ContractRow> reader) throws SQLException {
        rows(table.table(), table.all(), "", row -> reader.accept(mapper.map(table.table(), row, false)));
    }

    /**
     * Hands over every row of a table in the order of its key, page by page: between two pages nothing is locked and no
     * query is open, so one who takes the rows slowly disturbs nobody. A row whose key stays the same is read once.
     *
     * @param rows the most rows of a page, which are held in memory
     */
    public void pages(TableColumns table, RowMapper mapper, int rows, Consumer<ContractRow> reader)
            throws SQLException {
        List<String> key = table.keyColumns();
        String columns = "SELECT TOP (" + rows + ") " + TransactSql.names(table.all()) + from(table.table());
        String order = " ORDER BY " + TransactSql.names(key);
        String after = "";
        Object[] place = {};
        List<ContractRow> page = new ArrayList<>();
        do {
            page.clear();
            query(columns + after + order, row -> page.add(mapper.map(table.table(), row, false)), place);
            page.forEach(reader);
            if (!page.isEmpty()) {
                after = " WHERE " + after(key);
                place = place(key.size(), page.get(page.size() - 1).key());
            }
        } while (page.size() == rows);
    }

    /** Behind a place in the order of the key, so that an index can be sought by its first column. */
    private static String after(List<String> key) {
        String first = TransactSql.name(key.get(0));
        return key.size() == 1
                ? first + " > ?"
                : first + " >= ? AND (" + first + " > ? OR (" + after(key.subList(1, key.size())) + "))";
    }

    /** The values of a key as {@link #after} takes them: all but the last twice. */
    private static Object[] place(int columns, String key) {
        List<Object> values = new ArrayList<>();
        for (String part : key.split("/")) {
            values.addAll(Collections.nCopies(--columns > 0 ? 2 : 1, Integer.valueOf(part)));
        }
        return values.toArray();
    }

    /** Hands over the rows of STU of some students. */
    public void ofStudents(TableColumns students, RowMapper mapper, Set<Integer> ids, Consumer<ContractRow> reader)
            throws SQLException {
        List<String> values = ids.stream().map(String::valueOf).toList();
        String column = TransactSql.name(students.column("studentId"));
        for (int from = 0; from < values.size(); from += MOST_VALUES) {
            List<String> some = values.subList(from, Math.min(values.size(), from + MOST_VALUES));
            rows(
                    students.table(),
                    students.all(),
                    " WHERE " + column + " IN (" + String.join(", ", some) + ")",
                    row -> reader.accept(mapper.map(students.table(), row, false)));
        }
    }

    /** Hands over the rows that have these keys. */
    public void ofKeys(TableColumns table, RowMapper mapper, List<RowKey> keys, Consumer<ContractRow> reader)
            throws SQLException {
        List<String> columns = table.keyColumns();
        for (int from = 0; from < keys.size(); from += MOST_KEYS) {
            String some = keys.subList(from, Math.min(keys.size(), from + MOST_KEYS)).stream()
                    .map(key -> hasKey(columns, key.key().split("/")))
                    .collect(Collectors.joining(" OR "));
            rows(
                    table.table(),
                    table.all(),
                    " WHERE " + some,
                    row -> reader.accept(mapper.map(table.table(), row, false)));
        }
    }

    /** The key's parts are whole numbers. */
    private static String hasKey(List<String> columns, String[] key) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < key.length; i++) {
            parts.add(TransactSql.name(columns.get(i)) + " = " + Integer.parseInt(key[i]));
        }
        return "(" + String.join(" AND ", parts) + ")";
    }

    /** Hands over some columns of every row that is there and not softly deleted, as of one moment where that can be. */
    public void live(
            TableColumns table, List<String> columns, boolean snapshotIsolation, Consumer<ColumnValues.Row> reader)
            throws SQLException {
        List<String> read = new ArrayList<>(columns);
        table.deleted().ifPresent(read::add);
        atOneMoment(
                snapshotIsolation,
                () -> rows(table.table(), read, "", row -> {
                    if (table.isLive(row)) {
                        reader.accept(row);
                    }
                }));
    }

    /** Hands every row of a table to the reader, with the columns that are named; the query goes on with the rest. */
    public void rows(SourceTable table, Collection<String> columns, String rest, Consumer<ColumnValues.Row> reader)
            throws SQLException {
        query("SELECT " + TransactSql.names(columns) + from(table) + rest, reader);
    }

    /**
     * Returns how many rows tables have, unless the server does not say so in time. Asked by a column that may be read,
     * which is all that the account needs. Not to be asked within a reading, which a refusal might end.
     */
    public OptionalLong count(List<TableColumns> tables) {
        String counts = tables.stream()
                .map(table ->
                        "SELECT COUNT(" + TransactSql.name(table.keyColumns().get(0)) + ")" + from(table.table()))
                .collect(Collectors.joining(" UNION ALL "));
        try (PreparedStatement statement = connection.prepareStatement(counts);
                ResultSet row = statement.executeQuery()) {
            long rows = 0;
            while (row.next()) {
                rows += row.getLong(1);
            }
            return OptionalLong.of(rows);
        } catch (SQLException e) {
            LOGGER.atInfo().setCause(e).log("The rows are not counted; they are read all the same");
            return OptionalLong.empty();
        }
    }

    private String from(SourceTable table) {
        return " FROM " + TransactSql.name(settings.database()) + "."
                + TransactSql.name(settings.schema(), table.name());
    }

    /** Hands every row of a query to the reader. */
    void query(String sql, Consumer<ColumnValues.Row> reader, Object... arguments) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            // A large table takes its time; the socket's timeout still notices a server that is gone.
            statement.setQueryTimeout(0);
            SourceDatabase.set(statement, arguments);
            try (ResultSet cursor = statement.executeQuery()) {
                JdbcRows rows = new JdbcRows(cursor);
                while (cursor.next()) {
                    reader.accept(rows.current());
                }
            }
        }
    }
}
