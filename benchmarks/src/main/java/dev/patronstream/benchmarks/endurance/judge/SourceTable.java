package dev.patronstream.benchmarks.endurance.judge;

import dev.patronstream.sandbox.district.AeriesTable;
import dev.patronstream.schemas.Enrollment;
import dev.patronstream.schemas.School;
import dev.patronstream.schemas.StaffMember;
import dev.patronstream.schemas.topic.Topics;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/**
 * A table of the source beside its contract: both are brought to one text, so that they can be compared.
 *
 * <p>Which column a field comes from is read from the contract's own documentation, "Last name of record (LN)."; the
 * connector's lists are not asked. The text holds private values and must not be printed. Immutable.
 */
final class SourceTable {

    /** The text of a row that is not there, or soft-deleted. */
    static final String ABSENT = "";

    private static final Pattern COLUMNS = Pattern.compile("\\(([A-Z][A-Z0-9]*)(?:, older ([A-Z][A-Z0-9]*))?\\)");

    private final AeriesTable table;
    private final Class<? extends SpecificRecordBase> contract;
    private final String topic;
    private final List<Field> fields;

    private record Field(String name, Optional<String> column) {}

    private SourceTable(AeriesTable table, Class<? extends SpecificRecordBase> contract, String topic) {
        this.table = table;
        this.contract = contract;
        this.topic = topic;
        this.fields = fields(
                SpecificData.get().getSchema(contract),
                Set.copyOf(table.capturedColumns(false)),
                Set.copyOf(table.columns()));
    }

    /** The three tables with the topics of a district that captures neither preferred names nor teachers. */
    static List<SourceTable> of(Topics topics) {
        return List.of(
                new SourceTable(AeriesTable.LOC, School.class, topics.schools()),
                new SourceTable(AeriesTable.STF, StaffMember.class, topics.staff()),
                new SourceTable(AeriesTable.STU, Enrollment.class, topics.enrollments()));
    }

    private static List<Field> fields(Schema schema, Set<String> captured, Set<String> existing) {
        List<Field> fields = new ArrayList<>();
        for (Schema.Field field : schema.getFields()) {
            Matcher columns = COLUMNS.matcher(Optional.ofNullable(field.doc()).orElse(""));
            if (columns.find()) {
                String newer = columns.group(1);
                String older = columns.group(2);
                String column = existing.contains(newer) || older == null ? newer : older;
                fields.add(new Field(field.name(), Optional.of(column).filter(captured::contains)));
            }
        }
        return List.copyOf(fields);
    }

    /** {@code dbo.STU}. */
    String sourceName() {
        return "dbo." + table.name();
    }

    String topic() {
        return topic;
    }

    Class<? extends SpecificRecordBase> contract() {
        return contract;
    }

    /** The key of a row, as the topic has it. */
    String key(Map<String, @Nullable Object> row) {
        List<String> parts = table.key().stream()
                .map(column -> String.valueOf(row.get(column)))
                .toList();
        return String.join("/", parts);
    }

    /** The state of a source row as text. */
    String state(Map<String, @Nullable Object> row) {
        if (Boolean.TRUE.equals(row.get("DEL"))) {
            return ABSENT;
        }
        StringBuilder text = new StringBuilder();
        for (Field field : fields) {
            append(text, field, field.column().map(row::get).orElse(null));
        }
        return text.toString();
    }

    /** The state that a record shows, as text. */
    String state(SpecificRecordBase value) {
        StringBuilder text = new StringBuilder();
        for (Field field : fields) {
            append(text, field, value.get(field.name()));
        }
        return text.toString();
    }

    private static void append(StringBuilder text, Field field, @Nullable Object value) {
        Object plain = value instanceof Optional<?> optional ? optional.orElse(null) : value;
        String shown = plain instanceof LocalDateTime time
                ? time.toLocalDate().toString()
                : plain == null ? "" : plain.toString().stripTrailing();
        if (!shown.isBlank()) {
            text.append(field.name()).append('=').append(shown).append('\u001f');
        }
    }
}
