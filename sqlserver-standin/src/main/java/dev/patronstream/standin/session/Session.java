package dev.patronstream.standin.session;

import dev.patronstream.standin.engine.Database;
import dev.patronstream.standin.engine.EngineConnection;
import dev.patronstream.standin.engine.EngineErrors;
import dev.patronstream.standin.engine.Sql;
import dev.patronstream.standin.sql.SqlServerException;
import dev.patronstream.standin.sql.SqlType;
import dev.patronstream.standin.sql.TypedValue;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.h2.api.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * A client's session: its login, options and transaction. Statements run on one thread; {@link #cancel} may come from
 * another.
 */
public final class Session implements AutoCloseable {
    /** Who is connected. */
    public record Client(int spid, String login, String host, String application) {}

    private static final int DEFINITION_LOCK_TIMEOUT_MILLIS = 15_000;

    private final Database database;
    private final Procedures procedures;
    private final Client client;
    private final Access access;
    private final EngineConnection connection;
    private final EngineErrors errors;
    private final Map<String, Savepoint> savepoints = new HashMap<>();
    private final SessionOptions options = new SessionOptions();
    private int openTransactions;
    private long transactionId;
    private long rowCount;
    private int lastError;
    private volatile @Nullable Statement running;
    private volatile boolean canceled;

    public Session(Database database, Procedures procedures, Client client, Access access) throws SQLException {
        this.database = database;
        this.procedures = procedures;
        this.client = client;
        this.access = access;
        this.connection = database.connect();
        this.errors = new EngineErrors(database.name());
        options.applyLockTimeout(connection.jdbc());
        // Rows are computed while they are sent: no result is ever held as a whole, where the query allows it.
        Database.execute(connection.jdbc(), "SET LAZY_QUERY_EXECUTION TRUE");
    }

    public Database database() {
        return database;
    }

    public EngineConnection connection() {
        return connection;
    }

    Connection jdbc() {
        return connection.jdbc();
    }

    Procedures procedures() {
        return procedures;
    }

    public Client client() {
        return client;
    }

    /** What the account of the session may do. */
    public Access access() {
        return access;
    }

    SessionOptions options() {
        return options;
    }

    SqlServerException mapped(SQLException e) {
        return errors.map(e);
    }

    /** Executes a batch; errors go to the response, never out of here. */
    public void execute(String batch, Variables variables, Response response) {
        new Interpreter(this, variables, response).batch(batch);
    }

    /** Executes a procedure called by name. */
    public void call(String procedure, java.util.List<ProcedureCall.Argument> arguments, Response response) {
        new Interpreter(this, new Variables(), response).call(procedure, arguments);
    }

    // ---- transactions

    int openTransactions() {
        return openTransactions;
    }

    void begin(Response response) {
        openTransactions++;
        if (openTransactions == 1) {
            transactionId = database.log().newTransaction();
            response.transaction(Response.TransactionEvent.BEGUN, transactionId);
        }
    }

    /** Before a statement that, with implicit transactions on, begins one. */
    void beginImplicitly(Response response) {
        if (options.implicitTransactions() && openTransactions == 0) {
            begin(response);
        }
    }

    void commit(Response response) throws SQLException {
        if (openTransactions == 0) {
            throw new SqlServerException(
                    3902, 16, 1, "The COMMIT TRANSACTION request has no corresponding BEGIN TRANSACTION.");
        }
        openTransactions--;
        if (openTransactions == 0) {
            connection.commit();
            ended(response, Response.TransactionEvent.COMMITTED);
        }
    }

    void rollback(Optional<String> name, Response response) throws SQLException {
        Savepoint savepoint =
                name.map(n -> savepoints.get(n.toLowerCase(Locale.ROOT))).orElse(null);
        if (savepoint != null) {
            connection.rollback(savepoint);
            return;
        }
        if (openTransactions == 0) {
            throw new SqlServerException(
                    3903, 16, 1, "The ROLLBACK TRANSACTION request has no corresponding BEGIN TRANSACTION.");
        }
        rollbackAll(response);
    }

