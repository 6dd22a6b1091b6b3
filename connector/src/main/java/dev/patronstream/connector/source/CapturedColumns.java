package dev.patronstream.connector.source;

import dev.patronstream.connector.row.ColumnGroup;
import dev.patronstream.connector.row.SourceTable;
import java.util.Map;
import java.util.Set;

/**
 * What is captured besides the columns that always are.
 *
 * @param groups columns that some feed needs
 * @param extra by table: the district's own columns
 */
public record CapturedColumns(Set<ColumnGroup> groups, Map<SourceTable, Set<String>> extra) {

    /** Copies the collections. */
    public CapturedColumns {
        groups = Set.copyOf(groups);
        extra = Map.copyOf(extra);
    }

    /** Returns what is captured when nothing is asked for. */
    public static CapturedColumns usual() {
        return new CapturedColumns(Set.of(), Map.of());
    }
}
