package dev.patronstream.streams.people;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.schemas.Enrollment;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Patron;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.schemas.StaffMember;
import dev.patronstream.schemas.feed.FeedSelection;
import dev.patronstream.schemas.feed.PatronRules;
import dev.patronstream.streams.epochs.Rows;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class MembershipTest {

    private static final Stamp STAMP = new Stamp(3, Rows.INCARNATION, "00000027:00000758:0005", Instant.EPOCH);
    private static final Set<PatronKind> ALL = Set.of(PatronKind.STUDENT, PatronKind.STAFF);

    private final Patrons patrons = new Patrons(code -> Optional.of("School " + code));

    @Test
    void aStudentIsInByTheSchoolAndTheStatusOfThePrimaryEnrollment() {
        FeedSelection feed = feed(Set.of(10), Set.of(10), Set.of(PatronStatus.ACTIVE), ALL);
        assertTrue(holds(feed, student(feed, row(10))));
        assertFalse(holds(feed, student(feed, row(20))));
        assertFalse(holds(feed, student(feed, row(10).setStatusTag("I"))));
        // In the feed's school inactive, elsewhere active: not somebody of this feed any more.
        assertFalse(holds(feed, student(feed, row(10).setStatusTag("I"), row(20))));
        assertTrue(holds(feed, student(feed, row(10), row(20))));
    }

    @Test
    void feedsOfOneSystemChooseAmongAllTheirSchools() {
        Set<Integer> both = Set.of(10, 20);
        FeedSelection ten = feed(Set.of(10), both, Set.of(PatronStatus.ACTIVE), ALL);
        FeedSelection twenty = feed(Set.of(20), both, Set.of(PatronStatus.ACTIVE), ALL);
        Enrollment.Builder[] concurrent = {row(10), row(20).setEnterDate(Rows.TODAY)};
        assertFalse(holds(ten, student(ten, concurrent)));
        assertTrue(holds(twenty, student(twenty, concurrent)));
    }

    @Test
    void aStaffMemberIsInByStatusAndSchoolOrWithoutAnySchool() {
        FeedSelection feed = feed(Set.of(10), Set.of(10), Set.of(PatronStatus.ACTIVE), ALL);
        assertTrue(holds(feed, staff(Rows.staff(5, 10))));
        assertFalse(holds(feed, staff(Rows.staff(5, 20))));
        assertTrue(holds(feed, staff(Rows.staff(5, 0))));
        assertTrue(holds(feed, staff(Rows.staff(5, 10).setPrimarySchool(null))));
        assertFalse(holds(feed, staff(Rows.staff(5, 0).setInactiveTag("R"))));
        assertFalse(holds(feed, staff(Rows.staff(5, 10).setLeaveDate(Rows.TODAY.minusDays(1)))));
        assertTrue(holds(feed, staff(Rows.staff(5, 10).setLeaveDate(Rows.TODAY))));
    }

    @Test
    void aKindThatIsNotSelectedIsOut() {
        FeedSelection students = feed(Set.of(10), Set.of(10), Set.of(PatronStatus.ACTIVE), Set.of(PatronKind.STUDENT));
        assertFalse(holds(students, staff(Rows.staff(5, 10))));
        assertTrue(holds(students, student(students, row(10))));
    }

    @Test
    void thePersonIsThatOfThePrimaryRow() {
        FeedSelection feed = feed(Set.of(10), Set.of(10), Set.of(PatronStatus.ACTIVE), ALL);
        Patron patron =
                student(feed, row(20).setLastName("Old").setEmail("old@eagle.example"), row(10).setLastName("New"));
        assertEquals("New", patron.getLastName().orElseThrow());
        assertEquals(Optional.empty(), patron.getEmail());
        assertEquals("School 10", patron.getPrimary().getSchoolName().orElseThrow());
        assertEquals("School 20", patron.getOthers().get(0).getSchoolName().orElseThrow());
        assertEquals(patron.getPrimary(), Patrons.entry("destiny", patron).getPrimary());
        assertEquals(3, Patrons.entry("destiny", patron).getEpoch());
    }

    private static FeedSelection feed(
            Set<Integer> schools, Set<Integer> among, Set<PatronStatus> statuses, Set<PatronKind> kinds) {
        return new FeedSelection("destiny", schools, among, statuses, kinds, PatronRules.DEFAULT);
    }

    private Patron student(FeedSelection feed, Enrollment.Builder... rows) {
        List<Enrollment> built =
                List.of(rows).stream().map(Enrollment.Builder::build).toList();
        return patrons.student(built, PrimaryOrder.ofFeed(feed), STAMP);
    }

    private static boolean holds(FeedSelection feed, Patron patron) {
        Optional<FeedEntry> entry = new FeedEntries(feed).entry(patron, List.of());
        assertEquals(Patrons.membership(feed, patron) == Membership.IN, entry.isPresent());
        return entry.isPresent();
    }

    private Patron staff(StaffMember.Builder row) {
        return patrons.staffMember(row.build(), Rows.TODAY, STAMP);
    }

    private static Enrollment.Builder row(int school) {
        return Rows.enrollment(school, 1, 99);
    }
}