    void rollbackAll(Response response) throws SQLException {
        connection.rollback();
        if (openTransactions > 0) {
            openTransactions = 0;
            ended(response, Response.TransactionEvent.ROLLED_BACK);
        }
    }

    private void ended(Response response, Response.TransactionEvent event) throws SQLException {
        savepoints.clear();
        options.applyIsolation(connection.jdbc());
        response.transaction(event, transactionId);
    }

    /** Raises error 3952 where snapshot isolation is wanted and the database does not allow it. */
    void checkSnapshotAllowed() {
        if (options.readsSnapshot() && !database.allowsSnapshotIsolation()) {
            throw new SqlServerException(
                    3952,
                    16,
                    1,
                    "Snapshot isolation transaction failed accessing database '" + database.name()
                            + "' because snapshot isolation is not allowed in this database. Use ALTER DATABASE to allow"
                            + " snapshot isolation.");
        }
    }

    void save(String name) throws SQLException {
        if (openTransactions == 0) {
            throw new SqlServerException(
                    628, 16, 0, "Cannot issue SAVE TRANSACTION when there is no active transaction.");
        }
        savepoints.put(name.toLowerCase(Locale.ROOT), connection.savepoint());
    }

    /** After a statement: outside of a transaction, every statement is one. */
    void statementDone() throws SQLException {
        if (openTransactions == 0) {
            connection.commit();
        }
    }

    /** After a failed statement: outside of a transaction, nothing of it stays. */
    void statementFailed(SqlServerException error, Response response) {
        try {
            if (error.endsTransaction() || options.abortsOnError()) {
                rollbackAll(response);
            } else if (openTransactions == 0) {
                connection.rollback();
            }
        } catch (SQLException e) {
            error.addSuppressed(e);
        }
    }

    // ---- canceling

    /**
     * Runs JDBC work on a statement, waiting for locks as long as LOCK_TIMEOUT says. The engine cannot be canceled while
     * it waits for a lock, so it waits in slices; a slice that ends without the lock has undone the statement, which is
     * then begun again.
     */
    <T> T cancelable(Statement statement, SqlWork<T> work) throws SQLException {
        long begun = System.nanoTime();
        running = statement;
        try {
            while (true) {
                checkCanceled();
                try {
                    return work.run();
                } catch (SQLException e) {
                    long waitedMillis = (System.nanoTime() - begun) / 1_000_000;
                    int timeout = options.lockTimeoutMillis();
                    if (e.getErrorCode() != ErrorCode.LOCK_TIMEOUT_1 || (timeout >= 0 && waitedMillis >= timeout)) {
                        throw e;
                    }
                }
            }
        } finally {
            running = null;
        }
    }

    /** Runs definitions and procedures: many engine statements that cannot be begun again one by one. */
    <T> T definition(SqlWork<T> work) throws SQLException {
        options.applyLockTimeout(jdbc(), DEFINITION_LOCK_TIMEOUT_MILLIS);
        try {
            return work.run();
        } finally {
            options.applyLockTimeout(jdbc());
        }
    }

    /** JDBC work. */
    @FunctionalInterface
    interface SqlWork<T> {
        T run() throws SQLException;
    }

    /** Ends the batch that is being executed, soon. */
    public void cancel() {
        canceled = true;
        Statement statement = running;
        if (statement != null) {
            try {
                statement.cancel();
            } catch (SQLException e) {
                // The statement has ended by itself: nothing is left to cancel.
            }
        }
    }

