package dev.patronstream.connector.epoch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.connector.check.CapturedLayout;
import dev.patronstream.connector.database.CaptureInstance;
import dev.patronstream.connector.database.Incarnation;
import dev.patronstream.connector.database.LogEntry;
import dev.patronstream.connector.epoch.Position.Unfinished;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.schemas.Lsn;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a position and its notes say, and that they survive being written. */
class PositionTest {

    private static final String LSN = "00000027:00000010:0001";
    private static final CaptureInstance INSTANCE = new CaptureInstance("STU", "dbo_STU", LSN, "2026-07-01T08:30");
    private static final Note NOTE = new Note("id", 7, "3/5/abc");

    @Test
    void aPositionIsWhatWasWritten() {
        for (Unfinished unfinished : new Unfinished[] {
            null,
            new Unfinished("first", null, Map.of(), 10, 2, Map.of(SourceTable.STU, 4L)),
            new Unfinished(null, LSN, Map.of(SourceTable.STU, 3L), 3, 1, null)
        }) {
            Position position = position(unfinished);
            assertEquals(position, Position.of(position.bytes()));
        }
        String json = new String(position(null).bytes(), StandardCharsets.UTF_8);
        assertTrue(json.contains(",\"columns\":\"columns\",\"layout\":{\"STU.ID\":\"int\"},\"instances\":[{"), json);
        String earlier = json.replaceFirst(",\"problems\":\\{.*?]}}", "");
        assertEquals(
                position(null).knowing(Map.of()), Position.of(earlier.getBytes(StandardCharsets.UTF_8)), "as it was");
        String unreadable = "{\"epoch\":";
        assertThrows(IllegalStateException.class, () -> Position.of(unreadable.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void whatIsUnfinishedIsASnapshotOrASplitTransaction() {
        Position whole = position(null);
        assertEquals(Optional.empty(), whole.split());
        assertEquals(Optional.empty(), whole.unfinishedSnapshot());
        assertEquals(Map.of(), whole.approved());

        Position snapshot = position(new Unfinished("first", null, Map.of(), 10, 2, Map.of(SourceTable.STU, 4L)));
        assertEquals(Optional.empty(), snapshot.split());
        assertEquals(Optional.of("first"), snapshot.unfinishedSnapshot());
        assertEquals(Map.of(SourceTable.STU, 4L), snapshot.approved());

        Position split = position(new Unfinished(null, LSN, Map.of(SourceTable.STU, 3L), 3, 1, null));
        assertEquals(Optional.of(new StreamAssembly.Split(new Lsn(LSN), Map.of(SourceTable.STU, 3L))), split.split());
        assertEquals(Optional.empty(), split.unfinishedSnapshot());
        assertEquals(Map.of(), split.approved());
    }

    @Test
    void notesReplaceThoseOfTheSameTopicsAndLeaveTheRest() {
        Position noted = position(null).noting(Map.of("b", NOTE)).noting(Map.of("a", new Note("other", 1, "x")));

        assertEquals(Map.of("a", new Note("other", 1, "x"), "b", NOTE), noted.notes());
        assertEquals(new Lsn(LSN), noted.watermarkLsn());
        assertEquals(12, noted.withEpoch(12).epoch());
        assertEquals(noted.notes(), noted.withEpoch(12).notes());
    }

    @Test
    void aNoteFitsTheSameRecordAtTheSamePlaceOfTheSameTopic() {
        assertTrue(NOTE.fits(new Note("id", 7, "3/5/abc")));
        assertFalse(NOTE.fits(new Note("made again", 7, "3/5/abc")));
        assertFalse(NOTE.fits(new Note("id", 7, "4/5/abc")));
        assertFalse(NOTE.fits(new Note("id", 8, "3/5/abc")));
        assertTrue(new Note("id", Note.ANYWHERE, "3/5/abc").fits(NOTE));
        assertFalse(NOTE.fits(new Note("id", Note.ANYWHERE, "3/5/abc")));
    }

    @Test
    void theDigestTellsEpochKeyAndValueApart() {
        byte[] value = {1, 2, 3};
        String digest = Note.digest(3, "10/1", value);

        assertEquals(digest, Note.digest(3, "10/1", value.clone()));
        assertNotEquals(digest, Note.digest(4, "10/1", value));
        assertNotEquals(digest, Note.digest(3, "10/2", value));
        assertNotEquals(digest, Note.digest(3, "10/1", new byte[] {1, 2, 4}));
        assertNotEquals(Note.digest(3, "10/1", new byte[0]), Note.digest(3, "10/1", null), "a tombstone");
        assertTrue(digest.startsWith("3/3/"), digest);
    }

    private static Position position(Unfinished unfinished) {
        return new Position(
                11,
                new Incarnation("EAGLE@1", "EAGLE", "1", null),
                LSN,
                new LogEntry(LSN, "00", "2026-11-20T12:00"),
                new CapturedLayout("columns", Map.of("STU.ID", "int"), List.of(INSTANCE)),
                Map.of("a", NOTE),
                unfinished,
                Map.of(SourceTable.STU, Map.of("a value of STU.ID cannot be carried", List.of("10/1"))));
    }
}
