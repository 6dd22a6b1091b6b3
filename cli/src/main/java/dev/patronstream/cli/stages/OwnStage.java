package dev.patronstream.cli.stages;

import dev.patronstream.schemas.Lead;
import dev.patronstream.schemas.StageInstance;
import dev.patronstream.schemas.StageProgress;
import dev.patronstream.schemas.StageReport;
import dev.patronstream.schemas.StageState;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A stage of this process: since when it is as it is, and when that has to be written. Not thread-safe. */
final class OwnStage {

    private static final Set<StageState> BEYOND_START =
            EnumSet.of(StageState.WORKING, StageState.RUNNING, StageState.HELD);

    private final String name;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private Supplier<StageReport.Builder> asked = () -> StageReports.of(StageState.STARTING, "Starting", Lead.NO);
    private @Nullable StageReport last;
    private @Nullable StageReport written;
    private long writtenNanos;
    private Optional<Instant> freshAsOf = Optional.empty();
    private long freshNanos;
    private boolean beyondStart;

    OwnStage(String name, InstantSource clock, LongSupplier nanoTime) {
        this.name = name;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    void asked(Supplier<StageReport.Builder> supplier) {
        asked = supplier;
    }

    boolean isBeyondStart() {
        beyondStart |= BEYOND_START.contains(asked.get().getState());
        return beyondStart;
    }

    StageReport report(StageInstance self, List<String> alerts, Optional<LocalDate> summary) {
        StageReport.Builder words = asked.get();
        Instant now = clock.instant();
        StageReport before = last;
        boolean sameRole = before != null
                && before.getRole().getLeads() == words.getRoleBuilder().getLeads();
        words.getRoleBuilder().setSince(sameRole ? before.getRole().getSince() : now);
        if (words.getProgress() != null) {
            words.setProgress(measured(words.getProgress()));
        }
        StageReport report = words.setStage(name)
                .setInstance(self)
                .setSince(before != null && before.getState() == words.getState() ? before.getSince() : now)
                .setAlerts(alerts)
                .setSummarizedOn(summary.orElse(null))
                .setHeartbeatAt(now)
                .build();
        last = report;
        return report;
    }

    /** Two clocks tell the age, the database's and this machine's; that it has not moved is reported by one. */
    private StageProgress measured(StageProgress progress) {
        Optional<Instant> asOf = progress.getFreshAsOf();
        if (!asOf.equals(freshAsOf)) {
            freshAsOf = asOf;
            freshNanos = nanoTime.getAsLong();
        }
        return StageProgress.newBuilder(progress)
                .setFreshAgeMillis(asOf.map(time -> Math.max(
                                Duration.between(time, clock.instant()).toMillis(),
                                Duration.ofNanos(nanoTime.getAsLong() - freshNanos)
                                        .toMillis()))
                        .orElse(null))
                .build();
    }

    /** Returns what has to be written now, and takes it for written. */
    Optional<StageReport> due(
            StageInstance self,
            List<String> alerts,
            Optional<LocalDate> summary,
            Duration heartbeat,
            Duration leastBetweenChanges) {
        StageReport report = report(self, alerts, summary);
        Duration passed = Duration.ofNanos(nanoTime.getAsLong() - writtenNanos);
        boolean due = written == null
                || passed.compareTo(heartbeat) >= 0
                || (passed.compareTo(leastBetweenChanges) >= 0 && isNews(written, report));
        if (!due) {
            return Optional.empty();
        }
        written = report;
        writtenNanos = nanoTime.getAsLong();
        return Optional.of(report);
    }

    /** How far a stage has come changes all the time; that goes with the next heartbeat. */
    private static boolean isNews(StageReport before, StageReport now) {
        return before.getState() != now.getState()
                || !before.getMessage().equals(now.getMessage())
                || !before.getRole().equals(now.getRole())
                || !before.getFeeds().equals(now.getFeeds())
                || !before.getNotes().equals(now.getNotes())
                || !before.getAlerts().equals(now.getAlerts())
                || !before.getSummarizedOn().equals(now.getSummarizedOn())
                || !before.getInstance().equals(now.getInstance());
    }
}
