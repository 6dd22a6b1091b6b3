package dev.patronstream.standin.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import org.h2.jdbcx.JdbcDataSource;

/**
 * One database: the embedded engine's files in a directory, with SQL Server's schemas, catalog and collation in them.
 * Every commit is handed to the operating system before it is answered, so what was committed survives the end of the
 * process by any signal; a power cut is not provided for. Thread-safe.
 */
public final class Database implements AutoCloseable {
    /** The engine waits this long for locks where SQL Server would wait for ever. */
    static final int UNLIMITED_LOCK_TIMEOUT = Integer.MAX_VALUE;

    private static final String ENGINE_USER = "PATRONSTREAM";
    private static final String SCRIPTS = "classpath:/dev/patronstream/standin/";
    private static final String OPTIONS = ";MODE=MSSQLServer;DATABASE_TO_UPPER=FALSE;CASE_INSENSITIVE_IDENTIFIERS=TRUE"
            + ";DB_CLOSE_DELAY=-1;DB_CLOSE_ON_EXIT=FALSE;WRITE_DELAY=0;QUERY_CACHE_SIZE=128"
            + ";DEFAULT_LOCK_TIMEOUT=" + UNLIMITED_LOCK_TIMEOUT;

    private final JdbcDataSource source = new JdbcDataSource();
    private final WholeCommits commits = new WholeCommits();
    private final String name;
    private final InstantSource clock;
    private final ZoneId zone;
    private final Connection keeper;
    private final Catalog catalog;
    private final CommitLog log;
    private volatile boolean snapshotIsolation;
    private volatile TableListener tableListener = TableListener.NONE;

    private Database(Path file, String name, InstantSource clock, ZoneId zone) throws SQLException {
        this.name = name;
        this.clock = clock;
        this.zone = zone;
        source.setURL("jdbc:h2:file:" + file.toAbsolutePath() + OPTIONS);
        source.setUser(ENGINE_USER);
        source.setPassword("");
        EngineCollation.install();
        keeper = commits.guard(source.getConnection());
        try {
            if (Sql.number(keeper, "SELECT CASE WHEN 'a ' = 'A' THEN 1 ELSE 0 END") != 1) {
                throw new IllegalStateException(
                        "The embedded engine compares text in its own way. Nothing else in this process may open its"
                                + " databases at the same time.");
            }
            keeper.setAutoCommit(false);
            if (Sql.number(keeper, "SELECT COUNT(*) FROM INFORMATION_SCHEMA.SCHEMATA WHERE SCHEMA_NAME = 'standin'")
                    == 0) {
                create();
            }
            execute(keeper, "SET TIME ZONE '" + zone.getId() + "'");
            clearVolatile();
            catalog = new Catalog(keeper);
            log = new CommitLog(keeper, clock);
            snapshotIsolation = Sql.number(
                            keeper,
                            "SELECT \"snapshot_isolation_state\" FROM \"sys\".\"databases\" WHERE \"database_id\" = 5")
                    == 1;
            keeper.commit();
        } catch (SQLException | IllegalStateException e) {
            keeper.close();
            throw e;
        }
    }

    /**
     * Opens a database, creating it if the directory has none.
     *
     * @throws SQLException if the files are in use by another process or damaged
     */
    public static Database open(Path directory, String name, InstantSource clock, ZoneId zone)
            throws IOException, SQLException {
        Files.createDirectories(directory);
        return new Database(directory.resolve(name), name, clock, zone);
    }

    private void create() throws SQLException {
        execute(keeper, "RUNSCRIPT FROM '" + SCRIPTS + "engine/schema.sql'");
        int id = 1;
        for (String system : new String[] {"master", "tempdb", "model", "msdb", name}) {
            Sql.update(
                    keeper,
                    "INSERT INTO \"sys\".\"databases\" VALUES"
                            + " (?, ?, ?, 160, 'SQL_Latin1_General_CP1_CI_AS', 0, 'ONLINE', 0, 'OFF', FALSE, FALSE, FALSE, 'FULL')",
                    system,
                    id++,
                    localNow());
        }
        keeper.commit();
    }

    /** What a restart of the server empties. */
    private void clearVolatile() throws SQLException {
        execute(keeper, "DELETE FROM \"sys\".\"dm_cdc_log_scan_sessions\"");
        execute(keeper, "DELETE FROM \"sys\".\"dm_cdc_errors\"");
    }

    /** Runs one of the stand-in's own scripts; it commits by itself, as definitions do in the engine. */
    public static void runScript(Connection jdbc, String script) throws SQLException {
        execute(jdbc, "RUNSCRIPT FROM '" + SCRIPTS + script + "'");
    }

    public static void execute(Connection jdbc, String sql) throws SQLException {
        try (Statement statement = jdbc.createStatement()) {
            statement.execute(sql);
        }
    }

    /** A new connection, not in auto-commit, in the schema dbo and the server's time zone. */
    public EngineConnection connect() throws SQLException {
        Connection jdbc = commits.guard(source.getConnection());
        try {
            jdbc.setAutoCommit(false);
            execute(jdbc, "SET SCHEMA \"dbo\"");
            execute(jdbc, "SET TIME ZONE '" + zone.getId() + "'");
            return new EngineConnection(jdbc, log);
        } catch (SQLException e) {
            jdbc.close();
            throw e;
        }
    }

    public String name() {
        return name;
    }

    public Catalog catalog() {
        return catalog;
    }

    public CommitLog log() {
        return log;
    }

    /** Who is notified of changes of tables. */
    public TableListener tableListener() {
        return tableListener;
    }

    public void listen(TableListener listener) {
        tableListener = listener;
    }

    public boolean allowsSnapshotIsolation() {
        return snapshotIsolation;
    }

    /** ALLOW_SNAPSHOT_ISOLATION; commits. */
    public void allowSnapshotIsolation(Connection jdbc, boolean allowed) throws SQLException {
        Sql.update(
                jdbc,
                "UPDATE \"sys\".\"databases\" SET \"snapshot_isolation_state\" = ?,"
                        + " \"snapshot_isolation_state_desc\" = ? WHERE \"database_id\" = 5",
                allowed ? 1 : 0,
                allowed ? "ON" : "OFF");
        jdbc.commit();
        snapshotIsolation = allowed;
    }

    public ZoneId zone() {
        return zone;
    }

    public Instant now() {
        return clock.instant();
    }

    /** The server's local time, as SQL Server keeps it: without a zone. */
    public LocalDateTime localNow() {
        return localTime(clock.instant());
    }

    public LocalDateTime localTime(Instant instant) {
        return LocalDateTime.ofInstant(instant, zone).truncatedTo(ChronoUnit.MILLIS);
    }

    /** Closes the engine; connections still open get errors. */
    @Override
    public void close() throws SQLException {
        try (keeper) {
            execute(keeper, "SHUTDOWN");
        }
    }
}
