package dev.patronstream.standin;

import dev.patronstream.standin.engine.EngineThread;
import dev.patronstream.standin.security.WindowsAccounts;
import dev.patronstream.standin.session.Session;
import dev.patronstream.standin.sql.SqlServerException;
import dev.patronstream.standin.tds.TdsServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * A stand-in for SQL Server: the unmodified Microsoft driver and the unmodified Debezium connector work on it. It has one
 * database from the start and any others that are made in it ({@link #createDatabase}); methods that name none mean the
 * first. It listens on 127.0.0.1 only, without encryption ({@code encrypt=false}, for Debezium {@code driver.encrypt=false}), keeps
 * its data in a directory and continues from there, also after {@code kill -9}. Thread-safe.
 */
public final class SqlServerStandIn implements AutoCloseable {

    private static final Set<String> SYSTEM_DATABASES = Set.of("", "master", "tempdb", "model", "msdb");

    private static final String FILE_ENDING = ".mv.db";

    private final StandInSettings settings;
    private final StandInDatabase first;
    private final Map<String, StandInDatabase> databases = new ConcurrentHashMap<>();
    private final WindowsAccounts windows = new WindowsAccounts();
    private final TdsServer server;
    private final AtomicBoolean closed = new AtomicBoolean();

    private SqlServerStandIn(StandInSettings settings) throws IOException, SQLException {
        this.settings = settings;
        try {
            this.first = open(settings.database());
            for (String other : databasesIn(settings.directory())) {
                open(other);
            }
            this.server = new TdsServer(settings.port(), this::login, windows);
        } catch (IOException | SQLException | RuntimeException e) {
            closeDatabases();
            throw e;
        }
    }

    private static List<String> databasesIn(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(FILE_ENDING))
                    .map(name -> name.substring(0, name.length() - FILE_ENDING.length()))
                    .sorted()
                    .toList();
        }
    }

    private StandInDatabase open(String name) throws IOException, SQLException {
        String key = key(name);
        StandInDatabase known = databases.get(key);
        if (known != null) {
            return known;
        }
        StandInDatabase opened = StandInDatabase.open(settings, name, this::port);
        databases.put(key, opened);
        return opened;
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /**
     * Starts a stand-in, making its database if the directory has none.
     *
     * @throws IllegalStateException if the port or the files are in use
     */
    public static SqlServerStandIn start(StandInSettings settings) {
        try {
            return EngineThread.call(() -> new SqlServerStandIn(settings));
        } catch (IllegalStateException e) {
            throw new IllegalStateException(
                    "The SQL Server stand-in could not be started in " + settings.directory() + " on port "
                            + settings.port() + ": " + e.getMessage()
                            + ". Is another one running there? Choose another directory or port.",
                    e);
        }
    }

    private Session login(Session.Client client, Optional<String> password, String wanted) throws SQLException {
        StandInDatabase database = SYSTEM_DATABASES.contains(key(wanted)) ? first : databases.get(key(wanted));
        boolean known = client.login().equalsIgnoreCase(user())
                ? password.filter(settings.password()::equals).isPresent()
                : databases.values().stream().anyMatch(one -> one.authenticates(client.login(), password));
        if (!known) {
            throw new SqlServerException(18456, 14, 1, "Login failed for user '" + client.login() + "'.");
        }
        Optional<Session> session = database == null ? Optional.empty() : database.session(client);
        return session.orElseThrow(() -> new SqlServerException(
                4060, 11, 1, "Cannot open database \"" + wanted + "\" requested by the login. The login failed."));
    }

    /**
     * Adds an account to the Windows domain that the server trusts, so that NTLM knows it; a login of the same name lets it
     * in ({@code CREATE LOGIN [EAGLE\patronstream] FROM WINDOWS}). It is gone with the stand-in.
     *
     * @param name {@code DOMAIN\account}
     */
    public void addWindowsAccount(String name, String password) {
        windows.put(name, password);
    }

    /**
     * Makes a further database, empty; a later start on the same directory opens it again.
     *
     * @throws IllegalArgumentException if there is one of that name
     */
    public synchronized StandInDatabase createDatabase(String name) {
        if (databases.containsKey(key(name)) || SYSTEM_DATABASES.contains(key(name))) {
            throw new IllegalArgumentException("There is a database " + name + " already");
        }
        return EngineThread.call(() -> open(name));
    }

    /**
     * Drops a database with its rows; sessions in it get errors.
     *
     * @throws IllegalArgumentException if there is none of that name, or it is the first
     */
    public synchronized void dropDatabase(String name) {
        StandInDatabase dropped = databases.get(key(name));
        if (dropped == null || dropped == first) {
            throw new IllegalArgumentException("The database " + name + " cannot be dropped");
        }
        databases.remove(key(name));
        EngineThread.call(() -> {
            dropped.close();
            return Files.deleteIfExists(settings.directory().resolve(dropped.name() + FILE_ENDING));
        });
    }

    /** A database of this stand-in, by its name in any case; empty if there is none. */
    public Optional<StandInDatabase> database(String name) {
        return Optional.ofNullable(databases.get(key(name)));
    }

    public int port() {
        return server.port();
    }

    /** A URL for Microsoft's JDBC driver, without user and password. */
    public String jdbcUrl() {
        return first.jdbcUrl();
    }

    public String user() {
        return "sa";
    }

    public String password() {
        return settings.password();
    }

    public String database() {
        return settings.database();
    }

    /** Everything ever committed, apart from change data capture. */
    public SourceHistory history() {
        return first.history();
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
        return first.bulkLoad(table, columns, rows);
    }

    /** Holds the capture job still, as a stalled agent would: changes stay in the log, max LSN stands. */
    public void pauseCapture() {
        first.pauseCapture();
    }

    public void resumeCapture() {
        first.resumeCapture();
    }

    /** Captures everything committed before this call, whether the capture job runs or not. */
    public void scanNow() {
        first.scanNow();
    }

    /**
     * Removes changes below the LSN (text as Debezium prints it) from all change tables and moves their min LSN.
     *
     * @throws SqlServerException 22957 if the LSN is not in {@code cdc.lsn_time_mapping}
     */
    public void cleanUp(String lowWaterMark) {
        first.cleanUp(lowWaterMark);
    }

    /** Removes changes older than the retention now, as the clean-up job does from time to time. */
    public void cleanUpNow() {
        first.cleanUpNow();
    }

    /** Closes connections, rolls back what is open and closes the files. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        EngineThread.call(() -> {
            try (server) {
                // First no clients, then no jobs and no engine.
            } finally {
                closeDatabases();
            }
            return true;
        });
    }

    private void closeDatabases() throws SQLException {
        SQLException failure = null;
        for (StandInDatabase database : databases.values()) {
            try {
                database.close();
            } catch (SQLException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        databases.clear();
        if (failure != null) {
            throw failure;
        }
    }
}
