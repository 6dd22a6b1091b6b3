package dev.patronstream.streams.epochs;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Rows from which persons take something over: of the schools their names, of a joined table the fields that it adds.
 * What is asked for most is kept in memory: there are many questions about few rows.
 *
 * @param <T> type of what is taken over
 */
final class SideRows<T> {

    private static final int MOST_KEPT = 20_000;

    private final KeyValueStore<Bytes, byte[]> store;
    private final Function<String, Bytes> storeKey;
    private final Function<byte[], T> taken;
    private final Map<Bytes, Optional<T>> kept = new LinkedHashMap<>(16, 0.75F, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Bytes, Optional<T>> eldest) {
            return size() > MOST_KEPT;
        }
    };

    /**
     * @param storeKey the row's key in the store, by its key in the topic
     * @param taken what is taken over, by the row's value
     */
    SideRows(KeyValueStore<Bytes, byte[]> store, Function<String, Bytes> storeKey, Function<byte[], T> taken) {
        this.store = store;
        this.storeKey = storeKey;
        this.taken = taken;
    }

    /** Takes in a row, or its end; returns the first number of its key if what is taken over has changed. */
    OptionalInt fold(Inbox.Row row) {
        Bytes key = storeKey.apply(row.key());
        Optional<T> before = get(row.key());
        if (row.value() == null) {
            store.delete(key);
        } else {
            store.put(key, row.value().get());
        }
        kept.remove(key);
        int slash = row.key().indexOf('/');
        return before.equals(get(row.key()))
                ? OptionalInt.empty()
                : OptionalInt.of(row.number(0, slash < 0 ? row.key().length() : slash));
    }

    /** Returns what is taken over from the row of a key; empty if there is none. */
    Optional<T> get(String row) {
        Bytes key = storeKey.apply(row);
        Optional<T> known = kept.get(key);
        if (known == null) {
            known = Optional.ofNullable(store.get(key)).map(taken);
            kept.put(key, known);
        }
        return known;
    }
}
