package dev.patronstream.connector.database;

import dev.patronstream.connector.row.RowValues;
import java.sql.Date;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows of a query, read straight from the driver. Not thread-safe. */
final class JdbcRows {

    private final ResultSet cursor;
    private final List<String> columns = new ArrayList<>();

    /** Reads the rows that the cursor will stand at. */
    JdbcRows(ResultSet cursor) throws SQLException {
        this.cursor = cursor;
        ResultSetMetaData names = cursor.getMetaData();
        for (int i = 1; i <= names.getColumnCount(); i++) {
            columns.add(names.getColumnLabel(i));
        }
    }

    /** Returns the row under the cursor. */
    RowValues row() throws SQLException {
        Map<String, @Nullable Object> row = new HashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            row.put(columns.get(i), value(i + 1));
        }
        return RowValues.of(row);
    }

    /** The database's dates and times have no zone, and the driver's older classes have that of this machine. */
    private @Nullable Object value(int index) throws SQLException {
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
