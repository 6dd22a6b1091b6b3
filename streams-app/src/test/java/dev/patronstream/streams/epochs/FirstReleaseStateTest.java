package dev.patronstream.streams.epochs;

import static dev.patronstream.streams.epochs.Rows.enrolment;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.schemas.FeedSelection;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronRules;
import dev.patronstream.schemas.PatronStatus;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** This version's topology on the state that the first release left: it goes on as if it were its own. */
final class FirstReleaseStateTest {

    static final PatronRules RULES = PatronRules.DEFAULT;
    static final FeedSelection DESTINY = new FeedSelection(
            "destiny",
            Set.of(10, 20),
            Set.of(PatronStatus.ACTIVE),
            Set.of(PatronKind.STUDENT, PatronKind.STAFF),
            RULES);

    @ParameterizedTest
    @ValueSource(strings = {"settled", "in-the-middle"})
    void itGoesOnFromThere(String name) {
        KeptState kept = KeptState.read("/kept-state/0.1/" + name + ".txt");
        try (MemoryRegistry registry = new MemoryRegistry(kept.schemas)) {
            District district = District.of(kept, registry.serdes(), 10, RULES, DESTINY);
            assertTrue(district.written() > 0 && district.storeSize(Stores.ROWS) > 0, "an empty state proves nothing");
            district.endEpoch();
            district.settle();
            assertRight(district);

            // Who was in the state is known: a row that ends, a student who moves.
            district.removeEnrolment(20, 5);
            district.put(enrolment(10, 77, 7));
            district.put(enrolment(20, 7, 7).setStatusTag("I"));
            district.endEpoch();
            long before = district.written();
            district.settle();
            assertRight(district);
            assertEquals(before + 4, district.written(), "two students in the table and in the feed");

            long settled = district.written();
            district.loseState();
            district.settle();
            assertEquals(settled, district.written(), "a rebuild wrote although nothing had changed");
        }
    }

    private static void assertRight(District district) {
        var patrons = new TreeMap<String, String>();
        district.patrons()
                .forEach((key, patron) -> patrons.put(
                        key,
                        PlainModel.words(
                                patron.getLastName(),
                                patron.getPrimary(),
                                patron.getOthers().size())));
        assertEquals(PlainModel.table(district, Optional.empty(), RULES), patrons);
        var feed = new TreeMap<String, String>();
        district.feed("destiny")
                .forEach((key, entry) -> feed.put(
                        key,
                        PlainModel.words(
                                entry.getLastName(),
                                entry.getPrimary(),
                                entry.getOthers().size())));
        assertEquals(PlainModel.table(district, Optional.of(DESTINY), RULES), feed);
    }
}
