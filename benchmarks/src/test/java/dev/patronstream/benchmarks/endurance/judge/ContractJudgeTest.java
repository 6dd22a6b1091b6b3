package dev.patronstream.benchmarks.endurance.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.benchmarks.endurance.judge.Findings.Kind;
import dev.patronstream.schemas.EpochCause;
import dev.patronstream.schemas.Progress;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.standin.SourceHistory.Change;
import dev.patronstream.standin.SourceHistory.Operation;
import dev.patronstream.standin.SourceHistory.Transaction;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** That each kind of mistake is seen, and a right topic is not accused. */
class ContractJudgeTest {

    private static final Topics TOPICS = new Topics("eagle");
    private static final SourceTable SCHOOLS = SourceTable.of(TOPICS).get(0);

    private final List<Published> records = new ArrayList<>();
    private final Findings findings = new Findings();

    /** A topic in which school 10 was read as A, then became B and C, and school 20 came and went. */
    private void theRightTopic() {
        publish(1, "1", 10, "A");
        publish(2, "2", 10, "B");
        publish(2, "2", 20, "X");
        publish(3, "3", 10, "C");
        publish(3, "4", 20, null);
    }

    private Findings judged() {
        ContractJudge judge = new ContractJudge(SCHOOLS, 100, Reel.of(records), List.of(), findings);
        judge.committed(transaction("1", set(10, "A")));
        judge.epoch(epoch(1, EpochCause.SNAPSHOT));
        judge.committed(transaction("2", set(10, "B1"), set(20, "X"), set(10, "B")));
        judge.epoch(epoch(2, EpochCause.CHANGES));
        judge.committed(transaction("3", set(10, "C")));
        judge.committed(transaction("4", remove(20)));
        judge.epoch(epoch(3, EpochCause.CHANGES));
        judge.end();
        return findings;
    }

    @Test
    void aTopicThatShowsEveryCommitOnceIsRight() {
        theRightTopic();
        assertTrue(judged().isEmpty(), () -> findings.examples(Kind.LOST).toString());
    }

    @Test
    void anEpochWhoseEndNobodyCouldReadIsJudgedByItsRecords() {
        theRightTopic();
        publish(3, "5", 10, "D");
        ContractJudge judge = new ContractJudge(SCHOOLS, 100, Reel.of(records), List.of(Instant.EPOCH), findings);
        judge.committed(transaction("1", set(10, "A")));
        judge.epoch(epoch(1, EpochCause.SNAPSHOT));
        judge.committed(transaction("2", set(10, "B"), set(20, "X")));
        judge.committed(transaction("3", set(10, "C")));
        judge.committed(transaction("4", remove(20)));
        judge.committed(transaction("5", set(10, "D")));
        judge.committed(transaction("6", set(30, "E")));
        judge.epoch(epoch(3, EpochCause.CHANGES));
        assertEquals(List.of(1L, 0L), List.of(findings.count(Kind.LOST), findings.count(Kind.DUPLICATED)));
    }

    @Test
    void aMissingRecordIsLost() {
        theRightTopic();
        records.remove(2);
        assertEquals(1, judged().count(Kind.LOST));
    }

    @Test
    void aMissingTombstoneIsLost() {
        theRightTopic();
        records.remove(4);
        assertEquals(1, judged().count(Kind.LOST));
    }

    @Test
    void aRowThatTheSnapshotLeftOutIsLost() {
        theRightTopic();
        records.remove(0);
        assertEquals(1, judged().count(Kind.LOST));
    }

    @Test
    void aRecordTwiceIsADuplicate() {
        theRightTopic();
        records.add(2, records.get(1));
        assertEquals(1, judged().count(Kind.DUPLICATED));
    }

    @Test
    void aRecordThatComesAgainInALaterEpochIsADuplicate() {
        theRightTopic();
        publish(3, "2", 10, "B");
        assertEquals(1, judged().count(Kind.DUPLICATED));
    }

    @Test
    void aStateOnTheWayThroughATransactionIsWrong() {
        theRightTopic();
        records.set(1, record(2, "2", 10, "B1"));
        assertEquals(1, judged().count(Kind.WRONG_STATE));
    }

