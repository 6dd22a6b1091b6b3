package dev.patronstream.connector.engine;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.connector.row.Captured;
import dev.patronstream.connector.row.ColumnValues;
import dev.patronstream.connector.row.ContractRow;
import dev.patronstream.connector.row.RowMapper;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.connector.row.TableColumns;
import dev.patronstream.schemas.Lsn;
import dev.patronstream.schemas.School;
import io.debezium.engine.RecordChangeEvent;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Debezium's records say; {@code CaptureTest} has them from Debezium. */
class EventReaderTest {

    private static final String COMMIT = "00000027:00000010:0001";
    private static final String CHANGE = "00000027:00000010:0002";
    private static final Instant AT = Instant.ofEpochMilli(1_000);
    // A default in the place of a NULL is what a value must never become.
    private static final Schema ROW = SchemaBuilder.struct()
            .optional()
            .field("CD", Schema.OPTIONAL_STRING_SCHEMA)
            .field(
                    "NM",
                    SchemaBuilder.string().optional().defaultValue("=default").build())
            .build();
    private static final Schema SOURCE = SchemaBuilder.struct()
            .field("table", Schema.STRING_SCHEMA)
            .field("ts_ms", Schema.INT64_SCHEMA)
            .field("commit_lsn", Schema.OPTIONAL_STRING_SCHEMA)
            .field("change_lsn", Schema.OPTIONAL_STRING_SCHEMA)
            .build();
    private static final Schema EVENT = SchemaBuilder.struct()
            .field("op", Schema.STRING_SCHEMA)
            .field("before", ROW)
            .field("after", ROW)
            .field("source", SOURCE)
            .build();

    private static final int ROOM = 4;

