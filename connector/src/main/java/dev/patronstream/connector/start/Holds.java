package dev.patronstream.connector.start;

import dev.patronstream.schemas.CaptureHold;
import dev.patronstream.schemas.HoldDecision;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.schemas.topic.RecordForm;
import dev.patronstream.schemas.topic.TopicWriter;
import dev.patronstream.schemas.topic.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;

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
    private final CommittedTopics reader;

    /**
     * What stands in the topic.
     *
     * @param decision the last decision, whatever hold it was on
     */
    public record HoldState(Optional<CaptureHold> held, Optional<CaptureHold> decision) {

        /** Returns the decision on what is held now, if there is one: on the same rows, held since the same time. */
        public Optional<CaptureHold> decisionOnHeld() {
            return held.flatMap(hold -> decision.filter(made ->
                    made.getId().equals(hold.getId()) && made.getHeldSince().equals(hold.getHeldSince())));
        }
    }

    /**
     * Opens the topic.
     *
     * @param patience how long to wait for the cluster
     */
    public Holds(Map<String, ?> kafka, Topics topics, AvroSerdes serdes, Duration patience) {
        this.kafka = new HashMap<>(kafka);
        this.topics = topics;
        this.serdes = serdes;
        this.reader = new CommittedTopics(kafka, patience);
    }

    /** Returns what stands in the topic; nothing where no connector has made it yet. */
    public HoldState read() {
        Map<String, CaptureHold> found = reader.newest(
                topics.holds(),
                RecordForm.of(serdes.deserializer(CaptureHold.class)),
                Set.of(Keys.HELD, Keys.DECISION));
        return new HoldState(Optional.ofNullable(found.get(Keys.HELD)), Optional.ofNullable(found.get(Keys.DECISION)));
    }

    /** Writes a person's decision on a hold, and why. */
    public void decide(CaptureHold hold, HoldDecision decision, String by, Optional<String> note, Instant at) {
        CaptureHold decided = CaptureHold.newBuilder(hold)
                .setDecision(decision)
                .setDecidedAt(at)
                .setDecidedBy(by)
                .setDecisionNote(note.orElse(null))
                .build();
        TopicWriter.write(kafka, new ProducerRecord<>(topics.holds(), 0, Keys.DECISION, bytes(decided)));
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
