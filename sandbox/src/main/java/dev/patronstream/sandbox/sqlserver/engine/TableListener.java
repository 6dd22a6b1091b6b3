package dev.patronstream.sandbox.sqlserver.engine;

import java.sql.SQLException;

/** Is told of changes of tables that others depend on. */
public interface TableListener {
    /** Tells nobody. */
    TableListener NONE = (connection, table) -> {};

    /** A table that is tracked by change data capture is about to be dropped. */
    void beforeDrop(EngineConnection connection, TableInfo table) throws SQLException;
}
