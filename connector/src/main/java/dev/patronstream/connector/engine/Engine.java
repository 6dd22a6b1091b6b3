package dev.patronstream.connector.engine;

import dev.patronstream.connector.check.CaptureSettings;
import dev.patronstream.connector.check.Source;
import dev.patronstream.connector.engine.PublishedOffsetStore.EngineThread;
import dev.patronstream.schemas.Lsn;
import dev.patronstream.schemas.topic.Topics;
import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import java.io.IOException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.TimeZone;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Debezium's engine with the SQL Server connector, from start to end: one position, one stream. It reads no table.
 *
 * <p>Records go to the {@link EventReader} on the engine's thread. Ends by {@link #close} or by a failure; it is not
 * started again.
 */
public final class Engine implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(Engine.class);
    private static final Duration STARTING = Duration.ofSeconds(20);
    private static final Duration STOPPING = Duration.ofSeconds(10);

    private final DebeziumEngine<RecordChangeEvent<SourceRecord>> engine;
    private final EngineThread thread;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile boolean ended;
    private volatile boolean closing;

    /** Says from where the engine has to read. */
    @FunctionalInterface
    public interface Positions {

        /**
         * Returns the LSN after which the engine has to read, now.
         *
         * <p>The engine is about to read from there: everything that was handed over before and is not published yet will
         * be handed over again, so it has to be forgotten before the answer is given.
         *
         * @throws InterruptedException if capture is stopping
         */
        Lsn restart() throws InterruptedException;
    }

    /**
     * Makes an engine; it runs after {@link #start}.
     *
     * @param afterSnapshot whether the tables are read before it starts, so that it has to note their definitions
     */
    public Engine(
            Topics topics,
            Map<String, String> kafka,
            CaptureSettings settings,
            Source source,
            boolean afterSnapshot,
            EventReader events,
            Positions positions) {
        // Debezium takes the driver's java.sql.Timestamp, made in the zone of the JVM, where each spring lacks an hour.
        TimeZone.setDefault(TimeZone.getTimeZone(ZoneOffset.UTC));
        this.engine = DebeziumEngine.create(ChangeEventFormat.of(Connect.class))
                .using(EngineProperties.of(topics, kafka, settings, source, afterSnapshot))
                .using(this::ended)
                .notifying((batch, committer) -> {
                    try {
                        events.take(batch);
                    } catch (RuntimeException e) {
                        // What the engine says after it is its consequence.
                        failure.compareAndSet(null, e);
                        throw e;
                    }
                })
                .build();
        this.thread = new EngineThread(topics.connectorTransactionalId() + "-engine", engine, positions);
    }

    private void ended(boolean success, String message, @Nullable Throwable error) {
        if (!success && !closing) {
            failure.compareAndSet(null, error == null ? new IllegalStateException(message) : error);
        }
        ended = true;
    }

    public void start() {
        thread.start();
    }

    /** Whether it reads no more. */
    public boolean isEnded() {
        return ended || failure.get() != null || thread.getState() == Thread.State.TERMINATED;
    }

    /** Returns why it ended by itself. */
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure.get());
    }

    /** Stops reading and waits, seconds at most, until it has. */
    @Override
    public void close() {
        closing = true;
        boolean interrupted = Thread.interrupted();
        try {
            stop();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void stop() {
        long deadline = System.nanoTime() + STARTING.toNanos();
        while (thread.isAlive() && System.nanoTime() < deadline && !tryClose()) {
            pause();
        }
        try {
            thread.join(STOPPING.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            // Whatever it still hands over is refused, and the transactional id is fenced before the next one starts.
            LOGGER.atWarn().log("Debezium's engine did not stop in time and is left behind");
            thread.interrupt();
        }
    }

    /** The engine refuses to be closed while its task starts. */
    private boolean tryClose() {
        try {
            engine.close();
            return true;
        } catch (IllegalStateException startingOrStopping) {
            return ended || !thread.isAlive();
        } catch (IOException e) {
            LOGGER.atWarn().setCause(e).log("Debezium's engine could not be closed in order");
            return true;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
