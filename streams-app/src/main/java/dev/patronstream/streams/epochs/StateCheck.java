package dev.patronstream.streams.epochs;

import dev.patronstream.schemas.Progress;
import dev.patronstream.schemas.table.JoinedTable;
import dev.patronstream.schemas.topic.TopicIdentity;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.streams.topics.LostStateException;
import dev.patronstream.streams.topics.Note;
import dev.patronstream.streams.topics.TopicReader;
import java.util.OptionalLong;

/**
 * Compares what the state remembers of topics with the topics: of each input its identity, the record read last and the
 * group's position; of each changelog its last record. State of which any part does not fit is lost as a whole.
 *
 * <p>What it remembers of the outputs is compared by {@link PriorOutput}: they can be read again one by one.
 */
final class StateCheck {

    private final Topics topics;
    private final Stores stores;
    private final TopicReader reader;

    StateCheck(Topics topics, Stores stores, TopicReader reader) {
        this.topics = topics;
        this.stores = stores;
        this.reader = reader;
    }

    /**
     * Compares everything, before the state is used.
     *
     * @throws LostStateException if something does not fit
     */
    void atStart() {
        stores.seals().broken(topics, reader).ifPresent(store -> {
            throw new LostStateException(
                    "State store '" + store + "' is not what its changelog and the other stores say");
        });
        boolean isNew = stores.ledger().isEmpty();
        for (String topic : stores.inbox().topics()) {
            if (stores.ledger().input(topic).isEmpty() && !isNew) {
                throw new LostStateException("The state was built without topic " + topic + ", which is read now");
            }
            requireNote(topic);
            requireNothingPassed(topic);
            stores.ledger().input(topic, reader.identity(topic));
        }
        for (JoinedTable table : JoinedTable.values()) {
            if (!topics.joined().contains(table)) {
                stores.ledger().forgetInput(topics.of(table));
            }
        }
    }

    /**
     * Compares the inputs once more.
     *
     * @throws LostStateException if one is not the topic that was read
     */
    void whileRunning() {
        stores.inbox().topics().forEach(this::requireNote);
    }

    /** Whether a topic has lost its beginning and the connector has not written again what stood there. */
    boolean lacksABeginning(Progress epoch) {
        return topics.contracts().stream()
                .anyMatch(topic -> TopicIdentity.of(reader.identity(topic)).first()
                        > epoch.getFirstOffsets().getOrDefault(topic, 0L));
    }

    /**
     * Whether a topic lacks the last record that the epoch counts: the broker has lost it, and the marker that ends a
     * transaction stands in its place, or compaction has taken it.
     */
    boolean lacksAnEnd(Progress epoch) {
        return topics.contracts().stream().anyMatch(topic -> {
            long end = epoch.getNextOffsets().getOrDefault(topic, 0L);
            return end > 0 && reader.first(topic, end - 1, end).isEmpty();
        });
    }

    private void requireNote(String topic) {
        stores.ledger()
                .input(topic)
                .flatMap(known -> TopicIdentity.lost(topic, known, reader.identity(topic)))
                .ifPresent(why -> {
                    throw new LostStateException(why);
                });
        Note note = stores.inbox().note(topic);
        if (!note.fits(topic, reader)) {
            throw new LostStateException("Topic " + topic
                    + " does not hold the record any more that was read last, at offset " + note.offset());
        }
    }

    /** Rows below the group's position are not read again: the state has to know them. */
    private void requireNothingPassed(String topic) {
        OptionalLong position = reader.position(topic);
        long next = stores.inbox().note(topic).next();
        long passed = Math.min(position.orElse(0), reader.end(topic));
        if (next < passed && reader.first(topic, next, passed).isPresent()) {
            throw new LostStateException("The group has read on in topic " + topic
                    + ", but the state knows its records below offset " + next + " only");
        }
        stores.inbox().readFrom(topic, position);
    }
}
