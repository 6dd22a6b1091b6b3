package dev.patronstream.connector.source;

import dev.patronstream.connector.CaptureException;
import dev.patronstream.connector.row.ContractColumn;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.connector.row.TableColumns;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Looks at the database before anything is captured: whether it is set up for capture, and which of its columns feed
 * which fields. All that is wrong is said at once.
 */
public final class CaptureCheck {

    private static final Set<String> UNREADABLE_TYPES = Set.of(
            "binary",
            "varbinary",
            "image",
            "text",
            "ntext",
            "xml",
            "timestamp",
            "rowversion",
            "sql_variant",
            "geography",
            "geometry",
            "hierarchyid");

    private final DatabaseSettings settings;
    private final CapturedColumns wanted;
    private final List<String> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    private CaptureCheck(DatabaseSettings settings, CapturedColumns wanted) {
        this.settings = settings;
        this.wanted = wanted;
    }

    /**
     * Looks at a database.
     *
     * @throws CaptureException if it cannot be captured; the message names everything that is missing
     */
    public static Source check(SourceDatabase database, DatabaseSettings settings, CapturedColumns wanted)
            throws SQLException {
        return new CaptureCheck(settings, wanted).check(database);
    }

    private Source check(SourceDatabase database) throws SQLException {
        DatabaseDescription description = database.describe();
        if (!description.cdcEnabled()) {
            throw new CaptureException("Change data capture is off in database '" + description.name()
                    + "'. Enable it as a sysadmin: USE [" + description.name() + "]; EXEC sys.sp_cdc_enable_db");
        }
        List<TrackedTable> tracked = database.trackedTables();
        Map<SourceTable, List<SourceColumn>> columns = database.columns();
        List<TableColumns> layout = new ArrayList<>();
        for (SourceTable table : SourceTable.values()) {
            resolve(table, columns.get(table), tracked).ifPresent(layout::add);
        }
        if (!problems.isEmpty()) {
            throw new CaptureException("Database '" + description.name() + "' cannot be captured as configured:\n  - "
                    + String.join("\n  - ", problems));
        }
        if (!description.snapshotIsolation()) {
            warnings.add("Database '" + description.name() + "' does not allow snapshot isolation, so the initial"
                    + " snapshot reads committed rows table by table. It stays correct; to read one point in time: ALTER"
                    + " DATABASE [" + description.name() + "] SET ALLOW_SNAPSHOT_ISOLATION ON");
        }
        if (database.isAgentRunning().filter(running -> !running).isPresent()) {
            warnings.add("SQL Server Agent is not running: nothing is captured until it is started");
        }
        return new Source(description.incarnation(), description.snapshotIsolation(), tracked, layout, warnings);
    }

    private Optional<TableColumns> resolve(SourceTable table, List<SourceColumn> source, List<TrackedTable> tracked) {
        String name = settings.schema() + "." + table;
        if (source.isEmpty()) {
            problems.add("table " + name + " does not exist, or user '" + settings.user()
                    + "' may not see it: GRANT SELECT ON " + name);
            return Optional.empty();
        }
        Optional<TrackedTable> newest = tracked.stream()
                .filter(instance -> instance.table().equals(table.name()))
                .max(Comparator.comparing(TrackedTable::startLsn).thenComparing(TrackedTable::createdAt));
        if (newest.isEmpty()) {
            problems.add("table " + name + " is not tracked: EXEC sys.sp_cdc_enable_table @source_schema = N'"
                    + settings.schema() + "', @source_name = N'" + table + "', @role_name = ...");
            return Optional.empty();
        }
        Columns columns = new Columns(name, source, newest.get());
        Map<ContractColumn, String> fields = new HashMap<>();
        for (ContractColumn column : table.columns()) {
            if (column.group().isEmpty()
                    || wanted.groups().contains(column.group().get())) {
                boolean needed = column.need() != ContractColumn.Need.OPTIONAL;
                columns.find(column.names(), needed, column.field()).ifPresent(found -> fields.put(column, found));
            }
        }
        Optional<String> deleted = columns.findDeleted();
        List<String> extra = wanted.extra().getOrDefault(table, Set.of()).stream()
                .sorted()
                .map(asked -> columns.find(List.of(asked), true, "extra"))
                .flatMap(Optional::stream)
                .toList();
        Map<String, String> types = new HashMap<>();
        fields.values().forEach(column -> types.put(column, columns.type(column)));
        deleted.ifPresent(column -> types.put(column, columns.type(column)));
        extra.forEach(column -> types.put(column, columns.type(column)));
        return Optional.of(new TableColumns(table, fields, deleted, extra, types));
    }

    /** The columns of one table, by name in upper case. */
    private final class Columns {

        private final String table;
        private final Map<String, SourceColumn> source;
        private final TrackedTable instance;
        private final Map<String, Integer> captured;

        Columns(String table, List<SourceColumn> source, TrackedTable instance) {
            this.table = table;
            this.source = source.stream().collect(Collectors.toMap(column -> upper(column.name()), column -> column));
            this.instance = instance;
            this.captured = instance.columns().entrySet().stream()
                    .collect(Collectors.toMap(entry -> upper(entry.getKey()), Map.Entry::getValue));
        }

        String type(String name) {
            return source.get(upper(name)).typeInWords();
        }

        /** A column that was dropped and added again has another number, and its changes are not captured. */
        private boolean isCaptured(String name) {
            return source.containsKey(name)
                    && Integer.valueOf(source.get(name).id()).equals(captured.get(name));
        }

        /** The first of the names that is captured; else the reason why there is none is noted. */
        Optional<String> find(List<String> names, boolean needed, String field) {
            Optional<String> found = names.stream()
                    .map(CaptureCheck::upper)
                    .filter(this::isCaptured)
                    .findFirst();
            if (found.isPresent()) {
                return Optional.of(readable(source.get(found.get())));
            }
            Optional<String> untracked = names.stream()
                    .map(CaptureCheck::upper)
                    .filter(source::containsKey)
                    .findFirst();
            String what = "column " + table + "." + String.join(" or ", names) + " (" + field + ")";
            String why = untracked.isPresent()
                    ? what
                            + (captured.containsKey(untracked.get())
                                    ? " was dropped and added again, and instance " + instance.name()
                                            + " still captures the old one: make the instance anew"
                                    : " is not captured by instance " + instance.name()
                                            + ": make the instance anew with this column in @captured_column_list")
                    : what + " does not exist";
            if (needed) {
                problems.add(why);
            } else if (untracked.isPresent()) {
                warnings.add(why + "; until then the field stays empty");
            }
            return Optional.empty();
        }

        /** A soft delete that is not captured would leave every deleted row alive, so it is not optional. */
        Optional<String> findDeleted() {
            return source.containsKey(SourceTable.DELETED)
                    ? find(List.of(SourceTable.DELETED), true, "soft delete")
                    : Optional.empty();
        }

        private String readable(SourceColumn column) {
            if (column.unlimited() || UNREADABLE_TYPES.contains(column.type().toLowerCase(Locale.ROOT))) {
                problems.add("column " + table + "." + column.name() + " has type " + column.typeInWords()
                        + ", whose changes cannot be read from the change table in full; leave it out");
            }
            return column.name();
        }
    }

    private static String upper(String name) {
        return name.toUpperCase(Locale.ROOT);
    }
}
