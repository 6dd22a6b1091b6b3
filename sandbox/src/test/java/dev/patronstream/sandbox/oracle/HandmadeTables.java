package dev.patronstream.sandbox.oracle;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tables written down row by row. */
final class HandmadeTables implements TablesAsOf {

    private final Map<String, List<Map<String, @Nullable Object>>> tables = new HashMap<>();

    /** A student's row: alive, active and called Last, First, unless the changes say otherwise. */
    HandmadeTables student(int school, int number, int id, @Nullable Object... changes) {
        return row(
                "STU",
                Map.of("SC", school, "SN", number, "ID", id, "LN", "Last", "FN", "First", "GR", 9, "GN", "F"),
                changes);
    }

    HandmadeTables staff(int id, @Nullable Integer school, @Nullable Object... changes) {
        Map<String, @Nullable Object> start = new HashMap<>(Map.of("ID", id, "LN", "Last", "FN", "First", "GN", "M"));
        start.put("PSC", school);
        return row("STF", start, changes);
    }

    private HandmadeTables row(String table, Map<String, @Nullable Object> start, @Nullable Object... changes) {
        Map<String, @Nullable Object> row = new HashMap<>(start);
        for (int i = 0; i < changes.length; i += 2) {
            row.put(String.valueOf(changes[i]), changes[i + 1]);
        }
        tables.computeIfAbsent(table, name -> new ArrayList<>()).add(row);
        return this;
    }

    @Override
    public void read(String table, Consumer<Map<String, @Nullable Object>> reader) {
        tables.getOrDefault(table, List.of()).forEach(reader);
    }
}
