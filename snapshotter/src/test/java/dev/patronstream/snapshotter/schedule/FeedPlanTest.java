package dev.patronstream.snapshotter.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.snapshotter.Changed;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeedPlanTest {

    private static final Instant NINE = Instant.parse("2026-11-24T09:00:00Z");
    private static final Instant TEN = Instant.parse("2026-11-24T10:00:00Z");

    @Test
    void aTimeIsDueUntilItsAttemptHasAnEnd() {
        FeedPlan plan = hourly();
        plan.resume(Optional.empty(), false, at(NINE.plusSeconds(1)));
        assertFalse(plan.isDue(at(TEN.minusMillis(1)), false));
        assertFalse(plan.waits());
        assertTrue(plan.isDue(at(TEN), false));
        plan.begin(at(TEN));
        assertFalse(plan.isDue(at(TEN), false));
        assertTrue(plan.waits());
        plan.end(false);
        assertFalse(plan.waits());
        assertFalse(plan.isDue(at(TEN.plusSeconds(60)), false));
        assertEquals(Optional.of(TEN.plus(Duration.ofHours(1))), plan.next());
    }

    @Test
    void manyMissedTimesAreOneAndAFeedThatWasNeverDeliveredWaits() {
        FeedPlan plan = hourly();
        plan.resume(Optional.of(NINE.minus(Duration.ofDays(3))), false, at(NINE.plusSeconds(1)));
        assertTrue(plan.isDue(at(NINE.plusSeconds(1)), false));
        plan.begin(at(NINE.plusSeconds(1)));
        plan.end(false);
        assertFalse(plan.isDue(at(NINE.plusSeconds(2)), false));
        FeedPlan first = hourly();
        first.resume(Optional.empty(), false, at(NINE.plusSeconds(1)));
        assertFalse(first.isDue(at(NINE.plusSeconds(1)), false));
    }

    /** Between the start and the moment at which this snapshotter becomes the leader. */
    @Test
    void aFirstTimeBeforeThisSnapshotterLedIsNotLost() {
        FeedPlan plan = hourly();
        plan.resume(Optional.empty(), false, at(TEN.minusSeconds(1)));
        plan.resume(Optional.empty(), false, at(TEN.plusSeconds(1)));
        assertTrue(plan.isDue(at(TEN.plusSeconds(1)), false));
        FeedPlan served = hourly();
        served.resume(Optional.empty(), false, at(TEN.minusSeconds(1)));
        served.resume(Optional.of(TEN), false, at(TEN.plusSeconds(1)));
        assertFalse(served.isDue(at(TEN.plusSeconds(1)), false));
    }

    @Test
    void anInterruptedAttemptIsMadeAgainAtOnce() {
        FeedPlan plan = hourly();
        plan.resume(Optional.of(NINE), true, at(NINE.plusSeconds(5)));
        assertTrue(plan.isDue(at(NINE.plusSeconds(5)), false));
    }

    @Test
    void aTimeThatAFasterClockHasServedDoesNotComeAgain() {
        FeedPlan plan = hourly();
        plan.resume(Optional.of(TEN.plusMillis(10)), false, at(TEN.minusSeconds(2)));
        assertFalse(plan.isDue(at(TEN), false));
        assertEquals(Optional.of(TEN.plus(Duration.ofHours(1))), plan.next());
    }

    @Test
    void timesInAPauseAreCaughtUpOnceAndAreNotLateForIt() {
        FeedPlan plan = hourly();
        plan.resume(Optional.of(NINE), false, at(NINE.plusSeconds(1)));
        for (int hour = 1; hour <= 5; hour++) {
            Instant now = NINE.plus(Duration.ofHours(hour));
            assertFalse(plan.isDue(at(now), true));
            assertEquals(Optional.empty(), plan.newlyLate(at(now)));
        }
        Instant over = NINE.plus(Duration.ofHours(5)).plusSeconds(60);
        assertTrue(plan.isDue(at(over), false));
        plan.begin(at(over));
        plan.end(false);
        assertFalse(plan.isDue(at(over.plusSeconds(1)), false));
    }

    @Test
    void aDeliveryWithoutAReceiptIsMadeAgainAfterAPause() {
        FeedPlan plan = hourly();
        plan.resume(Optional.of(NINE), false, at(NINE.plusSeconds(1)));
        assertTrue(plan.isDue(at(TEN), false));
        plan.begin(at(TEN));
        plan.breakOff(at(TEN));
        assertFalse(plan.isDue(at(TEN.plusSeconds(14)), false));
        assertTrue(plan.isDue(at(TEN.plusSeconds(30)), false));
    }

    @Test
    void whatHasNotHappenedIsLateOnce() {
        FeedPlan plan = hourly();
        plan.resume(Optional.of(NINE), false, at(NINE.plusSeconds(1)));
        assertTrue(plan.isDue(at(TEN), false));
        plan.begin(at(TEN));
        assertEquals(Optional.empty(), plan.newlyLate(at(TEN.plus(Duration.ofMinutes(29)))));
        assertEquals(Optional.of(TEN), plan.newlyLate(at(TEN.plus(Duration.ofMinutes(30)))));
        assertEquals(Optional.empty(), plan.newlyLate(at(TEN.plus(Duration.ofMinutes(31)))));
        plan.breakOff(at(TEN.plus(Duration.ofMinutes(31))));
        assertEquals(Optional.empty(), plan.newlyLate(at(TEN.plus(Duration.ofMinutes(90)))));
    }

    @Test
    void aChangeIsDueAtOnceAndFurtherOnesAfterTheShortestTime() {
        FeedPlan plan = onChange();
        plan.resume(Optional.of(NINE), false, at(NINE.plus(Duration.ofHours(1))));
        plan.see(7);
        assertTrue(plan.isDue(at(TEN), false), "what changed while nobody looked is not known");
        plan.begin(at(TEN));
        plan.see(8);
        plan.end(false);
        assertEquals(Optional.of(TEN.plus(Duration.ofMinutes(15))), plan.next());
        assertFalse(plan.isDue(at(TEN.plus(Duration.ofMinutes(14))), false));
        Instant second = TEN.plus(Duration.ofMinutes(15));
        assertTrue(plan.isDue(at(second), false), "a change that came while delivering is not forgotten");
        plan.begin(at(second));
        plan.end(false);
        assertEquals(Optional.empty(), plan.next());
        assertFalse(plan.isDue(at(second.plus(Duration.ofDays(1))), false));
        plan.see(9);
        assertTrue(plan.isDue(at(second.plus(Duration.ofDays(1))), false));
    }

    @Test
    void aChangeThatCouldNotBeDeliveredIsTriedAgain() {
        FeedPlan plan = onChange();
        plan.resume(Optional.empty(), false, at(NINE));
        plan.see(7);
        assertTrue(plan.isDue(at(NINE), false));
        plan.begin(at(NINE));
        plan.end(true);
        assertFalse(plan.isDue(at(NINE.plus(Duration.ofMinutes(14))), false));
        assertTrue(plan.isDue(at(NINE.plus(Duration.ofMinutes(15))), false));
    }

    private static FeedPlan hourly() {
        return new FeedPlan(Optional.of(new ScheduleSettings(
                Optional.of("0 * * * *"), Optional.empty(), Optional.of(Duration.ofMinutes(30)), ZoneId.of("UTC"))));
    }

    private static FeedPlan onChange() {
        return new FeedPlan(Optional.of(new ScheduleSettings(
                Optional.empty(), Optional.of(Duration.ofMinutes(15)), Optional.empty(), ZoneId.of("UTC"))));
    }

    /** Both clocks go on as they should. */
    private static Moment at(Instant wall) {
        return at(wall, Duration.ZERO);
    }

    /** The one on the wall is wrong by so much. */
    private static Moment at(Instant real, Duration wrongBy) {
        return new Moment(real.plus(wrongBy), Duration.between(NINE, real).toNanos());
    }

    /** A clock that is wrong for a while, by a day or a year, makes a feed neither deliver nothing nor be late by it. */
    @ParameterizedTest
    @ValueSource(strings = {"P1D", "P-1D", "P365D", "P-365D"})
    void aClockThatIsWrongForAWhileLosesNoTime(Duration wrongBy) {
        FeedPlan plan = hourly();
        plan.resume(Optional.of(NINE), false, at(NINE.plusSeconds(1)));
        assertFalse(plan.isDue(at(NINE.plusSeconds(10)), false));
        Instant wrong = NINE.plusSeconds(600);
        boolean due = plan.isDue(at(wrong, wrongBy), false);
        assertEquals(!wrongBy.isNegative(), due, "a time that came is due");
        assertEquals(Optional.empty(), plan.newlyLate(at(wrong, wrongBy)));
        if (due) {
            plan.begin(at(wrong, wrongBy));
            plan.end(false);
        }
        Instant right = NINE.plusSeconds(1200);
        assertFalse(plan.isDue(at(right), false));
        assertEquals(Optional.of(TEN), plan.next());
        assertTrue(plan.isDue(at(TEN), false));
        // Also for who starts in between, and reads until when the wrong clock has served.
        FeedPlan next = hourly();
        next.resume(due ? Optional.of(wrong.plus(wrongBy)) : Optional.of(NINE), false, at(right));
        assertFalse(next.isDue(at(right), false));
        assertTrue(next.isDue(at(TEN), false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"P1D", "P-1D", "P365D", "P-365D"})
    void waitsAreMeasuredByAClockThatNobodySets(Duration wrongBy) {
        FeedPlan plan = new FeedPlan(Optional.of(new ScheduleSettings(
                Optional.empty(),
                Optional.of(Duration.ofMinutes(15)),
                Optional.of(Duration.ofHours(1)),
                ZoneId.of("America/Los_Angeles"))));
        plan.resume(Optional.empty(), false, at(NINE));
        plan.see(1);
        assertTrue(plan.isDue(at(NINE), false));
        plan.begin(at(NINE));
        plan.end(false);
        plan.see(2);
        assertFalse(plan.isDue(at(NINE.plusSeconds(60), wrongBy), false));
        assertFalse(plan.isDue(at(NINE.plusSeconds(14 * 60)), false));
        assertTrue(plan.isDue(at(NINE.plusSeconds(15 * 60), wrongBy), false));
        plan.begin(at(NINE.plusSeconds(15 * 60), wrongBy));
        plan.breakOff(at(NINE.plusSeconds(15 * 60), wrongBy));
        assertFalse(plan.isDue(at(NINE.plusSeconds(15 * 60 + 10)), false));
        assertTrue(plan.isDue(at(NINE.plusSeconds(15 * 60 + 30)), false));
        assertEquals(Optional.empty(), plan.newlyLate(at(NINE.plusSeconds(16 * 60), wrongBy)));
        assertFalse(plan.newlyLate(at(NINE.plusSeconds(76 * 60))).isEmpty());
        // The wrong clock's time stands in the state.
        FeedPlan next = new FeedPlan(Optional.of(new ScheduleSettings(
                Optional.empty(), Optional.of(Duration.ofMinutes(15)), Optional.empty(), ZoneId.of("UTC"))));
        next.resume(Optional.of(NINE.plus(Duration.ofDays(365))), false, at(NINE));
        next.see(3);
        assertTrue(next.isDue(at(NINE.plusSeconds(15 * 60)), false));
    }

    @Test
    void bothChangesOfTheClockInAYearServeEachNightOnce() {
        for (String day : new String[] {"2026-11-01T05:00:00Z", "2026-03-08T05:00:00Z"}) {
            FeedPlan plan =
                    new FeedPlan(Optional.of(Changed.schedule("30 1,2 * * *", ZoneId.of("America/Los_Angeles"))));
            Instant start = Instant.parse(day);
            plan.resume(Optional.of(start), false, at(start));
            int served = 0;
            for (Instant now = start; now.isBefore(start.plus(Duration.ofHours(24))); now = now.plusSeconds(300)) {
                if (plan.isDue(at(now), false)) {
                    served++;
                    plan.begin(at(now));
                    plan.end(false);
                }
            }
            assertEquals(2, served, day);
        }
    }
}
