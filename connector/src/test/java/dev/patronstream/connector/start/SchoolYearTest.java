package dev.patronstream.connector.start;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.patronstream.schemas.Incarnations;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class SchoolYearTest {

    @Test
    void theDatabasesNameSaysTheSchoolYear() {
        assertEquals(OptionalInt.of(2026), SchoolYear.of("DST26000EAGLE"));
        assertEquals(OptionalInt.of(2026), SchoolYear.of("dst26123eagle"));
        assertEquals(OptionalInt.empty(), SchoolYear.of("DST26000"));
        assertEquals(OptionalInt.empty(), SchoolYear.of("Aeries"));
        assertEquals("2026-27", SchoolYear.span(2026));
        assertEquals("2099-00", SchoolYear.span(2099));
    }

    @Test
    void anIncarnationNamesItsDatabase() {
        assertEquals("DST26000EAGLE", Incarnations.database("DST26000EAGLE@2026-07-01T08:30:00.123#2"));
        assertEquals("a@b", Incarnations.database("a@b@2026-07-01T08:30"));
        assertEquals("", Incarnations.database("unknown"));
    }
}
