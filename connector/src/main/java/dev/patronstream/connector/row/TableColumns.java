package dev.patronstream.connector.row;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which columns of a table of this database feed which fields: the names are the database's own.
 *
 * @param fields by field of the contract: the column's name
 * @param deleted the column of the soft delete, if the table has one
 * @param extra the district's own columns
 * @param types by column: its type as T-SQL writes it
 */
public record TableColumns(
        SourceTable table,
        Map<ContractColumn, String> fields,
        Optional<String> deleted,
        List<String> extra,
        Map<String, String> types) {

    public TableColumns {
        fields = Map.copyOf(fields);
        extra = List.copyOf(extra);
        types = Map.copyOf(types);
    }

    /** Returns the columns of the key, in the order of the contract. */
    public List<String> keyColumns() {
        return table.columns().stream()
                .filter(column -> column.need() == ContractColumn.Need.KEY)
                .map(fields::get)
                .toList();
    }

    /** Returns every column that is read, sorted. */
    public List<String> all() {
        List<String> all = new ArrayList<>(fields.values());
        deleted.ifPresent(all::add);
        all.addAll(extra);
        return all.stream().distinct().sorted().toList();
    }

    /** Whether a row is not softly deleted; one whose mark cannot be read is withheld as if it were. */
    public boolean isLive(ColumnValues.Row row) {
        try {
            return deleted.isEmpty() || !ColumnValues.deleted(row.text(deleted.get()));
        } catch (UnreadableValueException withheld) {
            return false;
        }
    }

    /** Returns the name of the column that feeds a field; there must be one. */
    public String column(String field) {
        return fields.entrySet().stream()
                .filter(entry -> entry.getKey().field().equals(field))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No column of " + table + " feeds " + field));
    }
}
