package dev.patronstream.standin.definition;

import dev.patronstream.standin.engine.ColumnInfo;
import dev.patronstream.standin.engine.Database;
import dev.patronstream.standin.engine.EngineConnection;
import dev.patronstream.standin.engine.Sql;
import dev.patronstream.standin.engine.TableInfo;
import dev.patronstream.standin.sql.ObjectName;
import dev.patronstream.standin.sql.Scope;
import dev.patronstream.standin.sql.SqlServerException;
import dev.patronstream.standin.sql.SqlType;
import dev.patronstream.standin.sql.Token;
import dev.patronstream.standin.sql.Tokens;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.stream.Collectors;

/** {@code ALTER TABLE}: columns added, dropped or of another type. The history follows; its old rows stay. */
final class TableAlteration {
    private final Database database;
    private final EngineConnection connection;
    private final Connection jdbc;
    private final Scope scope;
    private final HistoryTables history;

    TableAlteration(Database database, EngineConnection connection, Scope scope, HistoryTables history) {
        this.database = database;
        this.connection = connection;
        this.jdbc = connection.jdbc();
        this.scope = scope;
        this.history = history;
    }

    void execute(Tokens tokens) throws SQLException {
        ObjectName name = ObjectName.parse(tokens);
        TableInfo table = database.catalog()
                .table(name.schema().orElse("dbo"), name.name())
                .orElseThrow(() -> new SqlServerException(
                        4902,
                        16,
                        1,
                        "Cannot find the object \"" + name
                                + "\" because it does not exist or you do not have permissions."));
        connection.commit();
        if (tokens.skip("ADD")) {
            add(table, tokens);
        } else if (tokens.skip("DROP", "COLUMN")) {
            do {
                drop(table, tokens.expectName());
            } while (tokens.skipSymbol(","));
        } else if (tokens.skip("ALTER", "COLUMN")) {
            change(table, tokens);
        } else {
            throw SqlServerException.unsupported(
                    "ALTER TABLE ... " + tokens.peek().text());
        }
        database.catalog().altered(jdbc, table.objectId(), database.localNow());
        database.catalog().reload(jdbc);
        jdbc.commit();
        if (!tokens.atEnd()) {
            throw tokens.unexpected();
        }
    }

    private void add(TableInfo table, Tokens tokens) throws SQLException {
        TableDefinition definition = TableDefinition.parse(tokens.rest());
        if (!definition.constraints().isEmpty()) {
            throw SqlServerException.unsupported("constraints in ALTER TABLE ADD");
        }
        Definitions definitions = new Definitions(database, connection, scope);
        int id = table.columns().stream().mapToInt(ColumnInfo::id).max().orElse(0);
        String historyTable = HistoryTables.tableOf(jdbc, table.objectId());
        history.dropTrigger(jdbc, table);
        for (TableDefinition.Column column : definition.columns()) {
            Database.execute(
                    jdbc,
                    "ALTER TABLE " + Definitions.qualified(table.schema(), table.name()) + " ADD COLUMN "
                            + definitions.columnSql(column, column.nullable()));
            Database.execute(
                    jdbc,
                    "ALTER TABLE " + historyTable + " ADD COLUMN IF NOT EXISTS " + Sql.quoted(column.name()) + " "
                            + column.type().engineType());
            database.catalog()
                    .registerColumn(jdbc, table.objectId(), Definitions.info(++id, column, column.nullable()));
        }
        history.createTrigger(jdbc, table);
    }

    private void drop(TableInfo table, String column) throws SQLException {
        ColumnInfo info = existing(table, column);
        history.dropTrigger(jdbc, table);
        Database.execute(
                jdbc,
                "ALTER TABLE " + Definitions.qualified(table.schema(), table.name()) + " DROP COLUMN "
                        + Sql.quoted(info.name()));
        Sql.update(
                jdbc,
                "DELETE FROM \"standin\".\"columns\" WHERE \"object_id\" = ? AND \"column_id\" = ?",
                table.objectId(),
                info.id());
        history.createTrigger(jdbc, table);
    }

    private void change(TableInfo table, Tokens tokens) throws SQLException {
        ColumnInfo info = existing(table, tokens.expectName());
        if (tokens.skip("ADD", "MASKED")) {
            mask(table, info, tokens);
            return;
        }
        SqlType type = SqlType.parse(tokens, 1);
        boolean nullable = !tokens.skip("NOT", "NULL");
        tokens.skip("NULL");
        history.dropTrigger(jdbc, table);
        String alter = " ALTER COLUMN " + Sql.quoted(info.name()) + " ";
        String target = Definitions.qualified(table.schema(), table.name());
        Database.execute(jdbc, "ALTER TABLE " + target + alter + "SET DATA TYPE " + type.engineType());
        Database.execute(jdbc, "ALTER TABLE " + target + alter + (nullable ? "DROP NOT NULL" : "SET NOT NULL"));
        Database.execute(
                jdbc,
                "ALTER TABLE " + HistoryTables.tableOf(jdbc, table.objectId()) + alter + "SET DATA TYPE "
                        + type.engineType());
        ColumnInfo changed =
                new ColumnInfo(info.id(), info.name(), type, nullable, info.identity(), Optional.empty(), false);
        database.catalog().registerColumn(jdbc, table.objectId(), changed);
        history.createTrigger(jdbc, table);
        database.tableListener().afterTypeChange(connection, table, changed);
    }

    /** The catalog shows the mask; no account sees it in place of values. */
    private void mask(TableInfo table, ColumnInfo column, Tokens tokens) throws SQLException {
        tokens.expect("WITH");
        String function = tokens.parenthesized().stream().map(Token::text).collect(Collectors.joining(" "));
        Sql.update(jdbc, "INSERT INTO \"standin\".\"masks\" VALUES (?, ?, ?)", table.objectId(), column.id(), function);
    }

    private static ColumnInfo existing(TableInfo table, String column) {
        return table.column(column)
                .orElseThrow(() -> new SqlServerException(
                        4924,
                        16,
                        1,
                        "ALTER TABLE ALTER or DROP COLUMN failed because column '" + column
                                + "' does not exist in table '" + table.name() + "'."));
    }
}
