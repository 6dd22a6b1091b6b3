package dev.patronstream.connector.database;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.LocalDateTime;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** When a scan of the log has reached its end. */
class ScanSessionTest {

    @Test
    void aScanThatHadItsFillHasNotCaughtUp() {
        assertTrue(scan(0, 99).caughtUp(OptionalInt.of(100)));
        assertFalse(scan(0, 100).caughtUp(OptionalInt.of(100)));
        assertFalse(scan(1, 0).caughtUp(OptionalInt.of(100)));
    }

    @Test
    void whereTheFillIsNotKnownOnlyAScanThatFoundNothingIsSure() {
        assertTrue(scan(0, 0).caughtUp(OptionalInt.empty()));
        assertFalse(scan(0, 1).caughtUp(OptionalInt.empty()));
    }

    private static ScanSession scan(long errors, long transactions) {
        LocalDateTime time = LocalDateTime.of(2026, 11, 24, 2, 0);
        return new ScanSession(1, time, time, errors, transactions, transactions == 0 ? 1 : 0);
    }
}
