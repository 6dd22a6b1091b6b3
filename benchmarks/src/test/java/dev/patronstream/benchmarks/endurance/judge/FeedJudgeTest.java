package dev.patronstream.benchmarks.endurance.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.benchmarks.endurance.judge.FeedJudge.Written;
import dev.patronstream.benchmarks.endurance.judge.Findings.Kind;
import dev.patronstream.benchmarks.endurance.judge.Reel.Damage;
import dev.patronstream.benchmarks.endurance.judge.Reel.Seen;
import dev.patronstream.sandbox.oracle.FeedRules;
import dev.patronstream.sandbox.oracle.TablesAsOf;
import dev.patronstream.schemas.Affiliation;
import dev.patronstream.schemas.EpochApplied;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** That each kind of mistake in a feed is seen, and a right feed is not accused. */
class FeedJudgeTest {

    private static final FeedRules RULES = FeedRules.usual(2026, Map.of(10, "HIGH", 20, "MIDDLE"));
    private static final Instant LATER = Instant.EPOCH.plusSeconds(1_000);

    private final List<Reel.Item<Written>> items = new ArrayList<>();
    private final Findings findings = new Findings();

    /** Ann and Bob in epoch 1; Bob becomes Rob in epoch 2. */
    private void theRightFeed() {
        write(1, 1, "Ann");
        write(1, 2, "Bob");
        write(2, 2, "Rob");
    }

    private static final Map<Integer, String> FIRST = Map.of(1, "Ann", 2, "Bob");
    private static final Map<Integer, String> SECOND = Map.of(1, "Ann", 2, "Rob");

    private Findings judged(Map<Integer, String> first, Map<Integer, String> second) {
        FeedJudge judge = new FeedJudge("destiny", new Reel<>(items), findings);
        judge(judge, 1, Instant.EPOCH, first);
        judge(judge, 2, LATER, second);
        return findings;
    }

    private static void judge(FeedJudge judge, long epoch, Instant announced, Map<Integer, String> names) {
        judge.follow(epoch, announced, false);
        judge.shown(applied(epoch), announced).ifPresent(shown -> judge.judge(shown, source(names), RULES));
    }

    @Test
    void aFeedThatIsAsTheSourceAtEveryEpochIsRight() {
        theRightFeed();
        assertTrue(judged(FIRST, SECOND).isEmpty(), () -> findings.examples(Kind.WRONG_FEED)
                .toString());
    }

    @Test
    void aPatronWithAStaleValueIsWrongAndNamedWithTheColumn() {
        theRightFeed();
        items.remove(2);
        assertEquals(
                List.of("destiny, epoch 2: student/2 has another value than the source in Last Name"),
                judged(FIRST, SECOND).examples(Kind.WRONG_FEED));
    }

    @Test
    void aValueThatComesAnEpochTooEarlyIsWrong() {
        theRightFeed();
        write(2, 1, "Anna");
        assertEquals(1, judged(FIRST, SECOND).count(Kind.WRONG_FEED));
    }

    @Test
    void somebodyWhoIsMissingIsWrong() {
        theRightFeed();
        write(2, 1, null);
        assertEquals(1, judged(FIRST, SECOND).count(Kind.WRONG_FEED));
    }

    @Test
    void somebodyWhoDoesNotBelongIntoTheFeedIsWrong() {
        theRightFeed();
        assertEquals(1, judged(FIRST, Map.of(2, "Rob")).count(Kind.WRONG_FEED));
    }

    @Test
    void somebodyWhoLeavesAndReturnsThoughTheRowWasNeverRemovedIsWrong() {
        theRightFeed();
        write(2, 1, null);
        write(2, 1, "Ann");
        assertEquals(
                List.of("destiny, epoch 2: student/1 left the feed and came back, and nobody had removed the row"),
                judged(FIRST, SECOND).examples(Kind.WRONG_FEED));
    }

    @Test
    void oneWhoMayHaveDoneSoInEpochsWhoseAnnouncementsAreLostIsNot() {
        theRightFeed();
        write(2, 1, null);
        write(2, 1, "Ann");
        FeedJudge judge = new FeedJudge("destiny", new Reel<>(items), findings);
        judge.follow(1, Instant.EPOCH, false);
        judge.follow(2, LATER, true);
        assertTrue(findings.isEmpty(), () -> findings.examples(Kind.WRONG_FEED).toString());
    }

