package dev.patronstream.connector.row;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.schemas.Enrollment;
import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.Map;
import microsoft.sql.DateTimeOffset;
import org.junit.jupiter.api.Test;

/** What the driver's objects say; {@code ColumnTypesTest} has them from a server. */
class ColumnValuesTest {

    @Test
    void everyObjectOfTheDriverHasOneText() {
        assertNull(ColumnValues.text(null));
        assertEquals("1", ColumnValues.text(true));
        assertEquals("0", ColumnValues.text(false));
        assertEquals("100", ColumnValues.text(new BigDecimal("1E+2")));
        assertEquals("12.50", ColumnValues.text(new BigDecimal("12.50")));
        assertEquals("0.0000001", ColumnValues.text(1e-7));
        assertEquals("2.5", ColumnValues.text(2.50f));
        assertEquals("2026-08-31", ColumnValues.text(java.sql.Date.valueOf("2026-08-31")));
        assertEquals("2026-08-31T23:59", ColumnValues.text(Timestamp.valueOf("2026-08-31 23:59:00")));
        assertEquals(
                "2026-08-31T23:30-07:00",
                ColumnValues.text(DateTimeOffset.valueOf(OffsetDateTime.parse("2026-08-31T23:30-07:00"))));
        assertEquals("text ", ColumnValues.text("text "));
        assertEquals("7", ColumnValues.text((short) 7));
        assertEquals("2026-08-31", ColumnValues.text(LocalDate.of(2026, 8, 31)));
        assertEquals("2026-08-31T01:00", ColumnValues.text(LocalDateTime.of(2026, 8, 31, 1, 0)));
        assertEquals("01:02:03", ColumnValues.text(LocalTime.of(1, 2, 3)));
        assertEquals("2026-08-31T01:00Z", ColumnValues.text(OffsetDateTime.parse("2026-08-31T01:00Z")));
        assertThrows(UnreadableValueException.class, () -> ColumnValues.text(new byte[1]));
    }

    @Test
    void whatIsPackedIsUnpackedAlsoWhyItCannotBeCarried() {
        assertNull(ColumnValues.packed(null));
        assertNull(ColumnValues.unpacked(null));
        for (String text : new String[] {"", "=", "!", "Lee"}) {
            assertEquals(text, ColumnValues.unpacked(ColumnValues.packed(text)));
        }
        String unreadable = ColumnValues.packed(new byte[1]);
        UnreadableValueException refused =
                assertThrows(UnreadableValueException.class, () -> ColumnValues.unpacked(unreadable));
        assertEquals("a type that no field can hold", refused.getMessage());
    }

    @Test
    void aSoftDeleteMarkIsReadInEveryForm() {
        for (String yes : new String[] {"1", "true", "Y", " y ", "2", "1.0"}) {
            assertTrue(ColumnValues.deleted(yes), yes);
        }
        for (String no : new String[] {null, "", " ", "0", "FALSE", "n", "0.0", "00"}) {
            assertFalse(ColumnValues.deleted(no), no);
        }
        assertThrows(UnreadableValueException.class, () -> ColumnValues.deleted("x"));
    }

    @Test
    void contentThatDiffersHasAnotherFingerprint() {
        Fingerprint none = Fingerprint.of(enrollment(null, null, Map.of()));
        assertEquals(none, Fingerprint.of(enrollment(null, null, Map.of())));
        assertNotEquals(none, Fingerprint.of(enrollment("", null, Map.of())));
        assertNotEquals(
                Fingerprint.of(enrollment("ab", "c", Map.of())), Fingerprint.of(enrollment("a", "bc", Map.of())));
        assertNotEquals(
                Fingerprint.of(enrollment("a", null, Map.of())), Fingerprint.of(enrollment(null, "a", Map.of())));
        assertNotEquals(Fingerprint.of(enrollment("", null, Map.of())), Fingerprint.of(enrollment(null, "", Map.of())));
        assertNotEquals(
                Fingerprint.of(enrollment("a\u0002", "", Map.of())),
                Fingerprint.of(enrollment("a", "\u0002", Map.of())));
        assertNotEquals(none, Fingerprint.of(enrollment(null, null, Map.of("U1", "a"))));
        assertNotEquals(
                Fingerprint.of(enrollment(null, null, Map.of("U1", "a"))),
                Fingerprint.of(enrollment(null, null, Map.of("U1", "b"))));
        assertNotEquals(
                Fingerprint.of(enrollment(null, null, Map.of("U1", "a"))),
                Fingerprint.of(enrollment(null, null, Map.of("U2", "a"))));
    }

    @Test
    void aProblemSaysWhatBecameOfTheRowOrTheField() {
        assertTrue(new RowProblem(SourceTable.STU, "GR", "10/1", "why", true)
                .about()
                .contains("STU.GR cannot be carried, so its row is left out: why"));
        assertTrue(new RowProblem(SourceTable.STU, "GR", "10/1", "why", false)
                .about()
                .contains("the field is left empty: why"));
    }

    private static Enrollment enrollment(String last, String first, Map<String, String> extra) {
        Enrollment enrollment = new Enrollment();
        enrollment.put("lastName", last);
        enrollment.put("firstName", first);
        enrollment.put("extra", extra);
        return enrollment;
    }
}
