package dev.patronstream.standin.definition;

import dev.patronstream.standin.engine.EngineConnection;
import dev.patronstream.standin.engine.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.h2.tools.TriggerAdapter;
import org.jspecify.annotations.Nullable;

/**
 * Writes the full images of every changed row into the table's history, in the transaction that changes it: what is
 * rolled back (a statement, a savepoint, the transaction) leaves nothing, what is committed is logged, also when the
 * process is killed.
 *
 * <p>Operations are numbered as in SQL Server's change tables: 1 delete, 2 insert, 3 before and 4 after an update. An
 * update of a key column is a delete and an insert; all deletes of a statement come before its inserts, so that keys
 * swapped by one statement replay rightly.
 *
 * <p>The transaction's number and the running ordinal are variables of the engine's session, set by {@link
 * EngineConnection}.
 */
public final class ChangeLogTrigger extends TriggerAdapter {
    /** Added to the ordinal of the insert of a changed key: behind all deletes of the same statement. */
    static final long AFTER_DELETES = 1L << 31;

    private String insert = "";
    private int[] keyColumns = new int[0];
    private int columns;

    /** By column: the class that holds a date or time without a time zone, and Object for all else. */
    private final List<Class<?>> classes = new ArrayList<>();

    /** Called by the engine. */
    public ChangeLogTrigger() {}

    @Override
    public void init(Connection connection, String schema, String trigger, String table, boolean before, int type)
            throws SQLException {
        List<String> names = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT COLUMN_NAME, DATA_TYPE FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?"
                        + " ORDER BY ORDINAL_POSITION")) {
            select.setString(1, schema);
            select.setString(2, table);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    names.add(rows.getString(1));
                    classes.add(
                            switch (rows.getString(2)) {
                                case "DATE" -> LocalDate.class;
                                case "TIME" -> LocalTime.class;
                                case "TIMESTAMP" -> LocalDateTime.class;
                                default -> Object.class;
                            });
                }
            }
        }
        columns = names.size();
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT \"history_table\", \"key_columns\" FROM \"standin_history\".\"tables\""
                        + " WHERE \"schema_name\" = ? AND \"table_name\" = ? AND \"dropped_lsn\" IS NULL")) {
            select.setString(1, schema);
            select.setString(2, table);
            try (ResultSet rows = select.executeQuery()) {
                if (!rows.next()) {
                    throw new SQLException("No history is registered for " + schema + "." + table + ".");
                }
                insert = insertSql(rows.getString(1), names);
                keyColumns = Arrays.stream(rows.getString(2).split("\t"))
                        .filter(name -> !name.isEmpty())
                        .mapToInt(names::indexOf)
                        .toArray();
            }
        }
    }

    private static String insertSql(String historyTable, List<String> columns) {
        StringBuilder names = new StringBuilder("\"__tx\", \"__ordinal\", \"__operation\"");
        columns.forEach(name -> names.append(", ").append(Sql.quoted(name)));
        return "INSERT INTO \"standin_history\"." + Sql.quoted(historyTable) + " (" + names
                + ") VALUES (@standin_tx, SET(@standin_n, @standin_n + ?) + ?, ?"
                + ", ?".repeat(columns.size())
                + ")";
    }

    @Override
    public void fire(Connection connection, @Nullable ResultSet old, @Nullable ResultSet changed) throws SQLException {
        @Nullable Object @Nullable [] before = image(old);
        @Nullable Object @Nullable [] after = image(changed);
        try (PreparedStatement statement = connection.prepareStatement(insert)) {
            if (before == null) {
                write(statement, 1, 0, 2, Objects.requireNonNull(after));
            } else if (after == null) {
                write(statement, 1, 0, 1, before);
            } else if (keyChanges(before, after)) {
                write(statement, 1, 0, 1, before);
                write(statement, 1, AFTER_DELETES, 2, after);
            } else {
                write(statement, 1, 0, 3, before);
                write(statement, 0, 0, 4, after);
            }
        }
    }

    private @Nullable Object @Nullable [] image(@Nullable ResultSet row) throws SQLException {
        if (row == null) {
            return null;
        }
        @Nullable Object[] image = new Object[columns];
        for (int i = 0; i < columns; i++) {
            image[i] = classes.get(i) == Object.class ? row.getObject(i + 1) : row.getObject(i + 1, classes.get(i));
        }
        return image;
    }

    private boolean keyChanges(@Nullable Object[] before, @Nullable Object[] after) {
        for (int column : keyColumns) {
            if (!Objects.deepEquals(before[column], after[column])) {
                return true;
            }
        }
        return false;
    }

    private void write(PreparedStatement statement, int step, long phase, int operation, @Nullable Object[] image)
            throws SQLException {
        statement.setInt(1, step);
        statement.setLong(2, phase);
        statement.setInt(3, operation);
        for (int i = 0; i < columns; i++) {
            statement.setObject(4 + i, image[i]);
        }
        statement.executeUpdate();
    }
}
