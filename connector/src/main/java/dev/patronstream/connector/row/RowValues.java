package dev.patronstream.connector.row;

import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** The values of a row by the names of its columns, however it was read. */
@FunctionalInterface
public interface RowValues {

    /**
     * Returns what a column holds as text; null for NULL.
     *
     * @throws UnreadableValueException if the value cannot be carried
     * @throws IllegalStateException if the row has no such column
     */
    @Nullable
    String text(String column);

    /** Returns the values of a row as the driver has handed them over, by column. */
    static RowValues of(Map<String, @Nullable Object> row) {
        return column -> {
            require(row.containsKey(column), column);
            return ColumnValues.text(row.get(column));
        };
    }

    /** Returns the packed values of a row of Debezium's: never what its schema would put in the place of a NULL. */
    static RowValues of(Struct row) {
        return column -> {
            Field field = row.schema().field(column);
            require(field != null, column);
            return ColumnValues.unpacked((String) row.getWithoutDefault(column));
        };
    }

    /** A column that was there at the start and is not any more must not read as NULL: it would blank every row. */
    private static void require(boolean there, String column) {
        if (!there) {
            throw new IllegalStateException("The captured rows have no column " + column
                    + " any more: it was dropped or renamed, or a newer capture instance leaves it out");
        }
    }
}
