package dev.patronstream.benchmarks.endurance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultPlanTest {

    @Test
    void aSeedGivesTheSameFaultsAgain() {
        assertEquals(FaultPlan.of(42, 50, false), FaultPlan.of(42, 50, false));
        assertNotEquals(FaultPlan.of(42, 50, false), FaultPlan.of(43, 50, false));
    }

    @Test
    void aLongerPlanBeginsLikeAShorterOne() {
        assertEquals(FaultPlan.of(42, 30, true), FaultPlan.of(42, 90, true).subList(0, 30));
    }

    @Test
    void everyKindOfFaultComesWithinTenDecksAndTheFirstDeckHasLosses() {
        List<Fault> faults = FaultPlan.of(1, 130, false);
        assertEquals(11, faults.stream().map(Object::getClass).distinct().count());
        for (Fault.Upheaval.What what : Fault.Upheaval.What.values()) {
            assertTrue(
                    faults.stream()
                            .anyMatch(fault -> fault instanceof Fault.Upheaval upheaval && upheaval.what() == what),
                    what::name);
        }
        for (LostTopic what : LostTopic.values()) {
            assertTrue(
                    faults.stream().anyMatch(fault -> fault instanceof Fault.LostTail lost && lost.what() == what),
                    what::name);
            assertTrue(
                    faults.stream().anyMatch(fault -> fault instanceof Fault.DeletedTopic lost && lost.what() == what),
                    what::name);
        }
        assertEquals(4, faults.subList(0, 10).stream().filter(Fault::isLoss).count());
    }

    @Test
    void killsMeetEveryProcessAloneAndAllTogether() {
        List<List<Victim>> victims = FaultPlan.of(1, 300, true).stream()
                .filter(Fault.Kill.class::isInstance)
                .map(fault -> ((Fault.Kill) fault).victims())
                .toList();
        assertEquals(240, victims.size());
        for (Victim victim : Victim.values()) {
            assertTrue(victims.contains(List.of(victim)), victim::id);
        }
        assertTrue(victims.stream()
                .anyMatch(all -> all.size() == EnumSet.allOf(Victim.class).size()));
    }
}
