package dev.patronstream.connector.capture;

import dev.patronstream.connector.engine.Engine;
import dev.patronstream.connector.row.Captured;
import dev.patronstream.schemas.Lsn;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Passes what the engine reads to the thread that publishes, in order, and lets the engine wait when that is slower. The
 * engine's question for its offset goes the same way, so its answer comes after everything that was handed over before.
 */
final class Handoff implements Engine.Receiver {

    private static final long LOOK_MILLIS = 100;

    private final BlockingQueue<Message> queue = new ArrayBlockingQueue<>(2);
    private volatile boolean closed;

    /** What is passed. */
    sealed interface Message {}

    /** Rows and marks, in order. */
    record Batch(List<Captured> captured) implements Message {}

    /** The engine starts to read, or starts again; everything that is not published will come again. */
    record Restart(CompletableFuture<Optional<Lsn>> answer) implements Message {}

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

    /** Returns the next message; null when none came in time. */
    @Nullable
    Message next(Duration wait) throws InterruptedException {
        return queue.poll(wait.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Whether another message waits. */
    boolean hasMore() {
        return !queue.isEmpty();
    }

    /** Takes nothing more; anyone who waits is sent away. */
    void close() {
        closed = true;
        queue.clear();
    }
}