    @Test
    void anEntryThatIsWrittenAgainIsWrong() {
        theRightFeed();
        write(2, 2, "Rob");
        assertEquals(1, judged(FIRST, SECOND).count(Kind.WRONG_FEED));
    }

    /** Epoch 2 was announced, its end was lost with progress, and the application went through epoch 1 again. */
    @Test
    void anEpochThatIsAnnouncedAgainAfterALaterOneIsRight() {
        theRightFeed();
        Instant again = LATER.plusSeconds(40);
        items.add(new Seen<>(3, again, new Written("student/2", 1, entry(1, 2, "Bob"), 2)));
        FeedJudge judge = new FeedJudge("destiny", new Reel<>(items), findings);
        judge(judge, 1, Instant.EPOCH, FIRST);
        judge(judge, 2, LATER, SECOND);
        judge(judge, 1, again, FIRST);
        assertTrue(findings.isEmpty(), () -> findings.examples(Kind.WRONG_FEED).toString());
    }

    @Test
    void anEarlierValueThatComesBackBeforeTheAnnouncementIsWrong() {
        theRightFeed();
        items.add(new Seen<>(3, LATER, new Written("student/2", 1, entry(1, 2, "Bob"), 2)));
        assertEquals(1, judged(FIRST, SECOND).count(Kind.WRONG_FEED));
    }

    @Test
    void aFeedThatIsDeletedAndFilledAgainIsRightOnceItIsAnnounced() {
        write(1, 1, "Ann");
        write(1, 2, "Bob");
        items.add(new Damage<>(Instant.EPOCH.plusSeconds(500), 2, true));
        write(2, 1, "Ann");
        write(2, 2, "Rob");
        assertTrue(judged(FIRST, SECOND).isEmpty(), () -> findings.examples(Kind.WRONG_FEED)
                .toString());
    }

    @Test
    void aFeedThatIsNotFilledAgainIsWrong() {
        write(1, 1, "Ann");
        write(1, 2, "Bob");
        items.add(new Damage<>(Instant.EPOCH.plusSeconds(500), 2, true));
        write(2, 2, "Rob");
        assertEquals(1, judged(FIRST, SECOND).count(Kind.WRONG_FEED));
    }

    @Test
    void aLostTailLeavesWhatWasBeforeItAndIsWrongUntilItIsWrittenAgain() {
        theRightFeed();
        items.add(new Damage<>(Instant.EPOCH.plusSeconds(500), 2, false));
        assertEquals(1, judged(FIRST, SECOND).count(Kind.WRONG_FEED));
    }

    /** Ann was removed and came back; the removal was lost before anybody read it. */
    @Test
    void anEntryMayBeWrittenAgainOnceSoonAfterALoss() {
        theRightFeed();
        items.add(new Damage<>(Instant.EPOCH.minusSeconds(5), 3, false));
        write(2, 1, "Ann");
        assertTrue(judged(FIRST, SECOND).isEmpty(), () -> findings.examples(Kind.WRONG_FEED)
                .toString());
    }

    @Test
    void aFeedThatIsWrittenAgainAfterALossIsWrong() {
        for (int id = 1; id <= 11; id++) {
            write(1, id, "Ann");
        }
        items.add(new Damage<>(Instant.EPOCH.minusSeconds(5), 100, false));
        for (int id = 1; id <= 11; id++) {
            write(2, id, "Ann");
        }
        Map<Integer, String> all =
                IntStream.rangeClosed(1, 11).boxed().collect(Collectors.toMap(id -> id, id -> "Ann"));
        assertEquals(1, judged(all, all).count(Kind.WRONG_FEED));
    }

    @Test
    void oneThatIsWrittenAgainLongAfterALossOrTwiceIsWrong() {
        theRightFeed();
        items.add(new Damage<>(Instant.EPOCH.minusSeconds(500), 3, false));
        write(2, 1, "Ann");
        items.add(new Damage<>(Instant.EPOCH.minusSeconds(5), 4, false));
        write(2, 1, "Ann");
        write(2, 1, "Ann");
        assertEquals(2, judged(FIRST, SECOND).count(Kind.WRONG_FEED));
    }

