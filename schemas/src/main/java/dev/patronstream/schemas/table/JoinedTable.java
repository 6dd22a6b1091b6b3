package dev.patronstream.schemas.table;

import dev.patronstream.schemas.Affiliation;
import dev.patronstream.schemas.Enrollment;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.Teacher;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/**
 * A table of Aeries whose rows add fields to an enrollment. It is captured only where a feed needs one of the fields. The
 * constant's name is the table's name. Topic, store, join, fields of the feed entry and the audit's expectation follow
 * from what is declared here; the columns stand in the connector's {@code SourceTable}.
 *
 * <p>A new table is the last constant: the place of a table is part of keys in the streams application's state.
 */
@SuppressWarnings("ImmutableEnumChecker") // A constructor reference, and immutable collections.
public enum JoinedTable {
    /** Teachers, one row per school and teacher. */
    TCH(
            Teacher::new,
            List.of("schoolCode", "teacherNumber"),
            List.of("schoolCode", "counselorNumber"),
            Map.of("counselorName", "name"));

    /** All of them. */
    public static final Set<JoinedTable> ALL = Set.of(values());

    private static final String SCHOOL = "schoolCode";

    private final Supplier<? extends SpecificRecordBase> emptyRecord;
    private final List<String> key;
    private final List<String> joinedBy;
    private final Map<String, String> fields;

    /**
     * @param emptyRecord makes a record of the contract
     * @param key the contract's fields that are the key: whole numbers
     * @param joinedBy the fields of {@link Enrollment} that name the row, one per part of the key; the first is the
     *     school or the student ID, by which the persons are found whom a changed row concerns
     * @param fields by field of {@link Affiliation}: the contract's field that fills it
     */
    JoinedTable(
            Supplier<? extends SpecificRecordBase> emptyRecord,
            List<String> key,
            List<String> joinedBy,
            Map<String, String> fields) {
        this.emptyRecord = emptyRecord;
        this.key = key;
        this.joinedBy = joinedBy;
        this.fields = fields;
    }

    /** Returns a record of the contract that holds nothing yet. */
    public SpecificRecordBase emptyRecord() {
        return emptyRecord.get();
    }

    /** Returns the class of the contract's records. */
    public Class<? extends SpecificRecordBase> contract() {
        return emptyRecord().getClass();
    }

    /** Whether a record of the table's topic may have this key. */
    public boolean isKey(String text) {
        return key.size() == 1 ? Keys.isNumber(text) : Keys.isNumberInSchool(text);
    }

    /** Returns the key of a row. */
    public String keyOf(IndexedRecord row) {
        return text(row, key).orElseThrow(() -> new IllegalArgumentException("A row of " + this + " has no key"));
    }

    /** Returns the key of the row that belongs to an enrollment; empty if the enrollment names none. */
    public Optional<String> keyFor(IndexedRecord enrollment) {
        return text(enrollment, joinedBy);
    }

    /** Whether a changed row concerns everybody at the school that is the first part of its key; else one student. */
    public boolean concernsSchool() {
        return joinedBy.get(0).equals(SCHOOL);
    }

    /** Returns by field of {@link Affiliation}: the contract's field that fills it. */
    public Map<String, String> fields() {
        return fields;
    }

    /** Returns by field of {@link Affiliation} what a row adds; a field that is null adds nothing. */
    public Map<String, Object> added(IndexedRecord row) {
        Map<String, Object> added = new LinkedHashMap<>();
        fields.forEach((field, from) -> {
            @Nullable Object value = get(row, from);
            if (value != null) {
                added.put(field, value);
            }
        });
        return added;
    }

    private static Optional<String> text(IndexedRecord row, List<String> fields) {
        return fields.stream().anyMatch(field -> get(row, field) == null)
                ? Optional.empty()
                : Optional.of(fields.stream()
                        .map(field -> String.valueOf(get(row, field)))
                        .collect(Collectors.joining("/")));
    }

    private static @Nullable Object get(IndexedRecord row, String field) {
        return row.get(row.getSchema().getField(field).pos());
    }
}
