package dev.patronstream.cli.config;

import dev.patronstream.connector.check.CapturedColumns;
import dev.patronstream.connector.row.ColumnGroup;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.feed.PatronField;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The columns that have to be captured because a feed names them. */
public final class NeededColumns {

    private static final Map<String, ColumnGroup> GROUPS = groups();

    /** By field of another table: the field by which its row is found. */
    private static final Map<PatronField, PatronField> FOUND_BY = Map.of(
            PatronField.COUNSELOR_NAME, PatronField.COUNSELOR_NUMBER,
            PatronField.COUNSELOR_LAST_NAME, PatronField.COUNSELOR_STAFF_ID,
            PatronField.COUNSELOR_FIRST_NAME, PatronField.COUNSELOR_STAFF_ID);

    private final Set<ColumnGroup> groups = new HashSet<>();
    private final Map<SourceTable, Set<String>> columns = new EnumMap<>(SourceTable.class);
    private final Map<SourceTable, Set<String>> named = new EnumMap<>(SourceTable.class);

    CapturedColumns columns() {
        return new CapturedColumns(groups, columns, named);
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
     * Notes that a person named these fields one by one, for some kinds of patrons: a database that lacks their columns is
     * refused. Other names say nothing; own columns are needed in any case.
     */
    void addNamed(Set<PatronKind> kinds, Iterable<String> fields) {
        for (String name : fields) {
            PatronField.named(name).ifPresent(field -> Stream.of(field, FOUND_BY.getOrDefault(field, field))
                    .forEach(each -> kinds.forEach(kind -> each.column(kind).ifPresent(this::addNamed))));
        }
    }

    private void addNamed(String column) {
        int dot = column.indexOf('.');
        SourceTable table = SourceTable.valueOf(column.substring(0, dot));
        table.columns().stream()
                .filter(known -> known.names().contains(column.substring(dot + 1)) && !known.isNeeded())
                .forEach(known ->
                        named.computeIfAbsent(table, unused -> new TreeSet<>()).add(known.field()));
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
