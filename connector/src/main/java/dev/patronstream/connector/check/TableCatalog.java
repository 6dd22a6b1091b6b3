package dev.patronstream.connector.check;

import dev.patronstream.connector.database.Batch;
import dev.patronstream.connector.database.SourceDatabase;
import dev.patronstream.connector.row.SourceTable;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What the database's catalog says of our tables. Types of the system types 240, 244 and 255 differ in their names only. */
public final class TableCatalog {

    private TableCatalog() {}

    /** Returns the columns of these tables that the account can see; a table it cannot see has none. */
    public static Map<SourceTable, List<SourceColumn>> columns(SourceDatabase database, Collection<SourceTable> tables)
            throws SQLException {
        Map<SourceTable, List<SourceColumn>> columns = new EnumMap<>(SourceTable.class);
        for (SourceTable table : tables) {
            List<String> masked = masked(database, table);
            columns.put(
                    table,
                    database.list(
                            """
                            SELECT c.name, c.column_id, b.name, c.max_length, c.precision, c.scale, c.is_computed,
                             c.is_nullable, c.system_type_id
                            FROM {db}.sys.columns c JOIN {db}.sys.tables t ON t.object_id = c.object_id
                            JOIN {db}.sys.types b ON b.user_type_id
                             = CASE WHEN c.system_type_id IN (240, 244, 255) THEN c.user_type_id ELSE c.system_type_id END
                            JOIN {db}.sys.schemas s ON s.schema_id = t.schema_id
                            WHERE s.name = ? AND t.name = ? ORDER BY c.column_id
                            """.replace("{db}", database.quotedName()),
                            row -> new SourceColumn(
                                    row.getString(1),
                                    row.getInt(2),
                                    row.getInt(9),
                                    row.getString(3),
                                    SourceColumn.size(row.getString(3), row.getInt(4), row.getInt(5), row.getInt(6)),
                                    row.getBoolean(7),
                                    row.getBoolean(8),
                                    masked.contains(row.getString(1))),
                            database.settings().schema(),
                            table.name()));
        }
        return columns;
    }

    /**
     * Returns the columns in whose place the account sees masks: {@code xxxx}, 0, 1900. Servers before 2016 have none.
     *
     * @see <a href="https://learn.microsoft.com/sql/relational-databases/security/dynamic-data-masking">Microsoft: dynamic
     *     data masking</a>
     */
    private static List<String> masked(SourceDatabase database, SourceTable table) throws SQLException {
        return database.listWhereSeen(
                """
                SELECT c.name FROM {db}.sys.masked_columns c JOIN {db}.sys.tables t ON t.object_id = c.object_id
                JOIN {db}.sys.schemas s ON s.schema_id = t.schema_id
                WHERE s.name = ? AND t.name = ? AND c.is_masked = 1
                 AND ISNULL(HAS_PERMS_BY_NAME(DB_NAME(), N'DATABASE', N'UNMASK'), 0) = 0
                 AND ISNULL(HAS_PERMS_BY_NAME(QUOTENAME(s.name) + N'.' + QUOTENAME(t.name), N'OBJECT', N'UNMASK',
                  c.name, N'COLUMN'), 0) = 0
                """.replace("{db}", database.quotedName()),
                row -> row.getString(1),
                database.settings().schema(),
                table.name());
    }

    /** Returns the security policies that hide rows of a table, as far as the account sees them. */
    static List<String> rowPolicies(SourceDatabase database, SourceTable table) throws SQLException {
        return database.listWhereSeen(
                """
                SELECT DISTINCT p.name FROM {db}.sys.security_policies p
                JOIN {db}.sys.security_predicates x ON x.object_id = p.object_id
                JOIN {db}.sys.tables t ON t.object_id = x.target_object_id
                JOIN {db}.sys.schemas s ON s.schema_id = t.schema_id
                WHERE s.name = ? AND t.name = ? AND p.is_enabled = 1 AND x.predicate_type = 0
                """.replace("{db}", database.quotedName()),
                row -> row.getString(1),
                database.settings().schema(),
                table.name());
    }

    /** Returns, by table, the columns of each primary key and unique index, in upper case. */
    static Map<SourceTable, Collection<Set<String>>> uniqueKeys(SourceDatabase database, Collection<SourceTable> tables)
            throws SQLException {
        Map<SourceTable, Collection<Set<String>>> keys = new EnumMap<>(SourceTable.class);
        for (SourceTable table : tables) {
            Map<Integer, Set<String>> byIndex = new TreeMap<>();
            database.list(
                    """
                    SELECT i.index_id, UPPER(c.name)
                    FROM {db}.sys.indexes i
                    JOIN {db}.sys.index_columns x ON x.object_id = i.object_id AND x.index_id = i.index_id
                    JOIN {db}.sys.columns c ON c.object_id = i.object_id AND c.column_id = x.column_id
                    JOIN {db}.sys.tables t ON t.object_id = i.object_id
                    JOIN {db}.sys.schemas s ON s.schema_id = t.schema_id
                    WHERE s.name = ? AND t.name = ? AND i.is_unique = 1 AND i.has_filter = 0 AND i.is_disabled = 0
                     AND x.is_included_column = 0
                    """.replace("{db}", database.quotedName()),
                    row -> byIndex.computeIfAbsent(row.getInt(1), id -> new HashSet<>())
                            .add(row.getString(2)),
                    database.settings().schema(),
                    table.name());
            keys.put(table, byIndex.values());
        }
        return keys;
    }

    /** Returns a text that is another one when the definition of one of these tables has changed. */
    public static String versions(SourceDatabase database, Collection<SourceTable> tables) throws SQLException {
        Batch batch = database.batch();
        Supplier<String> versions = versions(database, batch, tables);
        batch.run();
        return versions.get();
    }

    /** Asks for the same in a batch. */
    public static Supplier<String> versions(SourceDatabase database, Batch batch, Collection<SourceTable> tables) {
        String names = tables.stream().map(table -> "N'" + table + "'").collect(Collectors.joining(", "));
        Supplier<List<String>> versions = batch.list(
                """
                SELECT t.name, t.object_id, t.modify_date
                FROM {db}.sys.tables t JOIN {db}.sys.schemas s ON s.schema_id = t.schema_id
                WHERE s.name = ? AND t.name IN (%s) ORDER BY t.name
                """.formatted(names).replace("{db}", database.quotedName()),
                row -> row.getString(1) + " " + row.getInt(2) + " " + row.getObject(3, LocalDateTime.class),
                database.settings().schema());
        return () -> String.join(",", versions.get());
    }
}
