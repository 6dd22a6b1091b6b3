package dev.patronstream.cli.stages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.cli.web.StatusReport.FreshnessState;
import dev.patronstream.cli.web.StatusReport.Role;
import dev.patronstream.cli.web.StatusReport.Stage;
import dev.patronstream.cli.web.StatusReport.StageState;
import dev.patronstream.cli.web.TimeWords;
import dev.patronstream.schemas.Lead;
import dev.patronstream.schemas.StageFreshness;
import dev.patronstream.schemas.StageInstance;
import dev.patronstream.schemas.StageProgress;
import dev.patronstream.schemas.StageReport;
import dev.patronstream.schemas.StageRole;
import dev.patronstream.schemas.serde.AvroSerializer;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is shown of a district, from who said what how long ago. */
class DistrictViewTest {

    private static final Instant NOW = Instant.parse("2026-11-24T04:22:00Z");
    private static final Duration LIMIT = Duration.ofMinutes(2);

    static {
        new AvroSerializer<StageReport>().close();
    }

    @Test
    void aDistrictInWhichAllAreHeardIsFresh() {
        DistrictView view = view(
                heard("connector", 1, Lead.YES, 4),
                heard("streams-app", 2, Lead.YES, 3),
                heard("snapshotter", 3, Lead.YES, 2));

        assertEquals(List.of(StageState.RUNNING, StageState.RUNNING, StageState.RUNNING), states(view));
        assertEquals(FreshnessState.KNOWN, view.freshness(LIMIT).state());
        assertEquals(Optional.of(NOW.minusSeconds(8)), view.freshness(LIMIT).asOf(), "5 s when it was said, 3 s ago");
    }

    @Test
    void freshnessGrowsOldWithTheWordOfIt() {
        DistrictView view = view(heard("connector", 1, Lead.YES, 300), heard("streams-app", 2, Lead.YES, 300));

        assertEquals(List.of(StageState.SILENT, StageState.SILENT, StageState.MISSING), states(view));
        assertEquals(FreshnessState.STALE, view.freshness(LIMIT).state());
        assertEquals(NOW.minusSeconds(300), view.stages(true).get(0).since());
    }

    @Test
    void whatThisMachineSaidIsAsOldAsItsClockSaysHoweverLateItCame() {
        StageReport said = heard("streams-app", 1, Lead.YES, 3).report();
        StageReport waited =
                StageReport.newBuilder(said).setHeartbeatAt(NOW.minusSeconds(9)).build();
        Heard heard = new Heard(waited, Duration.ofSeconds(3), Duration.ofSeconds(3), false);

        assertEquals(
                Optional.of(NOW.minusSeconds(14)),
                view(heard).freshness(LIMIT).asOf(),
                "5 s when it was said, 9 s ago, 6 of them on its way");
    }

    @Test
    void whoLeadsIsFirstAndAloneSpeaksForTheStage() {
        Heard waits = heard("snapshotter", 1, Lead.WAITS, 2);
        Stage stage =
                view(waits, heard("snapshotter", 2, Lead.YES, 9)).stages(true).get(2);

        assertEquals(StageState.RUNNING, stage.state());
        assertEquals(
                List.of(Role.LEADS, Role.WAITS),
                stage.instances().stream().map(instance -> instance.role()).toList());
        assertEquals(
                List.of(false, true),
                stage.instances().stream().map(instance -> instance.isHere()).toList());
    }

    @Test
    void processesThatAllWaitForAnotherDoNoWork() {
        Stage stage = view(heard("snapshotter", 1, Lead.WAITS, 2), heard("snapshotter", 2, Lead.WAITS, 2))
                .stages(true)
                .get(2);

        assertEquals(StageState.MISSING, stage.state());
        assertTrue(stage.sentence().contains("none does the work"), stage.sentence());
    }

    @Test
    void aSpareSpeaksForOneThatIsSilentAndOneThatWasReplacedIsGone() {
        Heard old = heard("connector", 2, Lead.YES, 90);
        assertEquals(
                List.of(StageState.RUNNING, StageState.SILENT),
                view(heard("connector", 1, Lead.YES, 1), old).stages(true).get(0).instances().stream()
                        .map(instance -> instance.state())
                        .toList());
        Heard replaced = new Heard(old.report(), old.silence(), old.age(), true);
        assertEquals(
                1,
                view(heard("connector", 1, Lead.YES, 1), replaced)
                        .stages(true)
                        .get(0)
                        .instances()
                        .size());
    }

    @Test
    void oneProcessSendsAlertsTheLeaderOrElseAnyThatRuns() {
        Heard self = heard("connector", 1, Lead.YES, 0);
        assertTrue(view(self, heard("snapshotter", 2, Lead.YES, 90)).sendsAlerts(), "the other one is silent");
        assertFalse(view(self, heard("snapshotter", 2, Lead.YES, 9)).sendsAlerts());
        assertTrue(view(self, heard("snapshotter", 2, Lead.WAITS, 9)).sendsAlerts());
    }

    private static List<StageState> states(DistrictView view) {
        return view.stages(true).stream().map(Stage::state).toList();
    }

    private static DistrictView view(Heard... heard) {
        return new DistrictView(
                List.of(heard), instance(1), stage -> Duration.ofMinutes(1), NOW, new TimeWords(ZoneOffset.UTC, NOW));
    }

    private static StageInstance instance(long pid) {
        return StageInstance.newBuilder()
                .setHost("sis" + pid)
                .setPid(pid)
                .setStartedAt(Instant.EPOCH)
                .setSendsAlerts(true)
                .build();
    }

    /** Somebody whose clock goes a day behind, on a machine of its own. */
    private static Heard heard(String stage, long pid, Lead lead, long secondsAgo) {
        Instant said = NOW.minus(Duration.ofDays(1));
        StageReport report = StageReport.newBuilder()
                .setStage(stage)
                .setInstance(instance(pid))
                .setState(dev.patronstream.schemas.StageState.RUNNING)
                .setMessage("works")
                .setSince(said)
                .setRole(new StageRole(lead, said.minusSeconds(3600)))
                .setProgress(StageProgress.newBuilder()
                        .setFreshness(StageFreshness.KNOWN)
                        .setFreshAgeMillis(5000L)
                        .build())
                .setHeartbeatAt(said)
                .build();
        return new Heard(report, Duration.ofSeconds(secondsAgo), Duration.ofSeconds(secondsAgo), false);
    }
}