    /** Waits, unless canceled. */
    void pause(long millis) {
        long until = System.nanoTime() + millis * 1_000_000;
        try {
            while (System.nanoTime() < until) {
                checkCanceled();
                Thread.sleep(Math.max(1, Math.min(50, (until - System.nanoTime()) / 1_000_000)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw SqlServerException.canceled();
        }
    }

    /** Before a new batch. */
    public void resume() {
        canceled = false;
    }

    public boolean isCancelled() {
        return canceled;
    }

    void checkCanceled() {
        if (canceled) {
            throw SqlServerException.canceled();
        }
    }

    // ---- values

    void rowCount(long rows) {
        rowCount = rows;
    }

    void lastError(int number) {
        lastError = number;
    }

    /** A system variable or a session function without arguments. */
    Optional<TypedValue> systemValue(String name) {
        TypedValue value =
                switch (name) {
                    case "@@trancount" -> TypedValue.of(openTransactions);
                    case "@@spid" -> new TypedValue(SqlType.SMALLINT, client.spid());
                    case "@@rowcount" -> TypedValue.of((int) rowCount);
                    case "@@error" -> TypedValue.of(lastError);
                    case "@@version" -> TypedValue.of(Server.VERSION_TEXT);
                    case "@@servername" -> TypedValue.of(Server.NAME);
                    case "@@servicename" -> TypedValue.of("MSSQLSERVER");
                    case "@@language" -> TypedValue.of("us_english");
                    case "@@langid", "@@nestlevel", "@@options", "@@procid", "@@cursor_rows" -> TypedValue.of(0);
                    case "@@datefirst" -> new TypedValue(SqlType.TINYINT, 7);
                    case "@@lock_timeout" -> TypedValue.of(options.lockTimeoutMillis());
                    case "@@fetch_status" -> TypedValue.of(-1);
                    case "@@max_precision" -> new TypedValue(SqlType.TINYINT, 38);
                    case "@@microsoftversion" -> TypedValue.of(0x10000000);
                    case "@@textsize" -> TypedValue.of(Integer.MAX_VALUE);
                    case "@@identity", "scope_identity" -> identity();
                    case "xact_state" -> new TypedValue(SqlType.SMALLINT, openTransactions > 0 ? 1 : 0);
                    case "current_transaction_id" -> new TypedValue(SqlType.BIGINT, transactionId);
                    case "db_name" -> TypedValue.of(database.name());
                    case "schema_name" -> TypedValue.of("dbo");
                    case "suser_sname", "suser_name", "original_login", "system_user" -> TypedValue.of(client.login());
                    case "user_name", "current_user", "session_user", "user" ->
                        TypedValue.of(client.login().equalsIgnoreCase("sa") ? "dbo" : client.login());
                    case "host_name" -> TypedValue.of(client.host());
                    case "app_name", "program_name" -> TypedValue.of(client.application());
                    case "is_srvrolemember", "has_perms_by_name" ->
                        TypedValue.of(client.login().equalsIgnoreCase("sa") ? 1 : 0);
                    // Asked for the role of the owner.
                    case "is_member" -> TypedValue.of(access.isAdministrator() ? 1 : 0);
                    case "has_dbaccess" -> TypedValue.of(1);
                    case "getdate", "current_timestamp" -> new TypedValue(SqlType.DATETIME, database.localNow());
                    case "sysdatetime" ->
                        new TypedValue(
                                SqlType.temporal("datetime2", 7),
                                java.time.LocalDateTime.ofInstant(database.now(), database.zone()));
                    case "getutcdate" ->
                        new TypedValue(
                                SqlType.DATETIME, java.time.LocalDateTime.ofInstant(database.now(), ZoneOffset.UTC));
                    case "sysutcdatetime" ->
                        new TypedValue(
                                SqlType.temporal("datetime2", 7),
                                java.time.LocalDateTime.ofInstant(database.now(), ZoneOffset.UTC));
                    case "sysdatetimeoffset" ->
                        new TypedValue(
                                SqlType.temporal("datetimeoffset", 7),
                                java.time.OffsetDateTime.ofInstant(database.now(), database.zone()));
                    default -> null;
                };
        return Optional.ofNullable(value);
    }

    private TypedValue identity() {
        try {
            long last = Sql.number(connection.jdbc(), "CALL IDENTITY()");
            return new TypedValue(SqlType.decimal(38, 0), last == 0 ? null : last);
        } catch (SQLException e) {
            throw mapped(e);
        }
    }

    /** Rolls back what is open and closes. */
    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
