package dev.patronstream.streams.epochs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.schemas.Enrollment;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.schemas.feed.FeedSelection;
import dev.patronstream.schemas.feed.PatronRules;
import dev.patronstream.streams.people.PrimaryOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The order of a student's enrollments against the plain model, for any rules and any rows. */
final class PrimaryEnrollmentProperties {

    private static final Set<Integer> SCHOOLS = Set.of(1, 2, 3, 4);

    /** Any rows of one student: no two of them are the same row. */
    @Provide
    Arbitrary<List<Enrollment>> rows() {
        return Acts.enrollments()
                .map(act -> ((Act.PutEnrollment) act).row().setStudentId(7).build())
                .list()
                .ofMinSize(1)
                .ofMaxSize(8)
                .uniqueElements(row -> row.getSchoolCode() + "/" + row.getStudentNumber());
    }

    @Provide
    Arbitrary<PatronRules> rules() {
        Arbitrary<Set<Integer>> schools = Arbitraries.of(SCHOOLS).set().ofMaxSize(2);
        Arbitrary<PatronStatus> status = Arbitraries.of(PatronStatus.values());
        return Combinators.combine(
                        status,
                        status,
                        Arbitraries.of(Set.<String>of(), Set.of("C")),
                        schools,
                        Arbitraries.of(SCHOOLS).list().uniqueElements().ofMaxSize(4))
                .as((blank, star, programs, never, order) ->
                        new PatronRules(Map.of("", blank, "*", star), programs, never, order));
    }

    @Provide
    Arbitrary<Set<Integer>> feedSchools() {
        return Arbitraries.of(SCHOOLS).set().ofMinSize(1);
    }

    @Property(tries = 5_000, edgeCases = EdgeCasesMode.NONE)
    void everyRowBeatsThoseAfterItAndNoneBeforeIt(
            @ForAll("rows") List<Enrollment> rows,
            @ForAll("rules") PatronRules rules,
            @ForAll("feedSchools") Set<Integer> schools) {
        FeedSelection feed =
                new FeedSelection("small", schools, Set.of(PatronStatus.ACTIVE), Set.of(PatronKind.STUDENT), rules);
        requireOrder(PrimaryOrder.ofFeed(feed), rows, Optional.of(feed), rules);
        requireOrder(PrimaryOrder.ofDistrict(rules), rows, Optional.empty(), rules);
    }

    /** Whatever order the rows come in, the choice is the same. */
    @Property(tries = 2_000, edgeCases = EdgeCasesMode.NONE)
    void theOrderOfTheRowsDoesNotMatter(
            @ForAll("rows") List<Enrollment> rows,
            @ForAll("rules") PatronRules rules,
            @ForAll java.util.Random random) {
        List<Enrollment> shuffled = new ArrayList<>(rows);
        java.util.Collections.shuffle(shuffled, random);
        PrimaryOrder order = PrimaryOrder.ofDistrict(rules);
        assertEquals(
                names(rows.stream().sorted(order).toList()),
                names(shuffled.stream().sorted(order).toList()));
    }

    private static void requireOrder(
            PrimaryOrder order, List<Enrollment> rows, Optional<FeedSelection> feed, PatronRules rules) {
        List<Enrollment> sorted = rows.stream().sorted(order).toList();
        assertEquals(Set.copyOf(names(rows)), Set.copyOf(names(sorted)));
        for (int one = 0; one < sorted.size(); one++) {
            for (int other = one + 1; other < sorted.size(); other++) {
                assertTrue(PlainModel.beats(sorted.get(one), sorted.get(other), feed, rules));
                assertFalse(PlainModel.beats(sorted.get(other), sorted.get(one), feed, rules));
                assertTrue(
                        order.decidingStep(sorted.get(one), sorted.get(other)).isPresent());
            }
        }
    }

    private static List<String> names(List<Enrollment> rows) {
        return rows.stream()
                .map(row -> row.getSchoolCode() + "/" + row.getStudentNumber())
                .toList();
    }
}
