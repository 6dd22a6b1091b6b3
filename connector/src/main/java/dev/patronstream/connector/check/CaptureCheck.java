package dev.patronstream.connector.check;

import dev.patronstream.connector.database.CaptureJob;
import dev.patronstream.connector.database.DatabaseDescription;
import dev.patronstream.connector.database.DatabaseSettings;
import dev.patronstream.connector.database.SourceDatabase;
import dev.patronstream.connector.database.TrackedTable;
import dev.patronstream.connector.database.TransactSql;
import dev.patronstream.connector.row.ContractColumn;
import dev.patronstream.connector.row.ContractColumn.Need;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.connector.row.TableColumns;
import dev.patronstream.connector.status.CaptureException;
import dev.patronstream.schemas.Lsn;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
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

    /** What to do about a column that the configuration names and the database lacks. */
    static final String CORRECT_NAME =
            "correct it in the feed, the layout or sqlserver.extra-columns that names it, or leave it out there";

    private static final String EXTRA = "extra";
    private static final String MISSING_AS_NAMED = " does not exist: " + CORRECT_NAME;

    private final DatabaseSettings settings;
    private final CapturedColumns wanted;
    private final List<String> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    private CaptureCheck(DatabaseSettings settings, CapturedColumns wanted) {
        this.settings = settings;
        this.wanted = wanted;
    }

    /**
     * Looks at a database that is captured by change data capture.
     *
     * @throws CaptureException if it cannot be captured; the message names everything that is missing
     */
    public static Source check(SourceDatabase database, CapturedColumns wanted) throws SQLException {
        return new CaptureCheck(database.settings(), wanted).check(database);
    }

    /**
     * Looks at a database that is captured as configured.
     *
     * @throws CaptureException if it cannot be captured; the message names everything that is missing
     */
    public static Source check(SourceDatabase database, CaptureSettings settings) throws SQLException {
        return settings.polling().isPresent()
                ? new CaptureCheck(database.settings(), settings.columns()).checkPolled(database)
                : check(database, settings.columns());
    }

    /** Looks at one table of a database whose capture is on. */
    static CaptureCheck look(
            DatabaseSettings settings,
            CapturedColumns wanted,
            SourceTable table,
            List<SourceColumn> source,
            Collection<Set<String>> keys,
            List<TrackedTable> tracked) {
        CaptureCheck check = new CaptureCheck(settings, wanted);
        check.resolve(table, source, keys, newest(tracked, table));
        return check;
    }

    /** Looks at one table of a database whose tables are polled. */
    static CaptureCheck lookPolled(
            DatabaseSettings settings,
            CapturedColumns wanted,
            SourceTable table,
            List<SourceColumn> source,
            Collection<Set<String>> keys) {
        CaptureCheck check = new CaptureCheck(settings, wanted);
        check.resolve(table, source, keys, Optional.of(everything(table, source)));
        return check;
    }

    /** Returns why it cannot be captured. */
    List<String> problems() {
        return problems;
    }

    /** Returns what a person should know. */
    List<String> warnings() {
        return warnings;
    }

    private Source check(SourceDatabase database) throws SQLException {
        DatabaseDescription description = database.describe();
        if (!description.cdcEnabled()) {
            throw new CaptureException("Change data capture is off in database '" + description.name()
                    + "'. Have a sysadmin run what `patronstream sql` prints; at the least: USE [" + description.name()
                    + "]; EXEC sys.sp_cdc_enable_db");
        }
        RightsCheck rights = new RightsCheck(database);
        requireRights(description, rights.ofCapture());
        List<TrackedTable> tracked = database.trackedTables(wanted.tables());
        Map<SourceTable, List<SourceColumn>> columns = TableCatalog.columns(database, wanted.tables());
        Map<SourceTable, Collection<Set<String>>> keys = TableCatalog.uniqueKeys(database, wanted.tables());
        List<TableColumns> layout = new ArrayList<>();
        for (SourceTable table : wanted.tables()) {
            resolve(table, columns.get(table), keys.get(table), newest(tracked, table))
                    .ifPresent(layout::add);
        }
        requireNoProblems(description);
        requireRights(description, missing(rights, layout, tracked));
        rights.ofScans()
                .ifPresent(grant -> warnings.add("User '" + settings.user()
                        + "' cannot see the scans of the capture job, so on a quiet database freshness is unknown for"
                        + " up to five minutes. To see them: " + grant));
        if (!description.snapshotIsolation()) {
            warnings.add("Database '" + description.name() + "' does not allow snapshot isolation, so the initial"
                    + " snapshot reads committed rows table by table. It stays correct; to read one point in time: ALTER"
                    + " DATABASE [" + description.name() + "] SET ALLOW_SNAPSHOT_ISOLATION ON");
        }
        warnings.addAll(rowPolicies(database, wanted.tables()));
        if (CaptureJob.isAgentStopped(database)) {
            warnings.add("SQL Server Agent is not running: nothing is captured until it is started");
        }
        return new Source(description.incarnation(), description.snapshotIsolation(), false, tracked, layout, warnings);
    }

    /** Needs nothing but SELECT on the columns. */
    private Source checkPolled(SourceDatabase database) throws SQLException {
        DatabaseDescription description = database.describe();
        Map<SourceTable, List<SourceColumn>> columns = TableCatalog.columns(database, wanted.tables());
        Map<SourceTable, Collection<Set<String>>> keys = TableCatalog.uniqueKeys(database, wanted.tables());
        List<TableColumns> layout = new ArrayList<>();
        for (SourceTable table : wanted.tables()) {
            List<SourceColumn> there = columns.get(table);
            resolve(table, there, keys.get(table), Optional.of(everything(table, there)))
                    .ifPresent(layout::add);
        }
        requireNoProblems(description);
        requireRights(description, missing(new RightsCheck(database), layout, List.of()));
        if (!description.snapshotIsolation()) {
            warnings.add(
                    "Database '" + description.name() + "' does not allow snapshot isolation, so each reading takes"
                            + " committed rows one after the other. It stays correct; to read one point in time: ALTER DATABASE ["
                            + description.name() + "] SET ALLOW_SNAPSHOT_ISOLATION ON");
        }
        warnings.addAll(rowPolicies(database, wanted.tables()));
        return new Source(
                description.incarnation(), description.snapshotIsolation(), true, List.of(), layout, warnings);
    }

    /** A reading of a table has every column of it. */
    private static TrackedTable everything(SourceTable table, List<SourceColumn> columns) {
        return new TrackedTable(
                table.name(),
                table.name(),
                Lsn.NONE,
                "",
                columns.stream().collect(Collectors.toMap(SourceColumn::name, SourceColumn::id)));
    }

    private void requireNoProblems(DatabaseDescription description) {
        if (!problems.isEmpty()) {
            throw new CaptureException("Database '" + description.name() + "' cannot be captured as configured:\n  - "
                    + String.join("\n  - ", problems));
        }
    }

    private static List<String> missing(RightsCheck rights, List<TableColumns> layout, List<TrackedTable> tracked)
            throws SQLException {
        List<String> missing = new ArrayList<>();
        for (TableColumns table : layout) {
            missing.addAll(rights.ofColumns(table.table().name(), table.all()));
            Optional<TrackedTable> newest = newest(tracked, table.table());
            if (newest.isPresent()) {
                missing.addAll(rights.ofChanges(newest.get()));
            }
        }
        return missing;
    }

    private void requireRights(DatabaseDescription description, List<String> missing) {
        if (!missing.isEmpty()) {
            throw new CaptureException("User '" + settings.user() + "' lacks rights in database '" + description.name()
                    + "'. Run what `patronstream sql` prints, or only what is missing:\n  - "
                    + String.join("\n  - ", missing));
        }
    }

    /** Of several capture instances of a table the newest is the one to read. */
    static Optional<TrackedTable> newest(List<TrackedTable> tracked, SourceTable table) {
        return tracked.stream()
                .filter(instance -> instance.table().equals(table.name()))
                .max(TrackedTable.BY_AGE);
    }

    private Optional<TableColumns> resolve(
            SourceTable table, List<SourceColumn> source, Collection<Set<String>> keys, Optional<TrackedTable> newest) {
        String name = settings.schema() + "." + table;
        if (source.isEmpty()) {
            problems.add("table " + name + " does not exist, or user '" + settings.user() + "' may not see it"
                    + askedFor(table) + ": run what `patronstream sql` prints, or grant the columns that are needed: "
                    + TransactSql.grantSelect(settings.schema(), table.name(), wanted.minimum(table), settings.user()));
            return Optional.empty();
        }
        if (newest.isEmpty()) {
            problems.add("table " + name + " is not tracked" + askedFor(table)
                    + ": run what `patronstream sql` prints (it calls" + " sys.sp_cdc_enable_table)");
            return Optional.empty();
        }
        requireUniqueKey(table, keys);
        requireNumbers(table, source);
        Columns columns = new Columns(name, source, newest.get());
        Map<ContractColumn, String> fields = new HashMap<>();
        for (ContractColumn column : wanted.of(table)) {
            columns.find(column.names(), column.need(), column.field()).ifPresent(found -> fields.put(column, found));
        }
        Optional<String> deleted = columns.findDeleted();
        List<String> extra = wanted.extra(table).stream()
                .map(asked -> columns.find(List.of(asked), Need.NAMED, EXTRA))
                .flatMap(Optional::stream)
                .toList();
        Map<String, String> types = new HashMap<>();
        fields.values().forEach(column -> types.put(column, columns.type(column)));
        deleted.ifPresent(column -> types.put(column, columns.type(column)));
        extra.forEach(column -> types.put(column, columns.type(column)));
        requireNoMasks(table, source, types.keySet());
        return Optional.of(new TableColumns(table, fields, deleted, extra, types));
    }

    /** Two rows of one key would be one record, and the delete of one of them would take the other away. */
    private void requireUniqueKey(SourceTable table, Collection<Set<String>> keys) {
        List<String> columns = table.keyColumns();
        if (keys.stream().noneMatch(columns::containsAll)) {
            String key = String.join(", ", columns);
            problems.add(
                    "table " + settings.schema() + "." + table + " has no primary key and no unique index on " + key
                            + ", so two rows could have the same key and one of them would be lost. Find out why it is missing"
                            + " (Aeries' own table has it), or have one made: CREATE UNIQUE INDEX "
                            + TransactSql.name("UX_" + table) + " ON "
                            + TransactSql.name(settings.schema(), table.name()) + " ("
                            + TransactSql.names(columns) + ")");
        }
    }

    /** Text can write one number in several ways, and NULL is none. */
    private void requireNumbers(SourceTable table, List<SourceColumn> source) {
        source.stream()
                .filter(column -> table.keyColumns().contains(upper(column.name())))
                .filter(column -> column.unreadable().isEmpty())
                .forEach(column -> column.unfitForKey()
                        .ifPresent(why -> problems.add("column " + settings.schema() + "." + table + "." + column.name()
                                + " is part of the key and " + why
                                + ". Find out why it is so (in Aeries' own table it is"
                                + " not), or have the indexes on it dropped, made again afterwards, and between them:"
                                + " ALTER TABLE " + TransactSql.name(settings.schema(), table.name())
                                + " ALTER COLUMN " + TransactSql.name(column.name()) + " " + column.typeForKey()
                                + " NOT NULL")));
    }

    /** A snapshot would publish the masks, and the changes the values. */
    private void requireNoMasks(SourceTable table, List<SourceColumn> source, Set<String> read) {
        String masked = source.stream()
                .filter(column -> column.masked() && read.contains(column.name()))
                .map(SourceColumn::name)
                .sorted()
                .collect(Collectors.joining(", "));
        if (!masked.isEmpty()) {
            problems.add("of table " + settings.schema() + "." + table + " user '" + settings.user()
                    + "' sees masks in place of values (dynamic data masking of " + masked
                    + "), and they would be published as values. Let it see the values: GRANT UNMASK TO "
                    + TransactSql.name(settings.user()));
        }
    }

    /** Says which rows the server may keep back; whether it does only its owner can tell. */
    static List<String> rowPolicies(SourceDatabase database, Collection<SourceTable> tables) throws SQLException {
        List<String> warnings = new ArrayList<>();
        for (SourceTable table : tables) {
            for (String policy : TableCatalog.rowPolicies(database, table)) {
                warnings.add("security policy '" + policy + "' hides rows of table " + table + " from some users; a row"
                        + " that it hides from user '" + database.settings().user()
                        + "' counts as deleted. Make sure that it hides none from this user");
            }
        }
        return warnings;
    }

    /** Why a table is needed that is not always captured. */
    static String askedFor(SourceTable table) {
        return table.group().isPresent() ? ", and a feed (or sqlserver.columns) asks for what it holds" : "";
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
        Optional<String> find(List<String> names, Need need, String field) {
            Optional<String> found = names.stream()
                    .map(CaptureCheck::upper)
                    .filter(this::isCaptured)
                    .findFirst();
            if (found.isPresent()) {
                return readable(source.get(found.get()), need);
            }
            Optional<String> untracked = names.stream()
                    .map(CaptureCheck::upper)
                    .filter(source::containsKey)
                    .findFirst();
            String what = "column " + table + "." + String.join(" or ", names) + " (" + field + ")";
            String why = what
                    + untracked.map(this::uncaptured).orElse(need == Need.NAMED ? MISSING_AS_NAMED : " does not exist");
            if (need != Need.OPTIONAL) {
                problems.add(why);
            } else if (untracked.isPresent()) {
                warnings.add(why + "; until then the field stays empty");
            }
            return Optional.empty();
        }

        private String uncaptured(String name) {
            String made = captured.containsKey(name)
                    ? " was dropped and added again, and instance " + instance.name()
                            + " still captures the old one: make the instance again"
                    : " is not captured by instance " + instance.name() + ": make the instance again with it";
            return made + ", by what `patronstream sql --before-aeries-update` and then `patronstream sql"
                    + " --after-aeries-update` print";
        }

        /** A soft delete that is not captured would leave every deleted row alive, so it is not optional. */
        Optional<String> findDeleted() {
            return source.containsKey(SourceTable.DELETED)
                    ? find(List.of(SourceTable.DELETED), Need.REQUIRED, "soft delete")
                    : Optional.empty();
        }

        private Optional<String> readable(SourceColumn column, Need need) {
            Optional<String> why =
                    column.unreadable().map(reason -> "column " + table + "." + column.name() + " " + reason);
            if (why.isEmpty()) {
                return Optional.of(column.name());
            }
            if (need == Need.OPTIONAL) {
                warnings.add(why.get() + "; the field stays empty");
            } else if (need == Need.NAMED) {
                problems.add(why.get()
                        + "; leave it out of sqlserver.extra-columns, or of the feed or layout that names it");
            } else {
                problems.add(why.get() + "; capture cannot do without it: find out why it is so (in Aeries' own table"
                        + " it is not)");
            }
            return Optional.empty();
        }
    }

    private static String upper(String name) {
        return name.toUpperCase(Locale.ROOT);
    }
}
