package dev.patronstream.snapshotter.delivery;

import dev.patronstream.schemas.AvroSerdes;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryFile;
import dev.patronstream.schemas.DeliveryFileState;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.schemas.Topics;
import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.schemas.topic.RecordForm;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The receipts of all feeds, as they stand in their topic. Thread-safe. */
public final class Receipts {

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
        Map<String, Delivery> byId = new TreeMap<>();
        try (CommittedTopics reader = new CommittedTopics(kafka)) {
            reader.read(
                    topics.deliveries(), RecordForm.of(serdes.deserializer(Delivery.class)), record -> record.value()
                            .ifPresent(receipt -> byId.put(record.key(), receipt)));
        }
        List<Delivery> receipts = new ArrayList<>(byId.values());
        receipts.sort(Comparator.comparing(Delivery::getStartedAt).thenComparing(Delivery::getId));
        return receipts;
    }

    /** Returns the epoch of the last file that was delivered or found to be with the vendor already. */
    public static Optional<Long> lastEpoch(List<Delivery> receipts) {
        return lastDelivered(receipts).flatMap(Delivery::getEpoch);
    }

    /** Returns the last receipt of a file that the vendor holds. */
    public static Optional<Delivery> lastDelivered(List<Delivery> receipts) {
        return receipts.stream().filter(Receipts::isHeldByVendor).reduce((earlier, later) -> later);
    }

    /** Returns the receipts whose files wait for a person. */
    public static List<Delivery> waiting(List<Delivery> receipts) {
        return receipts.stream()
                .filter(receipt -> receipt.getResult() == DeliveryResult.HELD)
                .toList();
    }

    private static boolean isHeldByVendor(Delivery receipt) {
        return receipt.getResult() == DeliveryResult.DELIVERED || receipt.getResult() == DeliveryResult.UNCHANGED;
    }

    /**
     * Writes a receipt anew, in a way that does not take the feed from whoever delivers it: for what a person says about
     * a delivery that is over.
     *
     * @throws org.apache.kafka.common.KafkaException if the cluster does not take it
     */
    public void amend(Delivery receipt) {
        String topic = topics.deliveries();
        byte[] value = serdes.serializer(Delivery.class).serialize(topic, receipt);
        TopicWriter.write(kafka, new ProducerRecord<>(topic, 0, receipt.getId(), value));
    }

    /**
     * Returns by name the hashes of the files that the vendor holds by the receipts; without those that an attempt which
     * ended in the middle may have replaced, so that nobody knows.
     */
    public static Map<String, String> heldByVendor(List<Delivery> receipts) {
        Map<String, String> held = new TreeMap<>();
        for (Delivery receipt : receipts) {
            for (DeliveryFile file : files(receipt)) {
                if (isHeldByVendor(receipt)) {
                    held.put(file.getName(), file.getSha256());
                } else if (file.getState() != DeliveryFileState.OLD) {
                    // Also where the attempt knew: an older file may have been approved since, under an older receipt.
                    held.remove(file.getName());
                }
            }
        }
        return held;
    }

    /** Returns the files of a delivery; of receipts from before they were listed, the one that was named. */
    public static List<DeliveryFile> files(Delivery receipt) {
        if (!receipt.getFiles().isEmpty() || receipt.getSha256().isEmpty()) {
            return receipt.getFiles();
        }
        DeliveryFileState state =
                switch (receipt.getResult()) {
                    case DELIVERED, UNCHANGED -> DeliveryFileState.NEW;
                    case SENDING, FAILED -> DeliveryFileState.UNKNOWN;
                    case HELD, REJECTED, WRITTEN, OVERTAKEN -> DeliveryFileState.OLD;
                };
        return List.of(
                new DeliveryFile(receipt.getFileName(), receipt.getSha256().get(), receipt.getBytes(), state));
    }

    /** Whether two deliveries are of the same files, to the byte. */
    static boolean haveTheSameFiles(Delivery one, Delivery other) {
        return fingerprints(one).equals(fingerprints(other));
    }

    private static List<String> fingerprints(Delivery receipt) {
        return files(receipt).stream()
                .map(file -> file.getName() + " " + file.getSha256())
                .toList();
    }

    /** Whether a delivery was, or would have been, of these very files. */
    public static boolean areOf(Delivery receipt, List<StoredFile> files) {
        return fingerprints(receipt)
                .equals(files.stream()
                        .map(file -> file.name() + " " + file.sha256())
                        .toList());
    }
}
