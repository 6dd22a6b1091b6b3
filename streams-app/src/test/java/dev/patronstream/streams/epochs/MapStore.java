package dev.patronstream.streams.epochs;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** An ordered store in memory whose content can be committed and rolled back. Iterators see the state they began with. */
final class MapStore implements KeyValueStore<Bytes, byte[]> {

    private TreeMap<Bytes, byte[]> content = new TreeMap<>();
    private Map<Bytes, byte[]> committed = Map.of();

    /** The changelog, and where each commit ends in it. */
    private final List<KeyValue<Bytes, byte @Nullable []>> log = new ArrayList<>();

    private final Deque<Integer> commits = new ArrayDeque<>(List.of(0));

    void commit() {
        if (commits.getLast() < log.size()) {
            committed = new TreeMap<>(content);
            commits.add(log.size());
        }
    }

    void rollBack() {
        content = new TreeMap<>(committed);
        log.subList(commits.getLast(), log.size()).clear();
    }

    /** The last commit is not in the changelog any more; the copy on the machine may have it still. */
    void loseLastCommit(boolean copyStays) {
        if (commits.size() == 1) {
            return;
        }
        commits.removeLast();
        log.subList(commits.getLast(), log.size()).clear();
        if (!copyStays) {
            content = new TreeMap<>();
            log.forEach(entry -> {
                if (entry.value == null) {
                    content.remove(entry.key);
                } else {
                    content.put(entry.key, entry.value);
                }
            });
            committed = new TreeMap<>(content);
        }
    }

    /** The last committed record of the changelog. */
    Optional<KeyValue<Bytes, byte @Nullable []>> last() {
        int end = commits.getLast();
        return end == 0 ? Optional.empty() : Optional.of(log.get(end - 1));
    }

    /** What would be there after a crash. */
    Map<Bytes, byte[]> committed() {
        return Map.copyOf(committed);
    }

    /** Without seals. */
    int size() {
        return content.headMap(Seals.SEAL).size();
    }

    @Override
    public void put(Bytes key, byte @Nullable [] value) {
        log.add(KeyValue.pair(key, value));
        if (value == null) {
            content.remove(key);
        } else {
            content.put(key, value);
        }
    }

    @Override
    public byte @Nullable [] putIfAbsent(Bytes key, byte[] value) {
        byte[] before = content.get(key);
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
        log.add(KeyValue.pair(key, null));
        return content.remove(key);
    }

    @Override
    public byte @Nullable [] get(Bytes key) {
        return content.get(key);
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> range(Bytes from, Bytes to) {
        return iterator(content.subMap(from, true, to, true));
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> reverseRange(Bytes from, Bytes to) {
        return iterator(content.subMap(from, true, to, true).descendingMap());
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> all() {
        return iterator(content);
    }

    @Override
    public long approximateNumEntries() {
        return content.size();
    }

    @Override
    public String name() {
        return "map";
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {}

    @Override
    @Deprecated
    public void flush() {}

    @Override
    public void close() {}

    @Override
    public boolean persistent() {
        return false;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    private static KeyValueIterator<Bytes, byte[]> iterator(NavigableMap<Bytes, byte[]> range) {
        Iterator<Map.Entry<Bytes, byte[]>> entries =
                List.copyOf(range.entrySet()).iterator();
        return new KeyValueIterator<>() {
            @Override
            public void close() {}

            @Override
            public Bytes peekNextKey() {
                throw new UnsupportedOperationException();
            }

            @Override
            public boolean hasNext() {
                return entries.hasNext();
            }

            @Override
            public KeyValue<Bytes, byte[]> next() {
                Map.Entry<Bytes, byte[]> next = entries.next();
                return KeyValue.pair(next.getKey(), next.getValue());
            }
        };
    }
}
