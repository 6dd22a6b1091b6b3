package dev.patronstream.connector.check;

import dev.patronstream.connector.database.CaptureInstance;
import dev.patronstream.connector.database.Incarnation;
import dev.patronstream.connector.database.TrackedTable;
import dev.patronstream.connector.row.ContractColumn;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.connector.row.TableColumns;
import dev.patronstream.schemas.secret.Sha256;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A database that can be captured.
 *
 * @param incarnation which database, and which incarnation of it
 * @param snapshotIsolation whether a snapshot can read one point in time without locks
 * @param polled whether its tables are read every so often, without change data capture
 * @param tracked the capture instances of our tables; none where the tables are polled
 * @param tables which columns feed which fields
 */
public record Source(
        Incarnation incarnation,
        boolean snapshotIsolation,
        boolean polled,
        List<TrackedTable> tracked,
        List<TableColumns> tables,
        List<String> warnings) {

    public Source {
        tracked = List.copyOf(tracked);
        tables = List.copyOf(tables);
        warnings = List.copyOf(warnings);
    }

    /** Returns the source under another identity, where a stored one shows that it is known already. */
    public Source known(Incarnation as) {
        return new Source(as, snapshotIsolation, polled, tracked, tables, warnings);
    }

    /** Returns the source with the capture instances of today. */
    public Source tracking(List<TrackedTable> now) {
        return new Source(incarnation, snapshotIsolation, polled, now, tables, warnings);
    }

    /** Returns the tables that are captured. */
    public List<SourceTable> capturedTables() {
        return tables.stream().map(TableColumns::table).toList();
    }

    /** Returns the capture instances, as the position remembers them. */
    public List<CaptureInstance> instances() {
        return tracked.stream().map(TrackedTable::asInstance).toList();
    }

    /** Returns what is captured, as the position remembers it. */
    public CapturedLayout layout() {
        Map<String, String> types = new TreeMap<>();
        tables.forEach(table -> table.types().forEach((column, type) -> types.put(table.table() + "." + column, type)));
        return new CapturedLayout(fingerprint(), types, instances());
    }

    /** Returns what the rows are read of, as {@link dev.patronstream.schemas.Progress} names it. */
    public List<String> fields() {
        return tables.stream()
                .flatMap(table -> Stream.concat(
                                table.fields().keySet().stream().map(ContractColumn::field),
                                table.extra().stream().map(column -> column.toUpperCase(Locale.ROOT)))
                        .map(field -> table.table() + "." + field))
                .sorted()
                .toList();
    }

    private String fingerprint() {
        String columns = tables.stream()
                .sorted(Comparator.comparing(TableColumns::table))
                .map(table -> table.table() + "("
                        + table.fields().entrySet().stream()
                                .map(entry -> entry.getKey().field() + "=" + entry.getValue())
                                .sorted()
                                .collect(Collectors.joining(","))
                        + ";" + table.deleted().orElse("") + ";" + String.join(",", table.extra()) + ";"
                        + table.types().entrySet().stream()
                                .map(entry -> entry.getKey() + " " + CapturedLayout.kind(entry.getValue()))
                                .sorted()
                                .collect(Collectors.joining(","))
                        + ")")
                .collect(Collectors.joining());
        return Sha256.of(columns, 8);
    }
}
