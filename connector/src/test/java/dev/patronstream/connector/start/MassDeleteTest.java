package dev.patronstream.connector.start;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.schemas.Counted;
import dev.patronstream.schemas.Removal;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What is measured of a snapshot that would remove rows; {@code HoldTest} takes one on a database. */
class MassDeleteTest {

    private static final Removal TEN_OF_HUNDRED = new Removal(10L, 100L, Counted.ROWS);
    private final MassDelete massDelete = new MassDelete(
            "id", Map.of(SourceTable.STU, TEN_OF_HUNDRED, SourceTable.LOC, new Removal(1L, 100L, Counted.ROWS)));

    @Test
    void moreThanTheShareIsAboveItAndTheShareItselfIsNot() {
        assertFalse(MassDelete.isAbove(10, 100, 0.1, 0));
        assertTrue(MassDelete.isAbove(11, 100, 0.1, 0));
        assertTrue(MassDelete.isAbove(1, 100, 0, 0));
        assertFalse(MassDelete.isAbove(0, 100, 0, 0));
    }

    @Test
    void whatWasApprovedIsNotCountedAgain() {
        assertFalse(MassDelete.isAbove(50, 100, 0.1, 50));
        assertFalse(MassDelete.isAbove(60, 100, 0.1, 50));
        assertTrue(MassDelete.isAbove(61, 100, 0.1, 50));
        assertFalse(MassDelete.isAbove(50, 100, -1, 60), "less than was approved");
    }

    @Test
    void theTablesAboveTheShareAreNamedWithTheirNumbers() {
        assertEquals("", massDelete.above(0.1, Map.of()));
        String words = massDelete.above(0.05, Map.of());
        assertTrue(words.contains("STU") && words.contains("10") && words.contains("100"), words);
        assertFalse(words.contains("LOC"), words);
        assertEquals("", massDelete.above(0.05, Map.of(SourceTable.STU, 10L)));
        assertEquals(Map.of(SourceTable.STU, 10L, SourceTable.LOC, 1L), massDelete.counts());
    }

    @Test
    void whatIsCountedInPlaceOfRowsIsAnotherMassDelete() {
        Removal students = new Removal(3L, 90L, Counted.ENROLLED_STUDENTS);
        MassDelete counted = massDelete.counting(SourceTable.STU, students, new TreeSet<>(List.of(1, 2, 3)));

        assertEquals(Map.of(SourceTable.STU, 3L, SourceTable.LOC, 1L), counted.counts());
        assertEquals(12, counted.id().length());
        assertEquals(counted, massDelete.counting(SourceTable.STU, students, new TreeSet<>(List.of(1, 2, 3))));
        assertNotEquals(
                counted.id(),
                massDelete
                        .counting(SourceTable.STU, students, new TreeSet<>(List.of(1, 2, 4)))
                        .id());
        assertNotEquals(
                counted.id(),
                massDelete
                        .counting(
                                SourceTable.STU,
                                new Removal(3L, 91L, Counted.ENROLLED_STUDENTS),
                                new TreeSet<>(List.of(1, 2, 3)))
                        .id());
        assertNotEquals(
                counted.id(),
                new MassDelete("other", massDelete.removals())
                        .counting(SourceTable.STU, students, new TreeSet<>(List.of(1, 2, 3)))
                        .id());
        assertNotEquals(
                massDelete
                        .counting(SourceTable.STU, students, new TreeSet<>(List.of("1", "23")))
                        .id(),
                massDelete
                        .counting(SourceTable.STU, students, new TreeSet<>(List.of("12", "3")))
                        .id(),
                "texts do not run into each other");
    }
}
