package dev.patronstream.streams.people;

import dev.patronstream.schemas.Enrollment;
import dev.patronstream.schemas.Text;
import dev.patronstream.schemas.feed.PatronRules;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The total order of one student's enrollments: the first is the primary one.
 *
 * <p>An enrollment is identified by school code and student number, the last two steps, so two different rows are never
 * equal. Immutable and thread-safe.
 */
public final class PrimaryOrder {

    private record Step(PrimaryStep name, Comparator<Enrollment> comparator) {}

    private final List<Step> steps;
    private final Comparator<Enrollment> order;

    private PrimaryOrder(List<Step> steps) {
        this.steps = steps;
        this.order = steps.stream()
                .map(Step::comparator)
                .reduce(Comparator::thenComparing)
                .orElseThrow();
    }

    /** The order of the patron table: no school comes first. */
    public static PrimaryOrder ofDistrict(PatronRules rules) {
        return ofFeed(Set.of(), rules);
    }

    /** The order of a feed: its schools come first. */
    public static PrimaryOrder ofFeed(Set<Integer> firstSchools, PatronRules rules) {
        Map<Integer, Integer> places = IntStream.range(0, rules.schoolOrder().size())
                .boxed()
                .collect(Collectors.toMap(place -> rules.schoolOrder().get(place), place -> place, Math::min));
        return new PrimaryOrder(List.of(
                new Step(PrimaryStep.FEED_SCHOOL, first(row -> firstSchools.contains(row.getSchoolCode()))),
                new Step(PrimaryStep.STATUS, Comparator.comparing(row -> rules.status(row.getStatusTag()))),
                new Step(PrimaryStep.CONCURRENT_PROGRAM, last(row -> row.getAttendanceProgram()
                        .map(Text::strip)
                        .filter(rules.concurrentPrograms()::contains)
                        .isPresent())),
                new Step(PrimaryStep.NEVER_PRIMARY, last(row -> rules.neverPrimary()
                        .contains(row.getSchoolCode()))),
                new Step(
                        PrimaryStep.SCHOOL_ORDER,
                        Comparator.comparing(row -> places.getOrDefault(row.getSchoolCode(), Integer.MAX_VALUE))),
                new Step(
                        PrimaryStep.ENTER_DATE,
                        Comparator.comparing(
                                row -> row.getEnterDate().orElse(LocalDate.MIN), Comparator.reverseOrder())),
                new Step(PrimaryStep.SCHOOL_CODE, Comparator.comparing(Enrollment::getSchoolCode)),
                new Step(PrimaryStep.STUDENT_NUMBER, Comparator.comparing(Enrollment::getStudentNumber))));
    }

    /** Returns the enrollments in order, the primary one first. */
    public List<Enrollment> sorted(List<Enrollment> enrollments) {
        return enrollments.size() < 2
                ? enrollments
                : enrollments.stream().sorted(order).toList();
    }

    /** Returns the step that puts one enrollment before the other; empty if they are the same row. */
    public Optional<PrimaryStep> decidingStep(Enrollment one, Enrollment other) {
        return steps.stream()
                .filter(step -> step.comparator().compare(one, other) != 0)
                .map(Step::name)
                .findFirst();
    }

    private static Comparator<Enrollment> first(java.util.function.Predicate<Enrollment> preferred) {
        return Comparator.comparing(row -> !preferred.test(row));
    }

    private static Comparator<Enrollment> last(java.util.function.Predicate<Enrollment> avoided) {
        return Comparator.comparing(avoided::test);
    }
}
