package dev.patronstream.standin.engine;

import java.util.List;
import java.util.Optional;

/**
 * A table or view of the catalog.
 *
 * @param shipped whether it is the server's own (a change table), not a user's
 * @param indexes the primary key first, if there is one
 */
public record TableInfo(
        int objectId, String schema, String name, boolean shipped, List<ColumnInfo> columns, List<IndexInfo> indexes) {
    /** A primary key or a unique or plain index. */
    public record IndexInfo(
            int id, String name, String engineName, boolean unique, boolean primaryKey, List<String> columns) {}

    public Optional<IndexInfo> primaryKey() {
        return indexes.stream().filter(IndexInfo::primaryKey).findFirst();
    }

    /** The names of the key's columns; empty without a primary key. */
    public List<String> keyColumns() {
        return primaryKey().map(IndexInfo::columns).orElse(List.of());
    }

    public Optional<ColumnInfo> column(String columnName) {
        return columns.stream()
                .filter(c -> c.name().equalsIgnoreCase(columnName))
                .findFirst();
    }

    public String qualifiedName() {
        return schema + "." + name;
    }
}