    private final EventReader reader = new EventReader(
            new RowMapper(
                    List.of(new TableColumns(
                            SourceTable.LOC,
                            Map.of(
                                    SourceTable.LOC.columns().get(0),
                                    "CD",
                                    SourceTable.LOC.columns().get(1),
                                    "NM"),
                            Optional.empty(),
                            List.of(),
                            Map.of())),
                    problem -> {
                        throw new AssertionError(problem.about());
                    }),
            ROOM);

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // operation, before, after, the row, the row before an update of the key
                "c, -,           =10 =High,  10 High,  -",
                "c, -,           =10 -,      10 null,  -",
                "d, =10 =High,   -,          10 gone,  -",
                "u, =10 =High,   =10 =Higher, 10 Higher, -",
                "u, =10 =High,   =11 =High,  11 High,  10 High",
            })
    void aChangeIsTheRowAfterItOrTheKeyOfTheRowThatIsGone(
            String operation, String before, String after, String row, String left) {
        Captured.Change change = (Captured.Change) reader.read(event(operation, row(before), row(after)));
        assertEquals(row, text(change.row()));
        assertEquals(Optional.ofNullable(left), change.left().map(EventReaderTest::text));
        assertEquals(
                List.of(new Lsn(COMMIT), new Lsn(CHANGE), AT, operation.charAt(0)),
                List.of(change.commitLsn(), change.changeLsn(), change.committedAt(), change.operation()));
        Captured.Change other = change.with(change.row(), 'd');
        assertEquals(
                List.of(new Lsn(COMMIT), new Lsn(CHANGE), AT, 'd', Optional.empty()),
                List.of(other.commitLsn(), other.changeLsn(), other.committedAt(), other.operation(), other.left()));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "00000027:00000010:0001, -,    -,    true",
                "00000027:00000010:0001, NULL, -,    true",
                "00000027:00000010:0001, 00000027:00000010:0002, true, false",
                "-,                      -,    true, true",
                "NULL,                   -,    -,    true",
            })
    void aRecordWithoutARowMarksAPlaceInTheStream(String commit, String change, String snapshot, boolean between) {
        Map<String, Object> offset = new HashMap<>();
        offset.put("commit_lsn", commit);
        offset.put("change_lsn", change);
        if (snapshot != null) {
            offset.put("snapshot", snapshot);
        }
        Lsn lsn = commit == null || commit.equals("NULL") ? Lsn.NONE : new Lsn(commit);
        Captured.Mark mark = new Captured.Mark(lsn, between, snapshot != null);
        Schema heartbeat =
                SchemaBuilder.struct().field("ts_ms", Schema.INT64_SCHEMA).build();
        assertEquals(mark, reader.read(record(offset, null)));
        assertEquals(mark, reader.read(record(offset, new Struct(heartbeat).put("ts_ms", 1L))));
    }

    @Test
    void aColumnThatIsGoneDoesNotReadAsNull() {
        ColumnValues.Row values = ColumnValues.row(new Struct(ROW).put("CD", "=10"));
        assertNull(values.text("NM"));
        assertThrows(IllegalStateException.class, () -> values.text("TG"));
    }

    @Test
    void theEngineWaitsUntilThereIsRoomForItsRecords() throws Exception {
        List<RecordChangeEvent<SourceRecord>> batch =
                List.of(() -> event("c", null, row("=10", "=High")), () -> event("d", row("=11", "=Low"), null));
        reader.take(batch);
        reader.take(batch);
        assertEquals(0, reader.captured().remainingCapacity());
        CompletableFuture<Void> third = CompletableFuture.runAsync(() -> assertDoesNotThrow(() -> reader.take(batch)));
        List<Captured> first =
                List.of(reader.captured().take(), reader.captured().take());
        third.join();
        assertEquals(
                List.of("10 High", "11 gone"),
                first.stream()
                        .map(captured -> text(((Captured.Change) captured).row()))
                        .toList());
        assertEquals(ROOM, reader.captured().size());
    }

    @Test
    void nothingIsTakenOnceCaptureIsClosed() throws Exception {
        List<RecordChangeEvent<SourceRecord>> batch = List.of(() -> event("c", null, row("=10", "=High")));
        reader.take(batch);
        reader.close();
        assertThrows(InterruptedException.class, () -> reader.take(batch));
        assertEquals(1, reader.captured().size());
    }

    @Test
    void theEngineIsSentAwayWhereItWaitsOnceCaptureIsClosed() throws Exception {
        List<RecordChangeEvent<SourceRecord>> batch = List.of(() -> event("c", null, row("=10", "=High")));
        for (int i = 0; i < ROOM; i++) {
            reader.take(batch);
        }
        AtomicReference<Throwable> end = new AtomicReference<>();
        Thread engine = new Thread(() -> {
            try {
                reader.take(batch);
            } catch (InterruptedException e) {
                end.set(e);
            }
        });
        engine.start();
        while (engine.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        reader.close();
        engine.join();
        assertEquals("Capture is closed", end.get().getMessage());
    }

    @Test
    void whatNoRuleCoversIsRefused() {
        String message = assertThrows(
                        IllegalArgumentException.class, () -> reader.read(event("t", null, row("=10", "=High"))))
                .getMessage();
        assertTrue(message.contains("'t' of table LOC"), message);
        message = assertThrows(IllegalArgumentException.class, () -> reader.read(event("r", null, row("=10", "=High"))))
                .getMessage();
        assertTrue(message.contains("'r' of table LOC"), message);
        Struct stu = event("c", null, row("=10", "=High"), "STU");
        message = assertThrows(IllegalArgumentException.class, () -> reader.read(record(Map.of(), stu)))
                .getMessage();
        assertTrue(message.contains("STU, which is not captured"), message);
    }

    private static SourceRecord event(String operation, Struct before, Struct after) {
        return record(Map.of("commit_lsn", "of the offset"), event(operation, before, after, "loc"));
    }

    private static Struct event(String operation, Struct before, Struct after, String table) {
        return new Struct(EVENT)
                .put("op", operation)
                .put("before", before)
                .put("after", after)
                .put(
                        "source",
                        new Struct(SOURCE)
                                .put("table", table)
                                .put("ts_ms", AT.toEpochMilli())
                                .put("commit_lsn", COMMIT)
                                .put("change_lsn", CHANGE));
    }

    private static SourceRecord record(Map<String, ?> offset, Struct value) {
        return new SourceRecord(Map.of(), offset, "topic", value == null ? null : value.schema(), value);
    }

    private static Struct row(String values) {
        return values == null ? null : row(values.split(" ")[0], values.split(" ")[1]);
    }

    private static Struct row(String code, String name) {
        return new Struct(ROW).put("CD", code).put("NM", name.equals("-") ? null : name);
    }

    private static String text(ContractRow row) {
        return row.key() + " "
                + row.live()
                        .map(school -> ((School) school).getName().orElse("null"))
                        .orElse("gone");
    }
}
