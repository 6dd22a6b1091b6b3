package dev.patronstream.standin.cdc;

import dev.patronstream.standin.engine.ColumnInfo;
import dev.patronstream.standin.engine.Database;
import dev.patronstream.standin.engine.EngineConnection;
import dev.patronstream.standin.engine.LogPosition;
import dev.patronstream.standin.engine.Sql;
import dev.patronstream.standin.engine.TableInfo;
import dev.patronstream.standin.engine.TableInfo.IndexInfo;
import dev.patronstream.standin.engine.TableListener;
import dev.patronstream.standin.sql.SqlServerException;
import dev.patronstream.standin.sql.SqlType;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The capture instances of a database: change tables made and dropped, and kept in step with their source tables.
 * Thread-safe: changes of what is captured and scans of the log exclude each other.
 */
public final class CapturedTables implements TableListener {
    private static final List<ColumnInfo> SYSTEM_COLUMNS = List.of(
            column(1, "__$start_lsn", SqlType.LSN, false),
            column(2, "__$end_lsn", SqlType.LSN, true),
            column(3, "__$seqval", SqlType.LSN, false),
            column(4, "__$operation", SqlType.INT, false),
            column(5, "__$update_mask", SqlType.varbinary(128), true));

    private final Database database;
    private final CaptureSecurity security;
    private final Enablement enablement;
    private final CaptureJobs jobs;
    private final ReentrantLock scanning;

    CapturedTables(
            Database database,
            CaptureSecurity security,
            Enablement enablement,
            CaptureJobs jobs,
            ReentrantLock scanning) {
        this.database = database;
        this.security = security;
        this.enablement = enablement;
        this.jobs = jobs;
        this.scanning = scanning;
        database.listen(this);
    }

    private static ColumnInfo column(int id, String name, SqlType type, boolean nullable) {
        return new ColumnInfo(id, name, type, nullable, false, Optional.empty(), false);
    }

    /** What {@code sys.sp_cdc_enable_table} is asked for. */
    public record TableRequest(
            String schema,
            String table,
            Optional<String> role,
            Optional<String> captureInstance,
            boolean supportsNetChanges,
            Optional<List<String>> columns) {}

    /** {@code sys.sp_cdc_enable_table}. */
    public void enable(EngineConnection connection, TableRequest request) throws SQLException {
        connection.commit();
        Connection jdbc = connection.jdbc();
        enablement.require(jdbc);
        TableInfo source = database.catalog()
                .table(request.schema(), request.table())
                .filter(t -> !t.shipped())
                .orElseThrow(() -> unknownSource(request.schema(), request.table()));
        scanning.lock();
        try {
            String name = request.captureInstance().orElse(source.schema() + "_" + source.name());
            List<CaptureInstance> existing = instances(jdbc);
            refuseDuplicate(existing, source, name);
            List<ColumnInfo> columns = capturedColumns(source, request);
            if (request.role().isPresent()) {
                security.ensureRole(connection, request.role().get());
            }
            create(jdbc, source, name, columns, request);
            jobs.tableEnabled(jdbc, existing.isEmpty());
        } finally {
            scanning.unlock();
        }
    }

    private SqlServerException unknownSource(String schema, String table) {
        return new SqlServerException(
                22931,
                16,
                1,
                "Source table '" + schema + "." + table
                        + "' does not exist in the current database. Ensure that the correct database context is set."
                        + " Specify a valid schema and table name for the database.");
    }

    private static void refuseDuplicate(List<CaptureInstance> existing, TableInfo source, String name) {
        if (existing.stream().anyMatch(i -> i.name().equalsIgnoreCase(name))) {
            throw new SqlServerException(
                    22926,
                    16,
                    1,
                    "Could not create a capture instance because the capture instance name '" + name
                            + "' already exists in the current database. Specify an explicit unique name for the parameter"
                            + " @capture_instance.");
        }
        if (existing.stream()
                        .filter(i -> i.sourceObjectId() == source.objectId())
                        .count()
                >= 2) {
            throw new SqlServerException(
                    22962,
                    16,
                    1,
                    "Two capture instances already exist for source table '" + source.qualifiedName()
                            + "'. A table can have at most two capture instances. If the current tracking options are not"
                            + " appropriate, disable change tracking for the obsolete instance by using"
                            + " sys.sp_cdc_disable_table and retry the operation.");
        }
    }

