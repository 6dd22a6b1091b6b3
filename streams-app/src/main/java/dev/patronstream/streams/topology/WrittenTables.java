package dev.patronstream.streams.topology;

import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Patron;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.streams.epochs.StoreKeys;
import dev.patronstream.streams.epochs.Stores;
import dev.patronstream.streams.people.Person;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/**
 * What was last written of every person, as a store for questions. Thread-safe. In the middle of a large epoch it shows
 * some persons before, some after it.
 */
public final class WrittenTables {

    /** Name of the store. */
    public static final String STORE = Stores.WRITTEN;

    private final Topics topics;
    private final Deserializer<Patron> patrons;
    private final Deserializer<FeedEntry> entries;

    /** Reads the store with these serdes. */
    public WrittenTables(Topics topics, AvroSerdes serdes) {
        this.topics = topics;
        this.patrons = serdes.deserializer(Patron.class);
        this.entries = serdes.deserializer(FeedEntry.class);
    }

    /** Returns a patron. */
    public Optional<Patron> patron(ReadOnlyKeyValueStore<Bytes, byte[]> store, Person person) {
        Bytes key = StoreKeys.written(StoreKeys.output(Stores.PATRONS), person);
        return Optional.ofNullable(store.get(key)).map(bytes -> patrons.deserialize(topics.patrons(), bytes));
    }

    /** Returns the entries of a feed that fit, in the order of persons, at most so many. */
    public List<FeedEntry> feedEntries(
            ReadOnlyKeyValueStore<Bytes, byte[]> store, String feed, Predicate<FeedEntry> fits, int limit) {
        String topic = topics.feed(feed);
        Bytes prefix = StoreKeys.output(Stores.feedOutput(feed));
        List<FeedEntry> found = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> all = store.range(prefix, StoreKeys.last(prefix))) {
            while (all.hasNext() && found.size() < limit) {
                FeedEntry entry = entries.deserialize(topic, all.next().value);
                if (fits.test(entry)) {
                    found.add(entry);
                }
            }
        }
        return found;
    }
}
