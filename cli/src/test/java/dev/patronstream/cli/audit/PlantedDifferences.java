package dev.patronstream.cli.audit;

import dev.patronstream.cli.audit.Difference.Kind;
import dev.patronstream.cli.cluster.ClusterClients;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.schemas.topic.RecordForm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Somebody with a producer of his own who writes into the topics by hand, and what an audit should say of it. */
final class PlantedDifferences implements AutoCloseable {

    private final ClusterClients clients;
    private final AvroSerdes serdes;
    private final KafkaProducer<String, byte[]> producer;
    private final List<Difference> planted = new ArrayList<>();

    PlantedDifferences(ClusterClients clients) {
        this.clients = clients;
        this.serdes = clients.avro();
        this.producer =
                new KafkaProducer<>(new HashMap<>(clients.kafka()), new StringSerializer(), new ByteArraySerializer());
    }

    List<Difference> planted() {
        return List.copyOf(planted);
    }

    /** Deletes a record by a tombstone. */
    void delete(String topic, String key) {
        write(topic, key, null, new Difference(topic, Kind.MISSING, key, List.of()));
    }

    /** Replaces a record by one with another value in one field. */
    <T extends SpecificRecord> void alter(
            String topic, String key, T record, String field, UnaryOperator<T> alteration, Class<T> type) {
        T altered = alteration.apply(record);
        write(
                topic,
                key,
                serdes.serializer(type).serialize(topic, altered),
                new Difference(topic, Kind.DIFFERENT, key, List.of(field)));
    }

    /** Adds a record that the database knows nothing of. */
    <T extends SpecificRecord> void add(String topic, String key, T record, Class<T> type) {
        write(
                topic,
                key,
                serdes.serializer(type).serialize(topic, record),
                new Difference(topic, Kind.EXTRA, key, List.of()));
    }

    private void write(String topic, String key, byte @Nullable [] value, Difference difference) {
        try {
            producer.send(new ProducerRecord<>(topic, key, value)).get();
        } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException(e);
        }
        planted.add(difference);
    }

    /** The records of a topic as any consumer has them. */
    <T extends SpecificRecord> Map<String, T> content(String topic, Class<T> type) {
        var values = serdes.deserializer(type);
        Map<String, T> content = new HashMap<>();
        try (CommittedTopics reader = new CommittedTopics(clients.kafka(), Duration.ofSeconds(60))) {
            reader.read(topic, RecordForm.ANY, committed -> {
                if (committed.isDeletion()) {
                    content.remove(committed.key());
                } else {
                    content.put(
                            committed.key(),
                            values.deserialize(topic, committed.value().orElseThrow()));
                }
            });
        }
        return content;
    }

    @Override
    public void close() {
        producer.close();
    }
}
