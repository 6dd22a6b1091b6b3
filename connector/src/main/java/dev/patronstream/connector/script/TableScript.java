package dev.patronstream.connector.script;

import static dev.patronstream.connector.database.TransactSql.name;
import static dev.patronstream.connector.database.TransactSql.text;

import dev.patronstream.connector.check.CapturedColumns;
import dev.patronstream.connector.database.DatabaseSettings;
import dev.patronstream.connector.database.TransactSql;
import dev.patronstream.connector.row.ContractColumn;
import dev.patronstream.connector.row.SourceTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The T-SQL about one table. Which of a field's columns a database has depends on the version of Aeries, and the account
 * that could look is made by this very script: so the script itself looks, column by column.
 */
final class TableScript {

    private final String schema;
    private final SourceTable table;
    private final CapturedColumns columns;

    TableScript(String schema, SourceTable table, CapturedColumns columns) {
        this.schema = schema;
        this.table = table;
        this.columns = columns;
    }

    /** Captures the table, and lets the account read what is captured. */
    String capture() {
        return SqlTemplate.fill("capture-table", values());
    }

    /** Ends our capture of the table. */
    String release() {
        return SqlTemplate.fill("release-table", values());
    }

    private Map<String, String> values() {
        String instance = DatabaseScript.captureInstance(table);
        return Map.of(
                "title",
                title(),
                "required",
                TransactSql.names(columns.minimum(table)),
                "optional",
                optional(),
                "instance",
                instance,
                "changes",
                instance + "_CT",
                "schema",
                schema,
                "table",
                table.name(),
                "role",
                DatabaseSettings.ROLE);
    }

    private String title() {
        return switch (table) {
            case STU -> "STU: students, one row per student and school";
            case LOC -> "LOC: schools";
            case STF -> "STF: staff";
            case TCH -> "TCH: teachers, for the names of homeroom teachers";
        };
    }

    private String optional() {
        List<String> lines = new ArrayList<>();
        for (ContractColumn column : columns.of(table)) {
            if (!columns.minimum(table).contains(column.names().get(0))) {
                lines.add(firstOf(column.names()) + " -- " + column.field());
            }
        }
        lines.add(firstOf(List.of(SourceTable.DELETED)) + " -- deleted");
        columns.extra(table)
                .forEach(extra -> lines.add("IF CHARINDEX(" + text(name(extra)) + ", @columns) = 0 AND"
                        + firstOf(List.of(extra)).substring(2) + " -- extra." + extra));
        return String.join("\n", lines);
    }

    private String firstOf(List<String> names) {
        return names.stream()
                        .map(column -> "IF COL_LENGTH(" + text(name(schema, table.name())) + ", " + text(column)
                                + ") IS NOT NULL SET @columns += " + text(", " + name(column)))
                        .collect(Collectors.joining("; ELSE "))
                + ";";
    }
}
