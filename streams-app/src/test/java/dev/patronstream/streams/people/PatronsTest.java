package dev.patronstream.streams.people;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.schemas.Affiliation;
import dev.patronstream.schemas.Enrollment;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Patron;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.schemas.StaffMember;
import dev.patronstream.schemas.feed.CarriedFields;
import dev.patronstream.schemas.feed.Condition;
import dev.patronstream.schemas.feed.Conditions;
import dev.patronstream.schemas.feed.FeedSelection;
import dev.patronstream.schemas.feed.PatronRules;
import dev.patronstream.schemas.table.JoinedTable;
import dev.patronstream.streams.epochs.Rows;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecordBase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of the rows reaches the patron and the entries of the feeds. */
final class PatronsTest {

    private static final Stamp STAMP = new Stamp(3, Rows.INCARNATION, "00000027:00000758:0005", Instant.EPOCH);

    private final Patrons patrons = new Patrons(new Patrons.Names() {
        @Override
        public Optional<String> school(int code) {
            return Optional.of("School " + code);
        }

        @Override
        public Optional<StaffMember> staffMember(int id) {
            return Optional.of(Rows.staff(id, 10)
                    .setLastName("Last" + id)
                    .setFirstName("First" + id)
                    .build());
        }

        @Override
        public Map<String, Object> joined(JoinedTable table, String key) {
            return table == JoinedTable.TCH ? Map.of("counselorName", "Teacher " + key) : Map.of();
        }
    });

    @Test
    void everyColumnOfAStudentReachesThePatronAndTheEntry() {
        Enrollment row = filled(
                Rows.enrollment(10, 41, 99).setExtra(Map.of("XX", "more")).build());
        Patron patron = patrons.student(List.of(row), PrimaryOrder.ofDistrict(PatronRules.DEFAULT), STAMP);
        assertEquals(List.of(PatronKind.STUDENT, 99), List.of(patron.getKind(), patron.getId()));
        assertEquals(16, sameColumns(row, patron));
        assertEquals(13, sameColumns(row, patron.getPrimary()));
        assertEquals("School 10", patron.getPrimary().getSchoolName().orElseThrow());
        int counselor = row.getCounselorNumber().orElseThrow();
        assertEquals(
                "Teacher 10/" + counselor,
                patron.getPrimary().getCounselorName().orElseThrow());
        int staffId = row.getCounselorStaffId().orElseThrow();
        assertEquals(
                List.of("Last" + staffId, "First" + staffId),
                List.of(
                        patron.getPrimary().getCounselorLastName().orElseThrow(),
                        patron.getPrimary().getCounselorFirstName().orElseThrow()));
        requireTheSameIn(Patrons.entry("destiny", patron), patron);
    }

    @Test
    void everyColumnOfAStaffMemberReachesThePatronAndTheEntry() {
        StaffMember row =
                filled(Rows.staff(5, 20).setExtra(Map.of("XX", "more")).build());
        Patron patron = patrons.staffMember(row, Rows.TODAY, STAMP);
        assertEquals(List.of(PatronKind.STAFF, 5), List.of(patron.getKind(), patron.getId()));
        assertEquals(11, sameColumns(row, patron));
        Affiliation school = patron.getPrimary();
        assertEquals(2, sameColumns(row, school));
        assertEquals(row.getPrimarySchool(), school.getSchoolCode());
        assertEquals(row.getPrimarySchool().map(code -> "School " + code), school.getSchoolName());
        assertEquals(row.getInactiveTag(), school.getStatusTag());
        assertEquals(row.getHireDate(), school.getEnterDate());
        assertEquals(List.of(), patron.getOthers());
        requireTheSameIn(Patrons.entry("destiny", patron), patron);
    }

