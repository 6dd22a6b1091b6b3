package dev.patronstream.schemas.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.schemas.Affiliation;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.PatronKind;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class PatronFieldTest {

    @Test
    void everyFieldIsHeldByTheContract() {
        for (PatronField field : PatronField.values()) {
            Schema.Field held = Optional.ofNullable(FeedEntry.getClassSchema().getField(field.contractField()))
                    .orElse(Affiliation.getClassSchema().getField(field.contractField()));
            assertNotNull(held, field.id());
        }
    }

    @Test
    void theContractHoldsNothingThatIsNotDeclared() {
        Set<String> declared = Arrays.stream(PatronField.values())
                .map(PatronField::contractField)
                .collect(Collectors.toSet());
        Set<String> others = new TreeSet<>();
        for (Schema schema : List.of(FeedEntry.getClassSchema(), Affiliation.getClassSchema())) {
            schema.getFields().stream()
                    .map(Schema.Field::name)
                    .filter(name -> !declared.contains(name))
                    .forEach(others::add);
        }
        assertEquals(
                Set.of("feed", "extra", "primary", "others", "epoch", "watermark", "otherPerson", "otherFirstName"),
                others);
    }

    @Test
    void idsAreUniqueAndFound() {
        for (PatronField field : PatronField.values()) {
            assertEquals(Optional.of(field), PatronField.of(field.id()));
        }
        assertEquals(Optional.empty(), PatronField.of("shoeSize"));
    }

    @Test
    void aColumnIsNamedWithItsTable() {
        assertEquals(Optional.of(PatronField.ATTENDANCE_PROGRAM), PatronField.ofColumn("STU.SP"));
        assertEquals(Optional.empty(), PatronField.ofColumn("STF.SP"));
        assertEquals(Optional.of(PatronField.STATUS_TAG), PatronField.ofColumn("STU.TG"));
        assertEquals(Optional.of(PatronField.STATUS_TAG), PatronField.ofColumn("STF.TG"));
        assertEquals(Optional.of("STU.SP"), PatronField.ATTENDANCE_PROGRAM.column(PatronKind.STUDENT));
        assertEquals(Optional.empty(), PatronField.ATTENDANCE_PROGRAM.column(PatronKind.STAFF));
        assertEquals(Optional.of("LOC.NM"), PatronField.SCHOOL_NAME.column(PatronKind.STAFF));
    }

    @Test
    void privateFieldsAndGroupsAreDeclared() {
        assertEquals(
                List.of("birthDate", "address", "city", "state", "zipCode", "telephone"),
                Arrays.stream(PatronField.values())
                        .filter(PatronField::isPrivate)
                        .map(PatronField::id)
                        .toList());
        assertEquals(
                List.of("names", "preferred-names", "school", "address"),
                Arrays.stream(PatronField.Group.values())
                        .flatMap(group -> group.id().stream())
                        .toList());
        assertTrue(PatronField.Group.NAMES.fields().contains(PatronField.LAST_NAME));
        assertEquals(Set.of("STU.U5"), PatronField.withoutThoseOfEveryEntry(Set.of("id", "status", "STU.U5")));
    }
}
