package dev.patronstream.streams.topology;

import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.internals.AbstractStoreBuilder;
import org.apache.kafka.streams.state.internals.WrappedStateStore;
import org.jspecify.annotations.Nullable;

/**
 * Keeps changes in memory until Kafka Streams commits: what is put and deleted between two commits is never written, and
 * of a key that is put again and again only the last value is. Kafka Streams' own cache would write a tombstone for the
 * first. A store holds 16 MB of changes at most.
 *
 * <p>Kafka Streams calls {@link #flushCache} before it commits: then everything goes into the store and its changelog, in
 * the order of the last changes, within the transaction that commits the positions. Changed by one thread; others may
 * read, and see a change before it is committed, as in the store itself.
 */
final class WriteBehindStore extends WrappedStateStore<KeyValueStore<Bytes, byte[]>, Bytes, byte[]>
        implements KeyValueStore<Bytes, byte[]> {

    /** After so many bytes of changes the memory is freed without waiting for the commit. */
    static final int MOST_BYTES = 16 * 1024 * 1024;

    /** What the heap holds for a change beside its key and value, about. */
    private static final int CHANGE_BYTES = 160;

    /** Never emptied: a reader that has it still finds in it what a flush has written below meanwhile. */
    private volatile NavigableMap<Bytes, Change> changes = new ConcurrentSkipListMap<>();

    /** Bytes of all changes since the last flush, also of those that others have replaced. */
    private int made;

    /** The last change of a key, and how many bytes of changes were made before it. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Change(byte @Nullable [] value, int place) {}

    WriteBehindStore(KeyValueStore<Bytes, byte[]> below) {
        super(below);
    }

    /** Makes such a store over one that another builder makes. */
    static final class Builder extends AbstractStoreBuilder<Bytes, byte[], KeyValueStore<Bytes, byte[]>> {

        private final StoreBuilder<KeyValueStore<Bytes, byte[]>> below;

        Builder(StoreBuilder<KeyValueStore<Bytes, byte[]>> below) {
            super(below.name(), Serdes.Bytes(), Serdes.ByteArray(), Time.SYSTEM);
            this.below = below;
        }

        @Override
        public Map<String, String> logConfig() {
            return below.logConfig();
        }

        @Override
        public KeyValueStore<Bytes, byte[]> build() {
            return new WriteBehindStore(below.build());
        }
    }

    @Override
    public void put(Bytes key, byte @Nullable [] value) {
        if (value == null && wrapped().get(key) == null) {
            changes.remove(key);
        } else {
            changes.put(key, new Change(value, made));
        }
        made += CHANGE_BYTES + key.get().length + (value == null ? 0 : value.length);
        if (made >= MOST_BYTES) {
            flushCache();
        }
    }

    @Override
    public byte @Nullable [] get(Bytes key) {
        Change change = changes.get(key);
        return change == null ? wrapped().get(key) : change.value();
    }

    @Override
    public byte @Nullable [] putIfAbsent(Bytes key, byte[] value) {
        byte[] before = get(key);
        if (before == null) {
            put(key, value);
        }
        return before;
    }

    @Override
    public void putAll(List<KeyValue<Bytes, byte[]>> entries) {
        entries.forEach(entry -> put(entry.key, entry.value));
    }

    @Override
    public byte @Nullable [] delete(Bytes key) {
        byte[] before = get(key);
        put(key, null);
        return before;
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> range(Bytes from, Bytes to) {
        return merged(within(from, to), wrapped().range(from, to), Comparator.naturalOrder());
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> reverseRange(Bytes from, Bytes to) {
        return merged(within(from, to).descendingMap(), wrapped().reverseRange(from, to), Comparator.reverseOrder());
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> all() {
        return merged(changes, wrapped().all(), Comparator.naturalOrder());
    }

    @Override
    public long approximateNumEntries() {
        return wrapped().approximateNumEntries() + changes.size();
    }

    private NavigableMap<Bytes, Change> within(Bytes from, Bytes to) {
        return from.compareTo(to) > 0 ? Collections.emptyNavigableMap() : changes.subMap(from, true, to, true);
    }

    /** The changes are taken before the store below is looked at: what a flush in between writes is in one of them. */
    private static KeyValueIterator<Bytes, byte[]> merged(
            NavigableMap<Bytes, Change> changes, KeyValueIterator<Bytes, byte[]> below, Comparator<Bytes> order) {
        return changes.isEmpty() ? below : new Merged(below, changes, order);
    }

    @Override
    public void flushCache() {
        changes.entrySet().stream()
                .sorted(Comparator.comparingInt(change -> change.getValue().place()))
                .forEach(change ->
                        wrapped().put(change.getKey(), change.getValue().value()));
        forget();
        super.flushCache();
    }

    /** What was not committed counts for nothing. */
    @Override
    public void clearCache() {
        forget();
        super.clearCache();
    }

    @Override
    public void close() {
        forget();
        super.close();
    }

    private void forget() {
        changes = new ConcurrentSkipListMap<>();
        made = 0;
    }

    /** The keys of the store below and the changed ones. To be used up before the next change. */
    private static final class Merged implements KeyValueIterator<Bytes, byte[]> {

        private final KeyValueIterator<Bytes, byte[]> below;
        private final Iterator<Map.Entry<Bytes, Change>> changes;
        private final Comparator<Bytes> order;
        private Map.@Nullable Entry<Bytes, Change> change;
        private @Nullable KeyValue<Bytes, byte[]> next;

        Merged(KeyValueIterator<Bytes, byte[]> below, NavigableMap<Bytes, Change> changes, Comparator<Bytes> order) {
            this.below = below;
            this.changes = changes.entrySet().iterator();
            this.order = order;
            this.change = following();
            advance();
        }

        private void advance() {
            next = null;
            while (next == null && (below.hasNext() || change != null)) {
                Map.Entry<Bytes, Change> changed = change;
                int place = changed == null
                        ? -1
                        : below.hasNext() ? order.compare(below.peekNextKey(), changed.getKey()) : 1;
                next = place <= 0 ? below.next() : null;
                if (changed != null && place >= 0) {
                    byte[] value = changed.getValue().value();
                    next = value == null ? null : KeyValue.pair(changed.getKey(), value);
                    change = following();
                }
            }
        }

        private Map.@Nullable Entry<Bytes, Change> following() {
            return changes.hasNext() ? changes.next() : null;
        }

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public KeyValue<Bytes, byte[]> next() {
            KeyValue<Bytes, byte[]> found = required();
            advance();
            return found;
        }

        @Override
        public Bytes peekNextKey() {
            return required().key;
        }

        private KeyValue<Bytes, byte[]> required() {
            if (next == null) {
                throw new NoSuchElementException();
            }
            return next;
        }

        @Override
        public void close() {
            below.close();
        }
    }
}
