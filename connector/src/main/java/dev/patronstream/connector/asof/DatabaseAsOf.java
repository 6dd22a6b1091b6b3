package dev.patronstream.connector.asof;

import dev.patronstream.connector.check.CaptureCheck;
import dev.patronstream.connector.check.CapturedColumns;
import dev.patronstream.connector.check.Source;
import dev.patronstream.connector.database.DatabaseSettings;
import dev.patronstream.connector.database.FreshnessProbe;
import dev.patronstream.connector.database.LogEntry;
import dev.patronstream.connector.database.SnapshotCatchUp;
import dev.patronstream.connector.database.SourceDatabase;
import dev.patronstream.connector.database.TableReader;
import dev.patronstream.connector.database.TrackedTable;
import dev.patronstream.connector.epoch.Position;
import dev.patronstream.connector.row.ContractRow;
import dev.patronstream.connector.row.RowMapper;
import dev.patronstream.connector.row.RowProblem;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.connector.row.TableColumns;
import dev.patronstream.connector.status.Freshness;
import dev.patronstream.schemas.Lsn;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads the tables as they were at an LSN of the past, while the database is at work.
 *
 * <p>The tables are read as they are; then it waits until capture has provably passed the time of reading ({@link
 * SnapshotCatchUp}); then each row that was changed after the LSN is put back to what it was before its first such change.
 * A row that was not changed is the same at the LSN, at the beginning and at the end of the reading. So the result is
 * exact whether or not all rows were read at one moment; snapshot isolation only keeps the reading from waiting for
 * writers.
 *
 * <p>Reads only. Each call opens its connections and closes them. Not thread-safe.
 */
