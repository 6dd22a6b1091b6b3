package dev.patronstream.connector.script;

import static dev.patronstream.connector.source.TransactSql.name;
import static dev.patronstream.connector.source.TransactSql.text;

import dev.patronstream.connector.row.ContractColumn;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.connector.source.CapturedColumns;
import dev.patronstream.connector.source.RightsCheck;
import dev.patronstream.connector.source.TransactSql;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

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

    String enable() {
        String instance = DatabaseScript.captureInstance(table);
        return """
                -- %1$s
                DECLARE @columns nvarchar(max) = %2$s;
                %3$s\
                IF NOT EXISTS (SELECT 1 FROM cdc.change_tables WHERE capture_instance = %4$s)
                    EXEC sys.sp_cdc_enable_table
                        @source_schema = %5$s,
                        @source_name = %6$s,
                        @capture_instance = %4$s,
                        @role_name = %7$s,
                        @captured_column_list = @columns,
                        @supports_net_changes = 0;
                EXEC (N'GRANT SELECT ON %8$s (' + @columns + N') TO %9$s');
                GRANT SELECT ON %10$s TO %9$s;
                GO
                """.formatted(
                        title(),
                        text(TransactSql.names(required())),
                        optional(),
                        text(instance),
                        text(schema),
                        text(table.name()),
                        text(RightsCheck.ROLE),
                        name(schema, table.name()),
                        name(RightsCheck.ROLE),
                        name("cdc", instance + "_CT"));
    }

    String disable() {
        return """
                IF EXISTS (SELECT 1 FROM sys.databases WHERE name = DB_NAME() AND is_cdc_enabled = 1)
                BEGIN
                    IF EXISTS (SELECT 1 FROM cdc.change_tables WHERE capture_instance = %1$s)
                        EXEC sys.sp_cdc_disable_table @source_schema = %2$s, @source_name = %3$s, @capture_instance = %1$s;
                END
                GO
                """.formatted(text(DatabaseScript.captureInstance(table)), text(schema), text(table.name()));
    }

    private String title() {
        return switch (table) {
            case STU -> "STU: students, one row per student and school";
            case LOC -> "LOC: schools";
            case STF -> "STF: staff";
            case TCH -> "TCH: teachers, for the names of homeroom teachers";
        };
    }

    /** Columns without which the table cannot be captured, where their name is the same in every version. */
    private List<String> required() {
        return table.columns().stream()
                .filter(column -> column.need() != ContractColumn.Need.OPTIONAL
                        && column.names().size() == 1)
                .map(column -> column.names().get(0))
                .toList();
    }

    private String optional() {
        List<String> lines = new ArrayList<>();
        for (ContractColumn column : table.columns()) {
            boolean wanted = column.group().isEmpty()
                    || columns.groups().contains(column.group().get());
            boolean required = column.need() != ContractColumn.Need.OPTIONAL
                    && column.names().size() == 1;
            if (wanted && !required) {
                lines.add(firstOf(column.names()) + " -- " + column.field());
            }
        }
        lines.add(firstOf(List.of(SourceTable.DELETED)) + " -- deleted");
        columns.extra().getOrDefault(table, Set.of()).stream()
                .sorted()
                .forEach(extra -> lines.add("IF CHARINDEX(" + text(name(extra)) + ", @columns) = 0 AND"
                        + firstOf(List.of(extra)).substring(2) + " -- extra." + extra));
        return String.join("\n", lines) + "\n";
    }

    private String firstOf(List<String> names) {
        StringBuilder line = new StringBuilder();
        for (Iterator<String> each = names.iterator(); each.hasNext(); ) {
            String column = each.next();
            line.append("IF COL_LENGTH(")
                    .append(text(name(schema, table.name())))
                    .append(", ")
                    .append(text(column))
                    .append(") IS NOT NULL SET @columns += ")
                    .append(text(", " + name(column)))
                    .append(each.hasNext() ? "; ELSE " : ";");
        }
        return line.toString();
    }
}
