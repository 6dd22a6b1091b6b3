package dev.patronstream.snapshotter.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FeedPlanTest {

    private static final Instant NINE = Instant.parse("2026-11-24T09:00:00Z");
    private static final Instant TEN = Instant.parse("2026-11-24T10:00:00Z");

    @Test
    void aTimeIsDueUntilItsAttemptHasAnEnd() {
        FeedPlan plan = hourly();
        plan.resume(Optional.empty(), false, NINE.plusSeconds(1));
        assertFalse(plan.isDue(TEN.minusMillis(1), false));
        assertTrue(plan.isDue(TEN, false));
        plan.begin(TEN);
        assertFalse(plan.isDue(TEN, false));
        plan.end(false);
        assertFalse(plan.isDue(TEN.plusSeconds(60), false));
        assertEquals(Optional.of(TEN.plus(Duration.ofHours(1))), plan.next());
    }

    @Test
    void manyMissedTimesAreOneAndAFeedThatWasNeverDeliveredWaits() {
        FeedPlan plan = hourly();
        plan.resume(Optional.of(NINE.minus(Duration.ofDays(3))), false, NINE.plusSeconds(1));
        assertTrue(plan.isDue(NINE.plusSeconds(1), false));
        plan.begin(NINE.plusSeconds(1));
        plan.end(false);
        assertFalse(plan.isDue(NINE.plusSeconds(2), false));
        FeedPlan first = hourly();
        first.resume(Optional.empty(), false, NINE.plusSeconds(1));
        assertFalse(first.isDue(NINE.plusSeconds(1), false));
    }

    /** Between the start and the moment at which this snapshotter comes to be in charge. */
    @Test
    void aFirstTimeThatCameWhileSomebodyElseCouldHaveBeenInChargeIsNotLost() {
        FeedPlan plan = hourly();
        plan.resume(Optional.empty(), false, TEN.minusSeconds(1));
        plan.resume(Optional.empty(), false, TEN.plusSeconds(1));
        assertTrue(plan.isDue(TEN.plusSeconds(1), false));
        FeedPlan served = hourly();
        served.resume(Optional.empty(), false, TEN.minusSeconds(1));
        served.resume(Optional.of(TEN), false, TEN.plusSeconds(1));
        assertFalse(served.isDue(TEN.plusSeconds(1), false));
    }

    @Test
    void anInterruptedAttemptIsMadeAgainAtOnce() {
        FeedPlan plan = hourly();
        plan.resume(Optional.of(NINE), true, NINE.plusSeconds(5));
        assertTrue(plan.isDue(NINE.plusSeconds(5), false));
    }

    @Test
    void aTimeThatAFasterClockHasServedDoesNotComeAgain() {
        FeedPlan plan = hourly();
        plan.resume(Optional.of(TEN.plusMillis(10)), false, TEN.minusSeconds(2));
        assertFalse(plan.isDue(TEN, false));
        assertEquals(Optional.of(TEN.plus(Duration.ofHours(1))), plan.next());
    }

    @Test
    void timesInAPauseAreCaughtUpOnceAndAreNotLateForIt() {
        FeedPlan plan = hourly();
        plan.resume(Optional.of(NINE), false, NINE.plusSeconds(1));
        for (int hour = 1; hour <= 5; hour++) {
            Instant now = NINE.plus(Duration.ofHours(hour));
            assertFalse(plan.isDue(now, true));
            assertEquals(Optional.empty(), plan.newlyLate(now));
        }
        Instant over = NINE.plus(Duration.ofHours(5)).plusSeconds(60);
        assertTrue(plan.isDue(over, false));
        plan.begin(over);
        plan.end(false);
        assertFalse(plan.isDue(over.plusSeconds(1), false));
    }

    @Test
    void aDeliveryWithoutAReceiptIsMadeAgainAfterAPause() {
        FeedPlan plan = hourly();
        plan.resume(Optional.of(NINE), false, NINE.plusSeconds(1));
        assertTrue(plan.isDue(TEN, false));
        plan.begin(TEN);
        plan.breakOff(TEN);
        assertFalse(plan.isDue(TEN.plusSeconds(14), false));
        assertTrue(plan.isDue(TEN.plusSeconds(30), false));
    }

    @Test
    void whatHasNotHappenedIsLateOnce() {
        FeedPlan plan = hourly();
        plan.resume(Optional.of(NINE), false, NINE.plusSeconds(1));
        assertTrue(plan.isDue(TEN, false));
        plan.begin(TEN);
        assertEquals(Optional.empty(), plan.newlyLate(TEN.plus(Duration.ofMinutes(29))));
        assertEquals(Optional.of(TEN), plan.newlyLate(TEN.plus(Duration.ofMinutes(30))));
        assertEquals(Optional.empty(), plan.newlyLate(TEN.plus(Duration.ofMinutes(31))));
        plan.breakOff(TEN.plus(Duration.ofMinutes(31)));
        assertEquals(Optional.empty(), plan.newlyLate(TEN.plus(Duration.ofMinutes(90))));
    }

    @Test
    void aChangeIsDueAtOnceAndFurtherOnesAfterTheShortestTime() {
        FeedPlan plan = onChange();
        plan.resume(Optional.of(NINE), false, NINE.plus(Duration.ofHours(1)));
        plan.see(7);
        assertTrue(plan.isDue(TEN, false), "what changed while nobody looked is not known");
        plan.begin(TEN);
        plan.see(8);
        plan.end(false);
        assertEquals(Optional.of(TEN.plus(Duration.ofMinutes(15))), plan.next());
        assertFalse(plan.isDue(TEN.plus(Duration.ofMinutes(14)), false));
        Instant second = TEN.plus(Duration.ofMinutes(15));
        assertTrue(plan.isDue(second, false), "a change that came while delivering is not forgotten");
        plan.begin(second);
        plan.end(false);
        assertEquals(Optional.empty(), plan.next());
        assertFalse(plan.isDue(second.plus(Duration.ofDays(1)), false));
        plan.see(9);
        assertTrue(plan.isDue(second.plus(Duration.ofDays(1)), false));
    }

    @Test
    void aChangeThatCouldNotBeDeliveredIsTriedAgain() {
        FeedPlan plan = onChange();
        plan.resume(Optional.empty(), false, NINE);
        plan.see(7);
        assertTrue(plan.isDue(NINE, false));
        plan.begin(NINE);
        plan.end(true);
        assertFalse(plan.isDue(NINE.plus(Duration.ofMinutes(14)), false));
        assertTrue(plan.isDue(NINE.plus(Duration.ofMinutes(15)), false));
    }

    private static FeedPlan hourly() {
        return new FeedPlan(Optional.of(new ScheduleSettings(
                Optional.of("0 * * * *"), Optional.empty(), Optional.of(Duration.ofMinutes(30)), ZoneId.of("UTC"))));
    }

    private static FeedPlan onChange() {
        return new FeedPlan(Optional.of(new ScheduleSettings(
                Optional.empty(), Optional.of(Duration.ofMinutes(15)), Optional.empty(), ZoneId.of("UTC"))));
    }
}
