package dev.patronstream.streams.people;

import dev.patronstream.schemas.Enrollment;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.Text;
import dev.patronstream.schemas.feed.Conditions;
import dev.patronstream.schemas.feed.FeedSelection;
import dev.patronstream.schemas.feed.PatronRules;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The total order of one student's enrollments: the first is the primary one.
 *
 * <p>An enrollment is identified by school code and student number, the last two steps, so two different rows are never
 * equal. Immutable and thread-safe.
 */
public final class PrimaryOrder implements Comparator<Enrollment> {

    private final Map<PrimaryStep, Comparator<Enrollment>> steps;
    private final Comparator<Enrollment> order;
    private final PatronRules rules;

    private PrimaryOrder(PatronRules rules, Map<PrimaryStep, Comparator<Enrollment>> steps) {
        this.rules = rules;
        this.steps = new EnumMap<>(steps);
        this.order =
                this.steps.values().stream().reduce(Comparator::thenComparing).orElseThrow();
    }

    /** The order of the patron table: no school comes first. */
    public static PrimaryOrder ofDistrict(PatronRules rules) {
        return ofFeed(Set.of(), Conditions.NONE, rules);
    }

    /** The order of a feed: the schools among which it chooses come first. */
    public static PrimaryOrder ofFeed(FeedSelection feed) {
        return ofFeed(
                feed.primaryAmong(), feed.choosesByConditions() ? feed.conditions() : Conditions.NONE, feed.rules());
    }

    static PrimaryOrder ofFeed(Set<Integer> firstSchools, PatronRules rules) {
        return ofFeed(firstSchools, Conditions.NONE, rules);
    }

    private static PrimaryOrder ofFeed(Set<Integer> firstSchools, Conditions conditions, PatronRules rules) {
        Map<Integer, Integer> places = IntStream.range(0, rules.schoolOrder().size())
                .boxed()
                .collect(Collectors.toMap(place -> rules.schoolOrder().get(place), place -> place, Math::min));
        return new PrimaryOrder(
                rules,
                Map.of(
                        PrimaryStep.FEED_SCHOOL,
                        last(row -> !firstSchools.contains(row.getSchoolCode())),
                        PrimaryStep.CONDITION,
                        last(row -> !conditions.isEmpty()
                                && conditions.against(PatronKind.STUDENT, row).isPresent()),
                        PrimaryStep.STATUS,
                        Comparator.comparing(row -> rules.status(row.getStatusTag())),
                        PrimaryStep.CONCURRENT_PROGRAM,
                        last(row -> row.getAttendanceProgram()
                                .map(Text::strip)
                                .filter(rules.concurrentPrograms()::contains)
                                .isPresent()),
                        PrimaryStep.NEVER_PRIMARY,
                        last(row -> rules.neverPrimary().contains(row.getSchoolCode())),
                        PrimaryStep.SCHOOL_ORDER,
                        Comparator.comparing(row -> places.getOrDefault(row.getSchoolCode(), Integer.MAX_VALUE)),
                        PrimaryStep.ENTER_DATE,
                        Comparator.comparing(
                                row -> row.getEnterDate().orElse(LocalDate.MIN), Comparator.reverseOrder()),
                        PrimaryStep.SCHOOL_CODE,
                        Comparator.comparing(Enrollment::getSchoolCode),
                        PrimaryStep.STUDENT_NUMBER,
                        Comparator.comparing(Enrollment::getStudentNumber)));
    }

    @Override
    public int compare(Enrollment one, Enrollment other) {
        return order.compare(one, other);
    }

    /** Returns the rules that it follows. */
    PatronRules rules() {
        return rules;
    }

    /** Returns the step that puts one enrollment before the other; empty if they are the same row. */
    public Optional<PrimaryStep> decidingStep(Enrollment one, Enrollment other) {
        return steps.entrySet().stream()
                .filter(step -> step.getValue().compare(one, other) != 0)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** Whether another order puts a student's rows into the same sequence, and its rules say the same of them. */
    public boolean choosesLike(PrimaryOrder other, List<Enrollment> rows) {
        return rules.equals(other.rules) && (rows.size() < 2 || sorted(rows).equals(other.sorted(rows)));
    }

    /** Returns a student's rows, the primary one first. */
    List<Enrollment> sorted(List<Enrollment> rows) {
        return rows.size() < 2 ? rows : rows.stream().sorted(this).toList();
    }

    private static Comparator<Enrollment> last(Predicate<Enrollment> avoided) {
        return Comparator.comparing(avoided::test);
    }
}