    @Test
    void commitsOfARowInAnotherOrderAreOutOfOrder() {
        publish(1, "1", 10, "A");
        publish(2, "3", 10, "C");
        publish(2, "2", 10, "B");
        ContractJudge judge = new ContractJudge(SCHOOLS, 100, Reel.of(records), List.of(), findings);
        judge.committed(transaction("1", set(10, "A")));
        judge.epoch(epoch(1, EpochCause.SNAPSHOT));
        judge.committed(transaction("2", set(10, "B")));
        judge.committed(transaction("3", set(10, "C")));
        judge.epoch(epoch(2, EpochCause.CHANGES));
        assertEquals(1, findings.count(Kind.OUT_OF_ORDER));
    }

    @Test
    void recordsOfAnEpochThatNeverEndedAreTorn() {
        theRightTopic();
        publish(4, "5", 10, "D");
        assertEquals(1, judged().count(Kind.TORN));
    }

    @Test
    void aRecordBehindTheOffsetsOfItsEpochIsTorn() {
        theRightTopic();
        records.set(1, new Published("10", "2", 2, 99, records.get(1).state()));
        assertEquals(1, judged().count(Kind.TORN));
    }

    @Test
    void aSnapshotThatGoesBackInTimeIsOutOfOrder() {
        publish(1, "1", 10, "B");
        publish(1, "1", 10, "A");
        publish(1, "1", 10, "B");
        ContractJudge judge = new ContractJudge(SCHOOLS, 100, Reel.of(records), List.of(), findings);
        judge.committed(transaction("0", set(10, "A")));
        judge.committed(transaction("1", set(10, "B")));
        judge.epoch(epoch(1, EpochCause.SNAPSHOT));
        assertEquals(1, findings.count(Kind.OUT_OF_ORDER));
    }

    @Test
    void aRowOfALargeTransactionMayBeShownOnItsWayButNotTwiceInOneState() {
        publish(1, "1", 10, "A");
        publish(1, "1", 10, "B");
        publish(1, "1", 10, "B");
        ContractJudge judge = new ContractJudge(SCHOOLS, 1, Reel.of(records), List.of(), findings);
        judge.committed(transaction("1", set(10, "A"), set(10, "B")));
        judge.epoch(epoch(1, EpochCause.CHANGES));
        assertEquals(1, findings.count(Kind.DUPLICATED));
        assertEquals(0, findings.count(Kind.WRONG_STATE));
    }

    /** Epoch 3 is gone with the tail, unread or not, and a reading of the tables makes it good in epoch 4. */
    private ContractJudge withALostTail(boolean repaired) {
        List<Reel.Item<Published>> items = new ArrayList<>();
        theRightTopic();
        records.forEach(record -> items.add(new Reel.Seen<>(record.offset(), Instant.EPOCH, record)));
        items.add(new Reel.Damage<>(Instant.EPOCH.plusSeconds(5), 25, false));
        if (repaired) {
            List.of(record(4, "4", 10, "C"), record(4, "4", 20, null))
                    .forEach(record -> items.add(new Reel.Seen<>(record.offset(), Instant.EPOCH, record)));
        }
        ContractJudge judge = new ContractJudge(SCHOOLS, 100, new Reel<>(items), List.of(), findings);
        judge.committed(transaction("1", set(10, "A")));
        judge.epoch(epoch(1, EpochCause.SNAPSHOT));
        judge.committed(transaction("2", set(10, "B1"), set(20, "X"), set(10, "B")));
        judge.epoch(epoch(2, EpochCause.CHANGES));
        judge.committed(transaction("3", set(10, "C")));
        judge.committed(transaction("4", remove(20)));
        judge.epoch(epoch(3, EpochCause.CHANGES));
        return judge;
    }

    private static Progress later(Progress epoch) {
        return Progress.newBuilder(epoch)
                .setPublishedAt(Instant.EPOCH.plusSeconds(10))
                .build();
    }

    @Test
    void aLostTailThatIsMadeGoodIsRight() {
        ContractJudge judge = withALostTail(true);
        judge.epoch(later(epoch(4, EpochCause.SNAPSHOT)));
        judge.end();
        assertTrue(findings.isEmpty(), () -> findings.examples(Kind.LOST).toString());
    }

