package dev.patronstream.schemas.topic;

import dev.patronstream.schemas.serde.RegistryException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * What the records of a topic look like. Immutable, and thread-safe where the deserializer is.
 *
 * @param keys whether a key is one of this topic's
 * @param values reads its values
 * @param namesEpoch whether every record names its epoch in {@link RecordHeaders#EPOCH}
 */
public record RecordForm<V>(Predicate<String> keys, Deserializer<V> values, boolean namesEpoch) {

    /** Told apart by its identity: where any key will do, none will do as well. */
    @SuppressWarnings("UnnecessaryLambda")
    private static final Predicate<String> ANY_KEY = key -> true;

    /** Records of any kind, their values as they were sent. */
    public static final RecordForm<byte[]> ANY = new RecordForm<>(ANY_KEY, new ByteArrayDeserializer(), false);

    /** Returns the form of a topic with keys of any kind, whose records name no epoch. */
    public static <V> RecordForm<V> of(Deserializer<V> values) {
        return new RecordForm<>(ANY_KEY, values, false);
    }

    /** Returns the form of a topic whose records name no epoch. */
    public static <V> RecordForm<V> of(Predicate<String> keys, Deserializer<V> values) {
        return new RecordForm<>(keys, values, false);
    }

    /** Returns the same form with values as they were sent, once they have been found readable. */
    public RecordForm<byte[]> asSent() {
        Deserializer<byte[]> checked = (topic, bytes) -> values.deserialize(topic, bytes) == null ? null : bytes;
        return new RecordForm<>(keys, checked, namesEpoch);
    }

    /**
     * Reads a record; one that is not of this form is foreign.
     *
     * @throws RegistryException if the registry does not answer, so that nobody knows what the record is
     */
    public TopicRecord<V> read(ConsumerRecord<String, byte[]> sent) {
        OptionalLong epoch = OptionalLong.empty();
        Optional<V> value = Optional.empty();
        Optional<String> foreign = Optional.empty();
        if (keys != ANY_KEY && (sent.key() == null || !keys.test(sent.key()))) {
            foreign = Optional.of(sent.key() == null ? "it has no key" : "its key is none of this topic's");
        }
        try {
            epoch = epoch(sent);
        } catch (NumberFormatException e) {
            foreign = foreign.or(() -> Optional.of("its header " + RecordHeaders.EPOCH + " is no number"));
        }
        if (namesEpoch && epoch.isEmpty()) {
            foreign = foreign.or(() -> Optional.of("it has no header " + RecordHeaders.EPOCH));
        }
        if (foreign.isEmpty() && sent.value() != null) {
            try {
                value = Optional.of(values.deserialize(sent.topic(), sent.value()));
            } catch (RuntimeException e) {
                foreign = Optional.of(complaint(e).orElseThrow(() -> e));
            }
        }
        String key = sent.key() == null ? "" : sent.key();
        return new TopicRecord<>(
                sent.topic(), sent.offset(), sent.timestamp(), key, epoch, sent.headers(), value, foreign);
    }

    /** Reads a record again that was read as it was sent. */
    public TopicRecord<V> read(TopicRecord<byte[]> sent) {
        byte[] value = sent.value().orElse(null);
        return read(new ConsumerRecord<>(sent.topic(), 0, sent.offset(), sent.key(), value));
    }

    private static OptionalLong epoch(ConsumerRecord<?, ?> sent) {
        Header header = sent.headers().lastHeader(RecordHeaders.EPOCH);
        return header == null || header.value() == null
                ? OptionalLong.empty()
                : OptionalLong.of(Long.parseLong(new String(header.value(), StandardCharsets.UTF_8)));
    }

    /** What is wrong with a value that could not be read; empty if it is not the value. */
    private static Optional<String> complaint(RuntimeException e) {
        if (e instanceof RegistryException registry) {
            return registry.isNoAvroSchema()
                    ? Optional.of("its value names no Avro schema that the registry has")
                    : Optional.empty();
        }
        // Other deserializers say in this way that the registry could not be asked.
        boolean isWorlds = e.getCause() instanceof IOException && !(e.getCause() instanceof EOFException);
        return e instanceof KafkaException && (isWorlds || !(e instanceof SerializationException))
                ? Optional.empty()
                : Optional.of("its value is not of this topic's schema");
    }
}
