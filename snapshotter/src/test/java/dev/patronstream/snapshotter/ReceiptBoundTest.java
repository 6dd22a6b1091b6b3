package dev.patronstream.snapshotter;

import static dev.patronstream.snapshotter.TestVendor.FEED;
import static dev.patronstream.snapshotter.layout.Entries.student;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.schemas.DecisionKind;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryDecision;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.snapshotter.ledger.DeliveryLedger;
import dev.patronstream.snapshotter.ledger.Receipts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Receipts do not grow for ever. */
@ExtendWith(Cluster.Extension.class)
class ReceiptBoundTest {

    private static final int BEFORE = Receipts.KEPT + 50;

    @TempDir
    private Path temporary;

    @Test
    void anAttemptTakesTheOldestReceiptsAway(Cluster cluster) throws IOException {
        Topics topics = new Topics(cluster.newDistrict());
        try (TestVendor vendor = new TestVendor(temporary);
                FeedTopic feed = new FeedTopic(cluster, topics)) {
            Receipts receipts = new Receipts(topics, cluster.kafka(), cluster.serdes());
            feed.apply(student(1, e -> {}));
            try (Snapshotter snapshotter = vendor.snapshotter(cluster, topics, "archive", vendor.destiny())) {
                Delivery first = snapshotter.snapshot(FEED, SnapshotOptions.DELIVER);
                List<Delivery> years = failures(first, BEFORE);
                write(cluster, topics, years);
                try (DeliveryLedger ledger = new DeliveryLedger(topics, FEED, cluster.kafka(), cluster.serdes())) {
                    ledger.write(years.get(BEFORE - 1));
                }
                String copied = years.get(7).getId();
                Files.createDirectories(
                        temporary.resolve("archive").resolve(FEED).resolve(copied));

                feed.apply(student(2, e -> {}));
                Delivery last = snapshotter.snapshot(FEED, SnapshotOptions.DELIVER);

                assertEquals(DeliveryResult.DELIVERED, last.getResult());
                List<Delivery> left = receipts.all();
                // The first file has a copy as well.
                assertEquals(List.of(first.getId(), copied), ids(left.subList(0, 2)));
                assertEquals(Receipts.KEPT, left.size() - 2);
                assertEquals(last, left.get(left.size() - 1));
                assertTrue(last.getCaptureNews().isEmpty(), "Nothing counts as lost");
                feed.apply(student(3, e -> {}));
                assertTrue(snapshotter
                        .snapshot(FEED, SnapshotOptions.DELIVER)
                        .getCaptureNews()
                        .isEmpty());
                assertEquals(Receipts.KEPT, receipts.all().size() - 2);
            }
        }
    }

    /** Receipts that came after another one, of approved files that did not arrive. */
    static List<Delivery> failures(Delivery after, int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> after.getSequence() + i)
                .map(sequence -> Delivery.newBuilder(after)
                        .setId(after.getId().replaceAll("[0-9]+$", Long.toString(sequence)))
                        .setSequence(sequence)
                        .setResult(DeliveryResult.FAILED)
                        .setDecision(new DeliveryDecision(DecisionKind.APPROVED, "librarian", Instant.EPOCH, null))
                        .build())
                .toList();
    }

    private static List<String> ids(List<Delivery> receipts) {
        return receipts.stream().map(Delivery::getId).toList();
    }

    static void write(Cluster cluster, Topics topics, List<Delivery> receipts) {
        String topic = topics.deliveries();
        Serializer<Delivery> serializer = cluster.serdes().serializer(Delivery.class);
        try (Producer<String, byte[]> producer =
                new KafkaProducer<>(cluster.kafka(), new StringSerializer(), new ByteArraySerializer())) {
            receipts.forEach(receipt -> {
                var unused = producer.send(
                        new ProducerRecord<>(topic, 0, receipt.getId(), serializer.serialize(topic, receipt)));
            });
        }
    }
}
