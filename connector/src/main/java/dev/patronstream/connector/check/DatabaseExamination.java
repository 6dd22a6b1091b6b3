package dev.patronstream.connector.check;

import dev.patronstream.connector.database.CaptureJob;
import dev.patronstream.connector.database.DatabaseDescription;
import dev.patronstream.connector.database.DatabaseSettings;
import dev.patronstream.connector.database.ScanSession;
import dev.patronstream.connector.database.SourceDatabase;
import dev.patronstream.connector.database.SourceErrors;
import dev.patronstream.connector.database.TableReader;
import dev.patronstream.connector.database.TrackedTable;
import dev.patronstream.connector.database.TransactSql;
import dev.patronstream.connector.row.ContractColumn;
import dev.patronstream.connector.row.SourceTable;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Looks at everything in the database that capture needs, whether capture is on already or not, and goes on after what is
 * wrong. Reads only.
 */
public final class DatabaseExamination {

    private static final String CAPTURE = "capture";
    private static final String JOB = "capture job";
    private static final String RUN_SCRIPT = "have a sysadmin run what `patronstream sql` prints";
    private static final String POLL = "sqlserver.capture: {poll: {every: 5m}}";
    private static final Duration JOB_PATIENCE = Duration.ofSeconds(60);

    private final SourceDatabase database;
    private final DatabaseSettings settings;
    private final CapturedColumns wanted;
    private final Optional<Polling> polling;
    private final RightsCheck rights;
    private final List<Finding> findings = new ArrayList<>();

    /** What was seen, one finding after the other, and the counts; those are empty where the tables cannot be read. */
    public record Report(List<Finding> findings, Optional<DistrictCensus> census) {

        public Report {
            findings = List.copyOf(findings);
        }
    }

    private DatabaseExamination(SourceDatabase database, CapturedColumns wanted, Optional<Polling> polling) {
        this.database = database;
        this.polling = polling;
        this.settings = database.settings();
        this.wanted = wanted;
        this.rights = new RightsCheck(database);
    }

    /** Looks at a database for change data capture; errors of the database are findings. */
    public static Report examine(DatabaseSettings settings, CapturedColumns wanted) {
        return examine(settings, wanted, Optional.empty());
    }

    /** Looks; errors of the database are findings. */
    public static Report examine(DatabaseSettings settings, CapturedColumns wanted, Optional<Polling> polling) {
        try (SourceDatabase database = SourceDatabase.connect(settings)) {
            return new DatabaseExamination(database, wanted, polling).report();
        } catch (SQLException e) {
            return new Report(List.of(Finding.wrong("database", SourceErrors.said(settings, e), "")), Optional.empty());
        }
    }

    /** Looks; a failure is a finding. */
    private void add(String what, TableReader.Reading look) {
        try {
            look.read();
        } catch (SQLException e) {
            findings.add(Finding.wrong(what, SourceErrors.said(settings, e), ""));
        }
    }

    private Report report() throws SQLException {
        findings.add(Finding.fine(
                "database",
                settings.address() + " as " + settings.user() + ", SQL Server " + database.version()
                        + ("false".equals(settings.driver().get("encrypt")) ? ", not encrypted" : ", encrypted")));
        if (database.isSysadmin()) {
            findings.add(Finding.look(
                    "account",
                    settings.user() + " may do everything on this server; capture needs to read a few columns",
                    "an account of its own, which `patronstream sql` makes"));
        }
        Map<SourceTable, List<SourceColumn>> columns = TableCatalog.columns(database, wanted.tables());
        for (SourceTable table : wanted.tables()) {
            add("table " + table, () -> table(table, columns.get(table)));
        }
        boolean readable = findings.stream().noneMatch(finding -> finding.state() == Finding.State.WRONG);
        DatabaseDescription description = database.describe();
        if (polling.isPresent()) {
            add(CAPTURE, () -> polled(polling.get(), description, columns));
        } else if (description.cdcEnabled()) {
            add(CAPTURE, () -> capture(columns));
            add(JOB, this::job);
        } else {
            findings.add(Finding.wrong(
                    CAPTURE,
                    "change data capture is off in database " + description.name(),
                    RUN_SCRIPT + (readable ? "; or poll the tables, which this account may: " + POLL : "")));
        }
        findings.add(
                description.snapshotIsolation()
                        ? Finding.fine("isolation", "snapshot isolation is allowed")
                        : Finding.look(
                                "isolation",
                                polling.isPresent()
                                        ? "snapshot isolation is not allowed: a reading is of no exact point in time"
                                        : "snapshot isolation is not allowed: the first reading is slower, and still"
                                                + " correct",
                                "ALTER DATABASE " + TransactSql.name(description.name())
                                        + " SET ALLOW_SNAPSHOT_ISOLATION ON"));
        return new Report(findings, readable ? census(columns) : Optional.empty());
    }

