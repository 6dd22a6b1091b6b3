package dev.patronstream.sandbox.nextyear;

import dev.patronstream.sandbox.district.AeriesTable;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** The values of a row, by column name. */
final class TableRow {

    private final AeriesTable table;
    private final @Nullable Object[] values;

    TableRow(AeriesTable table, @Nullable Object[] values) {
        this.table = table;
        this.values = values;
    }

    TableRow copy() {
        return new TableRow(table, values.clone());
    }

    @Nullable
    Object[] values() {
        return values;
    }

    int number(String column) {
        Object value = values[table.indexOf(column)];
        return value instanceof Integer number ? number : 0;
    }

    boolean isMissing(String column) {
        return text(column).isEmpty();
    }

    /** The text without blanks around it; empty for NULL. */
    String text(String column) {
        Object value = values[table.indexOf(column)];
        return value == null ? "" : value.toString().strip();
    }

    boolean isDeleted() {
        return Boolean.TRUE.equals(values[table.indexOf("DEL")]);
    }

    TableRow with(String column, @Nullable Object value) {
        values[table.indexOf(column)] = value;
        return this;
    }

    TableRow on(String column, LocalDate date) {
        return with(column, date.atStartOfDay());
    }
}
