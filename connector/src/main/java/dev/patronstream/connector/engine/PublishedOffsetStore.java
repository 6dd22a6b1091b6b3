package dev.patronstream.connector.engine;

import dev.patronstream.schemas.Lsn;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.runtime.WorkerConfig;
import org.apache.kafka.connect.storage.OffsetBackingStore;
import org.apache.kafka.connect.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * The offset store that Debezium's engine is given: it answers with what our own producer committed last, and forgets
 * what the engine wants to store, because that would be stored after the records instead of with them.
 *
 * <p>The engine asks at its start and whenever it restarts its task within the process.
 */
public final class PublishedOffsetStore implements OffsetBackingStore {

    private Engine.@Nullable Positions offsets;

    /**
     * The thread that runs Debezium's engine. The engine makes its offset store on it, by name and without arguments; the
     * store finds its offsets here, so there is no register of stores, and two connectors in a process do not meet.
     */
    static final class EngineThread extends Thread {

        private final Engine.Positions offsets;

        EngineThread(String name, Runnable engine, Engine.Positions offsets) {
            super(engine, name);
            this.offsets = offsets;
            setDaemon(true);
        }
    }

    @Override
    public void configure(WorkerConfig config) {
        if (!(Thread.currentThread() instanceof EngineThread engine)) {
            throw new ConnectException("The engine did not make its offset store on the thread that runs it");
        }
        offsets = engine.offsets;
    }

    @Override
    public Future<Map<ByteBuffer, ByteBuffer>> get(Collection<ByteBuffer> keys) {
        Map<ByteBuffer, ByteBuffer> answer = new HashMap<>();
        byte[] offset = offset();
        for (ByteBuffer key : keys) {
            answer.put(key, ByteBuffer.wrap(offset));
        }
        return CompletableFuture.completedFuture(answer);
    }

    /**
     * The connector compares the change LSN with those of its schema history and takes the schemas noted at or before it.
     * No change of a transaction stands behind its commit in the log, so the commit LSN is the right bound.
     */
    private byte[] offset() {
        if (offsets == null) {
            throw new ConnectException("The offset store was asked before it was configured");
        }
        try {
            return encode(offsets.restart());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectException("Capture is stopping", e);
        }
    }

    private static byte[] encode(Lsn lsn) {
        return """
                {"commit_lsn":"%s","change_lsn":"%s","event_serial_no":0}""".formatted(lsn, lsn).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Future<Void> set(Map<ByteBuffer, ByteBuffer> values, @Nullable Callback<Void> callback) {
        if (callback != null) {
            callback.onCompletion(null, null);
        }
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public Set<Map<String, Object>> connectorPartitions(String connectorName) {
        return Set.of();
    }

    @Override
    public void start() {
        // Nothing to open: the offsets belong to the publisher.
    }

    @Override
    public void stop() {
        // Nothing to close.
    }
}
