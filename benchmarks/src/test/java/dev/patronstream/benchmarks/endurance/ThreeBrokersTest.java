package dev.patronstream.benchmarks.endurance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.benchmarks.endurance.fault.Fault;
import dev.patronstream.benchmarks.endurance.fault.Fault.Kill;
import dev.patronstream.benchmarks.endurance.fault.Fault.RoleKill;
import dev.patronstream.benchmarks.endurance.fault.Fault.RoleKill.Role;
import dev.patronstream.benchmarks.endurance.fault.Fault.Timing;
import dev.patronstream.benchmarks.endurance.fault.Fault.UncleanElection;
import dev.patronstream.benchmarks.endurance.fault.LostTopic;
import dev.patronstream.benchmarks.endurance.fault.Victim;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of three brokers, under load: each is killed, in its roles too, and one that missed records is elected. */
@Tag("faults")
class ThreeBrokersTest {

    private static final Timing AT_WORK = new Timing(true, Duration.ZERO);

    @TempDir
    Path directory;

    @Test
    @Timeout(value = 25, unit = TimeUnit.MINUTES)
    void killedBrokersAndAnUncleanElectionLoseNothingAndDeliverNothingWrong() throws Exception {
        List<Fault> plan = new ArrayList<>();
        for (Victim broker : Victim.BROKERS) {
            plan.add(new Kill(AT_WORK, List.of(broker), Duration.ofSeconds(1)));
        }
        plan.add(new RoleKill(AT_WORK, Role.CONTRACT_LEADER, Duration.ofSeconds(1)));
        plan.add(new RoleKill(AT_WORK, Role.CONNECTORS_COORDINATOR, Duration.ofSeconds(1)));
        plan.add(new UncleanElection(AT_WORK, LostTopic.CONTRACT, 2));
        Path log = Files.createDirectories(Path.of("target", "three-brokers")).resolve("journal.log");
        Files.deleteIfExists(log);
        EnduranceReport report = new Endurance(
                        new EnduranceSettings(
                                3,
                                400,
                                20,
                                plan.size(),
                                false,
                                Victim.BROKERS.size(),
                                Duration.ofMinutes(20),
                                Duration.ofMinutes(5),
                                Duration.ofSeconds(5),
                                directory.resolve("run")),
                        line -> EnduranceTest.append(log, line))
                .run(plan);
        Files.writeString(log.resolveSibling("report.md"), report.markdown());
        assertTrue(report.isGreen(), report::markdown);
        assertEquals(plan.size(), report.strikes().size(), report::markdown);
        assertTrue(report.strikes().get(plan.size() - 1).outcome().contains(" lost offsets "), () -> report.strikes()
                .toString());
    }
}
