package dev.patronstream.streams.epochs;

import static dev.patronstream.streams.epochs.Rows.enrollment;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.patronstream.schemas.EpochApplied;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.schemas.feed.Condition;
import dev.patronstream.schemas.feed.Conditions;
import dev.patronstream.schemas.feed.FeedSelection;
import dev.patronstream.schemas.feed.PatronRules;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A feed that needs a column which is not captured yet: it stays as it is until the tables have been read with it, and
 * then exactly what differs is written.
 */
class AwaitedColumnsTest {

    private static final FeedSelection BEFORE = new FeedSelection(
            "destiny", Set.of(10), Set.of(PatronStatus.ACTIVE), Set.of(PatronKind.STUDENT), PatronRules.DEFAULT);
    private static final FeedSelection CARD_HOLDERS = BEFORE.with(new Conditions(
            List.of(Condition.of("STU.U5", false, List.of("CARD"), Optional.empty())),
            List.of(Condition.of("track", false, List.of("B"), Optional.empty()))));
    private static final List<String> USUAL = List.of("STU.lastName", "STU.track");
    private static final List<String> ALL = List.of("STU.U5", "STU.lastName", "STU.track");
    private static final int STUDENTS = 40;

    private static MemoryRegistry registry;
    private District district;

    @BeforeAll
    static void startRegistry() {
        registry = new MemoryRegistry();
    }

    @AfterAll
    static void stopRegistry() {
        registry.close();
    }

    @BeforeEach
    void aDistrict() {
        district = new District(registry.serdes(), 10, PatronRules.DEFAULT, BEFORE);
        district.columns = USUAL;
        for (int number = 1; number <= STUDENTS; number++) {
            district.put(enrollment(10, number, 100 + number));
        }
        district.endEpoch();
    }

    private void settled() {
        district.settle();
        assertEquals(STUDENTS, district.feed("destiny").size());
    }

    private void restartWith(FeedSelection feed) {
        district.restartWith(new EpochSettings(
                District.TOPICS,
                district.serdes,
                PatronRules.DEFAULT,
                List.of(feed),
                district.settings().pieceSize()));
    }

    /** Lets everything happen that can happen. */
    private void goOn() {
        for (int calls = 0; calls < 300; calls++) {
            district.deliverAll();
            district.tick();
        }
        district.commit();
    }

    /** The connector reads the tables again: all have a card but two, and one of those with a card is on track B. */
    private void readWithTheColumn() {
        district.columns = ALL;
        for (int number = 1; number <= STUDENTS; number++) {
            district.put(enrollment(10, number, 100 + number)
                    .setTrack(number == 3 ? "B" : "A")
                    .setExtra(Map.of("U5", number < 3 ? "" : "CARD")));
        }
        district.endEpoch();
    }

    private void assertOnlyThreeHaveLeft(int before) {
        List<String> left = district.outputs.subList(before, district.outputs.size()).stream()
                .filter(output -> output.topic().equals("eagle.feed.destiny") && output.value() == null)
                .map(District.Output::key)
                .toList();
        assertEquals(List.of("student/101", "student/102", "student/103"), left);
        assertEquals(STUDENTS - 3, district.feed("destiny").size());
        EpochApplied applied = district.applied().orElseThrow();
        assertEquals(district.lastProgress().getEpoch(), applied.getEpoch());
        assertEquals(Map.of("destiny", CARD_HOLDERS.fingerprint()), applied.getFeeds());
        assertEquals(0, district.storeSize("inbox"));
        assertEquals(0, district.storeSize("dirty"));
    }

    @Test
    void theFeedStaysAsItIsUntilTheColumnIsReadAndThenOnlyWhoIsConcernedLeaves() {
        settled();
        int before = district.outputs.size();

        restartWith(CARD_HOLDERS);
        goOn();
        assertEquals(before, district.outputs.size());
        assertEquals(TopologyState.Activity.AWAITING_COLUMNS, district.state().activity());
        assertEquals(List.of("STU.U5"), district.state().missing());

        // The connector still runs with the old configuration.
        district.put(enrollment(10, 7, 107).setLastName("Park"));
        district.endEpoch();
        district.put(enrollment(10, 8, 108).setLastName("Lee"));
        district.endEpoch();
        goOn();
        district.restart();
        goOn();
        assertEquals(before, district.outputs.size());
        assertEquals(1, district.applied().orElseThrow().getEpoch());

        readWithTheColumn();
        district.settle();
        assertOnlyThreeHaveLeft(before);
    }

    @Test
    void aStateThatIsRebuiltMeanwhileWritesNothingEither() {
        settled();
        int before = district.outputs.size();

        restartWith(CARD_HOLDERS);
        district.loseState();
        goOn();
        assertEquals(before, district.outputs.size());
        assertEquals(TopologyState.Activity.AWAITING_COLUMNS, district.state().activity());

        readWithTheColumn();
        district.settle();
        assertOnlyThreeHaveLeft(before);
    }

    /** In each piece of the step; who has been written stays, and no one leaves and comes back. */
    @Test
    void aStepThatWasBegunBeforeIsFinishedWithTheColumn() {
        for (int pieces = 1; pieces < 12; pieces++) {
            aDistrict();
            settled();
            int before = district.outputs.size();
            for (int number = 1; number <= STUDENTS; number++) {
                district.put(enrollment(10, number, 100 + number).setLastName("Park"));
            }
            district.endEpoch();
            district.deliverAll();
            for (int piece = 0; piece < pieces; piece++) {
                district.tick();
            }
            restartWith(CARD_HOLDERS);
            goOn();
            readWithTheColumn();
            district.settle();
            assertOnlyThreeHaveLeft(before);
        }
    }

    /** As when it is started with a configuration of before. */
    @Test
    void aConnectorThatReadsLessThanAFeedNeedsEmptiesNoFeed() {
        restartWith(CARD_HOLDERS);
        readWithTheColumn();
        district.settle();
        int before = district.outputs.size();
        assertEquals(STUDENTS - 3, district.feed("destiny").size());

        district.columns = USUAL;
        for (int number = 1; number <= STUDENTS; number++) {
            district.put(enrollment(10, number, 100 + number));
        }
        district.endEpoch();
        goOn();
        assertEquals(before, district.outputs.size());

        readWithTheColumn();
        district.settle();
        assertEquals(STUDENTS - 3, district.feed("destiny").size());
        assertEquals(
                0,
                district.outputs.subList(before, district.outputs.size()).stream()
                        .filter(output -> output.topic().equals("eagle.feed.destiny") && output.value() == null)
                        .count());
    }
}
