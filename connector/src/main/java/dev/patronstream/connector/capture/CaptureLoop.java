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
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Publishes what the engine hands over, in order, one phase after the other. The engine's thread waits when publishing is
 * slower; its question for its offset goes the same way as its rows, so the answer comes after everything that was handed
 * over before. One thread runs the loop, the engine's hands over, any closes.
 */
public final class CaptureLoop implements Engine.Receiver, AutoCloseable {

    private static final long LOOK_MILLIS = 100;

    private final BlockingQueue<Message> queue = new ArrayBlockingQueue<>(2);
    private final BooleanSupplier stopped;
    private volatile boolean closed;

    /** Makes a loop that runs until it is stopped. */
    public CaptureLoop(BooleanSupplier stopped) {
        this.stopped = stopped;
    }

    private sealed interface Message {}

    /** Rows and marks, in order. */
    private record Batch(List<Captured> captured) implements Message {}

    /** The engine starts to read, or starts again; everything that is not published will come again. */
    private record Restart(CompletableFuture<Optional<Lsn>> answer) implements Message {}

    /** What is done with what the engine hands over. */
    interface Phase {

        void accept(Captured captured) throws SQLException;

        /**
         * Publishes what can be; called after each batch and while nothing comes.
         *
         * @param moreWaits whether another batch waits already
         * @return the phase that goes on
         */
        Phase settle(boolean moreWaits) throws SQLException;
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
    public void take(List<Captured> batch) throws InterruptedException {
        put(new Batch(batch));
    }

    @Override
    public Optional<Lsn> restart() throws InterruptedException {
        Restart question = new Restart(new CompletableFuture<>());
        put(question);
        while (!closed) {
            try {
                return question.answer().get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException notYet) {
                // Loading a topic's content can take a while; only closing ends the wait.
            } catch (ExecutionException e) {
                throw new IllegalStateException("Capture has ended", e.getCause());
            }
        }
        throw new InterruptedException("Capture is closed");
    }

    private void put(Message message) throws InterruptedException {
        while (!closed) {
            if (queue.offer(message, LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                return;
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
    public void run(Session session, Optional<Snapshot> first, Engine engine, TopicWatch watch, Runnable snapshotEnded)
            throws SQLException, InterruptedException {
        Optional<Snapshot> snapshot = first;
        long epochBefore = session.writer().position().epoch();
        @Nullable Phase phase = null;
        while (!stopped.getAsBoolean()) {
            watch.look(session.writer().ends());
            @Nullable Message message = queue.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            if (message instanceof Restart restart) {
                phase = begin(session, snapshot);
                restart.answer()
                        .complete(
                                phase instanceof StreamPhase
                                        ? Optional.of(
                                                session.writer().position().watermarkLsn())
                                        : Optional.empty());
            } else if (message instanceof Batch batch) {
                Phase begun = Objects.requireNonNull(phase, "The engine handed rows over before it asked where from");
                for (Captured captured : batch.captured()) {
                    begun.accept(captured);
                }
            } else if (engine.isEnded()) {
                throw engine.failure()
                        .map(CaptureLoop::asUnchecked)
                        .orElseGet(() -> new IllegalStateException("Debezium's engine has ended without a reason"));
            }
            if (phase != null) {
                phase = phase.settle(!queue.isEmpty());
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

    /** Takes nothing more from the engine; it is sent away where it waits. */
    @Override
    public void close() {
        closed = true;
        queue.clear();
    }
}
