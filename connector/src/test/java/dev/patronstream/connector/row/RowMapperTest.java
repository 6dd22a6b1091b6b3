package dev.patronstream.connector.row;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.schemas.Enrollment;
import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import microsoft.sql.DateTimeOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RowMapperTest {

    private final List<RowProblem> problems = new ArrayList<>();

    /** A STU row that can be changed column by column. */
    private static final class Row {
        private final Map<String, Object> values = new HashMap<>();

        Row() {
            with("SC", 10)
                    .with("SN", 1234)
                    .with("ID", 99_400_001)
                    .with("LN", "Garcia")
                    .with("GR", (short) 9)
                    .with("TG", "")
                    .with("ED", null)
                    .with("DEL", false)
                    .with("U1", null);
        }

        Row with(String column, Object value) {
            values.put(column, value);
            return this;
        }

        ColumnValues.Row values() {
            return ColumnValues.row(values);
        }
    }

    private ContractRow map(Row row) {
        return mapper(problems::add).map(SourceTable.STU, row.values(), false);
    }

    private static RowMapper mapper(RowMapper.Listener problems) {
        Map<ContractColumn, String> fields = new HashMap<>();
        for (ContractColumn column : SourceTable.STU.columns()) {
            String name = column.names().get(0);
            if (List.of("SC", "SN", "ID", "LN", "GR", "TG", "ED").contains(name)) {
                fields.put(column, name);
            }
        }
        TableColumns columns = new TableColumns(SourceTable.STU, fields, Optional.of("DEL"), List.of("U1"), Map.of());
        return new RowMapper(List.of(columns), problems);
    }

    @Test
    void aRowIsReadBeforeItsProblemsAreFoundAndAKeyThatWasLeftHasNone() {
        List<String> heard = new ArrayList<>();
        RowMapper mapper = mapper(new RowMapper.Listener() {
            @Override
            public void read(RowKey row) {
                heard.add("read " + row.key());
            }

            @Override
            public void found(RowProblem problem) {
                heard.add(problem.column() + " of " + problem.key());
            }
        });
        Row before = new Row().with("GR", "x");
        ContractRow same = mapper.map(SourceTable.STU, new Row().with("GR", "y").values(), false);
        assertEquals(Optional.empty(), mapper.other(SourceTable.STU, before.values(), same));
        assertEquals(List.of("read 10/1234", "GR of 10/1234"), heard, "the image before says nothing of the row now");
        heard.clear();
        ContractRow moved = mapper.map(SourceTable.STU, new Row().with("SC", 20).values(), false);
        assertEquals(
                "10/1234",
                mapper.other(SourceTable.STU, before.values(), moved)
                        .orElseThrow()
                        .key());
        assertEquals(List.of("read 20/1234", "read 10/1234", "GR of 10/1234", "read 10/1234"), heard);
    }

    private Enrollment live(Row row) {
        return (Enrollment) map(row).live().orElseThrow();
    }

    @Test
    void readsKeyAndFields() {
        ContractRow row = map(new Row());
        assertEquals("10/1234", row.key());
        Enrollment enrollment = (Enrollment) row.live().orElseThrow();
        assertEquals(99_400_001, enrollment.getStudentId());
        assertEquals(Optional.of("Garcia"), enrollment.getLastName());
        assertEquals(Optional.of(9), enrollment.getGrade());
        assertTrue(problems.isEmpty());
    }

    @Test
    void trimsTrailingBlanksAndReadsBlankAsNull() {
        Row row = new Row().with("LN", " de la Cruz   ");
        assertEquals(Optional.of(" de la Cruz"), live(row).getLastName());
        assertEquals(Optional.empty(), live(new Row().with("LN", "    ")).getLastName());
    }

    @Test
    void trimsTagsOnBothSides() {
        assertEquals(Optional.of("*"), live(new Row().with("TG", " * ")).getStatusTag());
        assertEquals(Optional.empty(), live(new Row().with("TG", " ")).getStatusTag());
        assertEquals(Optional.empty(), live(new Row().with("TG", null)).getStatusTag());
    }

    static Stream<Arguments> numbers() {
        return Stream.of(
                Arguments.of((byte) 7),
                Arguments.of((short) 7),
                Arguments.of(7),
                Arguments.of(7L),
                Arguments.of("07 "),
                Arguments.of(7.0),
                Arguments.of(new BigDecimal("7.00")));
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void readsANumberFromEveryTypeThatCanSayIt(Object value) {
        assertEquals(Optional.of(7), live(new Row().with("GR", value)).getGrade());
        assertEquals("7/1234", map(new Row().with("SC", value)).key());
    }

    static Stream<Arguments> dates() {
        LocalDate day = LocalDate.of(2026, 8, 31);
        return Stream.of(
                Arguments.of(java.sql.Date.valueOf(day)),
                Arguments.of(day.atTime(1, 0)),
                Arguments.of(Timestamp.valueOf(day.atTime(23, 59))),
                Arguments.of(DateTimeOffset.valueOf(Timestamp.valueOf("2026-08-31 23:30:00"), -420)),
                Arguments.of("2026-08-31"),
                Arguments.of("20260831  "));
    }

    @ParameterizedTest
    @MethodSource("dates")
    void readsADateFromEveryTypeThatCanSayIt(Object value) {
        assertEquals(
                Optional.of(LocalDate.of(2026, 8, 31)),
                live(new Row().with("ED", value)).getEnterDate());
    }

    static Stream<Arguments> deletions() {
        return Stream.of(
                Arguments.of(true, true),
                Arguments.of(false, false),
                Arguments.of(null, false),
                Arguments.of((short) 1, true),
                Arguments.of((short) 0, false),
                Arguments.of("1", true),
                Arguments.of(" ", false));
    }

    @ParameterizedTest
    @MethodSource("deletions")
    void aSoftDeletedRowIsAbsent(Object value, boolean deleted) {
        assertEquals(deleted, map(new Row().with("DEL", value)).live().isEmpty());
    }

    @Test
    void carriesExtraColumnsAsTextWithoutTheEmptyOnes() {
        assertEquals(
                Map.of("U1", "12.50"),
                live(new Row().with("U1", new BigDecimal("12.50"))).getExtra());
        assertEquals(Map.of(), live(new Row()).getExtra());
    }

    @Test
    void anUnreadableOptionalFieldStaysEmptyAndIsReportedWithoutItsValue() {
        Enrollment enrollment = live(new Row().with("GR", "ninth"));
        assertEquals(Optional.empty(), enrollment.getGrade());
        RowProblem problem = problems.get(0);
        assertEquals("GR", problem.column());
        assertEquals("10/1234", problem.key());
        assertFalse(problem.withheld());
        assertFalse(problem.toString().contains("ninth"));
    }

    @Test
    void aStudentWithoutAnIdIsLeftOutAndReported() {
        assertTrue(map(new Row().with("ID", null)).live().isEmpty());
        assertTrue(problems.get(0).withheld());
    }

    @Test
    void anUnreadableKeyStopsWithTableAndColumn() {
        var error = assertThrows(IllegalArgumentException.class, () -> map(new Row().with("SN", "secret")));
        assertTrue(error.getMessage().contains("STU") && error.getMessage().contains("SN"));
        assertFalse(error.getMessage().contains("secret"));
    }

    @Test
    void aColumnThatIsGoneStopsInsteadOfBlankingTheField() {
        Row row = new Row();
        row.values.remove("LN");
        assertTrue(assertThrows(IllegalStateException.class, () -> map(row))
                .getMessage()
                .contains("LN"));
    }

    @Test
    void recordsThatDifferInTheirSourceOnlyHaveTheSameFingerprint() {
        Enrollment one = live(new Row());
        Enrollment other = live(new Row().with("LN", "Garcia  "));
        assertEquals(Fingerprint.of(one), Fingerprint.of(other));
        Enrollment renamed = live(new Row().with("LN", "Garzia"));
        assertFalse(Fingerprint.of(one).equals(Fingerprint.of(renamed)));
    }
}
