package dev.patronstream.sandbox.district;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;

/** Inserts generated rows through JDBC, a thousand per transaction: for a SQL Server that offers nothing quicker. */
public final class JdbcRowSink implements RowSink {

    private static final int ROWS_PER_TRANSACTION = 1_000;

    private final Connection connection;

    /** Uses a connection that stays the caller's and is left in auto-commit mode. */
    public JdbcRowSink(Connection connection) {
        this.connection = connection;
    }

    @Override
    public void accept(String table, List<String> columns, Iterator<Object[]> rows) {
        String marks = columns.stream().map(column -> "?").collect(Collectors.joining(", "));
        String insert =
                "INSERT INTO [dbo].[" + table + "] (" + AeriesTable.brackets(columns) + ") VALUES (" + marks + ")";
        try {
            connection.setAutoCommit(false);
            try (PreparedStatement statement = connection.prepareStatement(insert)) {
                int pending = 0;
                while (rows.hasNext()) {
                    Object[] row = rows.next();
                    for (int i = 0; i < row.length; i++) {
                        statement.setObject(i + 1, row[i]);
                    }
                    statement.addBatch();
                    if (++pending == ROWS_PER_TRANSACTION) {
                        statement.executeBatch();
                        connection.commit();
                        pending = 0;
                    }
                }
                statement.executeBatch();
                connection.commit();
            } finally {
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("The generated rows of " + table + " cannot be inserted", e);
        }
    }
}