    /** Names may be missing, shortened or spelled otherwise; who is unlike in both, or in one and in the birth date, is another. */
    @ParameterizedTest
    @CsvSource({
        "Alder,  Ann,  2010-01-01, Alder,   Ann,     2010-01-01, false",
        "Alder,  Ann,  2010-01-01, Alder,   Ann,     2011-02-02, false",
        "Alder,  Ann,  2010-01-01, Birch,   Ann,     2011-02-02, true",
        "Alder,  Ann,  2010-01-01, Alder,   Bob,     2011-02-02, true",
        "Alder,  Ann,  2010-01-01, Birch,   Bob,     2011-02-02, true",
        "Alder,  Ann,  2010-01-01, Birch,   Bob,     2010-01-01, false",
        "Alder,  Ann,  ,           Birch,   Bob,     2010-01-01, true",
        "Alder,  Ann,  2010-01-01, Birch,   Bob,     ,           true",
        "Alder,  Ann,  ,           Birch,   Ann,     ,           false",
        "Alder,  Ann,  ,           Alder,   Bob,     ,           false",
        "Alder,  Ann,  ,           ,        Bob,     ,           false",
        "Alder,  Ann,  ,           Birch,   ,        ,           false",
        "Alder,  Ann,  ,           Birch,   Annabel, ,           false",
        "Alder,  Anna, ,           Birch,   Ann,     ,           false",
        "Muñoz,  Ann,  2010-01-01, MUNOZ,   ann,     2011-02-02, false",
    })
    void twoRowsOfOneIdAreOfTwoPeopleIfTheyAreUnlike(
            String last,
            String first,
            LocalDate born,
            String otherLast,
            String otherFirst,
            LocalDate other,
            boolean is) {
        assertMarked(
                is, named(10, last, first, born), named(20, otherLast, otherFirst, other), Affiliation::getOtherPerson);
    }

    /** Whatever else is alike: brothers and sisters have one last name, and twins one birth date. */
    @ParameterizedTest
    @CsvSource({
        "Alder,  Ann,  ,           Alder,   Bob,     ,           true",
        "Alder,  Ann,  2010-01-01, Alder,   Bob,     2010-01-01, true",
        "Alder,  Ann,  2010-01-01, Birch,   Bob,     2010-01-01, true",
        "Alder,  Ann,  ,           Birch,   Annabel, ,           false",
        "Alder,  ANN,  ,           Alder,   Änn,     2010-01-01, false",
        "Alder,  Ann,  ,           Alder,   ,        ,           false",
        "Alder,  ,     ,           Alder,   Bob,     ,           false",
    })
    void twoRowsOfOneIdWithUnlikeFirstNamesAreMarked(
            String last,
            String first,
            LocalDate born,
            String otherLast,
            String otherFirst,
            LocalDate other,
            boolean is) {
        assertMarked(
                is,
                named(10, last, first, born),
                named(20, otherLast, otherFirst, other),
                Affiliation::getOtherFirstName);
    }

    /** The mark is on the other row, never on the primary one. */
    private void assertMarked(boolean is, Enrollment primary, Enrollment second, Function<Affiliation, Boolean> mark) {
        Patron patron = patrons.student(List.of(primary, second), PrimaryOrder.ofDistrict(PatronRules.DEFAULT), STAMP);
        assertFalse(mark.apply(patron.getPrimary()));
        assertEquals(List.of(is), patron.getOthers().stream().map(mark).toList());
    }

    @ParameterizedTest
    @CsvSource({
        ",    ,  ACTIVE",
        "'',  ,  ACTIVE",
        "' ', ,  ACTIVE",
        "R,   ,  INACTIVE",
        ",    0, ACTIVE",
        ",    1, ACTIVE",
        ",   -1, INACTIVE",
        "R,   1, INACTIVE",
    })
    void aStaffMemberIsInactiveByTagOrAfterTheLastDay(String tag, Integer lastDay, PatronStatus status) {
        LocalDate leaves = lastDay == null ? null : Rows.TODAY.plusDays(lastDay);
        StaffMember row =
                Rows.staff(5, 20).setInactiveTag(tag).setLeaveDate(leaves).build();
        assertEquals(
                status, patrons.staffMember(row, Rows.TODAY, STAMP).getPrimary().getStatus());
    }

