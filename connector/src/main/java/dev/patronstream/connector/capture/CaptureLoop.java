package dev.patronstream.connector.capture;

import dev.patronstream.connector.capture.Handoff.Batch;
import dev.patronstream.connector.capture.Handoff.Message;
import dev.patronstream.connector.capture.Handoff.Restart;
import dev.patronstream.connector.engine.Engine;
import dev.patronstream.connector.epoch.Position;
import dev.patronstream.connector.epoch.StreamAssembly;
import dev.patronstream.connector.epoch.TopicContent;
import dev.patronstream.connector.row.Captured;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.connector.start.RollOver;
import dev.patronstream.schemas.topic.TopicWatch;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Publishes what the engine hands over, one phase after the other. One thread runs it; another one hands over. */
public final class CaptureLoop implements AutoCloseable {

    private static final Duration LOOK = Duration.ofMillis(100);

    private final Handoff handoff = new Handoff();
    private final BooleanSupplier stopped;

    /** Makes a loop that runs until it is stopped. */
    public CaptureLoop(BooleanSupplier stopped) {
        this.stopped = stopped;
    }

    /**
     * A snapshot that may be taken.
     *
     * @param reason why it is taken
     * @param approved by table: how many rows it may remove because a person has allowed it
     * @param content gives what the topics hold
     * @param rollOver the move to another database, if this is one
     */
    public record Snapshot(
            String reason,
            Map<SourceTable, Long> approved,
            Supplier<TopicContent> content,
            Optional<RollOver> rollOver) {}

    /** Returns what the engine hands its rows to. */
    public Engine.Receiver receiver() {
        return handoff;
    }

    /**
     * Publishes until it is stopped.
     *
     * @param begun the snapshot to begin with, if one is needed
     * @param snapshotEnded runs when that snapshot is complete
     */
    public void run(Session session, Optional<Snapshot> begun, Engine engine, TopicWatch watch, Runnable snapshotEnded)
            throws SQLException, InterruptedException {
        Optional<Snapshot> snapshot = begun;
        long epochBefore = session.writer().position().epoch();
        CapturePhase phase = new AwaitingEngine();
        while (!stopped.getAsBoolean()) {
            watch.look(session.writer().ends());
            Message message = handoff.next(LOOK);
            if (message instanceof Restart restart) {
                phase = begin(session, snapshot);
                restart.answer()
                        .complete(
                                phase instanceof StreamPhase
                                        ? Optional.of(
                                                session.writer().position().watermarkLsn())
                                        : Optional.empty());
            } else if (message instanceof Batch batch) {
                for (Captured captured : batch.captured()) {
                    phase.accept(captured);
                }
            } else if (engine.isEnded()) {
                throw engine.failure()
                        .map(CaptureLoop::asUnchecked)
                        .orElseGet(() -> new IllegalStateException("Debezium's engine has ended without a reason"));
            }
            phase = phase.settle(handoff.hasMore());
            if (snapshot.isPresent() && session.writer().position().epoch() > epochBefore) {
                snapshot = Optional.empty();
                snapshotEnded.run();
            }
        }
    }

    private static RuntimeException asUnchecked(Throwable failure) {
        return failure instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(failure);
    }

    /** The phase after the engine has started to read, or to read again: what it handed over before is forgotten. */
    private static CapturePhase begin(Session session, Optional<Snapshot> snapshot) {
        if (snapshot.isPresent()) {
            Snapshot taken = snapshot.get();
            return new SnapshotPhase(
                    session, taken.reason(), taken.approved(), taken.content().get(), taken.rollOver());
        }
        Position position = session.writer().position();
        return new StreamPhase(
                session,
                new StreamAssembly(
                        position.watermarkLsn(),
                        position.split(),
                        session.settings().limits().maxRows()));
    }

    /** Takes nothing more from the engine. */
    @Override
    public void close() {
        handoff.close();
    }

    /** Before the engine asks for its offset it hands nothing over. */
    private static final class AwaitingEngine implements CapturePhase {
        @Override
        public void accept(Captured captured) {
            throw new IllegalStateException("The engine handed rows over before it asked where to begin");
        }

        @Override
        public CapturePhase settle(boolean moreWaits) {
            return this;
        }
    }
}
