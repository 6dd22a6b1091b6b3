package dev.patronstream.connector.row;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * Turns rows of Debezium's events into contract rows.
 *
 * <p>A value that an optional field cannot hold leaves the field empty; one that a required field cannot hold, or a
 * soft-delete mark that is neither 0 nor 1, withholds the row as if it were deleted. Both are reported as {@link
 * RowProblem}. A row whose key cannot be read stops the capture. Not thread-safe if the listener is not.
 */
public final class RowMapper {

    private final Map<SourceTable, TableColumns> columns;
    private final Consumer<RowProblem> problems;

    /** Makes a mapper for the columns of this database. */
    public RowMapper(List<TableColumns> columns, Consumer<RowProblem> problems) {
        this.columns = columns.stream().collect(Collectors.toUnmodifiableMap(TableColumns::table, Function.identity()));
        this.problems = problems;
    }

    /**
     * Returns the contract row of a row.
     *
     * @param deleted whether the row is deleted; then only its key is read
     * @throws IllegalArgumentException if the table is not captured or a column of the key cannot be read
     * @throws MissingColumnException if the rows have lost a column
     */
    public ContractRow map(SourceTable table, Struct row, boolean deleted) {
        TableColumns layout = columns.get(table);
        if (layout == null) {
            throw new IllegalArgumentException("Got a row of table " + table + ", which is not captured");
        }
        SpecificRecordBase result = table.emptyRecord();
        readKey(layout, row, result);
        String key = table.keyOf(result);
        if (deleted || isSoftDeleted(layout, row, key) || !readFields(layout, row, result, key)) {
            return new ContractRow(table, key, Optional.empty());
        }
        set(result, "extra", readExtra(layout, row, key));
        return new ContractRow(table, key, Optional.of(result));
    }

    private static void readKey(TableColumns layout, Struct row, SpecificRecordBase result) {
        layout.fields().forEach((column, name) -> {
            if (column.need() == ContractColumn.Need.KEY) {
                Object value = readKeyPart(layout.table(), column, name, row);
                set(result, column.field(), value);
            }
        });
    }

    private static Object readKeyPart(SourceTable table, ContractColumn column, String name, Struct row) {
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
                + reason + ". The key columns of " + table + " must hold whole numbers");
    }

    /** Reads what is not part of the key; false when the row has to be withheld. */
    private boolean readFields(TableColumns layout, Struct row, SpecificRecordBase result, String key) {
        boolean complete = true;
        for (Map.Entry<ContractColumn, String> entry : layout.fields().entrySet()) {
            ContractColumn column = entry.getKey();
            if (column.need() == ContractColumn.Need.KEY) {
                continue;
            }
            boolean indispensable =
                    !result.getSchema().getField(column.field()).schema().isNullable();
            try {
                Object value = read(column.kind(), entry.getValue(), row);
                if (value == null && indispensable) {
                    throw new UnreadableValueException("NULL or blank");
                }
                set(result, column.field(), value);
            } catch (UnreadableValueException e) {
                problems.accept(new RowProblem(layout.table(), entry.getValue(), key, e.getMessage(), indispensable));
                complete &= !indispensable;
            }
        }
        return complete;
    }

    private boolean isSoftDeleted(TableColumns layout, Struct row, String key) {
        if (layout.deleted().isEmpty()) {
            return false;
        }
        String name = layout.deleted().get();
        try {
            Field field = field(name, row);
            return ColumnValues.deleted(row.get(field), field.schema());
        } catch (UnreadableValueException e) {
            problems.accept(new RowProblem(layout.table(), name, key, e.getMessage(), true));
            return true;
        }
    }

    private Map<String, String> readExtra(TableColumns layout, Struct row, String key) {
        Map<String, String> extra = new TreeMap<>();
        for (String name : layout.extra()) {
            try {
                Object value = read(ValueKind.TEXT, name, row);
                if (value != null) {
                    extra.put(name.toUpperCase(Locale.ROOT), (String) value);
                }
            } catch (UnreadableValueException e) {
                problems.accept(new RowProblem(layout.table(), name, key, e.getMessage(), false));
            }
        }
        return extra;
    }

    private static @Nullable Object read(ValueKind kind, String name, Struct row) {
        Field field = field(name, row);
        return ColumnValues.of(kind, row.get(field), field.schema());
    }

    /** A column that was there at the start and is not any more must not read as NULL: it would blank every row. */
    private static Field field(String name, Struct row) {
        Field field = row.schema().field(name);
        if (field == null) {
            throw new MissingColumnException("The captured rows have no column " + name
                    + " any more: it was dropped or renamed, or a newer capture instance leaves it out");
        }
        return field;
    }

    private static void set(SpecificRecordBase row, String field, @Nullable Object value) {
        row.put(row.getSchema().getField(field).pos(), value);
    }
}
