package dev.patronstream.standin;

import dev.patronstream.standin.cdc.ChangeDataCapture;
import dev.patronstream.standin.definition.BulkLoad;
import dev.patronstream.standin.engine.Database;
import dev.patronstream.standin.engine.EngineThread;
import dev.patronstream.standin.engine.LogPosition;
import dev.patronstream.standin.procedures.SystemProcedures;
import dev.patronstream.standin.security.Account;
import dev.patronstream.standin.security.SecurityCatalog;
import dev.patronstream.standin.session.Session;
import dev.patronstream.standin.sql.SqlServerException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;

/**
 * One database of a stand-in: its rows, its log, its change data capture. The databases of a stand-in share nothing but
 * the port and the logins, each of which is kept in the database where it was made; a session stays in the database it
 * logged in to. Thread-safe; closed with the stand-in.
 */
public final class StandInDatabase {

    private final Database database;
    private final SecurityCatalog security;
    private final ChangeDataCapture capture;
    private final SystemProcedures procedures;
    private final IntSupplier port;

    private StandInDatabase(Database database, SecurityCatalog security, ChangeDataCapture capture, IntSupplier port) {
        this.database = database;
        this.security = security;
        this.capture = capture;
        this.procedures = new SystemProcedures(database, capture);
        this.port = port;
    }

    static StandInDatabase open(StandInSettings settings, String name, IntSupplier port)
            throws IOException, SQLException {
        Database database = Database.open(settings.directory(), name, settings.clock(), settings.zone());
        try {
            SecurityCatalog security = new SecurityCatalog(database);
            ChangeDataCapture capture = new ChangeDataCapture(database, security, settings.capture());
            return new StandInDatabase(database, security, capture, port);
        } catch (SQLException e) {
            database.close();
            throw e;
        }
    }

    /** Whether a login of this name and password, or of a Windows account without one, was made in this database. */
    boolean authenticates(String login, Optional<String> password) {
        return security.authenticates(login, password);
    }

    /** A session in this database; empty if the client's login has no user in it. */
    Optional<Session> session(Session.Client client) throws SQLException {
        Optional<Account> account = security.account(client.login());
        return account.isPresent()
                ? Optional.of(new Session(database, procedures, client, account.get()))
                : Optional.empty();
    }

    /** The database's name. */
    public String name() {
        return database.name();
    }

    /** A URL for Microsoft's JDBC driver, without user and password. */
    public String jdbcUrl() {
        return "jdbc:sqlserver://127.0.0.1:" + port.getAsInt() + ";databaseName=" + name() + ";encrypt=false";
    }

    /** Everything ever committed, apart from change data capture. */
    public SourceHistory history() {
        return SourceHistory.over(() -> database.connect().jdbc());
    }

    /**
     * Loads rows into a table, faster than a client could; they are logged, captured and kept in the history like any
     * others, in transactions of some thousand rows.
     *
     * @param table {@code STU} or {@code dbo.STU}
     * @param columns the columns that the rows have values for, in order
     * @param rows read one by one, never held together
     * @return the number of rows
     * @throws SqlServerException with the server's error, if a row breaks a rule; the transactions before stay
     */
    public long bulkLoad(String table, List<String> columns, Iterator<Object[]> rows) {
        int dot = table.indexOf('.');
        String schema = dot < 0 ? "dbo" : table.substring(0, dot);
        return EngineThread.call(() -> BulkLoad.load(database, schema, table.substring(dot + 1), columns, rows));
    }

    /** Holds the capture job still, as a stalled agent would: changes stay in the log, max LSN stands. */
    public void pauseCapture() {
        capture.jobs().pause();
    }

    public void resumeCapture() {
        capture.jobs().resume();
    }

    /** Captures everything committed before this call, whether the capture job runs or not. */
    public void scanNow() {
        EngineThread.call(() -> {
            capture.jobs().scanNow();
            return true;
        });
    }

    /**
     * Removes changes below the LSN (text as Debezium prints it) from all change tables and moves their min LSN.
     *
     * @throws SqlServerException 22957 if the LSN is not in {@code cdc.lsn_time_mapping}
     */
    public void cleanUp(String lowWaterMark) {
        EngineThread.call(() -> {
            capture.jobs().cleanUp(Optional.empty(), LogPosition.parse(lowWaterMark));
            return true;
        });
    }

    /** Removes changes older than the retention now, as the clean-up job does from time to time. */
    public void cleanUpNow() {
        EngineThread.call(() -> {
            capture.jobs().cleanUpNow();
            return true;
        });
    }

    /** Stops the jobs, then the engine. */
    void close() throws SQLException {
        try (database;
                capture) {
            // Closed in reverse order.
        }
    }
}
