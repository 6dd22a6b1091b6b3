package dev.patronstream.cli.run;

import dev.patronstream.cli.web.StatusReport.Stage;
import dev.patronstream.cli.web.StatusReport.StageName;
import dev.patronstream.cli.web.StatusReport.StageState;
import dev.patronstream.connector.ConnectorStatus;
import dev.patronstream.streams.StreamsStatus;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts the stages' own words into those of the status port, and remembers since when each is in its state. */
final class StageReports {

    private record Known(StageState state, Instant since) {}

    private final InstantSource clock;
    private final Map<StageName, Known> known = new EnumMap<>(StageName.class);

    StageReports(InstantSource clock) {
        this.clock = clock;
    }

    Stage capture(ConnectorStatus status) {
        Map<String, String> details = new LinkedHashMap<>();
        status.lastEpoch().ifPresent(epoch -> details.put("epoch", Long.toString(epoch)));
        status.watermark().ifPresent(lsn -> details.put("watermark", lsn.toString()));
        status.lastPublished().ifPresent(time -> details.put("last published", time.toString()));
        List<String> notices = new ArrayList<>(status.warnings());
        status.notices().forEach(notice -> notices.add(notice.at() + " " + notice.text()));
        Stage stage =
                stage(StageName.CAPTURE, state(status.state()), status.state().inWords(), details);
        return new Stage(stage.name(), stage.state(), stage.sentence(), stage.since(), stage.details(), notices);
    }

    Stage patrons(StreamsStatus status) {
        Map<String, String> details = new LinkedHashMap<>();
        status.applied().ifPresent(applied -> {
            details.put("epoch", Long.toString(applied.epoch()));
            details.put("watermark", applied.watermark());
            details.put("business date", applied.businessDate().toString());
        });
        status.work()
                .ifPresent(work -> details.put(
                        "work", work.name() + ": " + work.done() + (work.total() > 0 ? " of " + work.total() : "")));
        return stage(StageName.PATRONS, state(status.phase()), status.message(), details);
    }

    Stage stage(StageName name, StageState state, String sentence, Map<String, String> details) {
        return new Stage(name, state, sentence, since(name, state), details);
    }

    Stage elsewhere(StageName name) {
        return stage(name, StageState.ELSEWHERE, "does not run in this process", Map.of());
    }

    private synchronized Instant since(StageName name, StageState state) {
        Known before = known.get(name);
        if (before == null || before.state() != state) {
            before = new Known(state, clock.instant());
            known.put(name, before);
        }
        return before.since();
    }

    private static StageState state(ConnectorStatus.State state) {
        if (state instanceof ConnectorStatus.Snapshotting) {
            return StageState.WORKING;
        } else if (state instanceof ConnectorStatus.Streaming || state instanceof ConnectorStatus.Standby) {
            return StageState.RUNNING;
        } else if (state instanceof ConnectorStatus.Retrying) {
            return StageState.RETRYING;
        } else if (state instanceof ConnectorStatus.Held) {
            return StageState.HELD;
        } else if (state instanceof ConnectorStatus.Failed) {
            return StageState.FAILED;
        } else if (state instanceof ConnectorStatus.Stopped) {
            return StageState.STOPPED;
        }
        return StageState.STARTING;
    }

    private static StageState state(StreamsStatus.Phase phase) {
        return switch (phase) {
            case STARTING -> StageState.STARTING;
            case RESTORING, REBUILDING, WORKING -> StageState.WORKING;
            case RUNNING -> StageState.RUNNING;
            case RETRYING -> StageState.RETRYING;
            case STOPPED -> StageState.STOPPED;
            case STANDING_STILL, FAILED -> StageState.FAILED;
        };
    }
}