    private static List<ColumnInfo> capturedColumns(TableInfo source, TableRequest request) {
        if (request.supportsNetChanges() && source.primaryKey().isEmpty()) {
            throw new SqlServerException(
                    22939,
                    16,
                    1,
                    "The parameter @supports_net_changes is set to 1, but the source table does not have a primary key"
                            + " defined and no alternate unique index has been specified.");
        }
        if (request.columns().isEmpty()) {
            return source.columns();
        }
        List<ColumnInfo> columns = new ArrayList<>();
        for (String wanted : request.columns().get()) {
            columns.add(source.column(wanted)
                    .orElseThrow(() -> new SqlServerException(
                            1911, 16, 1, "Column name '" + wanted + "' does not exist in the target table or view.")));
        }
        columns.sort(java.util.Comparator.comparingInt(ColumnInfo::id));
        return columns;
    }

    private void create(Connection jdbc, TableInfo source, String name, List<ColumnInfo> captured, TableRequest request)
            throws SQLException {
        int objectId = database.catalog().newObjectId(jdbc);
        List<ColumnInfo> columns = new ArrayList<>(SYSTEM_COLUMNS);
        for (ColumnInfo column : captured) {
            columns.add(column(columns.size() + 1, column.name(), column.type(), true));
        }
        columns.add(column(columns.size() + 1, "__$command_id", SqlType.INT, true));
        StringBuilder ddl = new StringBuilder("CREATE TABLE \"cdc\"." + Sql.quoted(name + "_CT") + " (");
        for (ColumnInfo column : columns) {
            ddl.append(Sql.quoted(column.name()))
                    .append(' ')
                    .append(column.type().engineType())
                    .append(column.nullable() ? ", " : " NOT NULL, ");
        }
        List<String> key = List.of("__$start_lsn", "__$command_id", "__$seqval", "__$operation");
        String index = name + "_CT_clustered_idx";
        ddl.append("CONSTRAINT ").append(Sql.quoted("cdc." + index)).append(" PRIMARY KEY (");
        ddl.append(String.join(", ", key.stream().map(Sql::quoted).toList())).append("))");
        Database.execute(jdbc, "DROP TABLE IF EXISTS \"cdc\"." + Sql.quoted(name + "_CT"));
        Database.execute(jdbc, ddl.toString());
        IndexInfo indexInfo = new IndexInfo(1, index, "cdc." + index, true, false, key);
        database.log().reserve(jdbc, position -> {
            database.catalog()
                    .register(
                            jdbc,
                            new TableInfo(objectId, "cdc", name + "_CT", true, columns, List.of(indexInfo)),
                            database.localNow());
            Sql.update(
                    jdbc,
                    "INSERT INTO \"cdc\".\"change_tables\" VALUES (?, 0, ?, ?, ?, NULL, ?, NULL, ?, ?, NULL, ?, TRUE)",
                    objectId,
                    source.objectId(),
                    name,
                    LogPosition.lsn(position),
                    request.supportsNetChanges(),
                    request.role().orElse(null),
                    source.primaryKey().map(IndexInfo::name).orElse(null),
                    database.localNow());
            int ordinal = 1;
            for (ColumnInfo column : captured) {
                Sql.update(
                        jdbc,
                        "INSERT INTO \"cdc\".\"captured_columns\" VALUES (?, ?, ?, ?, ?, ?, NULL)",
                        objectId,
                        column.name(),
                        column.id(),
                        column.type().name(),
                        ordinal++,
                        column.computed());
            }
            registerKey(jdbc, objectId, source);
            return Sql.update(
                    jdbc,
                    "MERGE INTO \"standin\".\"tracked_tables\" KEY (\"object_id\") VALUES (?)",
                    source.objectId());
        });
        database.catalog().reload(jdbc);
        jdbc.commit();
    }

    private static void registerKey(Connection jdbc, int objectId, TableInfo source) throws SQLException {
        int ordinal = 1;
        for (String keyColumn : source.keyColumns()) {
            Sql.update(
                    jdbc,
                    "INSERT INTO \"cdc\".\"index_columns\" VALUES (?, ?, ?, ?)",
                    objectId,
                    keyColumn,
                    ordinal++,
                    source.column(keyColumn).orElseThrow().id());
        }
    }

