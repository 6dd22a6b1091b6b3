package dev.patronstream.snapshotter.delivery;

import dev.patronstream.schemas.AvroSerdes;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.schemas.Topics;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The receipts of all feeds, as they stand in their topic. Thread-safe. */
public final class Receipts {

    private final Topics topics;
    private final TopicReader reader;
    private final AvroSerdes serdes;

    /** Makes a reader of receipts; {@code kafka} are properties that every Kafka client gets. */
    public Receipts(Topics topics, Map<String, Object> kafka, AvroSerdes serdes) {
        this.topics = topics;
        this.reader = new TopicReader(kafka);
        this.serdes = serdes;
    }

    /** Returns the receipts of a feed, the oldest first; of each delivery what was written last. */
    public List<Delivery> of(String feed) {
        Map<String, Delivery> byId = new TreeMap<>();
        reader.read(topics.deliveries(), serdes.deserializer(Delivery.class), record -> {
            if (record.value() != null && record.value().getFeed().equals(feed)) {
                byId.put(record.key(), record.value());
            }
        });
        List<Delivery> receipts = new ArrayList<>(byId.values());
        receipts.sort(Comparator.comparing(Delivery::getStartedAt).thenComparing(Delivery::getId));
        return receipts;
    }

    /** Returns the epoch of the last file that was delivered or found to be with the vendor already. */
    public static Optional<Long> lastEpoch(List<Delivery> receipts) {
        Optional<Long> last = Optional.empty();
        for (Delivery receipt : receipts) {
            DeliveryResult result = receipt.getResult();
            if (result == DeliveryResult.DELIVERED || result == DeliveryResult.UNCHANGED) {
                last = receipt.getEpoch();
            }
        }
        return last;
    }

    /**
     * Returns the hash of the file that the vendor holds by the receipts; empty when none was delivered, or when the
     * last attempt ended in the middle, so that nobody knows.
     */
    public static Optional<String> heldByVendor(List<Delivery> receipts) {
        Optional<String> held = Optional.empty();
        for (Delivery receipt : receipts) {
            DeliveryResult result = receipt.getResult();
            if (result == DeliveryResult.DELIVERED || result == DeliveryResult.UNCHANGED) {
                held = receipt.getSha256();
            } else if (result == DeliveryResult.SENDING) {
                held = Optional.empty();
            }
        }
        return held;
    }
}
