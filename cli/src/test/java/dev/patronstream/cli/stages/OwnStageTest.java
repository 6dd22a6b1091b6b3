package dev.patronstream.cli.stages;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.patronstream.schemas.Lead;
import dev.patronstream.schemas.StageFeed;
import dev.patronstream.schemas.StageNote;
import dev.patronstream.schemas.StageProgress;
import dev.patronstream.schemas.StageReport;
import dev.patronstream.schemas.StageState;
import dev.patronstream.schemas.serde.AvroSerializer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OwnStageTest {

    private static final Instant NOW = Instant.parse("2026-11-24T04:22:00Z");

    static {
        new AvroSerializer<StageReport>().close();
    }

    /** Connector and snapshotter have times everywhere; a stage that only waits has none. */
    @Test
    void everyTimeThatAStageSaysIsReported() {
        StageFeed feed = new StageFeed(false, NOW.plusSeconds(60), NOW.plusSeconds(30), null);
        OwnStage stage = new OwnStage("connector", InstantSource.fixed(NOW), () -> 0);
        stage.asked(() -> StageReports.of(StageState.RUNNING, "streaming", Lead.YES)
                .setProgress(StageProgress.newBuilder()
                        .setFreshAsOf(NOW.minusSeconds(2))
                        .build())
                .setFeeds(Map.of("destiny", feed))
                .setNotes(List.of(new StageNote(NOW.minusSeconds(5), "a table was altered"))));

        StageReport report = stage.report(StageBoard.thisProcess(false), List.of(), Optional.empty());

        assertEquals(Optional.of(2000L), report.getProgress().orElseThrow().getFreshAgeMillis());
        assertEquals(Map.of("destiny", feed), report.getFeeds());
        assertEquals(Optional.of(NOW.minusSeconds(5)), report.getNotes().get(0).getAt());
        assertEquals(NOW, report.getRole().getSince());
    }
}