    @ParameterizedTest
    @CsvSource({
        "STAFF, 10,   , OTHER_KIND",
        "STUDENT, 20, , OTHER_SCHOOL",
        "STUDENT, 20, I, OTHER_SCHOOL",
        "STUDENT, 10, I, OTHER_STATUS",
        "STUDENT, 10, , IN",
        "STUDENT, 11, , EXCLUDED",
    })
    void whatKeepsAPatronOutIsNamed(PatronKind kind, int school, String tag, Membership membership) {
        FeedSelection feed = new FeedSelection(
                "destiny",
                Set.of(10, 11),
                Set.of(10, 11),
                Set.of(PatronStatus.ACTIVE),
                Set.of(PatronKind.STUDENT),
                new Conditions(List.of(), List.of(Condition.of("schoolCode", false, List.of("11"), Optional.empty()))),
                CarriedFields.EVERYTHING,
                PatronRules.DEFAULT);
        Patron patron = kind == PatronKind.STAFF
                ? patrons.staffMember(Rows.staff(5, school).build(), Rows.TODAY, STAMP)
                : patrons.student(
                        List.of(Rows.enrollment(school, 1, 99).setStatusTag(tag).build()),
                        PrimaryOrder.ofDistrict(PatronRules.DEFAULT),
                        STAMP);
        assertEquals(membership, Patrons.membership(feed, patron));
        assertEquals(
                membership == Membership.IN,
                new FeedEntries(feed).entry(patron, List.of()).isPresent());
    }

    @Test
    void studentsComeBeforeStaffAndEachByNumber() {
        Person two = new Person(PatronKind.STUDENT, 2);
        Person ten = new Person(PatronKind.STUDENT, 10);
        Person staff = new Person(PatronKind.STAFF, 1);
        assertEquals(List.of(two, ten, staff), List.copyOf(new TreeSet<>(Set.of(staff, ten, two))));
        assertEquals(3, Set.of(two.key(), ten.key(), staff.key()).size());
        assertTrue(two.key().endsWith("2"), two.key());
    }

    private static Enrollment named(int school, String last, String first, LocalDate born) {
        return Rows.enrollment(school, 1, 99)
                .setLastName(last)
                .setFirstName(first)
                .setBirthDate(born)
                .build();
    }

    /** Every column that may be null gets a value that no other has. */
    private static <T extends SpecificRecordBase> T filled(T row) {
        for (Schema.Field field : row.getSchema().getFields()) {
            if (field.schema().isUnion()) {
                Schema type = field.schema().getTypes().get(1);
                row.put(
                        field.pos(),
                        type.getType() == Schema.Type.STRING
                                ? "value of " + field.name()
                                : type.getLogicalType() == null
                                        ? (Object) (100 + field.pos())
                                        : Rows.TODAY.plusDays(field.pos()));
            }
        }
        return row;
    }

    /** Returns how many columns both have, all of them with the same value. */
    private static int sameColumns(SpecificRecordBase row, SpecificRecordBase other) {
        int same = 0;
        for (Schema.Field field : row.getSchema().getFields()) {
            Schema.Field there = other.getSchema().getField(field.name());
            if (there != null) {
                assertEquals(row.get(field.pos()), other.get(there.pos()), field.name());
                same++;
            }
        }
        return same;
    }

    private static void requireTheSameIn(FeedEntry entry, Patron patron) {
        assertEquals("destiny", entry.getFeed());
        assertEquals(patron.getSchema().getFields().size(), sameColumns(patron, entry));
        assertEquals(List.of(3L, STAMP.watermark()), List.of(entry.getEpoch(), entry.getWatermark()));
    }
}
