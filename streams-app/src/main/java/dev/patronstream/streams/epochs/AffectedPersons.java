package dev.patronstream.streams.epochs;

import dev.patronstream.streams.people.Person;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Persons to be evaluated in the step that is being taken.
 *
 * <p>The store keeps them for the next start; they are found in memory, some 64 bytes each, since a look at the store
 * crosses everybody who was removed from it before. Not thread-safe.
 */
final class AffectedPersons {

    private static final byte[] MARK = new byte[0];

    private final KeyValueStore<Bytes, byte[]> store;
    private @Nullable NavigableSet<Person> persons;

    AffectedPersons(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
    }

    void add(Person person) {
        if (persons().add(person)) {
            store.put(StoreKeys.person(person), MARK);
        }
    }

    void remove(Person person) {
        if (persons().remove(person)) {
            store.delete(StoreKeys.person(person));
        }
    }

    /** Returns the first of them after a person, or of all, at most so many. */
    List<Person> after(Optional<Person> last, int most) {
        NavigableSet<Person> all = persons();
        return last.map(person -> all.tailSet(person, false)).orElse(all).stream()
                .limit(most)
                .toList();
    }

    int size() {
        return persons().size();
    }

    /** Read with the first question: whether the store is whole is looked at before. */
    private NavigableSet<Person> persons() {
        if (persons == null) {
            persons =
                    new TreeSet<>(StoreKeys.persons(store, StoreKeys.NONE, StoreKeys.FIRST_PERSON, Integer.MAX_VALUE));
        }
        return persons;
    }
}
