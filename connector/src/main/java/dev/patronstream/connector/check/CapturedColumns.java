package dev.patronstream.connector.check;

import dev.patronstream.connector.row.ColumnGroup;
import dev.patronstream.connector.row.ContractColumn;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.schemas.table.JoinedTable;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is captured besides the columns that always are.
 *
 * @param groups columns, and tables, that some feed needs
 * @param extra by table: the district's own columns
 * @param named by table: fields of its contract that a condition, a template or a list of fields names one by one; the
 *     table cannot be captured without their columns
 */
public record CapturedColumns(
        Set<ColumnGroup> groups, Map<SourceTable, Set<String>> extra, Map<SourceTable, Set<String>> named) {

    public CapturedColumns {
        groups = Set.copyOf(groups);
        extra = Map.copyOf(extra);
        named = Map.copyOf(named);
    }

    /** Columns of which none of the contracts' is named. */
    public CapturedColumns(Set<ColumnGroup> groups, Map<SourceTable, Set<String>> extra) {
        this(groups, extra, Map.of());
    }

    /** Returns the tables that are captured, in their order. */
    public List<SourceTable> tables() {
        return Arrays.stream(SourceTable.values())
                .filter(table -> table.group().map(groups::contains).orElse(true))
                .toList();
    }

    /** Returns the joined tables that are captured. */
    public Set<JoinedTable> joined() {
        return tables().stream().flatMap(table -> table.joined().stream()).collect(Collectors.toUnmodifiableSet());
    }

    /** Returns the fields of a table that are captured where the database has them, in their order. */
    public List<ContractColumn> of(SourceTable table) {
        return table.columns().stream()
                .filter(column -> column.group().map(groups::contains).orElse(true))
                .map(column -> named.getOrDefault(table, Set.of()).contains(column.field()) ? column.named() : column)
                .toList();
    }

    /** Returns the district's own columns of a table, in their order. */
    public List<String> extra(SourceTable table) {
        return extra.getOrDefault(table, Set.of()).stream().sorted().toList();
    }

    /** Returns the columns without which a table cannot be captured, where every version of the SIS has them. */
    public List<String> minimum(SourceTable table) {
        return table.columns().stream()
                .filter(column -> column.isNeeded() && column.names().size() == 1)
                .map(column -> column.names().get(0))
                .toList();
    }
}
