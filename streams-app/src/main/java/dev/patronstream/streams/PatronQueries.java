package dev.patronstream.streams;

import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Patron;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.streams.epochs.EpochSettings;
import dev.patronstream.streams.epochs.StoreKeys;
import dev.patronstream.streams.epochs.Stores;
import dev.patronstream.streams.people.Person;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/**
 * Answers from the store of what was last written of every person. Thread-safe. In the middle of a large epoch it shows
 * some persons before, some after it.
 */
final class PatronQueries {

    private final KafkaStreams streams;
    private final Topics topics;
    private final Deserializer<Patron> patrons;
    private final Deserializer<FeedEntry> entries;

    PatronQueries(KafkaStreams streams, EpochSettings settings) {
        this.streams = streams;
        this.topics = settings.topics();
        this.patrons = settings.serdes().deserializer(Patron.class);
        this.entries = settings.serdes().deserializer(FeedEntry.class);
    }

    Optional<Patron> patron(PatronKind kind, int id) {
        Bytes key = StoreKeys.written(StoreKeys.output(Stores.PATRONS), new Person(kind, id));
        return ask(store ->
                Optional.ofNullable(store.get(key)).map(bytes -> patrons.deserialize(topics.patrons(), bytes)));
    }

    /** Returns the entries of a feed that fit, in the order of persons, at most so many. */
    List<FeedEntry> feedEntries(String feed, Optional<Integer> school, Optional<PatronStatus> status, int limit) {
        String topic = topics.feed(feed);
        Bytes prefix = StoreKeys.output(Stores.feedOutput(feed));
        return ask(store -> {
            List<FeedEntry> found = new ArrayList<>();
            try (KeyValueIterator<Bytes, byte[]> all = store.range(prefix, StoreKeys.last(prefix))) {
                while (all.hasNext() && found.size() < limit) {
                    FeedEntry entry = entries.deserialize(topic, all.next().value);
                    if ((school.isEmpty() || entry.getPrimary().getSchoolCode().equals(school))
                            && (status.isEmpty()
                                    || status.get() == entry.getPrimary().getStatus())) {
                        found.add(entry);
                    }
                }
            }
            return found;
        });
    }

    private <T> T ask(Function<ReadOnlyKeyValueStore<Bytes, byte[]>, T> question) {
        try {
            return question.apply(streams.store(StoreQueryParameters.fromNameAndType(
                    Stores.WRITTEN, QueryableStoreTypes.<Bytes, byte[]>keyValueStore())));
        } catch (InvalidStateStoreException | IllegalStateException e) {
            throw new QueryUnavailableException(
                    "The patron table cannot be asked now: the streams application is starting, restoring its state,"
                            + " stopped, or does its work in another process",
                    e);
        }
    }
}
