package dev.patronstream.streams.epochs;

import dev.patronstream.streams.people.Person;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** All persons that occur in any of several stores, each once, in their order. */
final class PersonIterator implements Iterator<Person>, AutoCloseable {

    private final List<Source> sources;

    PersonIterator(List<Source> sources) {
        this.sources = List.copyOf(sources);
    }

    /** The persons in the keys of one store, which begin with a prefix and go on with the person. */
    static Source source(KeyValueStore<Bytes, byte[]> store, Bytes fromPerson, Bytes prefix) {
        byte[] start = new byte[prefix.get().length + fromPerson.get().length];
        System.arraycopy(prefix.get(), 0, start, 0, prefix.get().length);
        System.arraycopy(fromPerson.get(), 0, start, prefix.get().length, fromPerson.get().length);
        Bytes end = StoreKeys.last(prefix);
        return new Source(store.range(Bytes.wrap(start), end), prefix.get().length);
    }

    @Override
    public boolean hasNext() {
        return sources.stream().anyMatch(source -> source.head() != null);
    }

    @Override
    public Person next() {
        Person least = sources.stream()
                .map(Source::head)
                .filter(Objects::nonNull)
                .min(Person::compareTo)
                .orElseThrow(NoSuchElementException::new);
        sources.forEach(source -> source.skip(least));
        return least;
    }

    @Override
    public void close() {
        sources.forEach(Source::close);
    }

    /** The persons of one store; a person may occur in several keys. */
    static final class Source {

        private final KeyValueIterator<Bytes, byte[]> keys;
        private final int personAt;
        private @Nullable Person head;

        private Source(KeyValueIterator<Bytes, byte[]> keys, int personAt) {
            this.keys = keys;
            this.personAt = personAt;
            advance();
        }

        @Nullable
        Person head() {
            return head;
        }

        void skip(Person person) {
            while (person.equals(head)) {
                advance();
            }
        }

        void close() {
            keys.close();
        }

        private void advance() {
            head = keys.hasNext() ? StoreKeys.person(keys.next().key, personAt) : null;
        }
    }
}
