package dev.patronstream.streams.epochs;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The rows of the district's schools, or of its teachers, which stand beside them. Names are kept in memory once asked
 * for: there are few of them and many questions.
 *
 * @param <T> type of the rows
 */
final class Names<T> {

    private final KeyValueStore<Bytes, byte[]> store;
    private final Function<byte[], Optional<String>> nameIn;
    private final Map<Bytes, Optional<String>> names = new HashMap<>();

    Names(
            KeyValueStore<Bytes, byte[]> store,
            Deserializer<T> deserializer,
            String topic,
            Function<T, Optional<String>> nameOf) {
        this.store = store;
        this.nameIn = bytes -> nameOf.apply(deserializer.deserialize(topic, bytes));
    }

    /** Takes over a row, or its end; returns the school's code if the name is another one than before. */
    OptionalInt fold(Inbox.Row row) {
        int end = row.key().length();
        int slash = row.key().indexOf('/');
        int school = row.number(0, slash < 0 ? end : slash);
        Bytes key = slash < 0 ? StoreKeys.school(school) : StoreKeys.teacher(school, row.number(slash + 1, end));
        Optional<String> before = name(key);
        if (row.value() == null) {
            store.delete(key);
        } else {
            store.put(key, row.value().get());
        }
        names.remove(key);
        return before.equals(name(key)) ? OptionalInt.empty() : OptionalInt.of(school);
    }

    /** Returns the name in a row; empty if there is no such row, or no name. */
    Optional<String> name(Bytes key) {
        return names.computeIfAbsent(
                key, row -> Optional.ofNullable(store.get(row)).flatMap(nameIn));
    }
}