    @Test
    void aLostTailThatIsNotMadeGoodIsWrong() {
        ContractJudge judge = withALostTail(false);
        judge.epoch(later(epoch(4, EpochCause.QUIET)));
        judge.end();
        assertEquals(2, findings.count(Kind.WRONG_STATE));
    }

    @Test
    void aDeletedTopicThatIsFilledAgainIsRightAndOneThatIsNotIsLost() {
        for (String name : List.of("B", "")) {
            List<Reel.Item<Published>> items = new ArrayList<>();
            items.add(new Reel.Seen<>(5, Instant.EPOCH, record(1, "1", 10, "A")));
            items.add(new Reel.Damage<>(Instant.EPOCH.plusSeconds(5), 6, true));
            if (!name.isEmpty()) {
                items.add(new Reel.Seen<>(
                        0,
                        Instant.EPOCH,
                        new Published("10", "2", 2, 0, record(1, "1", 10, name).state())));
            }
            Findings found = new Findings();
            ContractJudge judge = new ContractJudge(SCHOOLS, 100, new Reel<>(items), List.of(), found);
            judge.committed(transaction("1", set(10, "A")));
            judge.epoch(epoch(1, EpochCause.SNAPSHOT));
            judge.committed(transaction("2", set(10, "B")));
            judge.epoch(later(epoch(2, EpochCause.SNAPSHOT)));
            judge.end();
            assertEquals(name.isEmpty() ? 1 : 0, found.count(Kind.LOST));
            assertEquals(!name.isEmpty(), found.isEmpty(), () -> found.examples(Kind.TORN)
                    .toString());
        }
    }

    @Test
    void aDeletedTopicMayBeCountedOnUntilItIsFilledAgainWithRowsThatNeverChanged() {
        List<Reel.Item<Published>> items = new ArrayList<>();
        items.add(new Reel.Seen<>(5, Instant.EPOCH, record(1, "1", 10, "A")));
        items.add(new Reel.Damage<>(Instant.EPOCH.plusSeconds(5), 6, true));
        String state = record(1, "1", 10, "A").state();
        items.add(new Reel.Seen<>(0, Instant.EPOCH, new Published("10", "3", 3, 0, state)));
        ContractJudge judge = new ContractJudge(SCHOOLS, 100, new Reel<>(items), List.of(), findings);
        judge.committed(transaction("1", set(10, "A")));
        judge.epoch(epoch(1, EpochCause.SNAPSHOT));
        judge.epoch(later(epoch(2, EpochCause.QUIET)));
        judge.epoch(later(epoch(3, EpochCause.SNAPSHOT)));
        judge.end();
        assertTrue(findings.isEmpty(), () -> findings.examples(Kind.TORN) + " " + findings.examples(Kind.WRONG_STATE));
    }

    /** The row is read for the snapshot, and changes before the snapshot's watermark. */
    @Test
    void aDeletedTopicMayBeFilledAgainWithARowAsItWasBeforeItChanged() {
        List<Reel.Item<Published>> items = new ArrayList<>();
        items.add(new Reel.Seen<>(5, Instant.EPOCH, record(1, "1", 10, "A")));
        items.add(new Reel.Damage<>(Instant.EPOCH.plusSeconds(5), 6, true));
        String before = record(1, "1", 10, "A").state();
        String after = record(1, "1", 10, "B").state();
        items.add(new Reel.Seen<>(0, Instant.EPOCH, new Published("10", "1", 2, 0, before)));
        items.add(new Reel.Seen<>(1, Instant.EPOCH, new Published("10", "2", 2, 1, after)));
        ContractJudge judge = new ContractJudge(SCHOOLS, 100, new Reel<>(items), List.of(), findings);
        judge.committed(transaction("1", set(10, "A")));
        judge.epoch(epoch(1, EpochCause.SNAPSHOT));
        judge.committed(transaction("2", set(10, "B")));
        judge.epoch(later(epoch(2, EpochCause.SNAPSHOT)));
        judge.end();
        assertTrue(findings.isEmpty(), () -> findings.examples(Kind.WRONG_STATE).toString());
    }

