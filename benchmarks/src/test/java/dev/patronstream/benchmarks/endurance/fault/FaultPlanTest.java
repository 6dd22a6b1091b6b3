package dev.patronstream.benchmarks.endurance.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class FaultPlanTest {

    @Test
    void aSeedGivesTheSameFaultsAgain() {
        assertEquals(FaultPlan.of(42, 50, false, 1), FaultPlan.of(42, 50, false, 1));
        assertNotEquals(FaultPlan.of(42, 50, false, 1), FaultPlan.of(43, 50, false, 1));
    }

    @Test
    void aLongerPlanBeginsLikeAShorterOne() {
        assertEquals(
                FaultPlan.of(42, 30, true, 1), FaultPlan.of(42, 90, true, 1).subList(0, 30));
    }

    @Test
    void everyKindOfFaultComesWithinTenDecksAndTheFirstDeckHasLosses() {
        List<Fault> faults = FaultPlan.of(1, 130, false, 1);
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
        List<List<Victim>> victims = FaultPlan.of(1, 300, true, 1).stream()
                .filter(Fault.Kill.class::isInstance)
                .map(fault -> ((Fault.Kill) fault).victims())
                .toList();
        assertEquals(240, victims.size());
        for (Victim victim : Victim.all(1)) {
            assertTrue(victims.contains(List.of(victim)), victim::id);
        }
        assertTrue(victims.contains(Victim.all(1)));
    }

    @Test
    void threeBrokersHaveFaultsOfTheirOwn() {
        List<Fault> faults = FaultPlan.of(1, 300, false, 3);
        for (Victim broker : Victim.BROKERS) {
            assertTrue(
                    faults.stream()
                            .anyMatch(fault -> fault instanceof Fault.Kill kill
                                    && kill.victims().equals(List.of(broker))),
                    broker::id);
        }
        for (Fault.RoleKill.Role role : Fault.RoleKill.Role.values()) {
            assertTrue(
                    faults.stream().anyMatch(fault -> fault instanceof Fault.RoleKill kill && kill.role() == role),
                    role::name);
        }
        for (LostTopic what : LostTopic.values()) {
            assertTrue(
                    faults.stream()
                            .anyMatch(fault ->
                                    fault instanceof Fault.UncleanElection election && election.what() == what),
                    what::name);
        }
        assertTrue(faults.stream().noneMatch(Fault.LostTail.class::isInstance));
    }
}