    private Optional<DistrictCensus> census(Map<SourceTable, List<SourceColumn>> columns) {
        try {
            return Optional.of(DistrictCensus.of(database, columns, wanted));
        } catch (SQLException e) {
            findings.add(Finding.wrong("counts", SourceErrors.said(settings, e), ""));
            return Optional.empty();
        }
    }

    /** Whether the columns that are needed are there and may be read. */
    private void table(SourceTable table, List<SourceColumn> source) throws SQLException {
        String what = "table " + table;
        String name = settings.schema() + "." + table;
        if (source.isEmpty()) {
            findings.add(Finding.wrong(
                    what,
                    name + " does not exist, or user " + settings.user() + " may not see it"
                            + CaptureCheck.askedFor(table),
                    RUN_SCRIPT + "; at the least: "
                            + TransactSql.grantSelect(
                                    settings.schema(), table.name(), wanted.minimum(table), settings.user())));
            return;
        }
        Set<String> there = source.stream()
                .map(column -> column.name().toUpperCase(Locale.ROOT))
                .collect(Collectors.toSet());
        Set<String> found = new LinkedHashSet<>();
        Map<ContractColumn.Need, List<String>> missing = new EnumMap<>(ContractColumn.Need.class);
        for (ContractColumn column : wanted.of(table)) {
            Optional<String> first =
                    column.names().stream().filter(there::contains).findFirst();
            first.ifPresent(found::add);
            if (first.isEmpty()) {
                missing.computeIfAbsent(column.need(), unused -> new ArrayList<>())
                        .add(String.join(" or ", column.names()));
            }
        }
        for (String extra : wanted.extra(table)) {
            if (!there.contains(extra)) {
                missing.computeIfAbsent(ContractColumn.Need.NAMED, unused -> new ArrayList<>())
                        .add(extra);
            } else {
                found.add(extra);
            }
        }
        List<String> absent = Optional.ofNullable(missing.remove(ContractColumn.Need.OPTIONAL))
                .orElse(List.of());
        if (there.contains(SourceTable.DELETED)) {
            found.add(SourceTable.DELETED);
        }
        missing.forEach((need, columns) -> findings.add(Finding.wrong(
                what,
                name + " has no column " + String.join(", ", columns),
                need == ContractColumn.Need.NAMED
                        ? CaptureCheck.CORRECT_NAME
                        : "check that this is the Aeries database")));
        if (!missing.isEmpty()) {
            return;
        }
        addRights(
                what,
                rights.ofColumns(table.name(), found.stream().sorted().toList()),
                found.size() + " columns can be read"
                        + (absent.isEmpty()
                                ? ""
                                : "; not in this database, so left empty: " + String.join(", ", absent)),
                "user " + settings.user() + " may not read every column that is needed");
    }

    /** Whether rights are missing, each as the statement that gives it. */
    private void addRights(String what, List<String> missing, String fine, String wrong) {
        findings.add(
                missing.isEmpty()
                        ? Finding.fine(what, fine)
                        : Finding.wrong(what, wrong, RUN_SCRIPT + ", or: " + String.join("; ", missing)));
    }

    /** What polling gives, and whether this database allows more. */
    private void polled(Polling how, DatabaseDescription description, Map<SourceTable, List<SourceColumn>> columns)
            throws SQLException {
        CaptureCheck.rowPolicies(database, wanted.tables())
                .forEach(warning -> findings.add(Finding.look(CAPTURE, warning, "")));
        Map<SourceTable, Collection<Set<String>>> keys = TableCatalog.uniqueKeys(database, wanted.tables());
        for (SourceTable table : wanted.tables()) {
            List<SourceColumn> there = columns.get(table);
            if (!there.isEmpty()) {
                CaptureCheck look = CaptureCheck.lookPolled(settings, wanted, table, there, keys.get(table));
                look.problems().forEach(problem -> findings.add(Finding.wrong("polling of " + table, problem, "")));
                look.warnings().forEach(warning -> findings.add(Finding.look("polling of " + table, warning, "")));
            }
        }
        boolean allowed = description.cdcEnabled() && rights.ofCapture().isEmpty() && isTracked();
        String fine = "the tables are polled every " + how.every().toSeconds() + " s, which needs nothing but SELECT";
        String more = "change data capture would bring changes within seconds, and miss none between two readings";
        findings.add(
                allowed
                        ? Finding.look(CAPTURE, fine + "; " + more, "this account may: sqlserver.capture: cdc")
                        : Finding.fine(
                                CAPTURE,
                                fine + "; " + more + ", and "
                                        + (description.cdcEnabled()
                                                ? "this account may not read it, or it is on for other tables only"
                                                : "is off in this database")
                                        + " (without sqlserver.capture, `patronstream sql` prints what sets it up)"));
    }

