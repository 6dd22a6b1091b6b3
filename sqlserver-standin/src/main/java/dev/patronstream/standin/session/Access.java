package dev.patronstream.standin.session;

import dev.patronstream.standin.engine.EngineConnection;
import dev.patronstream.standin.engine.TableInfo;
import dev.patronstream.standin.sql.SqlServerException;
import dev.patronstream.standin.sql.Token;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/**
 * What the account of a session may do. A right that is missing is an error with the server's number: 229 on an object,
 * 230 on a column, 262 in the database, 300 on the server. Thread-safe; a right that is given or taken counts from the
 * next statement on.
 */
public interface Access {
    /** Whether the account may do everything: sysadmin, or owner of the database. */
    boolean isAdministrator();

    /**
     * Checks a query or a modification before it is executed.
     *
     * @param sql the statement in the engine's dialect
     * @param functionTables change tables that it reads through a function of change data capture
     * @throws SqlServerException if a right is missing
     */
    void check(Connection jdbc, String sql, Set<String> functionTables) throws SQLException;

    /** Whether the account sees a table in the catalog: it has some right on it. */
    boolean sees(TableInfo table);

    /** Whether the account may read these columns. */
    boolean reads(TableInfo table, List<String> columns);

    /** Whether the account is in the role. */
    boolean isMember(String role);

    /**
     * Executes a definition of logins, users, roles or permissions.
     *
     * @return false if the definition is of something else
     * @throws SqlServerException if the account may not make the definition
     */
    boolean define(EngineConnection connection, String verb, List<Token> definition) throws SQLException;
}
