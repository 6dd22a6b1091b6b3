package dev.patronstream.snapshotter.ledger;

import dev.patronstream.schemas.DecisionKind;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryDecision;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.schemas.topic.RecordForm;
import dev.patronstream.schemas.topic.TopicWriter;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.snapshotter.file.StoredFile;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The receipts of all feeds, as they stand in their topic. Thread-safe. */
public final class Receipts {

    /** How many receipts of a feed are kept: more than five years of daily deliveries, or three weeks of one in 15 minutes. */
    public static final int KEPT = 2_000;

    /** The order in which deliveries began, by the topic. */
    public static final Comparator<Delivery> ORDER =
            Comparator.comparingLong(Delivery::getSequence).thenComparing(Delivery::getId);

    private final Topics topics;
    private final Map<String, Object> kafka;
    private final AvroSerdes serdes;

    /** Makes a reader of receipts; {@code kafka} are properties that every Kafka client gets. */
    public Receipts(Topics topics, Map<String, Object> kafka, AvroSerdes serdes) {
        this.topics = topics;
        this.kafka = Map.copyOf(kafka);
        this.serdes = serdes;
    }

    /** Returns the receipts of a feed, the oldest first; of each delivery what was written last. */
    public List<Delivery> of(String feed) {
        return all().stream().filter(receipt -> receipt.getFeed().equals(feed)).toList();
    }

    /** Returns the receipts of every feed, the oldest first; of each delivery what was written last. */
    public List<Delivery> all() {
        try (CommittedTopics reader = new CommittedTopics(kafka)) {
            RecordForm<Delivery> form = RecordForm.of(serdes.deserializer(Delivery.class));
            return reader.newest(topics.deliveries(), form).values().stream()
                    .sorted(ORDER)
                    .toList();
        }
    }

    /** Returns which receipts of a feed may go: the oldest above the number that is kept, but none that is needed. */
    public static List<Delivery> old(List<Delivery> receipts, Set<String> needed) {
        return receipts.stream()
                .limit(Math.max(0, receipts.size() - KEPT))
                .filter(receipt -> !needed.contains(receipt.getId()))
                .toList();
    }

    public static List<Delivery> waiting(List<Delivery> receipts) {
        return receipts.stream()
                .filter(receipt -> receipt.getResult() == DeliveryResult.HELD)
                .toList();
    }

    /** Returns the receipts that end with a newer one, as they stand then: those of other files that wait. */
    public static List<Delivery> superseded(List<Delivery> receipts, Delivery by) {
        return waiting(receipts).stream()
                .filter(waiting -> !waiting.getId().equals(by.getId()))
                .map(receipt -> Delivery.newBuilder(receipt)
                        .setResult(DeliveryResult.SUPERSEDED)
                        .setMessage("Was held, and a newer file took its place: " + by.getId())
                        .build())
                .toList();
    }

    public static Optional<Delivery> find(List<Delivery> receipts, String id) {
        return receipts.stream().filter(receipt -> receipt.getId().equals(id)).findFirst();
    }

    /** Whether the vendor holds the file of a delivery that ended so. */
    public static boolean hasArrived(DeliveryResult result) {
        return result == DeliveryResult.DELIVERED || result == DeliveryResult.UNCHANGED;
    }

    /** Writes a receipt again, for what a person says of a delivery that is over; takes the feed from nobody. */
    public void amend(Delivery receipt) {
        String topic = topics.deliveries();
        byte[] value = serdes.serializer(Delivery.class).serialize(topic, receipt);
        TopicWriter.write(kafka, new ProducerRecord<>(topic, 0, receipt.getId(), value));
    }

    /** Returns the approval of a receipt whose file was to be sent and did not arrive, as far as is known. */
    public static Optional<DeliveryDecision> approval(Delivery receipt) {
        boolean tried = receipt.getResult() == DeliveryResult.FAILED || receipt.getResult() == DeliveryResult.SENDING;
        // The order to send an earlier file again is no answer to what the checks say of it today.
        return receipt.getDecision()
                .filter(decision ->
                        tried && receipt.getResendOf().isEmpty() && decision.getKind() == DecisionKind.APPROVED);
    }

    /** Whether two deliveries are of the same files, to the byte. */
    public static boolean haveTheSameFiles(Delivery one, Delivery other) {
        return fingerprints(one).equals(fingerprints(other));
    }

    /** Returns name and hash of each file of a delivery. */
    static List<String> fingerprints(Delivery receipt) {
        return receipt.getFiles().stream()
                .map(file -> file.getName() + " " + file.getSha256())
                .toList();
    }

    static List<String> fingerprints(List<StoredFile> files) {
        return files.stream().map(file -> file.name() + " " + file.sha256()).toList();
    }
}