    @Test
    void whatTheDatabaseForgotWhenItWasPutBackHasToGo() {
        publish(1, "1", 10, "A");
        publish(2, "2", 20, "undone");
        for (boolean removed : List.of(true, false)) {
            if (removed) {
                publish(3, "1", 20, null);
            } else {
                records.remove(2);
            }
            Findings found = new Findings();
            ContractJudge judge = new ContractJudge(SCHOOLS, 100, Reel.of(records), List.of(), found);
            judge.committed(transaction("1", set(10, "A")));
            judge.epoch(epoch(1, EpochCause.SNAPSHOT));
            judge.committed(transaction("2", set(20, "undone")));
            judge.epoch(epoch(2, EpochCause.CHANGES));
            judge.newHistory();
            judge.committed(transaction("1", set(10, "A")));
            judge.epoch(epoch(3, EpochCause.SNAPSHOT));
            judge.end();
            assertEquals(
                    removed, found.isEmpty(), () -> found.examples(Kind.LOST).toString());
        }
    }

    @Test
    void recordsOfAnEpochWhoseEndWasLostWithTheProgressAreNoFault() {
        publish(1, "1", 10, "A");
        publish(2, "2", 10, "B");
        ContractJudge judge =
                new ContractJudge(SCHOOLS, 100, Reel.of(records), List.of(Instant.EPOCH.plusSeconds(5)), findings);
        judge.committed(transaction("1", set(10, "A")));
        judge.epoch(epoch(1, EpochCause.SNAPSHOT));
        judge.committed(transaction("2", set(10, "B")));
        judge.epoch(later(epoch(4, EpochCause.SNAPSHOT)));
        judge.end();
        assertTrue(findings.isEmpty(), () -> findings.examples(Kind.TORN).toString());
    }

    /** The position was lost in the middle of an epoch; the snapshot builds on what that one left in the topic. */
    @Test
    void anEpochThatASnapshotReplacesCountsBeforeIt() {
        publish(1, "1", 10, "A");
        publish(2, "2", 10, "B");
        publish(4, "4", 10, "C");
        ContractJudge judge =
                new ContractJudge(SCHOOLS, 100, Reel.of(records), List.of(Instant.EPOCH.plusSeconds(5)), findings);
        judge.committed(transaction("1", set(10, "A")));
        judge.epoch(epoch(1, EpochCause.SNAPSHOT));
        judge.committed(transaction("2", set(10, "B")));
        judge.epoch(epoch(3, EpochCause.SNAPSHOT));
        judge.committed(transaction("4", set(10, "C")));
        judge.epoch(epoch(4, EpochCause.CHANGES));
        judge.epoch(later(epoch(6, EpochCause.SNAPSHOT)));
        judge.end();
        assertTrue(findings.isEmpty(), () -> findings.examples(Kind.LOST).toString());
    }

    private void publish(long epoch, String lsn, int school, String name) {
        records.add(record(epoch, lsn, school, name));
    }

    private static Published record(long epoch, String lsn, int school, String name) {
        String state = name == null ? SourceTable.ABSENT : SCHOOLS.state(row(school, name));
        return new Published(Integer.toString(school), lsn, epoch, 10 * epoch - 5, state);
    }

    private static Progress epoch(long number, EpochCause cause) {
        return Progress.newBuilder()
                .setEpoch(number)
                .setIncarnation("i")
                .setWatermark(Long.toString(number))
                .setBusinessDate(LocalDate.of(2026, 10, 1))
                .setPublishedAt(Instant.EPOCH)
                .setCause(cause)
                .setNextOffsets(Map.of(TOPICS.schools(), 10 * number))
                .setRows(0)
                .setSourceTransactions(0)
                .setKafkaTransactions(1)
                .build();
    }

    private static Transaction transaction(String lsn, Change... changes) {
        return new Transaction(lsn, Instant.EPOCH, Instant.EPOCH, List.of(changes));
    }

    private static Change set(int school, String name) {
        return new Change("dbo.LOC", Operation.UPDATE, Map.of("CD", school), Map.of(), row(school, name));
    }

    private static Change remove(int school) {
        return new Change("dbo.LOC", Operation.DELETE, Map.of("CD", school), row(school, "gone"), Map.of());
    }

    private static Map<String, Object> row(int school, String name) {
        return Map.of("CD", school, "NM", name, "DEL", false);
    }
}
