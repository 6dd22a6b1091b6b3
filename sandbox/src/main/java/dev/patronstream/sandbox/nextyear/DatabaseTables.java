package dev.patronstream.sandbox.nextyear;

import dev.patronstream.sandbox.district.AeriesTable;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The tables of a school year as a database has them now, row by row. Not thread-safe. */
public final class DatabaseTables implements SchoolYearTables {

    private final Connection connection;

    /** Reads over a connection that stays the caller's. */
    public DatabaseTables(Connection connection) {
        this.connection = connection;
    }

    @Override
    public Iterator<Object[]> rows(AeriesTable table) {
        String order = table == AeriesTable.STU ? "[ID], [SC], [SN]" : AeriesTable.brackets(table.key());
        try {
            Statement statement = connection.createStatement();
            statement.closeOnCompletion();
            return new Rows(
                    table,
                    statement.executeQuery("SELECT " + AeriesTable.brackets(table.columns()) + " FROM [dbo].["
                            + table.name() + "] ORDER BY " + order));
        } catch (SQLException e) {
            throw unreadable(table, e);
        }
    }

    private static IllegalStateException unreadable(AeriesTable table, SQLException cause) {
        return new IllegalStateException("The table " + table + " cannot be read", cause);
    }

    private static final class Rows implements Iterator<Object[]> {

        private final AeriesTable table;
        private final ResultSet rows;
        private boolean more;

        Rows(AeriesTable table, ResultSet rows) throws SQLException {
            this.table = table;
            this.rows = rows;
            advance();
        }

        private void advance() throws SQLException {
            more = rows.next();
            if (!more) {
                rows.close();
            }
        }

        @Override
        public boolean hasNext() {
            return more;
        }

        @Override
        public Object[] next() {
            if (!more) {
                throw new NoSuchElementException();
            }
            try {
                @Nullable Object[] row = new @Nullable Object[table.columns().size()];
                for (int i = 0; i < row.length; i++) {
                    row[i] = plain(rows.getObject(i + 1));
                }
                advance();
                return row;
            } catch (SQLException e) {
                throw unreadable(table, e);
            }
        }

        private static @Nullable Object plain(@Nullable Object value) {
            if (value instanceof Timestamp time) {
                return time.toLocalDateTime();
            }
            return value instanceof Number number ? Integer.valueOf(number.intValue()) : value;
        }
    }
}
