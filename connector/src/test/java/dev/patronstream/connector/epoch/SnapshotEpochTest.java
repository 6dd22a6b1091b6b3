package dev.patronstream.connector.epoch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.connector.row.Captured.Change;
import dev.patronstream.connector.row.Captured.SnapshotRow;
import dev.patronstream.connector.row.ContractRow;
import dev.patronstream.connector.row.RowKey;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.schemas.Lsn;
import dev.patronstream.schemas.Phase;
import dev.patronstream.schemas.School;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a snapshot writes, by what the topics hold. */
class SnapshotEpochTest {

    private static final Lsn STAMP = new Lsn("00000027:00000010:0001");
    private static final Lsn LATER = new Lsn("00000027:00000011:0001");
    private static final Instant AT = Instant.parse("2026-11-20T12:00:00Z");

    private final TopicContent content = new TopicContent();
    private final SnapshotEpoch epoch = new SnapshotEpoch("incarnation", content);

    @Test
    void onlyWhatDiffersIsWrittenAndOnlyOnce() {
        held(1, "Adams");
        held(2, "Brown");
        read(1, "Adams");
        read(2, "Browne");
        read(3, "Clark");
        assertEquals(2, epoch.waiting());

        assertEquals(List.of("2 Browne", "3 Clark"), written(epoch.takeDifferences()));

        assertEquals(0, epoch.waiting());
        assertEquals(List.of(), epoch.takeDifferences());
        read(3, "Clark");
        assertEquals(0, epoch.waiting(), "what was written is what the topics hold");
        assertEquals(Map.of(SourceTable.LOC, 4L), epoch.read());
    }

    @Test
    void ofARowThatWasReadAndChangedTheLastStateCountsAlsoWhenTheTopicsHoldIt() {
        held(1, "Adams");
        read(1, "Adams Middle");
        changed(1, Optional.of("Adams"));
        assertEquals(List.of(), epoch.takeDifferences());

        read(2, "Brown");
        changed(2, Optional.empty());
        assertEquals(List.of(), epoch.takeDifferences());

        changed(1, Optional.empty());
        read(4, "Dale");
        assertEquals(List.of("1 -", "4 Dale"), written(epoch.takeDifferences()));
    }

    @Test
    void aRecordNamesTheDatabaseAndWhereItComesFrom() {
        read(1, "Adams");
        changed(2, Optional.of("Brown"));
        List<Outgoing> differences = epoch.takeDifferences();

        dev.patronstream.schemas.Source read = source(differences.get(0));
        assertEquals("incarnation", read.getIncarnation());
        assertEquals(STAMP.text(), read.getCommitLsn());
        assertEquals(Optional.empty(), read.getChangeLsn());
        assertEquals(Phase.SNAPSHOT, read.getPhase());
        assertEquals(AT, read.getCommittedAt());
        assertEquals(STAMP, differences.get(0).lsn());
        dev.patronstream.schemas.Source changed = source(differences.get(1));
        assertEquals(Phase.STREAM, changed.getPhase());
        assertEquals(Optional.of(LATER.text()), changed.getChangeLsn());
        assertEquals(LATER, differences.get(1).lsn());
    }

    @Test
    void whatNeitherTheSnapshotNorTheStreamHasShownIsLeftOverAndRemoved() {
        held(1, "Adams");
        held(2, "Brown");
        held(3, "Clark");
        held(4, "Dale");
        read(1, "Adams");
        changed(3, Optional.of("Clark"));
        read(5, "Evans");
        List<Outgoing> last = new ArrayList<>();

        List<RowKey> gone = epoch.leftOverAfter(last::addAll).get(SourceTable.LOC);

        assertEquals(List.of("5 Evans"), written(last));
        assertEquals(List.of(new RowKey(SourceTable.LOC, "2"), new RowKey(SourceTable.LOC, "4")), gone);
        List<Outgoing> deleted = epoch.delete(gone);
        assertEquals(List.of("2 -", "4 -"), written(deleted));
        assertEquals(STAMP, deleted.get(0).lsn());
        assertEquals(3, content.rows(SourceTable.LOC));
        assertTrue(epoch.leftOverAfter(last::addAll).get(SourceTable.LOC).isEmpty());
        assertEquals(3, content.rows(SourceTable.LOC));
    }

    private void held(int code, String name) {
        content.held(new RowKey(SourceTable.LOC, Integer.toString(code)), Optional.of(school(code, name)));
    }

    private void read(int code, String name) {
        epoch.add(new SnapshotRow(row(code, Optional.of(name)), STAMP, AT));
    }

    private void changed(int code, Optional<String> name) {
        epoch.add(new Change(row(code, name), LATER, LATER, name.isPresent() ? 'u' : 'd', AT, Optional.empty()), AT);
    }

    private static ContractRow row(int code, Optional<String> name) {
        return new ContractRow(SourceTable.LOC, Integer.toString(code), name.map(text -> school(code, text)));
    }

    private static School school(int code, String name) {
        School school = new School();
        school.put("code", code);
        school.put("name", name);
        return school;
    }

    private static dev.patronstream.schemas.Source source(Outgoing record) {
        return ((School) record.value().orElseThrow()).getSource();
    }

    private static List<String> written(List<Outgoing> records) {
        return records.stream()
                .map(record -> record.row().key() + " "
                        + record.value()
                                .flatMap(school -> ((School) school).getName())
                                .orElse("-"))
                .toList();
    }
}
