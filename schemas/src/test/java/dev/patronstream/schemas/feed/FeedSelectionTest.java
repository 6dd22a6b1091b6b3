package dev.patronstream.schemas.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FeedSelectionTest {

    private final FeedSelection destiny = new FeedSelection(
            "destiny",
            new LinkedHashSet<>(List.of(10, 20, 5)),
            Set.of(PatronStatus.ACTIVE, PatronStatus.PRE_ENROLLED),
            Set.of(PatronKind.STUDENT),
            PatronRules.DEFAULT);

    @Test
    void equalSelectionsHaveOneFingerprintWhateverTheirOrder() {
        FeedSelection reordered = new FeedSelection(
                "other-name",
                new LinkedHashSet<>(List.of(5, 20, 10)),
                Set.of(PatronStatus.PRE_ENROLLED, PatronStatus.ACTIVE),
                Set.of(PatronKind.STUDENT),
                PatronRules.DEFAULT);

        assertEquals(destiny.fingerprint(), reordered.fingerprint());
    }

    @Test
    void whateverChangesTheFeedChangesTheFingerprint() {
        Set<PatronStatus> statuses = destiny.statuses();
        Set<PatronKind> kinds = destiny.kinds();
        Map<String, PatronStatus> tags = Map.of("", PatronStatus.ACTIVE, "X", PatronStatus.ACTIVE);
        List<FeedSelection> others = List.of(
                new FeedSelection("destiny", Set.of(10, 20), statuses, kinds, PatronRules.DEFAULT),
                new FeedSelection(
                        "destiny", Set.of(5, 10, 20), Set.of(5, 10, 20, 30), statuses, kinds, PatronRules.DEFAULT),
                new FeedSelection(
                        "destiny", Set.of(5, 10, 20), Set.of(PatronStatus.ACTIVE), kinds, PatronRules.DEFAULT),
                new FeedSelection(
                        "destiny",
                        Set.of(5, 10, 20),
                        statuses,
                        Set.of(PatronKind.STUDENT, PatronKind.STAFF),
                        PatronRules.DEFAULT),
                destiny.with(CarriedFields.of(List.of("names"))),
                destiny.with(CarriedFields.of(List.of("names", "grade"))),
                destiny.with(new Conditions(
                        List.of(Condition.of("grade", false, List.of("9"), Optional.empty())), List.of())),
                withRules(new PatronRules(tags, Set.of(), Set.of(), List.of())),
                withRules(new PatronRules(PatronRules.DEFAULT.statusByTag(), Set.of("C"), Set.of(), List.of())),
                withRules(new PatronRules(PatronRules.DEFAULT.statusByTag(), Set.of(), Set.of(20), List.of())),
                withRules(new PatronRules(PatronRules.DEFAULT.statusByTag(), Set.of(), Set.of(), List.of(10, 5))),
                withRules(new PatronRules(PatronRules.DEFAULT.statusByTag(), Set.of(), Set.of(), List.of(5, 10))));

        assertEquals(
                others.size() + 1,
                java.util.stream.Stream.concat(others.stream(), java.util.stream.Stream.of(destiny))
                        .map(FeedSelection::fingerprint)
                        .distinct()
                        .count());
    }

    @Test
    void theColumnsItNeedsAreThoseOfItsConditionsAndItsOwn() {
        FeedSelection feed = destiny.with(new Conditions(
                        List.of(
                                Condition.of("id", false, List.of("7"), Optional.empty()),
                                Condition.of("STU.TG", false, List.of("N"), Optional.empty())),
                        List.of(
                                Condition.of("STU.U1", false, List.of("X"), Optional.empty()),
                                Condition.of("STF.TI", false, List.of("X"), Optional.empty()))))
                .with(CarriedFields.of(List.of("names", "STU.U5")));
        // STF.TI is nothing to a feed of students.
        assertEquals(Set.of("STU.studentId", "STU.statusTag", "STU.U1"), feed.judgedColumns());
        assertEquals(Set.of("STU.studentId", "STU.statusTag", "STU.U1", "STU.U5"), feed.neededColumns());
        FeedSelection staff = new FeedSelection(
                        "staff", Set.of(10), destiny.statuses(), Set.of(PatronKind.STAFF), PatronRules.DEFAULT)
                .with(feed.conditions());
        assertEquals(Set.of("STF.staffId", "STF.TI"), staff.neededColumns());
        assertEquals(Set.of(), destiny.neededColumns());
    }

    @Test
    void feedThatCouldNeverHoldAnybodyIsRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new FeedSelection("destiny", Set.of(), destiny.statuses(), destiny.kinds(), PatronRules.DEFAULT));
        assertThrows(
                IllegalArgumentException.class,
                () -> new FeedSelection(
                        "destiny", Set.of(10), Set.of(20), destiny.statuses(), destiny.kinds(), PatronRules.DEFAULT));
    }

    @Test
    void tagsAreJudgedTrimmed() {
        PatronRules rules = new PatronRules(
                Map.of(" ", PatronStatus.ACTIVE, "* ", PatronStatus.PRE_ENROLLED), Set.of(), Set.of(), List.of());

        assertEquals(PatronStatus.ACTIVE, rules.status(Optional.empty()));
        assertEquals(PatronStatus.ACTIVE, rules.status(Optional.of("  ")));
        assertEquals(PatronStatus.PRE_ENROLLED, rules.status(Optional.of(" *")));
        assertEquals(PatronStatus.INACTIVE, rules.status(Optional.of("N")));
        assertNotEquals(PatronStatus.ACTIVE, rules.status(Optional.of("R")));
    }

    @Test
    void tagMappedTwiceIsRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new PatronRules(
                        Map.of("I", PatronStatus.ACTIVE, "I ", PatronStatus.INACTIVE), Set.of(), Set.of(), List.of()));
    }

    private FeedSelection withRules(PatronRules rules) {
        return new FeedSelection("destiny", Set.of(5, 10, 20), destiny.statuses(), destiny.kinds(), rules);
    }
}
