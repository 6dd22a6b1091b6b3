package dev.patronstream.standin.cdc;

import dev.patronstream.standin.engine.EngineConnection;
import java.sql.SQLException;

/** What change data capture does to the roles and permissions of the database. */
public interface CaptureSecurity {
    /** Makes the role that gates a capture instance, unless it is there. */
    void ensureRole(EngineConnection connection, String role) throws SQLException;

    /** Forgets the permissions on a schema that is created again. */
    void forgetSchema(EngineConnection connection, String schema) throws SQLException;
}
