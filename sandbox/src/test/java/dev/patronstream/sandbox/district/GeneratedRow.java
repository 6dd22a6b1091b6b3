package dev.patronstream.sandbox.district;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A generated row, read by column name. */
final class GeneratedRow {

    private final AeriesTable table;
    private final @Nullable Object[] values;

    private GeneratedRow(AeriesTable table, @Nullable Object[] values) {
        this.table = table;
        this.values = values;
    }

    static List<GeneratedRow> all(District district, AeriesTable table) {
        List<GeneratedRow> rows = new ArrayList<>();
        Iterator<Object[]> generated = district.rows(table);
        while (generated.hasNext()) {
            rows.add(new GeneratedRow(table, generated.next()));
        }
        return rows;
    }

    @Nullable
    Object get(String column) {
        return values[table.columns().indexOf(column)];
    }

    /** The text as the table has it; NULL as the word. */
    String text(String column) {
        return String.valueOf(get(column));
    }

    boolean isMissing(String column) {
        return get(column) == null || text(column).isBlank();
    }

    int number(String column) {
        Object value = get(column);
        return value == null ? Integer.MIN_VALUE : (Integer) value;
    }

    boolean isLive() {
        return !Boolean.TRUE.equals(get("DEL"));
    }

    boolean isActive() {
        return isLive() && isMissing("TG");
    }

    boolean hasTag(String tag) {
        return isLive() && text("TG").equals(tag);
    }
}
