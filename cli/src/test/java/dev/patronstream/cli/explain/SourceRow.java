package dev.patronstream.cli.explain;

import dev.patronstream.connector.row.ColumnValues;
import dev.patronstream.connector.row.ContractColumn;
import dev.patronstream.connector.row.RowMapper;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.connector.row.TableColumns;
import dev.patronstream.schemas.Phase;
import dev.patronstream.schemas.Source;
import dev.patronstream.schemas.Text;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/**
 * A row of STU or STF as SQL Server holds it, with everything that a test does not name as in the usual row. Read by the
 * connector's own mapper on one side, and by the oracle on the other.
 *
 * @param table the table
 * @param named the columns that a test names
 */
record SourceRow(SourceTable table, Map<String, @Nullable Object> named) {

    static final LocalDate SCHOOL_BEGINS = LocalDate.of(2026, 8, 12);

    private static final Map<String, Object> USUAL_STUDENT =
            Map.of("LN", "Lee", "FN", "Ann", "GN", "F", "GR", 5, "TG", " ", "ED", SCHOOL_BEGINS, "DEL", false);
    private static final Map<String, Object> USUAL_STAFF =
            Map.of("LN", "Park", "FN", "Kim", "GN", "M", "PSC", 10, "TG", "", "DEL", false);

    static final List<String> OWN_COLUMNS = List.of("U1", "TI");

    static SourceRow student(int school, int number, int id, Map<String, @Nullable Object> named) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("SC", school);
        all.put("SN", number);
        all.put("ID", id);
        all.putAll(named);
        return new SourceRow(SourceTable.STU, all);
    }

    static SourceRow staff(int id, Map<String, @Nullable Object> named) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("ID", id);
        all.putAll(named);
        return new SourceRow(SourceTable.STF, all);
    }

    /** Every column, for the oracle. */
    Map<String, @Nullable Object> columns() {
        Map<String, @Nullable Object> columns = new TreeMap<>(table == SourceTable.STU ? USUAL_STUDENT : USUAL_STAFF);
        columns.putAll(named);
        return columns;
    }

    int id() {
        return (Integer) Objects.requireNonNull(named.get("ID"));
    }

    /** The contract record that the connector makes of it; empty when it is deleted. */
    Optional<SpecificRecordBase> captured() {
        Map<ContractColumn, String> fields = new HashMap<>();
        table.columns().forEach(column -> fields.put(column, column.names().get(0)));
        TableColumns all = new TableColumns(table, fields, Optional.of(SourceTable.DELETED), OWN_COLUMNS, Map.of());
        Source source = Source.newBuilder()
                .setIncarnation("sandbox")
                .setCommitLsn("00000027:00000758:0005")
                .setCommittedAt(Instant.EPOCH)
                .setPhase(Phase.STREAM)
                .build();
        return new RowMapper(List.of(all), problem -> {
                    throw new IllegalStateException(problem.toString());
                })
                .map(table, values(all), false)
                .live(source);
    }

    /** What a test named, as a person would write it. */
    String words() {
        String key = table == SourceTable.STU ? named.get("SC") + "/" + named.get("SN") : named.get("ID") + "";
        String rest = named.entrySet().stream()
                .filter(column -> !List.of("SC", "SN", "ID").contains(column.getKey()))
                .map(column -> column.getKey() + " " + words(column.getValue()))
                .collect(Collectors.joining(", "));
        return table + " " + key + (rest.isEmpty() ? "" : ": " + rest);
    }

    private static String words(@Nullable Object value) {
        if (value == null) {
            return "NULL";
        }
        if (value instanceof Boolean bit) {
            return bit ? "1" : "0";
        }
        if (!(value instanceof String text)) {
            return value.toString();
        }
        String visible = text.length() > 24 && text.chars().distinct().count() <= 3
                ? text.substring(0, 2) + "… (" + text.codePointCount(0, text.length()) + " characters)"
                : text;
        return "'"
                + visible.replace("\r", "\\r")
                        .replace("\n", "\\n")
                        .replace("\t", "\\t")
                        .replace("\0", "\\0")
                        .codePoints()
                        .mapToObj(SourceRow::seen)
                        .collect(Collectors.joining())
                + "'";
    }

    /** A character, or its number where the page would not show it. */
    private static String seen(int c) {
        boolean joiner = c == 0x200C || c == 0x200D;
        return Text.firstUnseen("a" + Character.toString(c)) >= 0 || joiner
                ? "U+%04X".formatted(c)
                : Character.toString(c);
    }

    private ColumnValues.Row values(TableColumns all) {
        Map<String, @Nullable Object> values = new HashMap<>();
        all.all().forEach(name -> values.put(name, columns().get(name)));
        return ColumnValues.row(values);
    }
}
