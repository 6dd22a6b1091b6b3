package dev.patronstream.streams.epochs;

import dev.patronstream.schemas.Teacher;
import dev.patronstream.streams.people.TeacherNames;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/** The district's teachers, kept beside the schools. Names are kept in memory once asked for. */
final class Teachers implements TeacherNames {

    private final KeyValueStore<Bytes, byte[]> store;
    private final Deserializer<Teacher> deserializer;
    private final String topic;
    private final Map<Key, Optional<String>> names = new HashMap<>();

    /** What students name a teacher by. */
    private record Key(int school, int teacher) {}

    Teachers(KeyValueStore<Bytes, byte[]> store, Deserializer<Teacher> deserializer, String topic) {
        this.store = store;
        this.deserializer = deserializer;
        this.topic = topic;
    }

    /** Takes over a teacher, or the end of one; returns the school's code if the name is another one than before. */
    OptionalInt fold(Inbox.Row row) {
        int slash = row.key().indexOf('/');
        int school = row.number(0, slash);
        int number = row.number(slash + 1, row.key().length());
        Optional<String> before = name(school, number);
        Bytes key = StoreKeys.teacher(school, number);
        if (row.value() == null) {
            store.delete(key);
        } else {
            store.put(key, row.value().get());
        }
        names.remove(new Key(school, number));
        return before.equals(name(school, number)) ? OptionalInt.empty() : OptionalInt.of(school);
    }

    @Override
    public Optional<String> name(int schoolCode, int teacherNumber) {
        return names.computeIfAbsent(new Key(schoolCode, teacherNumber), number -> Optional.ofNullable(
                        store.get(StoreKeys.teacher(schoolCode, teacherNumber)))
                .flatMap(bytes -> deserializer.deserialize(topic, bytes).getName()));
    }
}
