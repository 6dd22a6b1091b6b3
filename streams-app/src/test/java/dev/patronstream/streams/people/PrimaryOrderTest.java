package dev.patronstream.streams.people;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.patronstream.schemas.Enrollment;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.schemas.feed.Condition;
import dev.patronstream.schemas.feed.Conditions;
import dev.patronstream.schemas.feed.FeedSelection;
import dev.patronstream.schemas.feed.PatronRules;
import dev.patronstream.streams.epochs.Rows;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class PrimaryOrderTest {

    private static final PatronRules RULES = new PatronRules(
            Map.of("", PatronStatus.ACTIVE, "*", PatronStatus.PRE_ENROLLED, "A", PatronStatus.ACTIVE),
            Set.of("C"),
            Set.of(90),
            List.of(30, 20));

    private final PrimaryOrder order = PrimaryOrder.ofFeed(Set.of(10, 11), RULES);

    @Test
    void aSchoolOfTheFeedComesFirstEvenWhenInactiveThere() {
        decides(PrimaryStep.FEED_SCHOOL, row(10).setStatusTag("I"), row(20));
        assertEquals(
                Optional.of(PrimaryStep.STATUS),
                PrimaryOrder.ofDistrict(RULES)
                        .decidingStep(row(10).setStatusTag("I").build(), row(20).build()));
    }

    /** Of a feed's own schools; where other feeds choose with it, the choice is made without conditions. */
    @Test
    void anEnrollmentThatTheConditionsKeepOutComesAfterTheOthersOfTheFeed() {
        Conditions seniors =
                new Conditions(List.of(Condition.of("grade", false, List.of("12"), Optional.empty())), List.of());
        FeedSelection alone = new FeedSelection(
                        "destiny", Set.of(10, 11), Set.of(PatronStatus.ACTIVE), Set.of(PatronKind.STUDENT), RULES)
                .with(seniors);
        FeedSelection shared = new FeedSelection(
                        "destiny", Set.of(10), Set.of(10, 11), alone.statuses(), alone.kinds(), RULES)
                .with(seniors);
        Enrollment junior = row(10).setGrade(11).build();
        Enrollment senior = row(11).setGrade(12).setStatusTag("I").build();
        assertEquals(
                Optional.of(PrimaryStep.CONDITION), PrimaryOrder.ofFeed(alone).decidingStep(senior, junior));
        assertEquals(List.of(senior, junior), PrimaryOrder.ofFeed(alone).sorted(List.of(junior, senior)));
        assertEquals(
                Optional.of(PrimaryStep.FEED_SCHOOL),
                PrimaryOrder.ofFeed(alone)
                        .decidingStep(junior, row(20).setGrade(12).build()));
        assertEquals(
                Optional.of(PrimaryStep.STATUS), PrimaryOrder.ofFeed(shared).decidingStep(junior, senior));
    }

    @Test
    void activeComesBeforePreEnrolledBeforeInactive() {
        decides(PrimaryStep.STATUS, row(20), row(30).setStatusTag("*"));
        decides(PrimaryStep.STATUS, row(20).setStatusTag("*"), row(30).setStatusTag("N"));
        decides(PrimaryStep.STATUS, row(20).setStatusTag("A"), row(30).setStatusTag("N"));
    }

    @Test
    void anAttendanceProgramThatIsConcurrentComesLast() {
        decides(PrimaryStep.CONCURRENT_PROGRAM, row(20), row(30).setAttendanceProgram("C"));
        decides(PrimaryStep.CONCURRENT_PROGRAM, row(20).setAttendanceProgram("X"), row(30).setAttendanceProgram("C "));
    }

    @Test
    void aSchoolThatIsNeverPrimaryComesLast() {
        decides(PrimaryStep.NEVER_PRIMARY, row(95), row(90).setEnterDate(Rows.TODAY));
    }

    @Test
    void theDistrictsOrderOfSchoolsComesBeforeDates() {
        decides(PrimaryStep.SCHOOL_ORDER, row(30), row(20).setEnterDate(Rows.TODAY));
        decides(PrimaryStep.SCHOOL_ORDER, row(20), row(40).setEnterDate(Rows.TODAY));
    }

    @Test
    void theLatestEnterDateComesFirstAndNoneLast() {
        decides(PrimaryStep.ENTER_DATE, row(51), row(50).setEnterDate(LocalDate.of(1999, 1, 1)));
        decides(PrimaryStep.ENTER_DATE, row(51), row(50).setEnterDate(null));
    }

    @Test
    void thenTheLowestSchoolThenTheLowestNumber() {
        decides(PrimaryStep.SCHOOL_CODE, row(50).setStudentNumber(9), row(51));
        decides(PrimaryStep.STUDENT_NUMBER, row(50).setStudentNumber(2), row(50).setStudentNumber(10));
        assertEquals(Optional.empty(), order.decidingStep(row(50).build(), row(50).build()));
    }

    @Test
    void theOthersFollowInTheSameOrder() {
        Stream<Enrollment> rows = Stream.of(
                row(90).build(),
                row(20).setStatusTag("I").build(),
                row(20).setStudentNumber(7).build(),
                row(11).build(),
                row(30).build());
        assertEquals(
                List.of(11, 30, 20, 90, 20),
                rows.sorted(order).map(Enrollment::getSchoolCode).toList());
    }

    private void decides(PrimaryStep step, Enrollment.Builder first, Enrollment.Builder second) {
        Enrollment one = first.build();
        Enrollment other = second.build();
        assertEquals(Optional.of(step), order.decidingStep(one, other));
        assertEquals(List.of(one, other), Stream.of(other, one).sorted(order).toList());
        assertEquals(List.of(one, other), Stream.of(one, other).sorted(order).toList());
    }

    private static Enrollment.Builder row(int school) {
        return Rows.enrollment(school, 1, 99);
    }
}
