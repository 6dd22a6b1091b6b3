package dev.patronstream.connector.row;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/**
 * Turns rows, however they were read, into contract rows.
 *
 * <p>A value that an optional field cannot hold leaves the field empty; one that a required field cannot hold, or a
 * soft-delete mark that is neither 0 nor 1, withholds the row as if it were deleted. Both are reported as {@link
 * RowProblem}. A row whose key cannot be read stops the capture. Not thread-safe if the listener is not.
 */
public final class RowMapper {

    private final Map<SourceTable, Layout> layouts;
    private final Listener problems;

    /** A column and the field it feeds, found once and not for each row. */
    private record Fed(ContractColumn column, String name, int position, boolean indispensable) {}

    private record Layout(TableColumns columns, List<Fed> key, List<Fed> others, int extra) {

        static Layout of(TableColumns columns) {
            Schema schema = columns.table().emptyRecord().getSchema();
            List<Fed> fed = columns.fields().entrySet().stream()
                    .map(entry -> {
                        Schema.Field field = schema.getField(entry.getKey().field());
                        return new Fed(
                                entry.getKey(),
                                entry.getValue(),
                                field.pos(),
                                !field.schema().isNullable());
                    })
                    .toList();
            return new Layout(
                    columns,
                    fed.stream().filter(Layout::isOfKey).toList(),
                    fed.stream().filter(one -> !isOfKey(one)).toList(),
                    schema.getField("extra").pos());
        }

        private static boolean isOfKey(Fed fed) {
            return fed.column().need() == ContractColumn.Need.KEY;
        }
    }

    /** Hears what is wrong with rows while they are read. */
    @FunctionalInterface
    public interface Listener {

        /** A row is read; what was wrong with it before is over, and what still is comes next. */
        default void read(RowKey row) {}

        /** A value cannot be carried. */
        void found(RowProblem problem);
    }

    public RowMapper(List<TableColumns> columns, Listener problems) {
        this.layouts = columns.stream().collect(Collectors.toUnmodifiableMap(TableColumns::table, Layout::of));
        this.problems = problems;
    }

    /**
     * Returns the contract row of a row.
     *
     * @param deleted whether the row is deleted; then only its key is read
     * @throws IllegalArgumentException if the table is not captured or a column of the key cannot be read
     * @throws IllegalStateException if the rows have lost a column
     */
    public ContractRow map(SourceTable table, ColumnValues.Row row, boolean deleted) {
        Layout layout = layout(table);
        SpecificRecordBase result = table.emptyRecord();
        readKey(layout, row, result);
        String key = table.keyOf(result);
        problems.read(new RowKey(table, key));
        if (deleted || isSoftDeleted(layout.columns(), row, key) || !readFields(layout, row, result, key)) {
            return new ContractRow(table, key, Optional.empty());
        }
        result.put(layout.extra(), readExtra(layout.columns(), row, key));
        return new ContractRow(table, key, Optional.of(result));
    }

    /** Returns the contract row of the image before an update if it has another key than the row after it. */
    public Optional<ContractRow> other(SourceTable table, ColumnValues.Row before, ContractRow after) {
        SpecificRecordBase known = table.emptyRecord();
        readKey(layout(table), before, known);
        if (table.keyOf(known).equals(after.key())) {
            return Optional.empty();
        }
        ContractRow left = map(table, before, false);
        problems.read(left.rowKey());
        return Optional.of(left);
    }

    private Layout layout(SourceTable table) {
        Layout layout = layouts.get(table);
        if (layout == null) {
            throw new IllegalArgumentException("Got a row of table " + table + ", which is not captured");
        }
        return layout;
    }

    private static void readKey(Layout layout, ColumnValues.Row row, SpecificRecordBase result) {
        for (Fed fed : layout.key()) {
            result.put(fed.position(), readKeyPart(layout.columns().table(), fed.column(), fed.name(), row));
        }
    }

    private static Object readKeyPart(SourceTable table, ContractColumn column, String name, ColumnValues.Row row) {
        String reason = "NULL or blank";
        try {
            Object value = read(column.kind(), name, row);
            if (value != null) {
                return value;
            }
        } catch (UnreadableValueException e) {
            reason = e.getMessage();
        }
        throw new IllegalArgumentException("A row of table " + table + " has no readable key: column " + name + " is "
                + reason
                + ". Correct or delete the row. Its change stays in the change table for days, so make the capture"
                + " instance again, too, by what `patronstream sql --before-aeries-update` and then `patronstream sql"
                + " --after-aeries-update` print");
    }

    /** Reads what is not part of the key; false when the row has to be withheld. */
    private boolean readFields(Layout layout, ColumnValues.Row row, SpecificRecordBase result, String key) {
        boolean complete = true;
        for (Fed fed : layout.others()) {
            try {
                Object value = read(fed.column().kind(), fed.name(), row);
                if (value == null && fed.indispensable()) {
                    throw new UnreadableValueException("NULL or blank");
                }
                result.put(fed.position(), value);
            } catch (UnreadableValueException e) {
                problem(layout.columns(), fed.name(), key, e, fed.indispensable());
                complete &= !fed.indispensable();
            }
        }
        return complete;
    }

    private boolean isSoftDeleted(TableColumns layout, ColumnValues.Row row, String key) {
        if (layout.deleted().isEmpty()) {
            return false;
        }
        String name = layout.deleted().get();
        try {
            return ColumnValues.deleted(row.text(name));
        } catch (UnreadableValueException e) {
            problem(layout, name, key, e, true);
            return true;
        }
    }

    private Map<String, String> readExtra(TableColumns layout, ColumnValues.Row row, String key) {
        Map<String, String> extra = new TreeMap<>();
        for (String name : layout.extra()) {
            try {
                Object value = read(ValueKind.TEXT, name, row);
                if (value != null) {
                    extra.put(name.toUpperCase(Locale.ROOT), (String) value);
                }
            } catch (UnreadableValueException e) {
                problem(layout, name, key, e, false);
            }
        }
        return extra;
    }

    private void problem(
            TableColumns layout, String column, String key, UnreadableValueException reason, boolean withheld) {
        String type = layout.types().getOrDefault(column, "");
        problems.found(new RowProblem(
                layout.table(),
                column,
                key,
                reason.getMessage() + (type.isEmpty() ? "" : " (type " + type + ")"),
                withheld));
    }

    private static @Nullable Object read(ValueKind kind, String name, ColumnValues.Row row) {
        return ColumnValues.of(kind, row.text(name));
    }
}
