package dev.patronstream.standin.engine;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Short forms of JDBC for the stand-in's own statements in the engine's dialect. */
public final class Sql {
    private Sql() {}

    /** Turns a row into a value. */
    @FunctionalInterface
    public interface RowMapper<T> {
        T map(ResultSet row) throws SQLException;
    }

    /** A name in the engine's quotes. */
    public static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** Executes a statement; answers the number of changed rows. */
    public static int update(Connection connection, String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, values);
            return statement.executeUpdate();
        }
    }

    /** All rows of a query. */
    public static <T> List<T> query(Connection connection, RowMapper<T> mapper, String sql, @Nullable Object... values)
            throws SQLException {
        List<T> result = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, values);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    result.add(mapper.map(rows));
                }
            }
        }
        return result;
    }

    /** The first column of the first row as a number; 0 without a row or for NULL. */
    public static long number(Connection connection, String sql, @Nullable Object... values) throws SQLException {
        List<Long> rows = query(connection, row -> row.getLong(1), sql, values);
        return rows.isEmpty() ? 0 : rows.get(0);
    }

    private static void bind(PreparedStatement statement, @Nullable Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
    }
}
