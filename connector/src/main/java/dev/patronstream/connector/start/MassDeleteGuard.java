package dev.patronstream.connector.start;

import dev.patronstream.connector.check.Source;
import dev.patronstream.connector.database.SourceDatabase;
import dev.patronstream.connector.epoch.Position;
import dev.patronstream.connector.epoch.Publisher;
import dev.patronstream.connector.epoch.TopicContent;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.connector.start.Holds.HoldState;
import dev.patronstream.connector.status.ConnectorStatus;
import dev.patronstream.connector.status.StatusBoard;
import dev.patronstream.schemas.CaptureHold;
import dev.patronstream.schemas.HoldDecision;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.Removal;
import dev.patronstream.schemas.feed.Removals;
import dev.patronstream.schemas.topic.Topics;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands before a snapshot: one that would remove too much waits here, before anything of it is published, until a
 * person decides or the database holds the rows again. One thread uses it.
 */
public final class MassDeleteGuard {

    private static final Logger LOGGER = LoggerFactory.getLogger(MassDeleteGuard.class);
    private static final Duration LOOK_FOR_DECISION = Duration.ofMillis(500);

    private final Topics topics;
    private final double massDeleteAbove;
    private final Duration betweenLooks;
    private final Publisher publisher;
    private final Holds holds;
    private final StatusBoard status;
    private final InstantSource clock;

    /** Makes a guard; {@code betweenLooks} is how long it waits before it reads the tables again. */
    public MassDeleteGuard(
            Topics topics,
            double massDeleteAbove,
            Duration betweenLooks,
            Publisher publisher,
            Holds holds,
            StatusBoard status,
            InstantSource clock) {
        this.topics = topics;
        this.massDeleteAbove = massDeleteAbove;
        this.betweenLooks = betweenLooks;
        this.publisher = publisher;
        this.holds = holds;
        this.status = status;
        this.clock = clock;
    }

    /**
     * Waits until a snapshot may be taken.
     *
     * @param rollOver the move to another database, if this is one: then students are counted and not their rows, since
     *     about one in seven goes on to another school, under another key
     * @return by table: how many rows it may remove because a person has allowed it; empty when the wait was stopped
     */
    public Optional<Map<SourceTable, Long>> pass(
            StartPlan plan,
            Optional<RollOver> rollOver,
            TopicContent content,
            SourceDatabase database,
            BooleanSupplier stopped)
            throws SQLException, InterruptedException {
        Position position = plan.position();
        boolean continued = position.unfinishedSnapshot().isPresent()
                && position.incarnation()
                        .id()
                        .equals(plan.source().incarnation().id());
        while (!stopped.getAsBoolean()) {
            MassDelete rows = MassDelete.of(content, plan.source(), database);
            MassDelete massDelete =
                    rollOver.isPresent() ? rollOver.get().counting(rows, plan.source(), database) : rows;
            if (massDelete.above(massDeleteAbove, Map.of()).isEmpty()) {
                release();
                return Optional.of(Map.of());
            }
            if (continued
                    && massDelete.above(massDeleteAbove, position.approved()).isEmpty()) {
                return Optional.of(position.approved());
            }
            if (awaitDecision(hold(plan, massDelete), stopped)) {
                LOGGER.atWarn().addKeyValue("hold", massDelete.id()).log("The held snapshot is approved");
                return Optional.of(massDelete.counts());
            }
        }
        return Optional.empty();
    }

    /** Says what is held, so that a command can decide on just this. */
    private CaptureHold hold(StartPlan plan, MassDelete massDelete) {
        Optional<CaptureHold> before = holds.read().held();
        if (before.filter(held -> held.getId().equals(massDelete.id())).isPresent()) {
            return before.get();
        }
        Map<String, Removal> removals = new TreeMap<>();
        massDelete.removals().forEach((table, removal) -> removals.put(table.name(), removal));
        Source source = plan.source();
        CaptureHold hold = CaptureHold.newBuilder()
                .setId(massDelete.id())
                .setReason(plan.snapshot().orElse("unknown"))
                .setIncarnation(source.incarnation().id())
                .setRemovals(removals)
                .setHeldSince(clock.instant())
                .setDecision(HoldDecision.WAITING)
                .build();
        publisher.note(topics.holds(), Keys.HELD, holds.bytes(hold));
        LOGGER.atWarn()
                .addKeyValue("hold", hold.getId())
                .addKeyValue("reason", hold.getReason())
                .addKeyValue("removals", Removals.words(hold.getRemovals()))
                .log("Capture is held until a person decides");
        return hold;
    }

    /** Whether it was approved; false when it is time to look at the database again. */
    private boolean awaitDecision(CaptureHold hold, BooleanSupplier stopped) throws InterruptedException {
        long until = System.nanoTime() + betweenLooks.toNanos();
        while (!stopped.getAsBoolean() && System.nanoTime() < until) {
            @Nullable
            CaptureHold decision = new HoldState(Optional.of(hold), holds.read().decision())
                    .decisionOnHeld()
                    .orElse(null);
            if (decision != null && decision.getDecision() == HoldDecision.APPROVED) {
                return true;
            }
            status.state(new ConnectorStatus.Held(hold.getId(), sentence(hold, decision)));
            Thread.sleep(LOOK_FOR_DECISION.toMillis());
        }
        return false;
    }

    private String sentence(CaptureHold hold, @Nullable CaptureHold rejected) {
        String what = "the tables have to be read again (" + hold.getReason() + "), and that would remove "
                + Removals.words(hold.getRemovals()) + ", more than " + Math.round(massDeleteAbove * 100)
                + " %. Nothing is published. ";
        if (rejected == null) {
            return what
                    + "Look at the database; capture goes on by itself when it holds the rows again. To remove them:"
                    + " patronstream approve connector; to refuse: patronstream reject connector (hold " + hold.getId()
                    + ")";
        }
        return what + "It was rejected by " + rejected.getDecidedBy().orElse("somebody") + " at "
                + rejected.getDecidedAt().map(Instant::toString).orElse("an unknown time")
                + "; capture goes on by itself when the database holds the rows again (hold " + hold.getId() + ")";
    }

    /** Nothing is held any more, and what was decided has served its turn. */
    public void release() {
        HoldState hold = holds.read();
        if (hold.held().isPresent()) {
            publisher.note(topics.holds(), Keys.HELD, null);
        }
        if (hold.decision().isPresent()) {
            publisher.note(topics.holds(), Keys.DECISION, null);
        }
    }
}
