package dev.patronstream.standin.engine;

import java.sql.SQLException;

/** Receives changes of tables that others depend on. */
public interface TableListener {
    /** Tells nobody. */
    TableListener NONE = new TableListener() {
        @Override
        public void beforeDrop(EngineConnection connection, TableInfo table) {
            // Nobody to tell.
        }

        @Override
        public void afterTypeChange(EngineConnection connection, TableInfo table, ColumnInfo column) {
            // Nobody to tell.
        }
    };

    /** A table that is tracked by change data capture is about to be dropped. */
    void beforeDrop(EngineConnection connection, TableInfo table) throws SQLException;

    /** A column of a table has another type from now on. */
    void afterTypeChange(EngineConnection connection, TableInfo table, ColumnInfo column) throws SQLException;
}
