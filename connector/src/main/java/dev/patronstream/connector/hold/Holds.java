package dev.patronstream.connector.hold;

import dev.patronstream.connector.epoch.CommittedReader;
import dev.patronstream.schemas.AvroSerdes;
import dev.patronstream.schemas.CaptureHold;
import dev.patronstream.schemas.HoldDecision;
import dev.patronstream.schemas.KafkaAnswers;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * The district's topic of holds: the connector says there what it holds, and a person's decision travels back the same
 * way. So a decision reaches a connector on any machine, and one that is just being restarted.
 *
 * <p>Not thread-safe.
 */
public final class Holds implements AutoCloseable {

    private final Map<String, Object> kafka;
    private final Topics topics;
    private final AvroSerdes serdes;
    private final CommittedReader reader;

    /**
     * What stands in the topic.
     *
     * @param held what the connector holds
     * @param decision the last decision, whatever hold it was on
     */
    public record Standing(Optional<CaptureHold> held, Optional<CaptureHold> decision) {

        /** Returns the decision on what is held now, if there is one: on the same rows, held since the same time. */
        public Optional<CaptureHold> decisionOnHeld() {
            return held.flatMap(hold -> decision.filter(made ->
                    made.getId().equals(hold.getId()) && made.getHeldSince().equals(hold.getHeldSince())));
        }
    }

    /**
     * Opens the topic.
     *
     * @param kafka properties of the Kafka clients
     * @param patience how long to wait for the cluster
     */
    public Holds(Map<String, ?> kafka, Topics topics, AvroSerdes serdes, Duration patience) {
        this.kafka = new HashMap<>(kafka);
        this.topics = topics;
        this.serdes = serdes;
        this.reader = new CommittedReader(kafka, patience);
    }

    /** Returns what stands in the topic; nothing where no connector has made it yet. */
    public Standing read() {
        try {
            Map<String, byte[]> found = reader.last(topics.holds(), Set.of(Keys.HELD, Keys.DECISION));
            return new Standing(of(found.get(Keys.HELD)), of(found.get(Keys.DECISION)));
        } catch (UnknownTopicOrPartitionException notYet) {
            return new Standing(Optional.empty(), Optional.empty());
        }
    }

    private Optional<CaptureHold> of(byte @Nullable [] value) {
        return Optional.ofNullable(value)
                .map(bytes -> serdes.deserializer(CaptureHold.class).deserialize(topics.holds(), bytes));
    }

    /** Writes a person's decision on a hold. */
    public void decide(CaptureHold hold, HoldDecision decision, String by, Instant at) {
        CaptureHold decided = CaptureHold.newBuilder(hold)
                .setDecision(decision)
                .setDecidedAt(at)
                .setDecidedBy(by)
                .build();
        Map<String, Object> properties = new HashMap<>(kafka);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        try (KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer())) {
            KafkaAnswers.await(producer.send(new ProducerRecord<>(topics.holds(), Keys.DECISION, bytes(decided))));
        }
    }

    /** Returns a hold as the topic's records have it. */
    public byte[] bytes(CaptureHold hold) {
        return serdes.serializer(CaptureHold.class).serialize(topics.holds(), hold);
    }

    @Override
    public void close() {
        reader.close();
    }
}
