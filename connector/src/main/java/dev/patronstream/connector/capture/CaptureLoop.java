package dev.patronstream.connector.capture;

import dev.patronstream.connector.engine.Engine;
import dev.patronstream.connector.epoch.Position;
import dev.patronstream.connector.epoch.StreamAssembly;
import dev.patronstream.connector.epoch.TopicContent;
import dev.patronstream.connector.row.Captured;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.connector.start.RollOver;
import dev.patronstream.schemas.Lsn;
import dev.patronstream.schemas.topic.TopicWatch;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Publishes what the engine hands over, in order, one phase after the other. The engine's question for its offset is
 * answered after everything that was handed over before. One thread runs the loop, the engine's asks, any closes.
 */
public final class CaptureLoop implements Engine.Positions, AutoCloseable {

    /** How long a phase waits for the next batch. */
    static final long LOOK_MILLIS = 100;

    /** The engine starts to read, or starts again; everything that is not published will come again. At most one waits. */
    private final BlockingQueue<CompletableFuture<Optional<Lsn>>> questions = new LinkedBlockingQueue<>();

    private final BooleanSupplier stopped;
    private volatile boolean closed;

    /** Makes a loop that runs until it is stopped. */
    public CaptureLoop(BooleanSupplier stopped) {
        this.stopped = stopped;
    }

    /** What is done with what the engine hands over. */
    interface Phase {

        /**
         * Takes the next batch if one comes soon, and publishes what can be.
         *
         * @return the phase that goes on
         */
        Phase advance(BlockingQueue<List<Captured>> batches) throws SQLException, InterruptedException;
    }

    /**
     * A snapshot that may be taken.
     *
     * @param approved by table: how many rows, or what else is counted, it may remove because a person has allowed it
     * @param content gives what the topics hold
     * @param rollOver the move to another database, if this is one: then students are counted and not their rows
     */
    public record Snapshot(
            String reason,
            Map<SourceTable, Long> approved,
            Supplier<TopicContent> content,
            Optional<RollOver> rollOver) {}

    @Override
    public Optional<Lsn> restart() throws InterruptedException {
        CompletableFuture<Optional<Lsn>> question = new CompletableFuture<>();
        questions.add(question);
        while (!closed) {
            try {
                return question.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException notYet) {
                // Loading a topic's content can take a while; only closing ends the wait.
            } catch (ExecutionException e) {
                throw new IllegalStateException("Capture has ended", e.getCause());
            }
        }
        throw new InterruptedException("Capture is closed");
    }

    /**
     * Publishes until it is stopped.
     *
     * @param first the snapshot to begin with, if one is needed
     * @param snapshotEnded runs when that snapshot is complete
     */
    public void run(
            Session session,
            Optional<Snapshot> first,
            Engine engine,
            BlockingQueue<List<Captured>> batches,
            TopicWatch watch,
            Runnable snapshotEnded)
            throws SQLException, InterruptedException {
        Optional<Snapshot> snapshot = first;
        long epochBefore = session.writer().position().epoch();
        @Nullable Phase phase = null;
        while (!stopped.getAsBoolean()) {
            watch.look(session.writer().ends());
            // Looked at before the batches: what was handed over before a question is among them by then.
            boolean asked = !questions.isEmpty();
            boolean ended = engine.isEnded();
            if (batches.isEmpty()) {
                CompletableFuture<Optional<Lsn>> question =
                        asked || phase == null ? questions.poll(asked ? 0 : LOOK_MILLIS, TimeUnit.MILLISECONDS) : null;
                if (question != null) {
                    phase = begin(session, snapshot);
                    question.complete(
                            phase instanceof StreamPhase
                                    ? Optional.of(session.writer().position().watermarkLsn())
                                    : Optional.empty());
                } else if (ended) {
                    throw engine.failure()
                            .map(CaptureLoop::asUnchecked)
                            .orElseGet(() -> new IllegalStateException("Debezium's engine has ended without a reason"));
                }
            }
            if (phase != null) {
                phase = phase.advance(batches);
            } else if (!batches.isEmpty()) {
                throw new IllegalStateException("The engine handed rows over before it asked where from");
            }
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
    private static Phase begin(Session session, Optional<Snapshot> snapshot) {
        if (snapshot.isPresent()) {
            return new SnapshotPhase(session, snapshot.get());
        }
        Position position = session.writer().position();
        return new StreamPhase(
                session,
                new StreamAssembly(
                        position.watermarkLsn(),
                        position.split(),
                        session.settings().limits().maxRows()));
    }

    /** Answers no more; the engine is sent away where it waits. */
    @Override
    public void close() {
        closed = true;
    }
}
