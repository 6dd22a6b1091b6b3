package dev.patronstream.connector.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.connector.row.RowKey;
import dev.patronstream.connector.row.RowProblem;
import dev.patronstream.connector.row.SourceTable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** A row that is left out is said for as long as it is left out. */
class StatusBoardTest {

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final String LEFT_OUT =
            "a value of STU.ID cannot be carried, so its row is left out: not a whole number";

    private final StatusBoard board = new StatusBoard();

    private void read(String key, boolean withProblem) {
        board.mapped(new RowKey(SourceTable.STU, key));
        if (withProblem) {
            board.problem(NOON, new RowProblem(SourceTable.STU, "ID", key, "not a whole number", true));
        }
    }

    private List<String> notices() {
        return board.read().notices().stream().map(ConnectorStatus.Notice::text).toList();
    }

    @Test
    void oneNoticeNamesTheLastRowAndHowManyThereAre() {
        read("10/1", true);
        assertEquals(List.of(LEFT_OUT + " (row 10/1)"), notices());
        read("10/2", true);
        assertEquals(List.of(LEFT_OUT + " (row 10/2, and 1 more row)"), notices());
        read("10/3", true);
        read("10/1", true);
        assertEquals(List.of(LEFT_OUT + " (row 10/1, and 2 more rows)"), notices());
        for (int row = 0; row < 200; row++) {
            read("20/" + row, true);
        }
        assertEquals(1, notices().size());
        assertTrue(
                notices().get(0).endsWith(", and at least 99 more rows)"),
                notices().toString());
        assertEquals(203, board.read().counters().problems(), "that of a row that is read again counts once");
    }

    @Test
    void itGoesWhenItsRowsAreReadWithoutIt() {
        read("10/1", true);
        read("10/2", true);
        read("10/2", false);
        assertEquals(List.of(LEFT_OUT + " (row 10/1)"), notices());
        board.mapped(new RowKey(SourceTable.TCH, "10/1"));
        read("10/1", false);
        assertEquals(List.of(), notices());
        assertEquals(Map.of(), board.problems());
    }

    @Test
    void otherNoticesDoNotPushItOut() {
        read("10/1", true);
        for (int other = 0; other < 30; other++) {
            board.notice(NOON.plusSeconds(other), "record " + other + " was written by something else");
        }
        assertEquals(11, notices().size());
        assertEquals(LEFT_OUT + " (row 10/1)", notices().get(10));
    }

    @Test
    void theNextLifeKnowsIt() {
        read("10/1", true);
        read("10/2", true);
        StatusBoard next = new StatusBoard();
        next.problems(NOON, board.problems());
        assertEquals(board.read().notices(), next.read().notices());
        next.problems(NOON, Map.of());
        assertEquals(List.of(), next.read().notices());
    }

    @Test
    void aSnapshotSaysHowManyRowsThereAreAndHowLongItTakes() {
        assertEquals("taking a snapshot, 0 rows so far (first start)", reading(0, OptionalLong.empty()));
        assertEquals("taking a snapshot, 0 of 500 rows (first start)", reading(0, OptionalLong.of(500)));
        assertEquals(
                "taking a snapshot, 100 of 500 rows, about 12 s left (first start)",
                reading(100, OptionalLong.of(500)));
        assertEquals(
                "taking a snapshot, 501 rows so far (first start)",
                reading(501, OptionalLong.of(500)),
                "rows that moved while they were read row by row");
    }

    private static String reading(long rows, OptionalLong counted) {
        return new ConnectorStatus.Snapshotting(
                        "first start", Map.of("STU", rows), counted, Duration.ofSeconds(3), false, "")
                .inWords();
    }
}