    /** {@code sys.sp_cdc_disable_table}; {@code all} removes every instance of the table. */
    public void disable(EngineConnection connection, String schema, String table, String captureInstance)
            throws SQLException {
        connection.commit();
        Connection jdbc = connection.jdbc();
        enablement.require(jdbc);
        TableInfo source = database.catalog().table(schema, table).orElseThrow(() -> unknownSource(schema, table));
        scanning.lock();
        try {
            boolean all = captureInstance.equalsIgnoreCase("all");
            List<CaptureInstance> found = instances(jdbc).stream()
                    .filter(i -> i.sourceObjectId() == source.objectId())
                    .filter(i -> all || i.name().equalsIgnoreCase(captureInstance))
                    .toList();
            if (found.isEmpty()) {
                throw new SqlServerException(
                        22960,
                        16,
                        1,
                        "Change data capture instance '" + captureInstance.toLowerCase(Locale.ROOT)
                                + "' has not been enabled for the source table '" + source.qualifiedName()
                                + "'. Use sys.sp_cdc_help_change_data_capture to verify the capture instance name and retry"
                                + " the operation.");
            }
            for (CaptureInstance instance : found) {
                remove(jdbc, instance);
            }
        } finally {
            scanning.unlock();
        }
    }

    @Override
    public void beforeDrop(EngineConnection connection, TableInfo table) throws SQLException {
        connection.commit();
        scanning.lock();
        try {
            for (CaptureInstance instance : instances(connection.jdbc())) {
                if (instance.sourceObjectId() == table.objectId()) {
                    remove(connection.jdbc(), instance);
                }
            }
        } finally {
            scanning.unlock();
        }
    }

    /**
     * The change is propagated to the change tables, so that nothing captured is cut off, and noted in the history of
     * definitions.
     *
     * @see <a
     *     href="https://learn.microsoft.com/sql/relational-databases/track-changes/about-change-data-capture-sql-server#handling-changes-to-source-table">Microsoft:
     *     handling changes to source tables</a>
     */
    @Override
    public void afterTypeChange(EngineConnection connection, TableInfo table, ColumnInfo column) throws SQLException {
        Connection jdbc = connection.jdbc();
        if (!Enablement.isEnabled(jdbc)) {
            return;
        }
        scanning.lock();
        try {
            for (CaptureInstance instance : instances(jdbc)) {
                Optional<ColumnInfo> captured = instance.columns().stream()
                        .filter(c -> c.name().equalsIgnoreCase(column.name()))
                        .findFirst();
                if (instance.sourceObjectId() == table.objectId() && captured.isPresent()) {
                    Database.execute(
                            jdbc,
                            "ALTER TABLE " + instance.changeTable() + " ALTER COLUMN "
                                    + Sql.quoted(captured.get().name()) + " SET DATA TYPE "
                                    + column.type().engineType());
                    database.catalog()
                            .registerColumn(
                                    jdbc,
                                    instance.objectId(),
                                    column(captured.get().id(), captured.get().name(), column.type(), true));
                    Sql.update(
                            jdbc,
                            "UPDATE \"cdc\".\"captured_columns\" SET \"column_type\" = ?"
                                    + " WHERE \"object_id\" = ? AND \"column_name\" = ?",
                            column.type().name(),
                            instance.objectId(),
                            captured.get().name());
                }
            }
            jdbc.commit();
        } finally {
            scanning.unlock();
        }
    }

    private void remove(Connection jdbc, CaptureInstance instance) throws SQLException {
        for (String table : List.of("captured_columns", "index_columns", "change_tables")) {
            Sql.update(
                    jdbc, "DELETE FROM \"cdc\"." + Sql.quoted(table) + " WHERE \"object_id\" = ?", instance.objectId());
        }
        database.catalog().remove(jdbc, instance.objectId());
        Sql.update(
                jdbc,
                "DELETE FROM \"standin\".\"tracked_tables\" WHERE \"object_id\" NOT IN"
                        + " (SELECT \"source_object_id\" FROM \"cdc\".\"change_tables\")");
        jdbc.commit();
        Database.execute(jdbc, "DROP TABLE IF EXISTS " + instance.changeTable());
        database.catalog().reload(jdbc);
        jdbc.commit();
    }

    List<CaptureInstance> instances(Connection jdbc) throws SQLException {
        return CaptureInstance.all(jdbc, objectId -> database.catalog()
                .table(objectId)
                .map(t -> t.columns().stream()
                        .filter(c -> !c.name().startsWith("__$"))
                        .toList())
                .orElse(List.of()));
    }

    void removeAll(Connection jdbc) throws SQLException {
        for (CaptureInstance instance : instances(jdbc)) {
            remove(jdbc, instance);
        }
    }
}
