package dev.patronstream.cli.config;

import dev.patronstream.cli.config.setting.Part;
import dev.patronstream.cli.config.setting.Section;
import dev.patronstream.cli.config.setting.Values;
import dev.patronstream.connector.check.CaptureSettings;
import dev.patronstream.connector.check.CapturedColumns;
import dev.patronstream.connector.check.Polling;
import dev.patronstream.connector.database.DatabaseSettings;
import dev.patronstream.connector.row.ColumnGroup;
import dev.patronstream.connector.row.SourceTable;
import java.time.Duration;
import java.time.ZoneId;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads what is captured ({@code sqlserver.columns}, {@code sqlserver.extra-columns}, {@code
 * sqlserver.capture}) and how ({@code connector}). */
final class CaptureReader {

    /** Debezium's heartbeat interval follows from it, an INT of milliseconds: 24 days at most. */
    private static final Duration SELDOMEST_POLL = Duration.ofDays(1);

    private final Section database;
    private final Section connector;

    CaptureReader(Section database, Section connector) {
        this.database = database;
        this.connector = connector;
    }

    /** Reads both sections to their ends; the database's other keys must have been read before. */
    Optional<CaptureSettings> read(Optional<DatabaseSettings> settings, CapturedColumns needed, ZoneId zone) {
        Set<ColumnGroup> groups = new HashSet<>(needed.groups());
        groups.addAll(database.choices("columns", Values.constant(ColumnGroup.class)));
        Optional<Polling> polling = polling();
        Map<SourceTable, Set<String>> extra = extraColumns(needed, new CapturedColumns(groups, Map.of()).tables());
        database.finish();

        Duration poll = connector.duration("poll-interval");
        if (poll.compareTo(SELDOMEST_POLL) > 0) {
            connector.wrong(connector.at("poll-interval"), "must be at most 1d");
        }
        var freshness = connector.duration("freshness-interval");
        int rows = connector.integer("max-rows");
        int waiting = connector.integer("max-waiting-rows");
        var patience = connector.duration("commit-patience");
        double massDelete = connector.share("mass-delete-above");
        Map<String, String> engine = connector.properties("engine", Part.DATABASE, Set::of);
        connector.finish();
        Optional<CapturedColumns> columns = connector.build(() -> new CapturedColumns(groups, extra, needed.named()));
        Optional<CaptureSettings.Limits> limits =
                connector.build(() -> new CaptureSettings.Limits(poll, freshness, rows, waiting, patience, massDelete));
        return settings.flatMap(from -> columns.flatMap(
                what -> limits.map(how -> new CaptureSettings(from, what, zone, how, polling, engine))));
    }

    /** Empty where change data capture is used. */
    private Optional<Polling> polling() {
        Optional<String> way = database.singleText("capture");
        if (way.isPresent() || !database.has("capture")) {
            way.filter(other -> !other.equals("cdc"))
                    .ifPresent(other -> database.wrong(
                            database.at("capture"), "'" + other + "' is neither cdc nor {poll: {every: 5m}}"));
            return Optional.empty();
        }
        Section capture = database.section("capture");
        Section poll = capture.section("poll");
        Duration every = poll.duration("every");
        if (every.compareTo(SELDOMEST_POLL) > 0) {
            poll.wrong(poll.at("every"), "must be at most 1d");
        }
        int rows = poll.integer("rows-per-second");
        Duration lockTimeout = poll.duration("lock-timeout");
        poll.finish();
        capture.finish();
        return poll.build(() -> new Polling(every, rows, lockTimeout));
    }

    private Map<SourceTable, Set<String>> extraColumns(CapturedColumns needed, List<SourceTable> captured) {
        Map<SourceTable, Set<String>> extra = new EnumMap<>(SourceTable.class);
        needed.extra().forEach((table, columns) -> extra.put(table, new TreeSet<>(columns)));
        Section below = database.section("extra-columns");
        for (SourceTable table : SourceTable.values()) {
            List<String> columns = below.texts(table.name());
            if (!columns.isEmpty() && !captured.contains(table)) {
                below.wrong(
                        below.at(table.name()),
                        "table " + table + " is not captured: no feed needs it; to capture it all the same, add "
                                + table.group().orElseThrow().key() + " to sqlserver.columns");
            }
            for (String column : columns) {
                extra.computeIfAbsent(table, unused -> new TreeSet<>()).add(column.toUpperCase(Locale.ROOT));
            }
        }
        below.finish();
        return extra;
    }
}
