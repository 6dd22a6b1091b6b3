package dev.patronstream.standin.cdc;

import dev.patronstream.standin.engine.Database;
import dev.patronstream.standin.engine.Sql;
import dev.patronstream.standin.sql.SqlServerException;
import java.sql.Connection;
import java.sql.SQLException;

/** Whether change data capture is enabled in the database. */
final class Enablement {
    private final Database database;

    Enablement(Database database) {
        this.database = database;
    }

    static boolean isEnabled(Connection jdbc) throws SQLException {
        return Sql.number(
                        jdbc,
                        "SELECT COUNT(*) FROM \"sys\".\"databases\" WHERE \"database_id\" = 5 AND \"is_cdc_enabled\"")
                > 0;
    }

    /** Raises error 22901 unless CDC is enabled. */
    void require(Connection jdbc) throws SQLException {
        if (!isEnabled(jdbc)) {
            throw new SqlServerException(
                    22901,
                    16,
                    1,
                    "The database '" + database.name()
                            + "' is not enabled for Change Data Capture. Ensure that the correct database context is set and"
                            + " retry the operation. To report on the databases enabled for Change Data Capture, query the"
                            + " is_cdc_enabled column in the sys.databases catalog view.");
        }
    }
}
