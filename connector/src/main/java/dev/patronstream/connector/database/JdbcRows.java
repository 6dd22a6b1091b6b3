package dev.patronstream.connector.database;

import dev.patronstream.connector.row.ColumnValues;
import java.sql.Date;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads rows of a query straight from the driver. */
final class JdbcRows {

    private JdbcRows() {}

    /** Returns the values of the row that a cursor stands at. */
    static ColumnValues.Row row(ResultSet cursor) throws SQLException {
        Map<String, @Nullable Object> row = new HashMap<>();
        ResultSetMetaData columns = cursor.getMetaData();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            row.put(columns.getColumnLabel(i), value(cursor, i));
        }
        return ColumnValues.row(row);
    }

    /** The database's dates and times have no zone, and the driver's older classes have that of this machine. */
    private static @Nullable Object value(ResultSet cursor, int index) throws SQLException {
        Object value = cursor.getObject(index);
        if (value instanceof Timestamp) {
            return cursor.getObject(index, LocalDateTime.class);
        } else if (value instanceof Date) {
            return cursor.getObject(index, LocalDate.class);
        } else if (value instanceof Time) {
            return cursor.getObject(index, LocalTime.class);
        }
        return value;
    }
}
