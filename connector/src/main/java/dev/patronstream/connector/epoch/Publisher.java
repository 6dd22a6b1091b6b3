package dev.patronstream.connector.epoch;

import dev.patronstream.connector.database.Incarnation;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.Progress;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.schemas.topic.RecordHeaders;
import dev.patronstream.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes rows, the end of their epoch and the position of the source in one Kafka transaction.
 *
 * <p>Whatever goes wrong on the way, this publisher is used no more: anyone who owns it closes it and makes another one,
 * which fences it, and reads back what is committed. So a commit whose answer is lost is never guessed at. Not
 * thread-safe: a producer has one owner.
 */
public final class Publisher implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(Publisher.class);
    private static final Duration CLOSE = Duration.ofSeconds(2);
    private static final String TRANSACTION_TIMEOUT_MS = "60000";
    private static final long PATIENCE_SECONDS = 5;

    private final Topics topics;
    private final Map<String, String> topicIds;
    private final Duration commitPatience;
    private final Consumer<String> slowness;
    private final KafkaProducer<String, byte[]> producer;
    private final Map<SourceTable, Serializer<SpecificRecord>> rows = new EnumMap<>(SourceTable.class);
    private final Serializer<Progress> progress;

    /**
     * What closes a Kafka transaction.
     *
     * @param position the position of the source after it
     * @param progress the end of the epoch, if it ends here
     */
    public record Ending(Position position, Optional<Progress> progress) {}

    /**
     * Makes a publisher; nothing is sent before {@link #fence}.
     *
     * @param topicIds by topic: what it is known by
     * @param commitPatience how long a commit without an answer is asked again before giving up
     * @param slowness told, in words, whenever the brokers have not answered for some seconds
     */
    public Publisher(
            Map<String, ?> kafka,
            Topics topics,
            Map<String, String> topicIds,
            AvroSerdes serdes,
            Duration commitPatience,
            Consumer<String> slowness) {
        this.topics = topics;
        this.topicIds = topicIds;
        this.commitPatience = commitPatience;
        this.slowness = slowness;
        for (SourceTable table : SourceTable.values()) {
            rows.put(table, serializer(serdes, table.contract()));
        }
        this.progress = serdes.serializer(Progress.class);
        this.producer =
                new KafkaProducer<>(properties(kafka, topics), new StringSerializer(), new ByteArraySerializer());
    }

    private static <T extends SpecificRecordBase> Serializer<SpecificRecord> serializer(
            AvroSerdes serdes, Class<T> type) {
        Serializer<T> serializer = serdes.serializer(type);
        return (topic, value) -> serializer.serialize(topic, type.cast(value));
    }

    private static Map<String, Object> properties(Map<String, ?> kafka, Topics topics) {
        Map<String, Object> properties = new HashMap<>();
        properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 15_000);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 45_000);
        properties.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_TIMEOUT_MS);
        properties.putAll(kafka);
        // What the promises rest on is not up to configuration.
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, topics.connectorTransactionalId());
        properties.put(ProducerConfig.CLIENT_ID_CONFIG, topics.connectorTransactionalId());
        return properties;
    }

    /** Returns the generation of the contract topics: one incarnation of the database in one set of topics. */
    public String generation(Incarnation incarnation) {
        String ids = Stream.concat(topics.contracts().stream(), Stream.of(topics.progress()))
                .sorted()
                .map(topic -> topic + "=" + topicIds.get(topic))
                .collect(Collectors.joining(" "));
        UUID digest = UUID.nameUUIDFromBytes(ids.getBytes(StandardCharsets.UTF_8));
        return incarnation.id() + "/" + digest.toString().substring(0, 8);
    }

    /** Fences every earlier publisher of the district and finishes what it left behind. */
    public void fence() {
        producer.initTransactions();
    }

    /** Writes a record of the connector's own, null for a tombstone, in a transaction of its own. */
    public void note(String topic, String key, byte @Nullable [] value) {
        producer.beginTransaction();
        Future<RecordMetadata> sent = producer.send(new ProducerRecord<>(topic, 0, key, value));
        await(sent);
        commit();
    }

    /**
     * Writes rows and what closes them in one Kafka transaction.
     *
     * @param changes the rows, in order
     * @param notes by topic: what it ends with
     * @param ending makes what closes the transaction, of what the topics end with after it
     * @return what closed it
     */
    public Ending publish(
            long epoch,
            String incarnation,
            List<Outgoing> changes,
            Map<String, Note> notes,
            Function<Map<String, Note>, Ending> ending) {
        List<ProducerRecord<String, byte[]>> encoded = changes.stream()
                .map(change -> encode(epoch, incarnation, change))
                .toList();
        producer.beginTransaction();
        List<Future<RecordMetadata>> sent = new ArrayList<>(encoded.size());
        for (ProducerRecord<String, byte[]> row : encoded) {
            sent.add(producer.send(row));
        }
        Map<String, Note> after = new HashMap<>(notes);
        Map<String, Integer> last = new HashMap<>();
        Map<String, Long> ends = new HashMap<>();
        notes.forEach((topic, note) -> ends.put(topic, note.next()));
        for (int i = 0; i < encoded.size(); i++) {
            last.put(encoded.get(i).topic(), i);
            requireNext(await(sent.get(i)), ends);
        }
        last.forEach((topic, i) ->
                after.put(topic, note(epoch, encoded.get(i), await(sent.get(i)).offset() + 1)));
        Ending end = ending.apply(after);
        Position position = end.position();
        List<Future<RecordMetadata>> closing = new ArrayList<>();
        if (end.progress().isPresent()) {
            ProducerRecord<String, byte[]> epochEnd = new ProducerRecord<>(
                    topics.progress(),
                    0,
                    Keys.PROGRESS,
                    progress.serialize(topics.progress(), end.progress().get()));
            closing.add(producer.send(epochEnd));
            position = position.noting(Map.of(topics.progress(), note(0, epochEnd, Note.ANYWHERE)));
        }
        closing.add(producer.send(new ProducerRecord<>(topics.offsets(), 0, Position.KEY, position.bytes())));
        commit();
        closing.forEach(this::await);
        return new Ending(position, end.progress());
    }

    private Note note(long epoch, ProducerRecord<String, byte[]> written, long next) {
        return new Note(
                topicIds.getOrDefault(written.topic(), ""), next, Note.digest(epoch, written.key(), written.value()));
    }

    /** Offsets only grow, unless the topic is another one under the same name, or has lost its end. */
    private static void requireNext(RecordMetadata written, Map<String, Long> ends) {
        long end = ends.getOrDefault(written.topic(), 0L);
        if (written.offset() < end) {
            throw new IllegalStateException(
                    "Topic " + written.topic() + " has lost its end or was created again: a record got offset "
                            + written.offset() + ", and the one before had " + (end - 1));
        }
        ends.put(written.topic(), written.offset() + 1);
    }

    private ProducerRecord<String, byte[]> encode(long epoch, String incarnation, Outgoing change) {
        SourceTable table = change.row().table();
        String topic = table.topic(topics);
        byte[] value =
                change.value().map(row -> rows.get(table).serialize(topic, row)).orElse(null);
        ProducerRecord<String, byte[]> encoded =
                new ProducerRecord<>(topic, 0, change.row().key(), value);
        RecordHeaders.add(encoded.headers(), epoch, change.lsn().text(), incarnation);
        return encoded;
    }

    /**
     * A commit that timed out may have happened or not. To ask for the same commit again is safe; to abort is not.
     *
     * @see KafkaProducer#commitTransaction()
     */
    private void commit() {
        long deadline = System.nanoTime() + commitPatience.toNanos();
        while (true) {
            try {
                producer.commitTransaction();
                return;
            } catch (TimeoutException e) {
                if (System.nanoTime() > deadline) {
                    throw new KafkaException(
                            "The broker did not answer a commit; its outcome is unknown and will be read back", e);
                }
                LOGGER.atWarn().log("The broker did not answer a commit; asking again");
                slowness.accept("the Kafka cluster does not answer a commit");
            }
        }
    }

    /** Waits for an acknowledgement; the producer itself gives up after its delivery timeout. */
    private RecordMetadata await(Future<RecordMetadata> sent) {
        while (true) {
            try {
                return sent.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (java.util.concurrent.TimeoutException notYet) {
                slowness.accept("the Kafka cluster does not acknowledge records");
            } catch (InterruptedException e) {
                throw new InterruptException(e);
            } catch (ExecutionException e) {
                throw e.getCause() instanceof KafkaException cause
                        ? cause
                        : new KafkaException("A record could not be sent", e.getCause());
            }
        }
    }

    /** Gives the producer up within seconds; a transaction that is not committed is aborted. */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        try {
            producer.close(CLOSE);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
