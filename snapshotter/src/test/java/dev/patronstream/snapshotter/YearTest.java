package dev.patronstream.snapshotter;

import static dev.patronstream.snapshotter.TestVendor.FEED;
import static dev.patronstream.snapshotter.layout.Entries.student;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.schemas.DeliveredRow;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.schemas.topic.RecordForm;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.snapshotter.ledger.DeliveryLedger;
import dev.patronstream.snapshotter.ledger.Receipts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A year of deliveries on a real broker and a real SFTP server, by a clock that jumps from one to the next. */
@Tag("faults")
class YearTest {

    private static final int STUDENTS = 150;
    private static final int DAYS = 365;
    private static final int CHANGED = 5;
    private static final int BAD_WEEK = 340;
    private static final int DAYS_REMEMBERED = 90;
    private static final int FILES_OF_A_DELIVERY = 4;

    @TempDir
    private Path temporary;

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void aYearOfDeliveriesStaysWithinItsBounds() throws IOException {
        try (Cluster cluster = Cluster.own();
                TestVendor vendor = new TestVendor(temporary)) {
            Topics topics = new Topics(cluster.newDistrict());
            try (FeedTopic feed = new FeedTopic(cluster, topics);
                    CommittedTopics reader = new CommittedTopics(cluster.kafka())) {
                feed.apply(entries(1, STUDENTS, "Ann"));
                long heapAfterAMonth = 0;
                int day = 0;
                // The machine is started again once a month.
                while (day < DAYS) {
                    try (Snapshotter snapshotter = vendor.snapshotter(cluster, topics, "archive", vendor.destiny())) {
                        for (int end = Math.min(DAYS, day + 30); day < end; day++) {
                            Delivery last = oneDay(vendor, snapshotter, feed, day);
                            if (day == BAD_WEEK) {
                                badWeek(cluster, topics, last);
                            }
                        }
                    }
                    heapAfterAMonth = heapAfterAMonth == 0 ? heap() : heapAfterAMonth;
                }

                List<Delivery> receipts = new Receipts(topics, cluster.kafka(), cluster.serdes()).all();
                int copies = Usual.GENERATIONS;
                assertTrue(receipts.size() >= Receipts.KEPT, "more than the bound were written: " + receipts.size());
                assertTrue(receipts.size() <= Receipts.KEPT + copies, "receipts: " + receipts.size());

                var rows = RecordForm.of(cluster.serdes().deserializer(DeliveredRow.class));
                int held = reader.newest(topics.delivered(FEED), rows).size();
                assertTrue(held >= STUDENTS && held <= STUDENTS + DAYS_REMEMBERED + 2, "held by the vendor: " + held);
                // A newcomer, a leaver, and anyone who changed; once more when the leaver is forgotten.
                long written = records(reader, topics.delivered(FEED));
                assertTrue(written <= STUDENTS + (long) DAYS * (CHANGED + 4), "rows written: " + written);
                assertEquals(1, keys(reader, topics.feedStates()));

                List<Path> archive = files();
                int files = archive.size();
                assertTrue(files <= (long) (copies + 2) * FILES_OF_A_DELIVERY, "files: " + files);
                long bytes = archive.stream()
                        .mapToLong(file -> file.toFile().length())
                        .sum();
                assertTrue(bytes <= (copies + 2) * 400L * (STUDENTS + DAYS_REMEMBERED), "bytes: " + bytes);
                long grown = heap() - heapAfterAMonth;
                assertTrue(grown < 64L * 1024 * 1024, "heap: " + grown);
                System.out.println("MEASURED receipts " + receipts.size() + " held " + held + " written " + written
                        + " files " + files + " bytes " + bytes + " heap " + grown + " logs "
                        + cluster.logSizes(List.of(topics.deliveries(), topics.feedStates(), topics.delivered(FEED))));
            }
        }
    }

    /** One newcomer, one leaver, some who change; once a month there is a second delivery, which finds nothing new. */
    private static Delivery oneDay(TestVendor vendor, Snapshotter snapshotter, FeedTopic feed, int day) {
        Map<String, Optional<FeedEntry>> changes = new TreeMap<>(entries(STUDENTS + day + 1, 1, "New"));
        changes.put("student/" + (day + 1), Optional.empty());
        changes.putAll(entries(day + 2, CHANGED, "Bo" + day));
        feed.apply(changes);
        vendor.clock().advance(Duration.ofDays(1));
        Delivery last = snapshotter.snapshot(FEED, SnapshotOptions.DELIVER);
        assertEquals(DeliveryResult.DELIVERED, last.getResult(), "day " + day);
        if (day % 30 == 0) {
            last = snapshotter.snapshot(FEED, SnapshotOptions.DELIVER);
            assertEquals(DeliveryResult.UNCHANGED, last.getResult(), "day " + day);
        }
        return last;
    }

    /** The receipts of a vendor who is away while every minute is tried. */
    private static void badWeek(Cluster cluster, Topics topics, Delivery last) {
        List<Delivery> failures = ReceiptBoundTest.failures(last, Receipts.KEPT);
        ReceiptBoundTest.write(cluster, topics, failures);
        try (DeliveryLedger ledger = new DeliveryLedger(topics, FEED, cluster.kafka(), cluster.serdes())) {
            ledger.write(failures.get(failures.size() - 1));
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(temporary.resolve("archive"))) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    private static Map<String, Optional<FeedEntry>> entries(int first, int count, String name) {
        Map<String, Optional<FeedEntry>> entries = new TreeMap<>();
        IntStream.range(first, first + count)
                .forEach(id -> entries.put("student/" + id, Optional.of(student(id, e -> e.setFirstName(name)))));
        return entries;
    }

    private static long records(CommittedTopics reader, String topic) {
        AtomicLong count = new AtomicLong();
        reader.read(topic, RecordForm.ANY, record -> count.incrementAndGet());
        return count.get();
    }

    private static long keys(CommittedTopics reader, String topic) {
        return reader.newest(topic, RecordForm.ANY).size();
    }

    private static long heap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
