package dev.patronstream.streams.epochs;

import dev.patronstream.schemas.School;
import dev.patronstream.streams.people.SchoolNames;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/** The district's schools. Names are kept in memory once asked for: there are few schools and many questions. */
final class Schools implements SchoolNames {

    private final KeyValueStore<Bytes, byte[]> store;
    private final Deserializer<School> deserializer;
    private final String topic;
    private final Map<Integer, Optional<String>> names = new HashMap<>();

    Schools(KeyValueStore<Bytes, byte[]> store, Deserializer<School> deserializer, String topic) {
        this.store = store;
        this.deserializer = deserializer;
        this.topic = topic;
    }

    /** Takes over a school, or its end; returns its code if the name is another one than before. */
    OptionalInt fold(Inbox.Row row) {
        int code = Integer.parseInt(row.key());
        Optional<String> before = name(code);
        Bytes key = StoreKeys.school(code);
        if (row.value() == null) {
            store.delete(key);
        } else {
            store.put(key, row.value().get());
        }
        names.remove(code);
        return before.equals(name(code)) ? OptionalInt.empty() : OptionalInt.of(code);
    }

    @Override
    public Optional<String> name(int schoolCode) {
        return names.computeIfAbsent(schoolCode, code -> Optional.ofNullable(store.get(StoreKeys.school(code)))
                .flatMap(bytes -> deserializer.deserialize(topic, bytes).getName()));
    }
}
