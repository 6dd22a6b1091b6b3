package dev.patronstream.schemas.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.schemas.PatronKind;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CarriedFieldsTest {

    @Test
    void groupsAndColumnsAreTheirFields() {
        CarriedFields fields = CarriedFields.of(List.of("names", "STU.GR", "STU.U5", "enrollments", "status"));
        assertEquals(
                Set.of("lastName", "firstName", "middleName", "grade", "STU.U5", "enrollments", "status"),
                fields.names());
        assertEquals(List.of("STU.U5"), fields.columns());
        assertTrue(fields.enrollments());
        assertTrue(fields.carries(PatronField.GRADE));
        assertTrue(fields.carries(PatronField.SCHOOL_CODE), "every entry has it");
        assertFalse(fields.carries(PatronField.BIRTH_DATE));
        assertTrue(fields.carries(PatronKind.STUDENT, "U5"));
        assertFalse(fields.carries(PatronKind.STAFF, "U5"));
    }

    @Test
    void theFirstNameThatIsPreferredIsHeldForTheNicknameToo() {
        assertTrue(CarriedFields.of(List.of("nickname")).holds("preferredFirstName"));
        assertTrue(CarriedFields.of(List.of("preferred-names")).holds("preferredFirstName"));
        assertFalse(CarriedFields.of(List.of("names")).holds("preferredFirstName"));
        assertTrue(CarriedFields.of(List.of()).holds("otherPerson"), "no value of a field");
    }

    @Test
    void everythingIsOneThingWhateverStandsBesideIt() {
        assertEquals(CarriedFields.EVERYTHING, CarriedFields.of(List.of("grade", "everything")));
        assertEquals(CarriedFields.EVERYTHING, CarriedFields.EVERYTHING.and(List.of("grade")));
        assertEquals(
                CarriedFields.of(List.of("grade", "track")),
                CarriedFields.of(List.of("grade")).and(List.of("track")));
    }

    @Test
    void aFieldOfEveryEntryMakesNoDifference() {
        assertEquals(
                CarriedFields.of(List.of("grade")).canonical(),
                CarriedFields.of(List.of("grade", "id")).canonical());
    }

    @Test
    void whatIsNoFieldIsRefusedWithThoseThatThereAre() {
        String said = String.valueOf(
                assertThrows(IllegalArgumentException.class, () -> CarriedFields.of(List.of("grade", "shoeSize")))
                        .getMessage());
        assertTrue(
                said.startsWith(
                        "'shoeSize' is no field of a patron; there are: names, preferred-names, school, address,"
                                + " enrollments, everything, id, "),
                said);
        String all = String.valueOf(assertThrows(
                        IllegalArgumentException.class, () -> CarriedFields.of(List.of("shoeSize", "grade", "LOC.NM")))
                .getMessage());
        assertTrue(all.startsWith("'shoeSize', 'LOC.NM' are no fields of a patron; there are: names, "), all);
    }
}
