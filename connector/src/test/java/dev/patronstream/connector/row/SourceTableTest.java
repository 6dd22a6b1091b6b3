package dev.patronstream.connector.row;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.schemas.Enrollment;
import dev.patronstream.schemas.Phase;
import dev.patronstream.schemas.School;
import dev.patronstream.schemas.Source;
import dev.patronstream.schemas.StaffMember;
import dev.patronstream.schemas.Teacher;
import dev.patronstream.schemas.table.JoinedTable;
import dev.patronstream.schemas.topic.Topics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecordBase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceTableTest {

    @ParameterizedTest
    @CsvSource({
        // table, key columns, columns without which it cannot be captured, columns that are asked for
        "STU, SC SN, SC SN ID LN FN GR TG, LNA FNA MNA CNS BD AD CY ST ZC TL",
        "LOC, CD,    CD NM,                AD CY ST ZC TL",
        "STF, ID,    ID LN FN PSC,         LNA FNA MNA BD",
        "TCH, SC TN, SC TN TE,             ''"
    })
    void whatATableMustHave(SourceTable table, String key, String needed, String grouped) {
        assertEquals(key, String.join(" ", table.keyColumns()));
        assertEquals(needed, names(table, ContractColumn::isNeeded));
        assertEquals(grouped, names(table, column -> column.group().isPresent()));
    }

    private static String names(SourceTable table, java.util.function.Predicate<ContractColumn> which) {
        return String.join(
                " ",
                table.columns().stream()
                        .filter(which)
                        .map(column -> column.names().get(0))
                        .toList());
    }

    @Test
    void everyTableHasATopicAContractAndAKeyOfItsOwn() {
        Topics topics = new Topics("eagle");
        Map<SourceTable, List<Object>> all = new HashMap<>();
        for (SourceTable table : SourceTable.values()) {
            SpecificRecordBase row = table.emptyRecord();
            for (ContractColumn column : table.columns()) {
                if (column.need() == ContractColumn.Need.KEY) {
                    row.put(row.getSchema().getField(column.field()).pos(), 7 + all.size());
                }
            }
            all.put(table, List.of(table.topic(topics), table.contract(), table.keyOf(row), table.group()));
        }
        assertEquals(
                Map.of(
                        SourceTable.STU,
                        List.of(topics.enrollments(), Enrollment.class, "7/7", Optional.empty()),
                        SourceTable.LOC,
                        List.of(topics.schools(), School.class, "8", Optional.empty()),
                        SourceTable.STF,
                        List.of(topics.staff(), StaffMember.class, "9", Optional.empty()),
                        SourceTable.TCH,
                        List.of(topics.of(JoinedTable.TCH), Teacher.class, "10/10", Optional.of(ColumnGroup.TEACHERS))),
                all);
    }

    @ParameterizedTest
    @CsvSource({"STU, 10/7, 7", "TCH, 10/7, 7", "LOC, 7, 10/7", "STF, 7, 10/7"})
    void aKeyHasTheFormOfItsTable(SourceTable table, String key, String other) {
        assertTrue(table.isKey(key));
        assertFalse(table.isKey(other));
        assertEquals(Optional.of(key), table.keyOf(Arrays.asList(key.split("/"))));
    }

    @Test
    void aKeyIsOfWholeNumbersHoweverTheColumnWritesThem() {
        assertEquals(Optional.of("10/7"), SourceTable.STU.keyOf(List.of("010 ", "7.00")));
        for (String none : new String[] {null, "", "7.5", "2147483648", "x"}) {
            assertEquals(Optional.empty(), SourceTable.STU.keyOf(Arrays.asList("10", none)));
            assertEquals(Optional.empty(), SourceTable.number(none));
        }
    }

    @Test
    void theColumnsOfADatabaseAreReadOnceInOrder() {
        Map<ContractColumn, String> fields = new HashMap<>();
        for (ContractColumn column : SourceTable.STF.columns()) {
            if (List.of("staffId", "lastName", "primarySchool").contains(column.field())) {
                fields.put(column, column.names().get(column.names().size() - 1));
            }
        }
        TableColumns columns =
                new TableColumns(SourceTable.STF, fields, Optional.of("DEL"), List.of("U1", "LN"), Map.of());
        assertEquals(List.of("ID"), columns.keyColumns());
        assertEquals(List.of("DEL", "ID", "LN", "SC", "U1"), columns.all());
        assertEquals("SC", columns.column("primarySchool"));
        String message = assertThrows(IllegalArgumentException.class, () -> columns.column("email"))
                .getMessage();
        assertEquals("No column of STF feeds email", message);
    }

    @Test
    void aRowIsGivenItsSource() {
        Source source = Source.newBuilder()
                .setIncarnation("EAGLE@1")
                .setCommitLsn("00000027:00000010:0001")
                .setCommittedAt(Instant.EPOCH)
                .setPhase(Phase.STREAM)
                .build();
        ContractRow row = new ContractRow(SourceTable.LOC, "7", Optional.of(new School()));
        assertEquals(source, ((School) row.live(source).orElseThrow()).getSource());
        assertEquals(new RowKey(SourceTable.LOC, "7"), row.rowKey());
        assertEquals(Optional.empty(), new ContractRow(SourceTable.LOC, "7", Optional.empty()).live(source));
    }

    @Test
    void whatMustBeThereWithholdsTheRowAndTheTypeIsSaid() {
        List<RowProblem> problems = new ArrayList<>();
        Map<ContractColumn, String> fields = new HashMap<>();
        SourceTable.STU.columns().stream()
                .filter(column ->
                        List.of("SC", "SN", "ID", "GR").contains(column.names().get(0)))
                .forEach(column -> fields.put(column, column.names().get(0)));
        RowMapper mapper = new RowMapper(
                List.of(new TableColumns(
                        SourceTable.STU,
                        fields,
                        Optional.of("DEL"),
                        List.of("u1"),
                        Map.of("ID", "nvarchar(9)", "U1", "varbinary(8)"))),
                problems::add);
        Map<String, Object> row = new HashMap<>(Map.of("SC", 10, "SN", 1, "ID", "x", "GR", 9, "DEL", 0, "u1", "a"));
        assertEquals(
                Optional.empty(),
                mapper.map(SourceTable.STU, ColumnValues.row(row), false).live());
        row.put("ID", 5);
        row.put("DEL", "maybe");
        assertEquals(
                Optional.empty(),
                mapper.map(SourceTable.STU, ColumnValues.row(row), false).live());
        row.put("DEL", 0);
        row.put("GR", "ninth");
        row.put("u1", new byte[1]);
        Enrollment kept = (Enrollment)
                mapper.map(SourceTable.STU, ColumnValues.row(row), false).live().orElseThrow();
        assertEquals(
                List.of(5, Optional.empty(), Map.of()), List.of(kept.getStudentId(), kept.getGrade(), kept.getExtra()));
        row.put("u1", "a");
        assertEquals(
                Map.of("U1", "a"),
                ((Enrollment) mapper.map(SourceTable.STU, ColumnValues.row(row), false)
                                .live()
                                .orElseThrow())
                        .getExtra());
        assertEquals(
                List.of(
                        "ID true not a whole number within the range of int (type nvarchar(9))",
                        "DEL true neither 0 nor 1",
                        "GR false not a whole number within the range of int",
                        "u1 false a type that no field can hold",
                        "GR false not a whole number within the range of int"),
                problems.stream()
                        .map(problem -> problem.column() + " " + problem.withheld() + " " + problem.reason())
                        .toList());
    }
}