    @Test
    void anAnnouncementThatWasUnderWayWhenTheFeedWasDeletedIsNotJudgedIfItsCountDoesNotFit() {
        write(1, 1, "Ann");
        write(1, 2, "Bob");
        items.add(new Damage<>(LATER.minusSeconds(5), 2, true));
        write(2, 2, "Rob");
        assertTrue(judged(FIRST, SECOND).isEmpty(), () -> findings.examples(Kind.WRONG_FEED)
                .toString());
    }

    /** The broker was away for long, and the application wrote on once it was back. */
    @Test
    void norIsOneThatWasMadeBeforeTheLossWasNoticed() {
        write(1, 1, "Ann");
        write(1, 2, "Bob");
        items.add(new Damage<>(LATER.minusSeconds(100), LATER.minusSeconds(5), 1, false));
        write(2, 1, "Ann");
        assertTrue(judged(FIRST, SECOND).isEmpty(), () -> findings.examples(Kind.WRONG_FEED)
                .toString());
    }

    @Test
    void oneThatIsMadeLongAfterTheTopicIsBackIsJudged() {
        write(1, 1, "Ann");
        write(1, 2, "Bob");
        items.add(new Damage<>(LATER.minusSeconds(100), LATER.minusSeconds(50), 1, false));
        assertEquals(1, judged(FIRST, SECOND).count(Kind.WRONG_FEED));
    }

    @Test
    void oneWhoseCountFitsIsJudged() {
        write(1, 1, "Ann");
        write(1, 2, "Bob");
        items.add(new Damage<>(LATER.minusSeconds(5), 2, true));
        write(2, 1, "Ann");
        write(2, 2, "Bob");
        assertEquals(1, judged(FIRST, SECOND).count(Kind.WRONG_FEED));
    }

    /** One was lost who had come and one who had gone, so the number is the same. */
    @Test
    void oneWhoseDigestDoesNotFitIsNotJudged() {
        write(1, 1, "Ann");
        write(1, 2, "Bob");
        items.add(new Damage<>(LATER.minusSeconds(5), 2, false));
        FeedJudge judge = new FeedJudge("destiny", new Reel<>(items), findings);
        judge.follow(2, LATER, false);
        EpochApplied applied = applied(2);
        assertTrue(judge.shown(applied, LATER).isPresent());
        EpochApplied ofOthers = EpochApplied.newBuilder(applied)
                .setFeedDigests(Map.of("destiny", 1L))
                .build();
        assertTrue(judge.shown(ofOthers, LATER).isEmpty());
    }

    private void write(long epoch, int id, String lastName) {
        Written written = new Written("student/" + id, epoch, lastName == null ? null : entry(epoch, id, lastName), id);
        items.add(new Seen<>(items.size(), Instant.EPOCH, written));
    }

    private static FeedEntry entry(long epoch, int id, String lastName) {
        Affiliation tie = Affiliation.newBuilder()
                .setSchoolCode(10)
                .setStudentNumber(id)
                .setStatus(PatronStatus.ACTIVE)
                .setGrade(9)
                .build();
        return FeedEntry.newBuilder()
                .setFeed("destiny")
                .setKind(PatronKind.STUDENT)
                .setId(id)
                .setLastName(lastName)
                .setFirstName("F")
                .setPrimary(tie)
                .setEpoch(epoch)
                .setWatermark("0")
                .build();
    }

    private static TablesAsOf source(Map<Integer, String> names) {
        return (table, reader) -> {
            if (table.equals("STU")) {
                names.forEach((id, name) -> {
                    Map<String, Object> row = new HashMap<>();
                    row.put("SC", 10);
                    row.put("SN", id);
                    row.put("ID", id);
                    row.put("LN", name);
                    row.put("FN", "F");
                    row.put("TG", " ");
                    row.put("GR", 9);
                    reader.accept(row);
                });
            }
        };
    }

    private static EpochApplied applied(long epoch) {
        return EpochApplied.newBuilder()
                .setEpoch(epoch)
                .setIncarnation("i")
                .setWatermark(Long.toString(epoch))
                .setBusinessDate(LocalDate.of(2026, 10, 1))
                .setPublishedAt(Instant.EPOCH)
                .setFeeds(Map.of("destiny", "s"))
                .setPatrons(2)
                .setFeedEntries(Map.of("destiny", 2L))
                .setFeedDigests(Map.of())
                .build();
    }
}
