package dev.patronstream.streams;

import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Patron;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.streams.people.Person;
import dev.patronstream.streams.topology.WrittenTables;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/** Answers from the state stores of the running application. Thread-safe. */
final class PatronQueries {

    private final KafkaStreams streams;
    private final WrittenTables tables;

    PatronQueries(KafkaStreams streams, WrittenTables tables) {
        this.streams = streams;
        this.tables = tables;
    }

    Optional<Patron> patron(PatronKind kind, int id) {
        return ask(store -> tables.patron(store, new Person(kind, id)));
    }

    List<FeedEntry> feedEntries(String feed, Optional<Integer> school, Optional<PatronStatus> status, int limit) {
        return ask(store -> tables.feedEntries(
                store,
                feed,
                entry -> (school.isEmpty() || entry.getPrimary().getSchoolCode().equals(school))
                        && (status.isEmpty()
                                || status.get() == entry.getPrimary().getStatus()),
                limit));
    }

    private <T> T ask(Function<ReadOnlyKeyValueStore<Bytes, byte[]>, T> question) {
        try {
            return question.apply(streams.store(StoreQueryParameters.fromNameAndType(
                    WrittenTables.STORE, QueryableStoreTypes.<Bytes, byte[]>keyValueStore())));
        } catch (InvalidStateStoreException | IllegalStateException e) {
            throw new QueryUnavailableException(
                    "The patron table cannot be asked now: the streams application is starting, restoring its state,"
                            + " stopped, or does its work in another process",
                    e);
        }
    }
}
