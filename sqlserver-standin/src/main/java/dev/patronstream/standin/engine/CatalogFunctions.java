package dev.patronstream.standin.engine;

import dev.patronstream.standin.sql.ObjectName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** T-SQL's metadata functions, called by the engine with the session's own connection. */
public final class CatalogFunctions {
    private CatalogFunctions() {}

    public static @Nullable Integer objectId(Connection connection, @Nullable String... arguments) throws SQLException {
        if (arguments.length == 0 || arguments[0] == null) {
            return null;
        }
        ObjectName name = ObjectName.parse(arguments[0]);
        return first(Sql.query(
                connection,
                row -> row.getInt(1),
                "SELECT \"object_id\" FROM \"standin\".\"objects\" WHERE \"schema_name\" = ? AND \"name\" = ?",
                name.schema().orElse("dbo"),
                name.name()));
    }

    public static @Nullable String objectName(Connection connection, @Nullable Integer... arguments)
            throws SQLException {
        return object(connection, "name", arguments);
    }

    public static @Nullable String objectSchemaName(Connection connection, @Nullable Integer... arguments)
            throws SQLException {
        return object(connection, "schema_name", arguments);
    }

    private static @Nullable String object(Connection connection, String column, @Nullable Integer... arguments)
            throws SQLException {
        return first(Sql.query(
                connection,
                row -> row.getString(1),
                "SELECT " + Sql.quoted(column) + " FROM \"standin\".\"objects\" WHERE \"object_id\" = ?",
                arguments.length == 0 ? null : arguments[0]));
    }

    public static @Nullable Integer schemaId(Connection connection, @Nullable String... arguments) throws SQLException {
        String name = arguments.length == 0 || arguments[0] == null ? "dbo" : arguments[0];
        return first(Sql.query(
                connection,
                row -> row.getInt(1),
                "SELECT \"schema_id\" FROM \"sys\".\"schemas\" WHERE \"name\" = ?",
                name));
    }

    public static @Nullable Integer databaseId(Connection connection, @Nullable String... arguments)
            throws SQLException {
        if (arguments.length == 0) {
            return 5;
        }
        return first(Sql.query(
                connection,
                row -> row.getInt(1),
                "SELECT \"database_id\" FROM \"sys\".\"databases\" WHERE \"name\" = ?",
                arguments[0]));
    }

    public static @Nullable String columnName(Connection connection, @Nullable Integer table, @Nullable Integer column)
            throws SQLException {
        return first(Sql.query(
                connection,
                row -> row.getString(1),
                "SELECT \"name\" FROM \"standin\".\"columns\" WHERE \"object_id\" = ? AND \"column_id\" = ?",
                table,
                column));
    }

    public static @Nullable String typeName(Connection connection, @Nullable Integer type) throws SQLException {
        return first(Sql.query(
                connection,
                row -> row.getString(1),
                "SELECT \"name\" FROM \"sys\".\"types\" WHERE \"user_type_id\" = ?",
                type));
    }

    /** COL_LENGTH: NULL for a column that does not exist. */
    public static @Nullable Integer columnLength(Connection connection, @Nullable String table, @Nullable String column)
            throws SQLException {
        if (table == null) {
            return null;
        }
        ObjectName name = ObjectName.parse(table);
        return first(Sql.query(
                connection,
                row -> row.getInt(1),
                "SELECT c.\"max_length\" FROM \"standin\".\"columns\" c JOIN \"standin\".\"objects\" o"
                        + " ON o.\"object_id\" = c.\"object_id\""
                        + " WHERE o.\"schema_name\" = ? AND o.\"name\" = ? AND c.\"name\" = ?",
                name.schema().orElse("dbo"),
                name.name(),
                column));
    }

    /** SUSER_ID: NULL for a login that does not exist. */
    public static @Nullable Integer loginId(Connection connection, @Nullable String... arguments) throws SQLException {
        return arguments.length == 0 ? null : principal(connection, "server_principals", arguments[0]);
    }

    /** DATABASE_PRINCIPAL_ID: NULL for a user or a role that does not exist. */
    public static @Nullable Integer principalId(Connection connection, @Nullable String... arguments)
            throws SQLException {
        return arguments.length == 0 ? null : principal(connection, "database_principals", arguments[0]);
    }

    private static @Nullable Integer principal(Connection connection, String view, @Nullable String name)
            throws SQLException {
        return first(Sql.query(
                connection,
                row -> row.getInt(1),
                "SELECT \"principal_id\" FROM \"sys\"." + Sql.quoted(view) + " WHERE \"name\" = ?",
                name));
    }

    private static <T> @Nullable T first(List<@Nullable T> rows) {
        return rows.isEmpty() ? null : rows.get(0);
    }
}
