package dev.patronstream.connector.capture;

import dev.patronstream.connector.engine.Engine;
import dev.patronstream.connector.row.Captured;
import dev.patronstream.schemas.Lsn;
import dev.patronstream.schemas.topic.TopicWatch;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * Publishes what is handed over, in order, one phase after the other. The engine's question for its offset is
 * answered after everything that was handed over before. One thread runs the loop, the engine's asks, any closes.
 */
public final class CaptureLoop implements Engine.Positions, AutoCloseable {

    private static final long LOOK_MILLIS = 100;

    /** How long the rest of a transaction may take to follow its first row. */
    private static final Duration FOLLOWING = Duration.ofMillis(5);

    /** An epoch costs as much as many rows, so where changes are frequent, this much of time goes into one. */
    private static final Duration APART = Duration.ofMillis(50);

    /** The engine starts to read, or starts again; everything that is not published will come again. At most one waits. */
    private final BlockingQueue<CompletableFuture<Lsn>> questions = new LinkedBlockingQueue<>();

    private final BooleanSupplier stopped;
    private long lastTaken = System.nanoTime();
    private volatile boolean closed;

    /** Makes a loop that runs until it is stopped. */
    public CaptureLoop(BooleanSupplier stopped) {
        this.stopped = stopped;
    }

    /** What is done with what the engine hands over. */
    interface Phase {

        /**
         * Takes what was captured next, and publishes what can be.
         *
         * @param all whether it is all that was handed over by now
         * @return the phase that goes on
         */
        Phase advance(List<Captured> next, boolean all) throws SQLException;

        /** Forgets what the engine handed over and is not published: it is about to read, or to read again. */
        void forget();

        /** Returns the LSN after which the engine has to read. */
        Lsn from();
    }

    /** A snapshot that may be taken; {@code reading} reads the tables. */
    public record Snapshot(PermittedReading permitted, SnapshotReading reading) {}

    @Override
    public Lsn restart() throws InterruptedException {
        CompletableFuture<Lsn> question = new CompletableFuture<>();
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
            BlockingQueue<Captured> captured,
            TopicWatch watch,
            Runnable snapshotEnded)
            throws SQLException, InterruptedException {
        long epochBefore = session.writer().position().epoch();
        boolean snapshotRuns = first.isPresent();
        Phase phase = begin(session, first, engine);
        while (!stopped.getAsBoolean()) {
            watch.look(session.writer().ends());
            // Looked at before what was captured: what was handed over before a question is there by then.
            boolean asked = !questions.isEmpty();
            boolean ended = engine.isEnded();
            if (captured.isEmpty()) {
                if (asked) {
                    phase.forget();
                    questions.remove().complete(phase.from());
                } else if (ended) {
                    throw engine.failure()
                            .map(CaptureLoop::asUnchecked)
                            .orElseGet(() -> new IllegalStateException("Debezium's engine has ended without a reason"));
                }
            }
            List<Captured> next = next(captured);
            phase = phase.advance(next, captured.isEmpty());
            if (snapshotRuns && session.writer().position().epoch() > epochBefore) {
                snapshotRuns = false;
                snapshotEnded.run();
            }
        }
    }

    /** Takes whatever is there or comes soon; what comes fast is taken together, unless the engine would wait for room. */
    private List<Captured> next(BlockingQueue<Captured> captured) throws InterruptedException {
        List<Captured> next = new ArrayList<>();
        Captured first = captured.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        if (first != null) {
            next.add(first);
            long now = System.nanoTime();
            long until = Math.max(now + FOLLOWING.toNanos(), lastTaken + APART.toNanos());
            while (now < until && captured.size() < captured.remainingCapacity()) {
                TimeUnit.NANOSECONDS.sleep(Math.min(FOLLOWING.toNanos(), until - now));
                now = System.nanoTime();
            }
            lastTaken = now;
            captured.drainTo(next);
        }
        return next;
    }

    private static RuntimeException asUnchecked(Throwable failure) {
        return failure instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(failure);
    }

    /** The engine starts after the tables are read: while it waited to hand over, its queries would hold up the server. */
    private static Phase begin(Session session, Optional<Snapshot> snapshot, Engine engine) throws SQLException {
        if (snapshot.isPresent()) {
            return new SnapshotPhase(session, snapshot.get(), engine::start);
        }
        engine.start();
        return new StreamPhase(session);
    }

    /** Answers no more; the engine is sent away where it waits. */
    @Override
    public void close() {
        closed = true;
    }
}
