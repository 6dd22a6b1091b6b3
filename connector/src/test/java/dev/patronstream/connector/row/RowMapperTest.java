package dev.patronstream.connector.row;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.schemas.Enrolment;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RowMapperTest {

    private static final Schema DATE =
            SchemaBuilder.int32().name("io.debezium.time.Date").optional().build();
    private static final Schema MILLIS =
            SchemaBuilder.int64().name("io.debezium.time.Timestamp").optional().build();
    private static final Schema MICROS = SchemaBuilder.int64()
            .name("io.debezium.time.MicroTimestamp")
            .optional()
            .build();
    private static final Schema NANOS = SchemaBuilder.int64()
            .name("io.debezium.time.NanoTimestamp")
            .optional()
            .build();
    private static final Schema ZONED = SchemaBuilder.string()
            .name("io.debezium.time.ZonedTimestamp")
            .optional()
            .build();

    private final List<RowProblem> problems = new ArrayList<>();

    /** A STU row that can be changed column by column. */
    private static final class Row {
        private final Map<String, Schema> schemas = new HashMap<>();
        private final Map<String, Object> values = new HashMap<>();

        Row() {
            with("SC", Schema.OPTIONAL_INT32_SCHEMA, 10)
                    .with("SN", Schema.OPTIONAL_INT32_SCHEMA, 1234)
                    .with("ID", Schema.OPTIONAL_INT32_SCHEMA, 99_400_001)
                    .with("LN", Schema.OPTIONAL_STRING_SCHEMA, "Garcia")
                    .with("GR", Schema.OPTIONAL_INT16_SCHEMA, (short) 9)
                    .with("TG", Schema.OPTIONAL_STRING_SCHEMA, "")
                    .with("ED", DATE, null)
                    .with("DEL", Schema.OPTIONAL_BOOLEAN_SCHEMA, false)
                    .with("U1", Schema.OPTIONAL_STRING_SCHEMA, null);
        }

        Row with(String column, Schema schema, Object value) {
            schemas.put(column, schema);
            values.put(column, value);
            return this;
        }

        Struct struct() {
            SchemaBuilder builder = SchemaBuilder.struct();
            schemas.forEach(builder::field);
            Struct struct = new Struct(builder.build());
            values.forEach(struct::put);
            return struct;
        }
    }

    private ContractRow map(Row row) {
        Map<ContractColumn, String> fields = new HashMap<>();
        for (ContractColumn column : SourceTable.STU.columns()) {
            String name = column.names().get(0);
            if (List.of("SC", "SN", "ID", "LN", "GR", "TG", "ED").contains(name)) {
                fields.put(column, name);
            }
        }
        TableColumns columns = new TableColumns(SourceTable.STU, fields, Optional.of("DEL"), List.of("U1"), Map.of());
        return new RowMapper(List.of(columns), problems::add).map(SourceTable.STU, row.struct(), false);
    }

    private Enrolment live(Row row) {
        return (Enrolment) map(row).live().orElseThrow();
    }

    @Test
    void readsKeyAndFields() {
        ContractRow row = map(new Row());
        assertEquals("10/1234", row.key());
        Enrolment enrolment = (Enrolment) row.live().orElseThrow();
        assertEquals(99_400_001, enrolment.getStudentId());
        assertEquals(Optional.of("Garcia"), enrolment.getLastName());
        assertEquals(Optional.of(9), enrolment.getGrade());
        assertTrue(problems.isEmpty());
    }

    @Test
    void trimsTrailingBlanksAndReadsBlankAsNull() {
        Row row = new Row().with("LN", Schema.OPTIONAL_STRING_SCHEMA, " de la Cruz   ");
        assertEquals(Optional.of(" de la Cruz"), live(row).getLastName());
        assertEquals(
                Optional.empty(),
                live(new Row().with("LN", Schema.OPTIONAL_STRING_SCHEMA, "    "))
                        .getLastName());
    }

    @Test
    void trimsTagsOnBothSides() {
        assertEquals(
                Optional.of("*"),
                live(new Row().with("TG", Schema.OPTIONAL_STRING_SCHEMA, " * ")).getStatusTag());
        assertEquals(
                Optional.empty(),
                live(new Row().with("TG", Schema.OPTIONAL_STRING_SCHEMA, " ")).getStatusTag());
        assertEquals(
                Optional.empty(),
                live(new Row().with("TG", Schema.OPTIONAL_STRING_SCHEMA, null)).getStatusTag());
    }

    static Stream<Arguments> numbers() {
        return Stream.of(
                Arguments.of(Schema.OPTIONAL_INT8_SCHEMA, (byte) 7),
                Arguments.of(Schema.OPTIONAL_INT16_SCHEMA, (short) 7),
                Arguments.of(Schema.OPTIONAL_INT32_SCHEMA, 7),
                Arguments.of(Schema.OPTIONAL_INT64_SCHEMA, 7L),
                Arguments.of(Schema.OPTIONAL_STRING_SCHEMA, "07 "),
                Arguments.of(Schema.OPTIONAL_FLOAT64_SCHEMA, 7.0),
                Arguments.of(Decimal.builder(2).optional().build(), new BigDecimal("7.00")));
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void readsANumberFromEveryTypeThatCanSayIt(Schema schema, Object value) {
        assertEquals(Optional.of(7), live(new Row().with("GR", schema, value)).getGrade());
        assertEquals("7/1234", map(new Row().with("SC", schema, value)).key());
    }

    static Stream<Arguments> dates() {
        LocalDate day = LocalDate.of(2026, 8, 31);
        long seconds = day.toEpochDay() * 86_400 + 3_600;
        return Stream.of(
                Arguments.of(DATE, (int) day.toEpochDay()),
                Arguments.of(MILLIS, seconds * 1_000),
                Arguments.of(MICROS, seconds * 1_000_000),
                Arguments.of(NANOS, seconds * 1_000_000_000),
                Arguments.of(ZONED, "2026-08-31T23:30:00-07:00"),
                Arguments.of(Schema.OPTIONAL_STRING_SCHEMA, "2026-08-31"),
                Arguments.of(Schema.OPTIONAL_STRING_SCHEMA, "20260831  "));
    }

    @ParameterizedTest
    @MethodSource("dates")
    void readsADateFromEveryTypeThatCanSayIt(Schema schema, Object value) {
        assertEquals(
                Optional.of(LocalDate.of(2026, 8, 31)),
                live(new Row().with("ED", schema, value)).getEnterDate());
    }

    @Test
    void readsATimeBeforeTheEpochAsTheRightDay() {
        long millis = LocalDate.of(1958, 3, 2).toEpochDay() * 86_400_000 + 1;
        assertEquals(
                Optional.of(LocalDate.of(1958, 3, 2)),
                live(new Row().with("ED", MILLIS, millis)).getEnterDate());
    }

    static Stream<Arguments> deletions() {
        return Stream.of(
                Arguments.of(Schema.OPTIONAL_BOOLEAN_SCHEMA, true, true),
                Arguments.of(Schema.OPTIONAL_BOOLEAN_SCHEMA, false, false),
                Arguments.of(Schema.OPTIONAL_BOOLEAN_SCHEMA, null, false),
                Arguments.of(Schema.OPTIONAL_INT16_SCHEMA, (short) 1, true),
                Arguments.of(Schema.OPTIONAL_INT16_SCHEMA, (short) 0, false),
                Arguments.of(Schema.OPTIONAL_STRING_SCHEMA, "1", true),
                Arguments.of(Schema.OPTIONAL_STRING_SCHEMA, " ", false));
    }

    @ParameterizedTest
    @MethodSource("deletions")
    void aSoftDeletedRowIsAbsent(Schema schema, Object value, boolean deleted) {
        assertEquals(deleted, map(new Row().with("DEL", schema, value)).live().isEmpty());
    }

    @Test
    void carriesExtraColumnsAsTextWithoutTheEmptyOnes() {
        Schema decimal = Decimal.builder(2).optional().build();
        assertEquals(
                Map.of("U1", "12.50"),
                live(new Row().with("U1", decimal, new BigDecimal("12.50"))).getExtra());
        assertEquals(Map.of(), live(new Row()).getExtra());
    }

    @Test
    void anUnreadableOptionalFieldStaysEmptyAndIsReportedWithoutItsValue() {
        Enrolment enrolment = live(new Row().with("GR", Schema.OPTIONAL_STRING_SCHEMA, "ninth"));
        assertEquals(Optional.empty(), enrolment.getGrade());
        RowProblem problem = problems.get(0);
        assertEquals("GR", problem.column());
        assertEquals("10/1234", problem.key());
        assertFalse(problem.withheld());
        assertFalse(problem.toString().contains("ninth"));
    }

    @Test
    void aStudentWithoutAnIdIsLeftOutAndReported() {
        assertTrue(map(new Row().with("ID", Schema.OPTIONAL_INT32_SCHEMA, null))
                .live()
                .isEmpty());
        assertTrue(problems.get(0).withheld());
    }

    @Test
    void anUnreadableKeyStopsWithTableAndColumn() {
        var error = assertThrows(
                IllegalArgumentException.class,
                () -> map(new Row().with("SN", Schema.OPTIONAL_STRING_SCHEMA, "secret")));
        assertTrue(error.getMessage().contains("STU") && error.getMessage().contains("SN"));
        assertFalse(error.getMessage().contains("secret"));
    }

    @Test
    void aColumnThatIsGoneStopsInsteadOfBlankingTheField() {
        Row row = new Row();
        row.schemas.remove("LN");
        row.values.remove("LN");
        assertTrue(assertThrows(MissingColumnException.class, () -> map(row))
                .getMessage()
                .contains("LN"));
    }

    @Test
    void recordsThatDifferInTheirSourceOnlyHaveTheSameFingerprint() {
        Enrolment one = live(new Row());
        Enrolment other = live(new Row().with("LN", Schema.OPTIONAL_STRING_SCHEMA, "Garcia  "));
        assertEquals(Fingerprint.of(one), Fingerprint.of(other));
        Enrolment renamed = live(new Row().with("LN", Schema.OPTIONAL_STRING_SCHEMA, "Garzia"));
        assertFalse(Fingerprint.of(one).equals(Fingerprint.of(renamed)));
    }
}
