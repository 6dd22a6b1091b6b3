package dev.patronstream.connector.database;

import dev.patronstream.connector.row.ColumnValues;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads rows of a query straight from the driver. */
final class JdbcRows {

    private final ResultSet cursor;
    private final Map<String, Integer> places = new HashMap<>();
    private final @Nullable Class<?>[] types;

    JdbcRows(ResultSet cursor) throws SQLException {
        this.cursor = cursor;
        ResultSetMetaData columns = cursor.getMetaData();
        this.types = new Class<?>[columns.getColumnCount()];
        for (int i = 0; i < types.length; i++) {
            places.put(columns.getColumnLabel(i + 1), i);
            types[i] = withoutZone(columns.getColumnType(i + 1));
        }
    }

    /** The database's dates and times have no zone, and the driver's older classes have that of this machine. */
    private static @Nullable Class<?> withoutZone(int jdbcType) {
        return switch (jdbcType) {
            case Types.TIMESTAMP, microsoft.sql.Types.DATETIME, microsoft.sql.Types.SMALLDATETIME ->
                LocalDateTime.class;
            case Types.DATE -> LocalDate.class;
            case Types.TIME -> LocalTime.class;
            default -> null;
        };
    }

    /** Returns the values of the row that the cursor stands at. */
    ColumnValues.Row current() throws SQLException {
        @Nullable Object[] values = new Object[types.length];
        for (int i = 0; i < values.length; i++) {
            Class<?> type = types[i];
            values[i] = type == null ? cursor.getObject(i + 1) : cursor.getObject(i + 1, type);
        }
        return ColumnValues.row(places, values);
    }
}
