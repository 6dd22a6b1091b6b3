package dev.patronstream.standin.engine;

import dev.patronstream.standin.engine.TableInfo.IndexInfo;
import dev.patronstream.standin.sql.SqlType;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The tables of a database with their T-SQL types, which the engine's own catalog does not know. Kept in tables of the
 * schema {@code standin}, on which the {@code sys} views stand, and in memory. Thread-safe: readers see the last
 * whole state.
 */
public final class Catalog {
    private volatile Map<String, TableInfo> tables = Map.of();

    Catalog(Connection jdbc) throws SQLException {
        reload(jdbc);
    }

    public Optional<TableInfo> table(String schema, String name) {
        return Optional.ofNullable(tables.get(key(schema, name)));
    }

    public Optional<TableInfo> table(int objectId) {
        return tables.values().stream().filter(t -> t.objectId() == objectId).findFirst();
    }

    /** All tables, by schema and name. */
    public Collection<TableInfo> tables() {
        return tables.values();
    }

    private static String key(String schema, String name) {
        return (schema + "." + name).toLowerCase(Locale.ROOT);
    }

    /** Reads the catalog's tables again; called after every change of them. */
    public void reload(Connection jdbc) throws SQLException {
        Map<Integer, List<ColumnInfo>> columns = new HashMap<>();
        Sql.query(
                jdbc,
                row -> columns.computeIfAbsent(row.getInt("object_id"), id -> new java.util.ArrayList<>())
                        .add(new ColumnInfo(
                                row.getInt("column_id"),
                                row.getString("name"),
                                new SqlType(
                                        row.getString("type_name"),
                                        row.getInt("length"),
                                        row.getInt("precision"),
                                        row.getInt("scale")),
                                row.getBoolean("is_nullable"),
                                row.getBoolean("is_identity"),
                                Optional.ofNullable(row.getString("default_definition")),
                                row.getBoolean("is_computed"))),
                "SELECT * FROM \"standin\".\"columns\" ORDER BY \"object_id\", \"column_id\"");
        Map<List<Integer>, List<String>> indexColumns = new HashMap<>();
        Sql.query(
                jdbc,
                row -> indexColumns
                        .computeIfAbsent(
                                List.of(row.getInt("object_id"), row.getInt("index_id")),
                                id -> new java.util.ArrayList<>())
                        .add(row.getString("column_name")),
                "SELECT * FROM \"standin\".\"index_columns\" ORDER BY \"object_id\", \"index_id\", \"key_ordinal\"");
        Map<Integer, List<IndexInfo>> indexes = new HashMap<>();
        Sql.query(
                jdbc,
                row -> indexes.computeIfAbsent(row.getInt("object_id"), id -> new java.util.ArrayList<>())
                        .add(new IndexInfo(
                                row.getInt("index_id"),
                                row.getString("name"),
                                row.getString("engine_name"),
                                row.getBoolean("is_unique"),
                                row.getBoolean("is_primary_key"),
                                indexColumns.getOrDefault(
                                        List.of(row.getInt("object_id"), row.getInt("index_id")), List.of()))),
                "SELECT * FROM \"standin\".\"indexes\" ORDER BY \"object_id\", \"is_primary_key\" DESC, \"index_id\"");
        Map<String, TableInfo> loaded = new TreeMap<>();
        Sql.query(
                jdbc,
                row -> {
                    int id = row.getInt("object_id");
                    TableInfo table = new TableInfo(
                            id,
                            row.getString("schema_name"),
                            row.getString("name"),
                            row.getBoolean("is_ms_shipped"),
                            columns.getOrDefault(id, List.of()),
                            indexes.getOrDefault(id, List.of()));
                    return loaded.put(key(table.schema(), table.name()), table);
                },
                "SELECT * FROM \"standin\".\"objects\" WHERE \"type\" = 'U'");
        tables = loaded;
    }

    /** Registers a table; the caller commits and {@linkplain #reload reloads}. */
    public void register(Connection jdbc, TableInfo table, LocalDateTime now) throws SQLException {
        Sql.update(
                jdbc,
                "INSERT INTO \"standin\".\"objects\" VALUES (?, ?, ?, 'U', ?, ?, ?)",
                table.objectId(),
                table.schema(),
                table.name(),
                table.shipped(),
                now,
                now);
        for (ColumnInfo column : table.columns()) {
            registerColumn(jdbc, table.objectId(), column);
        }
        for (IndexInfo index : table.indexes()) {
            registerIndex(jdbc, table.objectId(), index);
        }
    }

    public void registerColumn(Connection jdbc, int objectId, ColumnInfo column) throws SQLException {
        Sql.update(
                jdbc,
                "MERGE INTO \"standin\".\"columns\" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                objectId,
                column.id(),
                column.name(),
                column.type().name(),
                column.type().length(),
                column.type().precision(),
                column.type().scale(),
                column.type().maxLength(),
                column.nullable(),
                column.identity(),
                column.defaultDefinition().orElse(null),
                column.computed());
    }

    /** Notes that a table was altered; the caller commits. */
    public void altered(Connection jdbc, int objectId, LocalDateTime now) throws SQLException {
        Sql.update(
                jdbc, "UPDATE \"standin\".\"objects\" SET \"modify_date\" = ? WHERE \"object_id\" = ?", now, objectId);
    }

    public void registerIndex(Connection jdbc, int objectId, IndexInfo index) throws SQLException {
        Sql.update(
                jdbc,
                "INSERT INTO \"standin\".\"indexes\" VALUES (?, ?, ?, ?, ?, ?)",
                objectId,
                index.id(),
                index.name(),
                index.engineName(),
                index.unique(),
                index.primaryKey());
        for (int i = 0; i < index.columns().size(); i++) {
            Sql.update(
                    jdbc,
                    "INSERT INTO \"standin\".\"index_columns\" VALUES (?, ?, ?, ?)",
                    objectId,
                    index.id(),
                    i + 1,
                    index.columns().get(i));
        }
    }

    /** Removes a table; the caller commits and reloads. */
    public void remove(Connection jdbc, int objectId) throws SQLException {
        for (String table : List.of("index_columns", "indexes", "columns", "objects")) {
            Sql.update(jdbc, "DELETE FROM \"standin\"." + Sql.quoted(table) + " WHERE \"object_id\" = ?", objectId);
        }
    }

    public int newObjectId(Connection jdbc) throws SQLException {
        return (int) Sql.number(jdbc, "SELECT NEXT VALUE FOR \"standin\".\"object_ids\"");
    }
}
