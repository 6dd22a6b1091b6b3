package dev.patronstream.connector.check;

import dev.patronstream.connector.database.DatabaseSettings;
import dev.patronstream.connector.database.SourceDatabase;
import dev.patronstream.connector.database.SourceErrors;
import dev.patronstream.connector.database.TrackedTable;
import dev.patronstream.connector.database.TransactSql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Tries, without reading a row, what capture will read. A right that is missing is reported as the statement that gives it.
 */
public final class RightsCheck {

    /** What capture reads of the schema cdc besides the change tables. */
    public static final List<String> CAPTURE_TABLES =
            List.of("change_tables", "captured_columns", "index_columns", "lsn_time_mapping");

    private final SourceDatabase database;
    private final DatabaseSettings settings;

    RightsCheck(SourceDatabase database) {
        this.database = database;
        this.settings = database.settings();
    }

    /** Returns what is missing for seeing what is captured. */
    List<String> ofCapture() throws SQLException {
        List<String> missing = new ArrayList<>();
        for (String table : CAPTURE_TABLES) {
            missing.addAll(ofTable("cdc", table));
        }
        return missing;
    }

    /** Returns what is missing for reading a change table. */
    List<String> ofChanges(TrackedTable tracked) throws SQLException {
        return ofTable("cdc", tracked.name() + "_CT");
    }

    private List<String> ofTable(String schema, String table) throws SQLException {
        return database.refusal(probe("1", schema, table)).isEmpty()
                ? List.of()
                : List.of(TransactSql.grantSelect(schema, table, List.of(), settings.user()));
    }

    /**
     * Returns what is missing for reading the columns of a table. The server names the first column only, so each
     * is tried by itself where not all can be read.
     */
    List<String> ofColumns(String table, List<String> columns) throws SQLException {
        if (database.refusal(probe(TransactSql.names(columns), settings.schema(), table))
                .isEmpty()) {
            return List.of();
        }
        List<String> refused = new ArrayList<>();
        for (String column : columns) {
            if (database.refusal(probe(TransactSql.name(column), settings.schema(), table))
                    .isPresent()) {
                refused.add(column);
            }
        }
        return List.of(TransactSql.grantSelect(settings.schema(), table, refused, settings.user()));
    }

    /** Returns what is missing for seeing whether the capture job has caught up. */
    Optional<String> ofScans() throws SQLException {
        return database.refusal("SELECT TOP (0) session_id FROM sys.dm_cdc_log_scan_sessions")
                .map(error -> SourceErrors.grantOfScans(error, settings.user()));
    }

    private static String probe(String what, String schema, String table) {
        return "SELECT TOP (0) " + what + " FROM " + TransactSql.name(schema, table);
    }
}
