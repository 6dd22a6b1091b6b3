package dev.patronstream.connector.database;

import com.microsoft.sqlserver.jdbc.SQLServerDriver;
import dev.patronstream.connector.row.ColumnValues;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.schemas.Lsn;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What capture asks the database itself, on a connection of its own: what it is, what it tracks, and what its change
 * tables hold. Reads only. Not thread-safe but for {@link #abort}.
 *
 * <p>All methods throw {@link SQLException} as the driver does; {@link SourceErrors} says what it means.
 */
public final class SourceDatabase implements AutoCloseable {

    /** Not a transaction: CDC notes the time in the log when nothing else does. */
    private static final String NO_TRANSACTION = "00";

    private final DatabaseSettings settings;
    private final String quotedName;
    private final Connection connection;

    private SourceDatabase(DatabaseSettings settings, Connection connection) {
        this.settings = settings;
        this.quotedName = TransactSql.name(settings.database());
        this.connection = connection;
    }

    /** Connects. */
    public static SourceDatabase connect(DatabaseSettings settings) throws SQLException {
        Properties properties = new Properties();
        properties.put("queryTimeout", "20");
        properties.putAll(settings.properties());
        properties.put("databaseName", settings.database());
        return new SourceDatabase(
                settings, new SQLServerDriver().connect("jdbc:sqlserver://" + settings.server(), properties));
    }

    /** Returns the server's version, such as {@code 16.0.1000.6}. */
    public String version() throws SQLException {
        return one(
                "SELECT CAST(SERVERPROPERTY('ProductVersion') AS nvarchar(40))",
                row -> String.valueOf(row.getString(1)));
    }

    /** Whether the account may do everything on the server. */
    public boolean isSysadmin() throws SQLException {
        return one("SELECT ISNULL(IS_SRVROLEMEMBER(N'sysadmin'), 0)", row -> row.getInt(1) == 1);
    }

    public DatabaseDescription describe() throws SQLException {
        Optional<String> fork = recoveryFork();
        return one(
                "SELECT name, create_date, is_cdc_enabled, snapshot_isolation_state FROM sys.databases WHERE name = ?",
                row -> new DatabaseDescription(
                        Incarnation.of(row.getString(1), row.getObject(2, LocalDateTime.class), fork),
                        row.getBoolean(3),
                        row.getInt(4) == 1),
                settings.database());
    }

    /** Needs a right that is often missing; without it the incarnation is known by the database's creation alone. */
    private Optional<String> recoveryFork() throws SQLException {
        return listWhereSeen(
                        "SELECT recovery_fork_guid FROM sys.database_recovery_status WHERE database_id = DB_ID()",
                        row -> Optional.ofNullable(row.getString(1)))
                .stream()
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** Returns an empty batch of queries on this connection. */
    public Batch batch() {
        return new Batch(connection);
    }

    /** Returns the capture instances of these tables. */
    public List<TrackedTable> trackedTables(Collection<SourceTable> tables) throws SQLException {
        Batch batch = batch();
        Supplier<List<TrackedTable>> tracked = trackedTables(batch, tables);
        batch.run();
        return tracked.get();
    }

    /** Asks for the same in a batch. */
    public Supplier<List<TrackedTable>> trackedTables(Batch batch, Collection<SourceTable> tables) {
        Map<Integer, Map<String, Integer>> columns = new HashMap<>();
        Supplier<?> unused = batch.list(
                "SELECT object_id, column_name, column_id FROM " + quotedName + ".cdc.captured_columns",
                row -> columns.computeIfAbsent(row.getInt(1), id -> new HashMap<>())
                        .put(row.getString(2), row.getInt(3)));
        Supplier<List<Optional<TrackedTable>>> tracked = batch.list(
                "SELECT OBJECT_SCHEMA_NAME(source_object_id), OBJECT_NAME(source_object_id), capture_instance,"
                        + " object_id, start_lsn, create_date FROM " + quotedName + ".cdc.change_tables",
                row -> {
                    String table = row.getString(2);
                    return table == null || !settings.schema().equalsIgnoreCase(row.getString(1))
                            ? Optional.empty()
                            : Optional.of(new TrackedTable(
                                    table.toUpperCase(Locale.ROOT),
                                    row.getString(3),
                                    lsn(row.getBytes(5)),
                                    row.getObject(6, LocalDateTime.class).toString(),
                                    Map.copyOf(columns.getOrDefault(row.getInt(4), Map.of()))));
                });
        Set<String> ours = tables.stream().map(Enum::name).collect(Collectors.toSet());
        return () -> tracked.get().stream()
                .flatMap(Optional::stream)
                .filter(table -> ours.contains(table.table()))
                .sorted(Comparator.comparing(TrackedTable::table).thenComparing(TrackedTable::name))
                .toList();
    }

    /** Returns the one reader of the tables, on this connection. */
    public TableReader tables() {
        return new TableReader(settings, connection);
    }

    /** Returns the highest LSN that capture has reached; {@link Lsn#NONE} before the first. */
    public Lsn maxLsn() throws SQLException {
        return one("SELECT " + quotedName + ".sys.fn_cdc_get_max_lsn()", row -> lsn(row.getBytes(1)));
    }

    /** Returns how many changes the change tables hold for a commit, an update counted once. */
    public long changesOf(Lsn commit, List<TrackedTable> tracked) throws SQLException {
        List<TrackedTable> read = readAt(commit, tracked);
        if (read.isEmpty()) {
            return 0;
        }
        String sql = read.stream()
                .map(table -> "SELECT COUNT(*) FROM " + changeTable(table)
                        + " WHERE [__$start_lsn] = ? AND [__$operation] <> 3")
                .collect(Collectors.joining(" UNION ALL "));
        return list(
                        sql,
                        row -> row.getLong(1),
                        Collections.nCopies(read.size(), commit.bytes()).toArray())
                .stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** Of two capture instances of a table the engine reads the newer one from its start LSN on. */
    private static List<TrackedTable> readAt(Lsn commit, List<TrackedTable> tracked) {
        Map<String, TrackedTable> byTable = new HashMap<>();
        for (TrackedTable table : tracked) {
            if (!table.startLsn().isAfter(commit)) {
                byTable.merge(table.table(), table, BinaryOperator.maxBy(TrackedTable.BY_AGE));
            }
        }
        return List.copyOf(byTable.values());
    }

    /** Returns the last commit with changes of our tables after one LSN and up to another. */
    public Optional<Lsn> lastChange(Lsn after, Lsn upTo, List<TrackedTable> tracked) throws SQLException {
        if (tracked.isEmpty() || !upTo.isAfter(after)) {
            return Optional.empty();
        }
        String sql = tracked.stream()
                .map(table -> "SELECT MAX([__$start_lsn]) FROM " + changeTable(table)
                        + " WHERE [__$start_lsn] > ? AND [__$start_lsn] <= ?")
                .collect(Collectors.joining(" UNION ALL "));
        Object[] bounds = tracked.stream()
                .flatMap(table -> Stream.of(after.bytes(), upTo.bytes()))
                .toArray();
        return list(sql, row -> lsn(row.getBytes(1)), bounds).stream()
                .filter(lsn -> lsn.isAfter(after))
                .max(Comparator.naturalOrder());
    }

    /** Returns the log's last entry at or before an LSN. */
    public Optional<LogEntry> entryUpTo(Lsn lsn) throws SQLException {
        return list(
                        "SELECT TOP (1) start_lsn, tran_id, tran_end_time FROM " + quotedName
                                + ".cdc.lsn_time_mapping WHERE start_lsn <= ? ORDER BY start_lsn DESC",
                        SourceDatabase::entry,
                        lsn.bytes())
                .stream()
                .findFirst();
    }

    /** Asks in a batch for the log's entries from one LSN up to another, in their order. */
    public Supplier<List<LogEntry>> entries(Batch batch, Lsn from, Lsn upTo) {
        return batch.list(
                "SELECT start_lsn, tran_id, tran_end_time FROM " + quotedName
                        + ".cdc.lsn_time_mapping WHERE start_lsn >= ? AND start_lsn <= ? ORDER BY start_lsn",
                SourceDatabase::entry,
                from.bytes(),
                upTo.bytes());
    }

    private static LogEntry entry(ResultSet row) throws SQLException {
        byte[] transaction = row.getBytes(2);
        return new LogEntry(
                lsn(row.getBytes(1)).text(),
                transaction == null ? NO_TRANSACTION : HexFormat.of().formatHex(transaction),
                String.valueOf(row.getObject(3, LocalDateTime.class)));
    }

    /** Returns the last scans of the capture job that have ended, the latest first. */
    public List<ScanSession> scanSessions() throws SQLException {
        return list(
                "SELECT TOP (32) session_id, start_time, end_time, error_count, tran_count, empty_scan_count"
                        + " FROM sys.dm_cdc_log_scan_sessions WHERE session_id > 0 AND end_time IS NOT NULL"
                        + " ORDER BY session_id DESC",
                row -> new ScanSession(
                        row.getLong(1),
                        row.getObject(2, LocalDateTime.class),
                        row.getObject(3, LocalDateTime.class),
                        row.getLong(4),
                        row.getLong(5),
                        row.getLong(6)));
    }

    /** Runs a query for its effect only; returns the error if it says that the account may not, and throws every other. */
    public Optional<SQLException> refusal(String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return Optional.empty();
        } catch (SQLException error) {
            SourceErrors.requireDenied(error);
            return Optional.of(error);
        }
    }

    /**
     * Hands every change after one LSN and up to another to the reader, with its {@code __$operation} and the columns that
     * are named, in the order of the commits and, within one, of its commands; sequence values alone do not follow the
     * order of execution.
     *
     * @see <a href="https://learn.microsoft.com/sql/relational-databases/system-tables/cdc-capture-instance-ct-transact-sql">
     *     Microsoft: cdc.&lt;capture_instance&gt;_CT</a>
     */
    public void changes(
            TrackedTable instance, Collection<String> columns, Lsn after, Lsn upTo, Consumer<ColumnValues.Row> reader)
            throws SQLException {
        tables().query(
                        "SELECT [__$operation], " + TransactSql.names(columns) + " FROM " + changeTable(instance)
                                + " WHERE [__$start_lsn] > ? AND [__$start_lsn] <= ?"
                                + " ORDER BY [__$start_lsn], [__$command_id], [__$seqval], [__$operation]",
                        reader,
                        after.bytes(),
                        upTo.bytes());
    }

    /** Returns the database's name in brackets. */
    public String quotedName() {
        return quotedName;
    }

    public DatabaseSettings settings() {
        return settings;
    }

    /** Returns the server's time with its offset from UTC. */
    public OffsetDateTime now() throws SQLException {
        Batch batch = batch();
        Supplier<List<OffsetDateTime>> now = now(batch);
        batch.run();
        return now.get().get(0);
    }

    /** Asks for the same in a batch, as the only element. */
    public Supplier<List<OffsetDateTime>> now(Batch batch) {
        return batch.list("SELECT SYSDATETIMEOFFSET()", row -> row.getObject(1, OffsetDateTime.class));
    }

    /** Breaks the connection off, from any thread; anyone who waits for an answer gets an exception. */
    public void abort() {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException alreadyBroken) {
            // Broken is what it should be.
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException alreadyBroken) {
            // Nothing was written, so nothing can be lost.
        }
    }

    private String changeTable(TrackedTable table) {
        return quotedName + ".cdc." + TransactSql.name(table.name() + "_CT");
    }

    private static Lsn lsn(byte[] bytes) {
        return bytes == null ? Lsn.NONE : Lsn.of(bytes);
    }

    @FunctionalInterface
    public interface Mapper<T> {
        T map(ResultSet row) throws SQLException;
    }

    /** Returns what the mapper makes of each row; the arguments, texts, numbers or bytes, take the places of the query. */
    public <T> List<T> list(String sql, Mapper<T> mapper, Object... arguments) throws SQLException {
        Batch batch = batch();
        Supplier<List<T>> rows = batch.list(sql, mapper, arguments);
        batch.run();
        return rows.get();
    }

    static void set(PreparedStatement statement, Object... arguments) throws SQLException {
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i] instanceof byte[] bytes) {
                statement.setBytes(i + 1, bytes);
            } else if (arguments[i] instanceof Integer number) {
                statement.setInt(i + 1, number);
            } else {
                statement.setString(i + 1, (String) arguments[i]);
            }
        }
    }

    /** The same of what a server may not have, or the account not see; then there is nothing. */
    public <T> List<T> listWhereSeen(String sql, Mapper<T> mapper, Object... arguments) throws SQLException {
        try {
            return list(sql, mapper, arguments);
        } catch (SQLException unseen) {
            SourceErrors.requireAnswer(unseen);
            return List.of();
        }
    }

    private <T> T one(String sql, Mapper<T> mapper, Object... arguments) throws SQLException {
        return list(sql, mapper, arguments).stream()
                .findFirst()
                .orElseThrow(() -> new SQLException("The server answered nothing to: " + sql));
    }
}
