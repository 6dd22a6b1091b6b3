package dev.patronstream.standin.definition;

import dev.patronstream.standin.engine.ColumnInfo;
import dev.patronstream.standin.engine.Database;
import dev.patronstream.standin.engine.EngineConnection;
import dev.patronstream.standin.engine.Sql;
import dev.patronstream.standin.engine.TableInfo;
import dev.patronstream.standin.sql.SqlServerException;
import java.sql.Connection;
import java.sql.SQLException;

/** {@code sp_rename} of a column. The history goes on under the new name; its old rows keep the old one. */
public final class ColumnRenaming {
    private final Database database;
    private final EngineConnection connection;

    public ColumnRenaming(Database database, EngineConnection connection) {
        this.database = database;
        this.connection = connection;
    }

    /**
     * Renames a column; commits.
     *
     * @throws SqlServerException 4928 if the table is tracked by change data capture, which keeps its columns' names
     */
    public void rename(TableInfo table, ColumnInfo column, String newName) throws SQLException {
        Connection jdbc = connection.jdbc();
        connection.commit();
        boolean tracked = Sql.number(
                        jdbc,
                        "SELECT COUNT(*) FROM \"standin\".\"tracked_tables\" WHERE \"object_id\" = ?",
                        table.objectId())
                > 0;
        if (tracked) {
            throw new SqlServerException(
                    4928, 16, 1, "Cannot alter column '" + column.name() + "' because it is 'REPLICATED'.");
        }
        if (table.column(newName).isPresent()) {
            throw new SqlServerException(
                    15335,
                    11,
                    1,
                    "Error: The new name '" + newName
                            + "' is already in use as a COLUMN name and would cause a duplicate that is not permitted.");
        }
        HistoryTables history = new HistoryTables(database.log());
        history.dropTrigger(jdbc, table);
        Database.execute(
                jdbc,
                "ALTER TABLE " + Definitions.qualified(table.schema(), table.name()) + " ALTER COLUMN "
                        + Sql.quoted(column.name()) + " RENAME TO " + Sql.quoted(newName));
        Database.execute(
                jdbc,
                "ALTER TABLE " + HistoryTables.tableOf(jdbc, table.objectId()) + " ADD COLUMN IF NOT EXISTS "
                        + Sql.quoted(newName) + " " + column.type().engineType());
        database.catalog()
                .registerColumn(
                        jdbc,
                        table.objectId(),
                        new ColumnInfo(
                                column.id(),
                                newName,
                                column.type(),
                                column.nullable(),
                                column.identity(),
                                column.defaultDefinition(),
                                column.computed()));
        history.createTrigger(jdbc, table);
        database.catalog().altered(jdbc, table.objectId(), database.localNow());
        database.catalog().reload(jdbc);
        jdbc.commit();
    }
}
