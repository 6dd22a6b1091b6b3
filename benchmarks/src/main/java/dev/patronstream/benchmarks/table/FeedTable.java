package dev.patronstream.benchmarks.table;

import dev.patronstream.schemas.FeedEntry;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/** Rows by key, each as its columns and their values as text, null for NULL: from the table, or as the feed has them. */
final class FeedTable {

    private static final String KEY = "patron";
    private static final Set<String> LEFT_OUT = Set.of("extra", "others");

    private FeedTable() {}

    /** Reads the table; it has no rows while it is not there. */
    static Map<String, Map<String, @Nullable String>> read(Connection connection) throws SQLException {
        Map<String, Map<String, @Nullable String>> rows = new TreeMap<>();
        try (Statement statement = connection.createStatement()) {
            try (ResultSet there = statement.executeQuery("SELECT to_regclass('patrons') IS NOT NULL")) {
                if (!there.next() || !there.getBoolean(1)) {
                    return rows;
                }
            }
            try (ResultSet found = statement.executeQuery("SELECT * FROM patrons")) {
                while (found.next()) {
                    Map<String, @Nullable String> row = new HashMap<>();
                    for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
                        row.put(found.getMetaData().getColumnName(i), text(found.getObject(i)));
                    }
                    rows.put(String.valueOf(row.remove(KEY)), row);
                }
            }
        }
        return rows;
    }

    /** What the table should hold. */
    static Map<String, Map<String, @Nullable String>> of(Map<String, FeedEntry> feed) {
        Map<String, Map<String, @Nullable String>> rows = new TreeMap<>();
        feed.forEach((key, entry) -> {
            Map<String, @Nullable String> row = new HashMap<>();
            add(row, "", entry);
            rows.put(key, row);
        });
        return rows;
    }

    private static void add(Map<String, @Nullable String> row, String prefix, SpecificRecord record) {
        for (Schema.Field field : record.getSchema().getFields()) {
            Object value = record.get(field.pos());
            if (value instanceof SpecificRecord inner) {
                add(row, prefix + field.name() + "_", inner);
            } else if (!LEFT_OUT.contains(field.name())) {
                row.put(column(prefix + field.name()), text(value));
            }
        }
    }

    private static String column(String field) {
        return field.replaceAll("([a-z])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    /** Says in what two tables differ, by keys and columns without values; empty if they are equal. */
    static String difference(
            Map<String, Map<String, @Nullable String>> feed, Map<String, Map<String, @Nullable String>> table) {
        Map<String, String> different = new TreeMap<>();
        feed.forEach((key, row) -> {
            if (!table.containsKey(key)) {
                different.put(key, "not in the table");
            } else if (!row.equals(table.get(key))) {
                Set<String> columns = new TreeSet<>(row.keySet());
                columns.addAll(table.get(key).keySet());
                different.put(
                        key,
                        columns.stream()
                                .filter(column -> !Objects.equals(
                                        row.get(column), table.get(key).get(column)))
                                .collect(Collectors.joining(", ")));
            }
        });
        table.keySet().stream()
                .filter(key -> !feed.containsKey(key))
                .forEach(key -> different.put(key, "not in the feed"));
        return different.isEmpty()
                ? ""
                : different.size() + " rows: "
                        + different.entrySet().stream()
                                .limit(5)
                                .map(entry -> entry.getKey() + " (" + entry.getValue() + ")")
                                .collect(Collectors.joining("; "));
    }
}
