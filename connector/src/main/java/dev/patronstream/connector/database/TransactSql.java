package dev.patronstream.connector.database;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Writes names and texts of T-SQL. */
public final class TransactSql {

    private TransactSql() {}

    /** Returns a name in brackets. */
    public static String name(String name) {
        return "[" + name.replace("]", "]]") + "]";
    }

    /** Returns a table's name with its schema. */
    public static String name(String schema, String table) {
        return name(schema) + "." + name(table);
    }

    /** Returns names in brackets with commas. */
    public static String names(Collection<String> names) {
        return names.stream().map(TransactSql::name).collect(Collectors.joining(", "));
    }

    /** Returns a text as a literal. */
    public static String text(String text) {
        return "N'" + text.replace("'", "''") + "'";
    }

    /** Returns the statement that lets somebody read a table, or some of its columns. */
    public static String grantSelect(String schema, String table, List<String> columns, String grantee) {
        String what = columns.isEmpty() ? "" : " (" + names(columns) + ")";
        return "GRANT SELECT ON " + name(schema, table) + what + " TO " + name(grantee);
    }
}
