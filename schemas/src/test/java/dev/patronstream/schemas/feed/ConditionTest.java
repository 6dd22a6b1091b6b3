package dev.patronstream.schemas.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.schemas.PatronKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConditionTest {

    private static IndexedRecord row(Schema schema, String field, @Nullable Object value) {
        GenericData.Record row = new GenericData.Record(schema);
        row.put(field, value);
        return row;
    }

    private static IndexedRecord enrollment(String field, @Nullable Object value) {
        return row(dev.patronstream.schemas.Enrollment.getClassSchema(), field, value);
    }

    private static IndexedRecord staff(String field, @Nullable Object value) {
        return row(dev.patronstream.schemas.StaffMember.getClassSchema(), field, value);
    }

    private static Condition condition(String key, String... values) {
        return Condition.of(key, false, List.of(values), Optional.empty());
    }

    @ParameterizedTest
    @CsvSource({
        "9-12, 9, true", "9-12, 12, true", "9-12, 8, false", "9-12, 13, false", "9-12, , false", "'', , true",
        "'', 0, false", "-1..5, -1, true", "-1..5, -2, false", "-2..-1, -2, true", "-2, -2, true", "5, 6, false",
        "0 .. 5, 0, true", "9 - 12, 10, true",
    })
    void aNumberIsOneOfTheRanges(String range, @Nullable Integer grade, boolean holds) {
        IndexedRecord row = enrollment("grade", grade);
        assertEquals(holds, condition("grade", range).holds(PatronKind.STUDENT, row));
        assertEquals(holds, condition("STU.GR", range).holds(PatronKind.STUDENT, row));
        assertEquals(
                !holds,
                Condition.of("grade", true, List.of(range), Optional.empty()).holds(PatronKind.STUDENT, row));
    }

    @Test
    void anIdIsAnyNumberOfAeriesAndALongListIsSearchedAndNotLookedThrough() {
        Condition ends = condition("id", "2147483647", "-2147483648..-2147483647", "1000000000 - 1000000002");
        for (int id : List.of(2_147_483_647, -2_147_483_648, -2_147_483_647, 1_000_000_000, 1_000_000_002)) {
            assertTrue(ends.holds(PatronKind.STUDENT, enrollment("studentId", id)), () -> "" + id);
        }
        for (int id : List.of(2_147_483_646, -2_147_483_646, 999_999_999, 1_000_000_003, 0)) {
            assertFalse(ends.holds(PatronKind.STUDENT, enrollment("studentId", id)), () -> "" + id);
        }
        for (String beyond : List.of("2147483648", "1-9999999999", "-2147483649")) {
            String message = assertThrows(IllegalArgumentException.class, () -> condition("id", beyond))
                    .getMessage();
            assertTrue(message.contains("is no number that Aeries can hold; the highest is 2147483647"), message);
        }
        List<Condition.Range> ranges =
                List.of(new Condition.Range(1, 3), new Condition.Range(5, 12), new Condition.Range(14, 14));
        assertEquals(
                ranges,
                condition("grade", "14", "9-12", "5..10", "1-3", "10", "14").ranges());

        String[] ids = IntStream.range(0, 20_000)
                .mapToObj(number -> Integer.toString(99_000_000 + 2 * number))
                .toArray(String[]::new);
        Condition listed = condition("id", ids);
        IndexedRecord in = enrollment("studentId", 99_039_998);
        IndexedRecord out = enrollment("studentId", 99_039_999);
        assertTimeout(Duration.ofSeconds(5), () -> {
            for (int look = 0; look < 500_000; look++) {
                assertTrue(listed.holds(PatronKind.STUDENT, in));
                assertFalse(listed.holds(PatronKind.STUDENT, out));
            }
        });
    }

    @Test
    void aTextIsComparedWithoutBlanksAndWithItsCapitals() {
        assertTrue(condition("STU.SP", " Z").holds(PatronKind.STUDENT, enrollment("attendanceProgram", "Z ")));
        assertFalse(condition("STU.SP", "Z").holds(PatronKind.STUDENT, enrollment("attendanceProgram", "z")));
        assertTrue(condition("STU.SP", "").holds(PatronKind.STUDENT, enrollment("attendanceProgram", " ")));
        assertTrue(condition("STU.SP", "").holds(PatronKind.STUDENT, enrollment("attendanceProgram", null)));
        assertTrue(condition("STU.U1", "A").holds(PatronKind.STUDENT, enrollment("extra", Map.of("U1", "A"))));
        assertFalse(condition("STU.U1", "A").holds(PatronKind.STUDENT, enrollment("extra", Map.of("U2", "A"))));
    }

    @Test
    void theRowsOfStaffHaveOtherNames() {
        assertTrue(condition("id", "7").holds(PatronKind.STAFF, staff("staffId", 7)));
        assertTrue(condition("schoolCode", "10").holds(PatronKind.STAFF, staff("primarySchool", 10)));
        assertTrue(condition("schoolCode", "").holds(PatronKind.STAFF, staff("primarySchool", 0)));
        assertTrue(condition("STF.TG", "I").holds(PatronKind.STAFF, staff("inactiveTag", "I")));
        assertTrue(condition("STU.TG", "N").holds(PatronKind.STUDENT, enrollment("statusTag", "N")));
        assertTrue(condition("enterDate", "2026-08-12")
                .holds(PatronKind.STAFF, staff("hireDate", java.time.LocalDate.of(2026, 8, 12))));
    }

    @Test
    void aConditionConcernsThoseWhoHaveTheField() {
        assertEquals(Set.of(PatronKind.STUDENT), condition("grade", "9").kinds());
        assertEquals(Set.of(PatronKind.STUDENT), condition("STU.ID", "9").kinds());
        assertEquals(Set.of(PatronKind.STAFF), condition("STF.TI", "9").kinds());
        assertEquals(
                Set.of(PatronKind.STUDENT, PatronKind.STAFF),
                condition("id", "9").kinds());
        Conditions conditions = new Conditions(List.of(condition("grade", "9")), List.of(condition("STF.TI", "X")));
        assertTrue(
                conditions.against(PatronKind.STAFF, staff("lastName", "Lee")).isEmpty());
        assertEquals(
                "except: STF.TI X",
                conditions
                        .against(PatronKind.STAFF, staff("extra", Map.of("TI", "X")))
                        .orElseThrow()
                        .words());
        assertEquals(
                "only: grade 9",
                conditions
                        .against(PatronKind.STUDENT, enrollment("grade", 8))
                        .orElseThrow()
                        .words());
    }

    @Test
    void wordsAreThoseOfTheConfigurationAndNeverALongList() {
        assertEquals("grade -1..5, 9-12", condition("grade", "-1..5", "9-12").words());
        assertEquals(
                "STU.SP not 2, blank",
                Condition.of("STU.SP", true, List.of("2", ""), Optional.empty()).words());
        assertEquals(
                "id 1, 2, 3, 4, 5 and 1 more",
                condition("id", "1", "2", "3", "4", "5", "6").words());
        assertEquals(
                "id of optout.txt",
                Condition.of("id", false, List.of("1"), Optional.of("optout.txt"))
                        .words());
        assertEquals("blank", condition("grade", "9").shown(PatronKind.STUDENT, enrollment("grade", null)));
        assertEquals("8", condition("grade", "9").shown(PatronKind.STUDENT, enrollment("grade", 8)));
    }
}
