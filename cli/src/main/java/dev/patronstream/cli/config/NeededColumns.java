package dev.patronstream.cli.config;

import dev.patronstream.connector.check.CapturedColumns;
import dev.patronstream.connector.row.ColumnGroup;
import dev.patronstream.connector.row.SourceTable;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The columns that have to be captured because a feed names them. */
public final class NeededColumns {

    private static final Map<String, ColumnGroup> GROUPS = groups();

    private final Set<ColumnGroup> groups = new HashSet<>();
    private final Map<SourceTable, Set<String>> columns = new EnumMap<>(SourceTable.class);

    CapturedColumns columns() {
        return new CapturedColumns(groups, columns);
    }

    /** Returns what has to be asked for so that a field is captured; empty if it always is. */
    public static Optional<ColumnGroup> group(String field) {
        return Optional.ofNullable(GROUPS.get(field));
    }

    /** Notes some fields, by their ids, and some of the district's own columns, like {@code STU.U5}. */
    void add(Iterable<String> fields) {
        for (String field : fields) {
            group(field).ifPresent(groups::add);
            String[] own = field.split("\\.");
            if (own.length == 2 && !own[1].isBlank()) {
                columns.computeIfAbsent(SourceTable.valueOf(own[0]), unused -> new TreeSet<>())
                        .add(own[1]);
            }
        }
    }

    /**
     * By field: what has to be asked for. The nickname is the preferred first name; the names of counselors who are staff
     * are found by their staff ID.
     */
    private static Map<String, ColumnGroup> groups() {
        Map<String, ColumnGroup> groups = new HashMap<>(Map.of(
                "nickname", ColumnGroup.PREFERRED_NAMES,
                "counselorLastName", ColumnGroup.STAFF_COUNSELORS,
                "counselorFirstName", ColumnGroup.STAFF_COUNSELORS));
        for (SourceTable table : SourceTable.values()) {
            table.columns().forEach(column -> column.group().ifPresent(group -> groups.put(column.field(), group)));
            table.joined().ifPresent(joined -> joined.fields()
                    .keySet()
                    .forEach(field -> groups.put(field, table.group().orElseThrow())));
        }
        return groups;
    }
}
