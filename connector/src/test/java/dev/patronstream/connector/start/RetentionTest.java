package dev.patronstream.connector.start;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.connector.database.CaptureInstance;
import dev.patronstream.connector.database.TrackedTable;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.schemas.Lsn;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Of one table: A is the instance it always had, B one that is added beside it, while capture stands at 15. */
class RetentionTest {

    private static final Lsn WATERMARK = lsn(15);
    private static final TrackedTable A = instance("A", 10);
    private static final TrackedTable B = instance("B", 20);

    private static Lsn lsn(int number) {
        return new Lsn("00000027:%08d:0001".formatted(number));
    }

    private static TrackedTable instance(String name, int start) {
        return new TrackedTable("STU", name, lsn(start), "2026-07-01T08:00:00", Map.of("LN", 2));
    }

    private static Optional<String> lost(List<TrackedTable> known, TrackedTable... now) {
        List<CaptureInstance> before =
                known.stream().map(TrackedTable::asInstance).toList();
        return Retention.lost(Set.of(SourceTable.STU), before, List.of(now), WATERMARK);
    }

    @Test
    void anInstanceThatBeginsBelowTheWatermarkHasEverything() {
        assertEquals(Optional.empty(), lost(List.of(A), A));
        assertEquals(Optional.empty(), lost(List.of(A), A, B));
        assertEquals(Optional.empty(), lost(List.of(A, B), A, B));
        assertEquals(Optional.empty(), lost(List.of(A, B), A));
    }

    @Test
    void theOnlyInstanceThereEverWasHasEverythingWhereverItBegins() {
        assertEquals(Optional.empty(), lost(List.of(B), B));
    }

    @Test
    void aSecondInstanceDoesNotHaveWhatOnlyTheFirstOneHad() {
        assertTrue(lost(List.of(A, B), B).orElseThrow().contains("STU"));
    }

    @Test
    void anInstanceThatTheCleanUpHasPassedOrThatIsNewHasLostSomething() {
        assertTrue(lost(List.of(A), instance("A", 20)).orElseThrow().contains("longer than CDC keeps changes"));
        assertTrue(lost(List.of(A), B).orElseThrow().contains("created again"));
        assertTrue(lost(List.of(A)).orElseThrow().contains("not tracked"));
    }
}
