package dev.patronstream.sandbox.oracle;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The tables as a connection sees them now. For a view of one moment over several tables, the caller opens a snapshot
 * transaction first.
 */
public final class JdbcTables implements TablesAsOf {

    private final Connection connection;

    /** Uses a connection that stays the caller's. */
    public JdbcTables(Connection connection) {
        this.connection = connection;
    }

    @Override
    public void read(String table, Consumer<Map<String, @Nullable Object>> reader) {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT * FROM [dbo].[" + table + "]")) {
            ResultSetMetaData columns = rows.getMetaData();
            Map<String, @Nullable Object> row = new HashMap<>();
            while (rows.next()) {
                for (int i = 1; i <= columns.getColumnCount(); i++) {
                    row.put(columns.getColumnLabel(i).toUpperCase(Locale.ROOT), rows.getObject(i));
                }
                reader.accept(row);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("The table " + table + " cannot be read", e);
        }
    }
}
