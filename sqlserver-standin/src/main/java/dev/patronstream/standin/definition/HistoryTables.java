package dev.patronstream.standin.definition;

import dev.patronstream.standin.engine.ColumnInfo;
import dev.patronstream.standin.engine.CommitLog;
import dev.patronstream.standin.engine.Database;
import dev.patronstream.standin.engine.LogPosition;
import dev.patronstream.standin.engine.Sql;
import dev.patronstream.standin.engine.TableInfo;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The tables of the schema {@code standin_history}, one per user table, and the triggers that fill them. They hold
 * the images of all columns, whatever is captured, and are never cleaned up: a dropped table's history stays under its
 * name, its successor gets a numbered one.
 */
final class HistoryTables {
    private final CommitLog log;

    HistoryTables(CommitLog log) {
        this.log = log;
    }

    /** Begins the history of a new, empty table. */
    void create(Connection jdbc, TableInfo table) throws SQLException {
        String name = freeName(jdbc, table);
        List<String> columns = new ArrayList<>();
        for (ColumnInfo column : table.columns()) {
            columns.add(Sql.quoted(column.name()) + " " + column.type().engineType());
        }
        Database.execute(
                jdbc,
                "CREATE TABLE \"standin_history\"." + Sql.quoted(name)
                        + " (\"__tx\" BIGINT NOT NULL, \"__ordinal\" BIGINT NOT NULL, \"__operation\" SMALLINT NOT NULL, "
                        + String.join(", ", columns) + ", PRIMARY KEY (\"__tx\", \"__ordinal\", \"__operation\"))");
        log.reserve(
                jdbc,
                position -> Sql.update(
                        jdbc,
                        "INSERT INTO \"standin_history\".\"tables\" VALUES (?, ?, ?, ?, ?, ?, NULL)",
                        name,
                        table.objectId(),
                        table.schema(),
                        table.name(),
                        String.join("\t", table.keyColumns()),
                        LogPosition.text(LogPosition.lsn(position))));
        createTrigger(jdbc, table);
    }

    void createTrigger(Connection jdbc, TableInfo table) throws SQLException {
        Database.execute(
                jdbc,
                "CREATE TRIGGER " + trigger(table) + " AFTER INSERT, UPDATE, DELETE ON "
                        + Definitions.qualified(table.schema(), table.name()) + " FOR EACH ROW CALL '"
                        + ChangeLogTrigger.class.getName() + "'");
    }

    void dropTrigger(Connection jdbc, TableInfo table) throws SQLException {
        Database.execute(jdbc, "DROP TRIGGER " + trigger(table));
    }

    /** Ends the history of a table that is about to be dropped. */
    void drop(Connection jdbc, TableInfo table) throws SQLException {
        log.reserve(
                jdbc,
                position -> Sql.update(
                        jdbc,
                        "UPDATE \"standin_history\".\"tables\" SET \"dropped_lsn\" = ?"
                                + " WHERE \"object_id\" = ? AND \"dropped_lsn\" IS NULL",
                        LogPosition.text(LogPosition.lsn(position)),
                        table.objectId()));
    }

    /** The engine's name of the history of a table that exists. */
    static String tableOf(Connection jdbc, int objectId) throws SQLException {
        return Sql.quoted("standin_history") + "."
                + Sql.quoted(Sql.query(
                                jdbc,
                                row -> row.getString(1),
                                "SELECT \"history_table\" FROM \"standin_history\".\"tables\""
                                        + " WHERE \"object_id\" = ? AND \"dropped_lsn\" IS NULL",
                                objectId)
                        .get(0));
    }

    private static String trigger(TableInfo table) {
        return Sql.quoted(table.schema()) + "." + Sql.quoted("history of " + table.name());
    }

    private static String freeName(Connection jdbc, TableInfo table) throws SQLException {
        String base = table.schema() + "_" + table.name();
        String name = base;
        for (int i = 2; ; i++) {
            long taken = Sql.number(
                    jdbc, "SELECT COUNT(*) FROM \"standin_history\".\"tables\" WHERE \"history_table\" = ?", name);
            if (taken == 0) {
                return name;
            }
            name = base + "_" + i;
        }
    }
}