public final class DatabaseAsOf {

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);
    private static final String INSERT = "2";
    private static final String UPDATE_AFTER = "4";

    private final DatabaseSettings settings;
    private final CapturedColumns columns;
    private final ZoneId zone;

    /**
     * @param columns what is captured besides the usual columns
     * @param zone where the database's clock hangs
     */
    public DatabaseAsOf(DatabaseSettings settings, CapturedColumns columns, ZoneId zone) {
        this.settings = settings;
        this.columns = columns;
        this.zone = zone;
    }

    /**
     * Reads the tables as of an LSN that had been captured before the call.
     *
     * @param position where capture stood at the LSN or later: tells whether its log is still that of this database
     * @param patience how long to wait for capture to pass the time of reading
     * @throws UnreachableLsnException if the database cannot be rolled back to the LSN
     * @throws dev.patronstream.connector.status.CaptureException if the database cannot be captured as configured
     * @throws SQLException as the driver does; {@link dev.patronstream.connector.database.SourceErrors} says what it means
     */
    public TablesAsOf read(Position position, Lsn lsn, Duration patience)
            throws SQLException, UnreachableLsnException, InterruptedException {
        try (SourceDatabase database = SourceDatabase.connect(settings)) {
            Source source = CaptureCheck.check(database, columns);
            requireSameLog(database, source, position, lsn);
            Map<SourceTable, TrackedTable> instances = reaching(source.tracked(), source.tables(), lsn);
            List<RowProblem> problems = new ArrayList<>();
            Instant readAt = database.now().toInstant();
            Map<SourceTable, Map<String, IndexedRecord>> rows = new EnumMap<>(SourceTable.class);
            TableReader reader = database.tables();
            reader.atOneMoment(source.snapshotIsolation(), () -> {
                RowMapper mapper = new RowMapper(source.tables(), problems::add);
                for (TableColumns layout : source.tables()) {
                    Map<String, IndexedRecord> table = new HashMap<>();
                    reader.contractRows(
                            layout, mapper, row -> row.live().ifPresent(live -> table.put(row.key(), live)));
                    rows.put(layout.table(), table);
                }
            });
            Lsn covered = cover(database, lsn, patience);
            long rolledBack = 0;
            for (TableColumns layout : source.tables()) {
                Map<String, Optional<IndexedRecord>> before =
                        beforeChanges(database, layout, instances.get(layout.table()), lsn, covered);
                Map<String, IndexedRecord> read = rows.get(layout.table());
                before.forEach((key, row) -> row.ifPresentOrElse(was -> read.put(key, was), () -> read.remove(key)));
                rolledBack += before.size();
            }
            requireStillThere(database, instances, lsn);
            return new TablesAsOf(
                    lsn, rows, readAt, source.snapshotIsolation(), covered, rolledBack, warnings(source, problems));
        }
    }

    /**
     * Returns, by key, what each row that was changed after an LSN was before its first such change: the image that an
     * update or a delete replaced, or nothing where it is an insert.
     */
    private static Map<String, Optional<IndexedRecord>> beforeChanges(
            SourceDatabase database, TableColumns layout, TrackedTable instance, Lsn after, Lsn upTo)
            throws SQLException {
        Map<String, Optional<IndexedRecord>> before = new HashMap<>();
        RowMapper mapper = new RowMapper(List.of(layout), problem -> {});
        database.changes(instance, layout.all(), after, upTo, values -> {
            String operation = values.text("__$operation");
            // The image after an update follows the one before it, which has said it all.
            if (!UPDATE_AFTER.equals(operation)) {
                ContractRow row = mapper.map(layout.table(), values, false);
                before.putIfAbsent(
                        row.key(),
                        INSERT.equals(operation) ? Optional.empty() : row.live().map(live -> live));
            }
        });
        return before;
    }

    private static List<String> warnings(Source source, List<RowProblem> problems) {
        Map<String, List<String>> rows = new LinkedHashMap<>();
        problems.forEach(problem -> rows.computeIfAbsent(problem.about(), about -> new ArrayList<>())
                .add(problem.key()));
        List<String> warnings = new ArrayList<>(source.warnings());
        rows.forEach((about, keys) -> warnings.add(
                about + " (row " + keys.get(0) + (keys.size() == 1 ? ")" : ", and " + (keys.size() - 1) + " more)")));
        return warnings;
    }

    /** LSNs of two incarnations of a database must never be compared. */
    private void requireSameLog(SourceDatabase database, Source source, Position position, Lsn lsn)
            throws SQLException, UnreachableLsnException {
        if (!position.incarnation().isSameAs(source.incarnation())) {
            throw new UnreachableLsnException("The topics hold another database than the configured one: "
                    + position.incarnation().id() + " instead of "
                    + source.incarnation().id()
                    + ". Let the connector run until it has taken over this one, and audit again");
        }
        Lsn max = database.maxLsn();
        @Nullable LogEntry stored = position.logEntry();
        Optional<LogEntry> found = stored == null ? Optional.empty() : database.entryUpTo(new Lsn(stored.lsn()));
        boolean otherEntry = found.filter(entry -> entry.lsn().equals(stored.lsn()) && !entry.equals(stored))
                .isPresent();
        if (lsn.isAfter(max) || otherEntry) {
            throw new UnreachableLsnException("Database '" + settings.database() + "' was restored: its log "
                    + (otherEntry ? "has another entry at " + stored.lsn() : "ends at " + max)
                    + ", but the topics hold changes up to " + lsn
                    + ". Let the connector run until it has read the tables again, and audit again");
        }
    }

    /** Chooses per table an instance whose change table holds everything after the LSN, in all the columns needed. */
    private static Map<SourceTable, TrackedTable> reaching(
            List<TrackedTable> tracked, List<TableColumns> tables, Lsn lsn) throws UnreachableLsnException {
        Map<SourceTable, TrackedTable> chosen = new EnumMap<>(SourceTable.class);
        for (TableColumns layout : tables) {
            List<TrackedTable> instances = tracked.stream()
                    .filter(instance -> instance.table().equals(layout.table().name()))
                    .toList();
            TrackedTable fitting = instances.stream()
                    .filter(instance -> !instance.startLsn().isAfter(lsn))
                    .filter(instance -> upper(instance.columns().keySet()).containsAll(upper(layout.all())))
                    .max(TrackedTable.BY_AGE)
                    .orElseThrow(() -> new UnreachableLsnException(tooShort(layout.table(), instances, lsn)));
            chosen.put(layout.table(), fitting);
        }
        return chosen;
    }

    private static Set<String> upper(Collection<String> names) {
        return names.stream().map(name -> name.toUpperCase(Locale.ROOT)).collect(Collectors.toSet());
    }

    private static String tooShort(SourceTable table, List<TrackedTable> instances, Lsn lsn) {
        String begins = instances.stream()
                .map(TrackedTable::startLsn)
                .min(Comparator.naturalOrder())
                .map(Lsn::text)
                .orElse("nowhere");
        return "The change table of " + table + " cannot take the database back to " + lsn
                + ", where patrons and feeds stand: with all captured columns it begins after that (at " + begins
                + "). Either the stages have not been running for longer than the database keeps changes, or the"
                + " capture instance was created again. Start them, let them catch up, and audit again";
    }

    /** Only the clean-up and a new instance take changes away, and both leave their mark here. */
    private static void requireStillThere(SourceDatabase database, Map<SourceTable, TrackedTable> read, Lsn lsn)
            throws SQLException, UnreachableLsnException {
        List<TrackedTable> now = database.trackedTables(read.keySet());
        for (Map.Entry<SourceTable, TrackedTable> table : read.entrySet()) {
            TrackedTable was = table.getValue();
            boolean complete = now.stream()
                    .anyMatch(instance -> instance.isSameAs(was.asInstance())
                            && !instance.startLsn().isAfter(lsn));
            if (!complete) {
                throw new UnreachableLsnException("The change table of " + table.getKey()
                        + " lost changes after " + lsn
                        + " while it was read (clean-up, or the capture instance was made"
                        + " again). Audit again");
            }
        }
    }

    private Lsn cover(SourceDatabase database, Lsn lsn, Duration patience)
            throws SQLException, UnreachableLsnException, InterruptedException {
        SnapshotCatchUp catchUp = new SnapshotCatchUp(database, zone);
        long deadline = System.nanoTime() + patience.toNanos();
        Optional<Lsn> covered = catchUp.look();
        while (covered.isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new UnreachableLsnException("Within " + patience.toSeconds()
                        + " s capture has not provably passed the time of reading, so the database cannot be rolled back"
                        + " to " + lsn + ": "
                        + why(new FreshnessProbe(database, zone).look().freshness())
                        + ". Put that right, or wait longer (--wait 6m), and audit again");
            }
            Thread.sleep(BETWEEN_LOOKS.toMillis());
            covered = catchUp.look();
        }
        return covered.get();
    }

    private static String why(Freshness freshness) {
        return switch (freshness.state()) {
            case STALLED -> freshness.note();
            case UNKNOWN ->
                "without the right to see the capture job's scans (GRANT VIEW DATABASE STATE) only a later"
                        + " commit, or the entry that an idle log gets every five minutes, proves it";
            case KNOWN -> "the capture job is behind, or scans more seldom";
        };
    }
}
