package dev.patronstream.sandbox.life;

import java.sql.Connection;
import java.sql.SQLException;

/** Opens connections to the district's database. */
@FunctionalInterface
public interface ConnectionSource {

    /** Opens a new connection, which the caller closes. */
    Connection connect() throws SQLException;
}
