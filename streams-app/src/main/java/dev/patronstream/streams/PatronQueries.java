package dev.patronstream.streams;

import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Patron;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.streams.epochs.EpochSettings;
import dev.patronstream.streams.epochs.StoreKeys;
import dev.patronstream.streams.epochs.Stores;
import dev.patronstream.streams.people.Person;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Answers from the store of what was last written of every person. Thread-safe. In the middle of a large epoch it shows
 * some persons before, some after it.
 */
public final class PatronQueries {

    private final Supplier<@Nullable KafkaStreams> streams;
    private final EpochSettings settings;
    private final Deserializer<Patron> patrons;
    private final Deserializer<FeedEntry> entries;

    /** @param streams the one that runs, if there is one */
    PatronQueries(Supplier<@Nullable KafkaStreams> streams, EpochSettings settings) {
        this.streams = streams;
        this.settings = settings;
        this.patrons = settings.serdes().deserializer(Patron.class);
        this.entries = settings.serdes().deserializer(FeedEntry.class);
    }

    /**
     * Returns a patron as last written; may be ahead of what is committed by a fraction of a second.
     *
     * @throws QueryUnavailableException if the table cannot be asked now or here
     */
    public Optional<Patron> patron(PatronKind kind, int id) {
        Bytes key = StoreKeys.written(StoreKeys.output(Stores.PATRONS), new Person(kind, id));
        return ask(store -> Optional.ofNullable(store.get(key))
                .map(bytes -> patrons.deserialize(settings.topics().patrons(), bytes)));
    }

    /**
     * Returns entries of a feed, students first, each kind by number; at most so many.
     *
     * @param school only this school, of the primary enrollment
     * @param status only this status, of the primary enrollment
     * @throws IllegalArgumentException if there is no such feed
     * @throws QueryUnavailableException if the table cannot be asked now or here
     */
    public List<FeedEntry> feedEntries(
            String feed, Optional<Integer> school, Optional<PatronStatus> status, int limit) {
        if (!settings.feedNames().contains(feed)) {
            throw new IllegalArgumentException("There is no feed '" + feed + "'; there are " + settings.feedNames());
        }
        String topic = settings.topics().feed(feed);
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
        KafkaStreams running = streams.get();
        if (running == null) {
            throw new QueryUnavailableException(
                    "The patron table cannot be asked now: the streams application has not been started", null);
        }
        try {
            return question.apply(running.store(StoreQueryParameters.fromNameAndType(
                    Stores.WRITTEN, QueryableStoreTypes.<Bytes, byte[]>keyValueStore())));
        } catch (InvalidStateStoreException | IllegalStateException e) {
            throw new QueryUnavailableException(
                    "The patron table cannot be asked now: the streams application is starting, restoring its state,"
                            + " stopped, or does its work in another process",
                    e);
        }
    }
}
