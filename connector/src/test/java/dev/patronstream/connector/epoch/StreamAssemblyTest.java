package dev.patronstream.connector.epoch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.connector.epoch.StreamAssembly.Part;
import dev.patronstream.connector.epoch.StreamAssembly.Split;
import dev.patronstream.connector.epoch.StreamAssembly.Unproven;
import dev.patronstream.connector.epoch.StreamAssembly.Whole;
import dev.patronstream.connector.row.Captured.Change;
import dev.patronstream.connector.row.Captured.Mark;
import dev.patronstream.connector.row.ContractRow;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.schemas.Enrollment;
import dev.patronstream.schemas.Lsn;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class StreamAssemblyTest {

    private final StreamAssembly assembly = new StreamAssembly(lsn(10), Optional.empty(), 4);

    private static Lsn lsn(int number) {
        return new Lsn("00000027:%08x:0001".formatted(number));
    }

    private static Change change(int commit, int seqval, String key, char operation) {
        return new Change(
                new ContractRow(SourceTable.STU, key, Optional.empty()),
                lsn(commit),
                lsn(seqval),
                operation,
                Instant.EPOCH,
                Optional.empty());
    }

    private static List<String> keys(List<Change> changes) {
        return changes.stream().map(change -> change.row().key()).toList();
    }

    @Test
    void theLastTransactionIsNotWholeByItself() {
        assembly.add(change(11, 1, "10/1", 'u'));
        assertTrue(assembly.takeWhole().isEmpty());
        assertEquals(Optional.of(new Unproven(lsn(11), 1)), assembly.unproven());
    }

    @Test
    void aLaterCommitProvesTheEarlierWhole() {
        assembly.add(change(11, 1, "10/1", 'u'));
        assembly.add(change(11, 2, "20/1", 'c'));
        assembly.add(change(12, 3, "10/2", 'u'));
        Whole whole = assembly.takeWhole().orElseThrow();
        assertEquals(List.of("10/1", "20/1"), keys(whole.changes()));
        assertEquals(lsn(11), whole.last());
        assertEquals(1, whole.transactions());
        assertTrue(assembly.takeWhole().isEmpty());
    }

    @Test
    void aMarkWithinTheTransactionProvesNothing() {
        assembly.add(change(11, 1, "10/1", 'u'));
        assembly.mark(new Mark(lsn(11), false, false));
        assertTrue(assembly.takeWhole().isEmpty());
    }

    @Test
    void aMarkBetweenTransactionsProvesWhatIsBeforeIt() {
        assembly.add(change(12, 1, "10/1", 'u'));
        assembly.mark(new Mark(lsn(11), true, false));
        assertTrue(assembly.takeWhole().isEmpty());
        assembly.mark(new Mark(lsn(12), true, false));
        assertEquals(lsn(12), assembly.takeWhole().orElseThrow().last());
    }

    @Test
    void aChangeThatArrivesTwiceCountsOnce() {
        assembly.add(change(11, 1, "10/1", 'u'));
        assembly.add(change(11, 1, "10/1", 'u'));
        assertEquals(1, assembly.unproven().orElseThrow().arrived());
    }

    @Test
    void aKeyChangeIsTwoChangesEvenWithOneSequenceValue() {
        assembly.add(change(11, 1, "10/1", 'd'));
        assembly.add(change(11, 1, "10/9", 'c'));
        assertEquals(2, assembly.unproven().orElseThrow().arrived());
    }

    /** An update that gave a row another key, as CDC records it where the key is not the primary key. */
    private static Change moved(int seqval, String from, String to, int student) {
        Change change = change(11, seqval, to, 'u');
        return new Change(
                row(to, student),
                change.commitLsn(),
                change.changeLsn(),
                'u',
                Instant.EPOCH,
                Optional.of(row(from, student)));
    }

    private static ContractRow row(String key, int student) {
        Enrollment row = new Enrollment();
        row.put("studentId", student);
        return new ContractRow(SourceTable.STU, key, Optional.of(row));
    }

    private Map<String, Boolean> live() {
        assembly.proven();
        return assembly.takeWhole().orElseThrow().changes().stream()
                .collect(Collectors.toMap(
                        change -> change.row().key(),
                        change -> change.row().live().isPresent()));
    }

    @Test
    void anUpdateOfAKeyIsOneChangeAndLeavesNothingUnderTheKeysItPassed() {
        assembly.add(moved(1, "10/1", "10/2", 7));
        assembly.add(moved(2, "10/2", "10/3", 7));
        assertEquals(2, assembly.unproven().orElseThrow().arrived());
        assertEquals(Map.of("10/1", false, "10/2", false, "10/3", true), live());
    }

    @Test
    void rowsThatSwapTheirKeysInOneStatementBothStay() {
        assembly.add(moved(1, "10/1", "10/2", 7));
        assembly.add(moved(2, "10/2", "10/1", 8));
        assertEquals(Map.of("10/1", true, "10/2", true), live());
    }

    @Test
    void whatWasPublishedIsDropped() {
        assembly.add(change(9, 1, "10/1", 'u'));
        assembly.add(change(10, 2, "10/1", 'u'));
        assertTrue(isEmpty());
        assertEquals(2, assembly.takeRepeated());
    }

    @Test
    void ofARowThatChangedTwiceInATransactionTheLastArrivalRemains() {
        assembly.add(change(11, 5, "10/1", 'c'));
        assembly.add(change(11, 3, "10/2", 'u'));
        assembly.add(change(11, 1, "10/1", 'd'));
        assembly.proven();
        List<Change> changes = assembly.takeWhole().orElseThrow().changes();
        assertEquals(List.of("10/2", "10/1"), keys(changes));
        assertEquals('d', changes.get(1).operation());
    }

    @Test
    void wholeTransactionsShareAnEpochUpToTheBound() {
        for (int commit = 11; commit <= 13; commit++) {
            assembly.add(change(commit, 2 * commit, commit + "/1", 'u'));
            assembly.add(change(commit, 2 * commit + 1, commit + "/2", 'u'));
        }
        assembly.proven();
        Whole first = assembly.takeWhole().orElseThrow();
        assertEquals(2, first.transactions());
        assertEquals(4, first.changes().size());
        Whole second = assembly.takeWhole().orElseThrow();
        assertEquals(lsn(13), second.first());
        assertEquals(lsn(13), second.last());
    }

    @Test
    void aTransactionAboveTheBoundIsTakenInParts() {
        for (int i = 0; i < 4; i++) {
            assembly.add(change(11, i, "10/" + i, 'u'));
        }
        assertTrue(assembly.isFull());
        Part part = assembly.takePart();
        assertEquals(List.of("10/0", "10/1", "10/2", "10/3"), keys(part.changes()));
        assertEquals(new Split(lsn(11), Map.of(SourceTable.STU, 4L)), part.split());
        assertTrue(assembly.hasPart());
        assembly.add(change(11, 4, "10/4", 'u'));
        assertEquals(5, assembly.unproven().orElseThrow().arrived());
        assembly.proven();
        assertEquals(List.of("10/4"), keys(assembly.takeWhole().orElseThrow().changes()));
    }

    @Test
    void whatWaitsIsCountedUntilItIsTaken() {
        fillUp(11, 0);
        assertFalse(assembly.hasPart());
        assembly.takePart();
        fillUp(11, 4);
        assertTrue(assembly.hasPart());
        assertFalse(assembly.hasWhole());
        assembly.proven();
        assertTrue(assembly.hasWhole());
        assertFalse(assembly.hasPart());
        assembly.takeWhole();
        assertFalse(assembly.hasWhole());
        fillUp(12, 8);
    }

    /** It is full with the fourth change and not before. */
    private void fillUp(int commit, int seqval) {
        for (int i = seqval; i < seqval + 4; i++) {
            assertFalse(assembly.isFull());
            assembly.add(change(commit, i, "10/" + i, 'u'));
        }
        assertTrue(assembly.isFull());
    }

    @Test
    void aSplitTransactionGoesOnWhereItStopped() {
        StreamAssembly resumed =
                new StreamAssembly(lsn(10), Optional.of(new Split(lsn(11), Map.of(SourceTable.STU, 2L))), 4);
        for (int i = 0; i < 3; i++) {
            resumed.add(change(11, i, "10/" + i, 'u'));
        }
        assertEquals(3, resumed.unproven().orElseThrow().arrived());
        resumed.add(change(12, 9, "10/9", 'u'));
        resumed.proven();
        assertEquals(
                List.of("10/2", "10/9"), keys(resumed.takeWhole().orElseThrow().changes()));
    }

    @Test
    void aSplitTransactionThatIsGoneIsNotPassedOver() {
        StreamAssembly resumed =
                new StreamAssembly(lsn(10), Optional.of(new Split(lsn(11), Map.of(SourceTable.STU, 2L))), 4);
        assertThrows(SnapshotNeededException.class, () -> resumed.add(change(12, 1, "10/1", 'u')));
    }

    @Test
    void commitsOutOfOrderAreRefused() {
        assembly.add(change(12, 1, "10/1", 'u'));
        assertThrows(IllegalStateException.class, () -> assembly.add(change(11, 1, "10/1", 'u')));
    }

    @Test
    void advancingDropsWhatIsBelow() {
        assembly.advance(lsn(20));
        assembly.add(change(20, 1, "10/1", 'u'));
        assertTrue(isEmpty());
        assembly.add(change(21, 1, "10/1", 'u'));
        assertFalse(isEmpty());
    }

    private boolean isEmpty() {
        return assembly.unproven().isEmpty() && !assembly.hasWhole();
    }
}
