package dev.patronstream.streams.runtime;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StateRestoreListener;

/** How far the stores have been read back from their changelogs. Thread-safe. */
public final class RestoreProgress implements StateRestoreListener {

    private record Store(long restored, long total) {}

    private final Map<String, Store> stores = new ConcurrentHashMap<>();

    @Override
    public void onRestoreStart(TopicPartition changelog, String store, long from, long end) {
        stores.put(store, new Store(0, end - from));
    }

    @Override
    public void onBatchRestored(TopicPartition changelog, String store, long offset, long records) {
        stores.computeIfPresent(store, (name, state) -> new Store(state.restored() + records, state.total()));
    }

    @Override
    public void onRestoreEnd(TopicPartition changelog, String store, long records) {
        stores.remove(store);
    }

    @Override
    public void onRestoreSuspended(TopicPartition changelog, String store, long records) {
        stores.remove(store);
    }

    public boolean isActive() {
        return !stores.isEmpty();
    }

    public long done() {
        return stores.values().stream().mapToLong(Store::restored).sum();
    }

    public long total() {
        return stores.values().stream().mapToLong(Store::total).sum();
    }
}
