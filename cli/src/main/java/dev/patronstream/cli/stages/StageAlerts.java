package dev.patronstream.cli.stages;

import dev.patronstream.cli.web.StatusReport.Stage;
import dev.patronstream.cli.web.StatusReport.StageName;
import dev.patronstream.cli.web.StatusReport.StageState;
import dev.patronstream.schemas.lifecycle.StageThreads;
import dev.patronstream.snapshotter.notice.NoticeBoard;
import dev.patronstream.snapshotter.notice.Occasion;
import java.time.Duration;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells people of a stage that is down, once, and once when it is back. One process of the district does so: the
 * snapshotter that leads, or where none lives that knows how to reach people, one of those that do.
 */
public final class StageAlerts implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(StageAlerts.class);
    private static final Duration EVERY = Duration.ofSeconds(5);
    private static final Set<StageState> DOWN =
            EnumSet.of(StageState.SILENT, StageState.MISSING, StageState.FAILED, StageState.STOPPED);

    private final StageBoard board;
    private final NoticeBoard notices;
    private final ZoneId zone;
    private final boolean delivers;
    private final ScheduledExecutorService looker = StageThreads.scheduler("stage-alerts");

    /**
     * Begins to look.
     *
     * @param notices how people are reached; stays the caller's
     * @param zone the district's, for times in words
     * @param delivers whether the district needs a snapshotter
     */
    public StageAlerts(StageBoard board, NoticeBoard notices, ZoneId zone, boolean delivers) {
        this.board = board;
        this.notices = notices;
        this.zone = zone;
        this.delivers = delivers;
        var unused = looker.scheduleWithFixedDelay(() -> look(false), 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look(boolean last) {
        try {
            if (!last && board.trouble().isPresent()) {
                // Who cannot see cannot tell, but of itself, when it gives up.
                return;
            }
            look(board.district(zone));
        } catch (RuntimeException e) {
            LOGGER.atError().setCause(e).log("Whether a stage is down could not be looked at; it is tried again");
        }
    }

    private void look(DistrictView district) {
        boolean sends = district.sendsAlerts();
        List<String> toldElsewhere = district.alertsOfOthers();
        for (Stage stage : district.stages(delivers)) {
            String name = name(stage.name());
            if (!DOWN.contains(stage.state())) {
                if (stage.state() != StageState.STARTING) {
                    notices.back(name, stage.sentence());
                }
            } else if (sends) {
                notices.down(name, stage.sentence(), toldElsewhere.contains(name));
            } else if (toldElsewhere.contains(name)) {
                // Anyone who tells in place of this process says when it is over.
                notices.end(name, Occasion.DOWN);
            }
        }
        board.alerted(notices.down());
    }

    private static String name(StageName stage) {
        return switch (stage) {
            case CAPTURE -> "connector";
            case PATRONS -> "streams application";
            default -> "snapshotter";
        };
    }

    /** Looks a last time, so that what this process gives up with is reported by it. */
    @Override
    public void close() {
        looker.shutdown();
        try {
            look(true);
        } catch (Error e) {
            // What is left to be closed must be closed all the same.
            LOGGER.atError().setCause(e).log("No alert of the end could be sent");
        }
    }
}