    private boolean isTracked() throws SQLException {
        List<TrackedTable> tracked = database.trackedTables(wanted.tables());
        for (SourceTable table : wanted.tables()) {
            Optional<TrackedTable> newest = CaptureCheck.newest(tracked, table);
            if (newest.isEmpty() || !rights.ofChanges(newest.get()).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private void capture(Map<SourceTable, List<SourceColumn>> columns) throws SQLException {
        List<String> grants = rights.ofCapture();
        if (!grants.isEmpty()) {
            findings.add(Finding.wrong(
                    CAPTURE,
                    "it is on, and user " + settings.user() + " may not see what is captured",
                    RUN_SCRIPT + ", or: " + String.join("; ", grants) + "; or poll the tables, which needs neither: "
                            + POLL));
            return;
        }
        CaptureCheck.rowPolicies(database, wanted.tables())
                .forEach(warning -> findings.add(Finding.look(CAPTURE, warning, "")));
        List<TrackedTable> tracked = database.trackedTables(wanted.tables());
        Map<SourceTable, Collection<Set<String>>> keys = TableCatalog.uniqueKeys(database, wanted.tables());
        for (SourceTable table : wanted.tables()) {
            if (!columns.get(table).isEmpty()) {
                add("capture of " + table, () -> captureOf(table, columns.get(table), keys.get(table), tracked));
            }
        }
    }

    private void captureOf(
            SourceTable table, List<SourceColumn> source, Collection<Set<String>> keys, List<TrackedTable> tracked)
            throws SQLException {
        String what = "capture of " + table;
        CaptureCheck look = CaptureCheck.look(settings, wanted, table, source, keys, tracked);
        look.problems().forEach(problem -> findings.add(Finding.wrong(what, problem, "")));
        look.warnings().forEach(warning -> findings.add(Finding.look(what, warning, "")));
        Optional<TrackedTable> newest = CaptureCheck.newest(tracked, table);
        if (newest.isEmpty() || !look.problems().isEmpty()) {
            return;
        }
        addRights(
                what,
                rights.ofChanges(newest.get()),
                "by instance " + newest.get().name() + ", "
                        + newest.get().columns().size() + " columns",
                "user " + settings.user() + " may not read the changes");
    }

    /** Whether the log is being read: without that, changes stand in it and nobody sees them. */
    private void job() throws SQLException {
        if (CaptureJob.isAgentStopped(database)) {
            findings.add(Finding.wrong(JOB, "SQL Server Agent is not running: nothing is captured", "start it"));
            return;
        }
        Optional<String> grant = rights.ofScans();
        if (grant.isPresent()) {
            findings.add(Finding.look(
                    JOB,
                    "user " + settings.user() + " cannot see whether it runs; on a quiet database freshness is unknown"
                            + " for up to five minutes",
                    grant.get()));
            return;
        }
        LocalDateTime now = database.now().toLocalDateTime();
        Optional<Duration> since = database.scanSessions().stream()
                .filter(scan -> scan.errors() == 0)
                .map(ScanSession::endedAt)
                .max(Comparator.naturalOrder())
                .map(end -> Duration.between(end, now));
        String remedy = "look at job cdc." + settings.database() + "_capture in SQL Server Agent;"
                + " sys.dm_cdc_errors says why a scan failed";
        if (since.isEmpty()) {
            findings.add(Finding.look(JOB, "it has not read the log since the server was started", remedy));
        } else if (since.get().compareTo(JOB_PATIENCE) > 0) {
            findings.add(Finding.wrong(JOB, "it read the log last " + ago(since.get()) + " ago", remedy));
        } else {
            findings.add(Finding.fine(JOB, "it read the log " + ago(since.get()) + " ago"));
        }
    }

    private static String ago(Duration since) {
        long seconds = Math.max(0, since.toSeconds());
        return seconds < 120 ? seconds + " s" : seconds < 7200 ? seconds / 60 + " min" : seconds / 3600 + " h";
    }
}
