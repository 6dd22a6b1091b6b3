package dev.patronstream.standin.session;

import java.sql.SQLException;

/** A system procedure. */
@FunctionalInterface
public interface Procedure {
    /**
     * Executes the procedure.
     *
     * @return the return status, 0 for success
     */
    int call(ProcedureCall call) throws SQLException;
}
