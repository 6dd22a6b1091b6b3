package dev.patronstream.snapshotter.cut;

import static dev.patronstream.snapshotter.layout.Entries.staff;
import static dev.patronstream.snapshotter.layout.Entries.student;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.topic.TopicProvisioner;
import dev.patronstream.schemas.topic.TopicSettings;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.snapshotter.Cluster;
import dev.patronstream.snapshotter.FeedTopic;
import dev.patronstream.snapshotter.cut.FeedCutter.Cut;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Cluster.Extension.class)
class FeedCutterTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofSeconds(1);

    private Cluster cluster;
    private Topics topics;
    private FeedTopic feed;

    @BeforeEach
    void makeFeed(Cluster shared) {
        cluster = shared;
        topics = new Topics(cluster.newDistrict());
        feed = new FeedTopic(cluster, topics);
    }

    @AfterEach
    void closeFeed() {
        feed.close();
    }

    /**
     * A writer that never rests: epochs of random changes, some split over several transactions, some tried in vain
     * first. Whatever it is at, every cut must be the feed as of the cut's epoch, to the person.
     */
    @Test
    void everyCutUnderAConcurrentWriterIsTheFeedAsOfItsEpoch() throws Exception {
        Map<Long, Map<String, FeedEntry>> model = new ConcurrentHashMap<>();
        AtomicLong published = new AtomicLong();
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<Void> writer =
                CompletableFuture.runAsync(() -> writeRandomly(new Random(4711), model, published, stop));
        int cuts = 0;
        List<Long> epochs = new ArrayList<>();
        try {
            while (cuts < 25 && !writer.isDone()) {
                long wanted = published.get();
                Cut cut = cutter().cut(FeedTopic.SELECTION, LONG);
                long epoch = cut.epoch().getEpoch();
                assertTrue(epoch >= wanted, "a cut at epoch " + epoch + " was asked for after " + wanted);
                assertEquals(model.get(epoch), byKey(cut), "the feed as of epoch " + epoch);
                epochs.add(epoch);
                cuts++;
            }
        } finally {
            stop.set(true);
        }
        writer.get();
        assertEquals(25, cuts);
        assertTrue(epochs.stream().distinct().count() > 5, "the writer moved on between the cuts: " + epochs);
    }

    private void writeRandomly(
            Random random, Map<Long, Map<String, FeedEntry>> model, AtomicLong published, AtomicBoolean stop) {
        while (!stop.get()) {
            feed.publish();
            feed.begin();
            if (random.nextInt(4) == 0) {
                feed.writeInVain(student(
                        random.nextInt(300), e -> e.setEpoch(feed.epoch()).setLastName("Vain")));
                feed.begin();
            }
            int parts = random.nextInt(5) == 0 ? 3 : 1;
            for (int part = 1; part <= parts; part++) {
                feed.write(randomChanges(random));
                if (part < parts) {
                    feed.commitPart();
                    feed.begin();
                }
            }
            model.put(feed.epoch(), feed.entries());
            published.set(feed.epoch());
            feed.commitEpoch();
        }
    }

    private Map<String, Optional<FeedEntry>> randomChanges(Random random) {
        Map<String, Optional<FeedEntry>> changes = new TreeMap<>();
        int count = random.nextInt(30);
        for (int i = 0; i < count; i++) {
            boolean ofStaff = random.nextInt(5) == 0;
            int id = random.nextInt(300);
            String name = "Name" + random.nextInt(1_000_000);
            FeedEntry entry = ofStaff ? staff(id, e -> e.setLastName(name)) : student(id, e -> e.setLastName(name));
            boolean leaves = random.nextInt(4) == 0;
            changes.put(Keys.person(entry.getKind(), id), leaves ? Optional.empty() : Optional.of(entry));
        }
        return changes;
    }

    @Test
    void studentsComeBeforeStaffEachById() throws CutFailedException {
        feed.apply(
                staff(2, e -> {}), student(100, e -> {}), student(20, e -> {}), staff(1, e -> {}), student(3, e -> {}));
        List<String> order = new ArrayList<>();
        cutter().cut(FeedTopic.SELECTION, LONG)
                .forEach(entry -> order.add(Keys.person(entry.getKind(), entry.getId())));
        assertEquals(List.of("student/3", "student/20", "student/100", "staff/1", "staff/2"), order);
    }

    @Test
    void theCutSaysWhatItHolds() throws CutFailedException {
        feed.apply(student(1, e -> {}));
        feed.apply(Map.of("student/1", Optional.empty(), "staff/1", Optional.of(staff(1, e -> {}))));
        Cut cut = cutter().cut(FeedTopic.SELECTION, LONG);
        assertEquals(2, cut.epoch().getEpoch());
        assertEquals(feed.watermark(), cut.epoch().getWatermark());
        assertEquals(1, cut.size());
        assertTrue(cut.holds(PersonNumber.of(PatronKind.STAFF, 1)));
        assertTrue(!cut.holds(PersonNumber.of(PatronKind.STUDENT, 1)));
    }

    @Test
    void aCutWaitsForWhatWasPublishedWhenItWasAskedFor() throws Exception {
        feed.apply(student(1, e -> {}));
        feed.publish();
        CompletableFuture<Cut> cut = CompletableFuture.supplyAsync(this::cutUnchecked);
        feed.begin();
        feed.write(Map.of("student/2", Optional.of(student(2, e -> {}))));
        feed.commitPart();
        assertTrue(!cut.isDone());
        feed.begin();
        feed.commitEpoch();
        assertEquals(2, cut.get().size());
        assertEquals(2, cut.get().epoch().getEpoch());
    }

    private Cut cutUnchecked() {
        try {
            return cutter().cut(FeedTopic.SELECTION, LONG);
        } catch (CutFailedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aPartOfALaterEpochIsNotInTheCut() throws CutFailedException {
        feed.apply(student(1, e -> e.setLastName("Old")), student(2, e -> {}));
        Map<String, FeedEntry> before = feed.entries();
        feed.publish();
        feed.begin();
        feed.write(Map.of(
                "student/1", Optional.of(student(1, e -> e.setLastName("New"))),
                "student/2", Optional.empty(),
                "student/3", Optional.of(student(3, e -> {}))));
        feed.commitPart();
        // A cut asked for now would wait; one that only wants the epoch before is what an earlier request gets.
        FeedReadingProbe probe = new FeedReadingProbe(cluster, topics);
        assertEquals(before.keySet(), probe.keysAsOf(1));
    }

    @Test
    void aSlowTopologyIsNamed() {
        feed.apply(student(1, e -> {}));
        feed.publish();
        assertMessage("applied changes up to epoch 1, and the connector has published up to epoch 2");
    }

    @Test
    void anotherSelectionIsNamed() {
        feed.publish();
        feed.begin();
        feed.commitEpoch("0123456789abcdef", 0);
        assertMessage("selects other patrons for the feed 'destiny' than is configured here");
    }

    @Test
    void aTopicThatLostRecordsIsNamed() {
        feed.publish();
        feed.begin();
        feed.write(Map.of("student/1", Optional.of(student(1, e -> {}))));
        feed.commitEpoch(FeedTopic.SELECTION.fingerprint(), 2);
        assertMessage("does not hold what the streams application wrote: 1 patrons where it counted 2. It is");
    }

    /** As many as before: a broker's loss of the last record, which changed one. */
    @Test
    void aTopicThatHoldsAnOlderVersionIsNamed() {
        feed.apply(student(1, e -> e.setLastName("Old")), student(2, e -> {}));
        feed.publish();
        feed.begin();
        feed.lose(student(1, e -> e.setLastName("New")));
        feed.commitEpoch();
        assertMessage("2 patrons where it counted 2, but not all as written. It is being rebuilt");
    }

    @Test
    void aDatabaseThatWasNeverCapturedIsNamed() {
        assertMessage("Is the connector running");
    }

    @Test
    void aTopicThatIsNotThereIsNamed() {
        Topics none = new Topics(cluster.newDistrict());
        FeedCutter cutter = new FeedCutter(none, cluster.kafka(), cluster.serdes());
        String message = assertThrows(CutFailedException.class, () -> cutter.cut(FeedTopic.SELECTION, SHORT))
                .getMessage();
        assertTrue(message.contains(none.progress()) && message.contains("connector"), message);
    }

    @Test
    void aTopicThatIsMadeAgainUnderneathIsReadAgain() throws Exception {
        feed.apply(student(1, e -> {}), student(2, e -> {}));
        String topic = topics.feed("destiny");
        try (Admin admin = Admin.create(cluster.kafka())) {
            admin.deleteTopics(List.of(topic)).all().get();
            CompletableFuture<Cut> cut = CompletableFuture.supplyAsync(this::cutUnchecked);
            new TopicProvisioner(admin).ensure(List.of(TopicSettings.SINGLE_BROKER.compacted(topic)));
            // Empty, though an epoch says two: a cut of it would take everybody from the vendor.
            feed.begin();
            feed.write(Map.of("student/1", Optional.of(student(1, e -> {}))));
            feed.commitPart();
            assertTrue(!cut.isDone());
            feed.begin();
            feed.write(Map.of("student/2", Optional.of(student(2, e -> {}))));
            feed.commitEpoch();
            assertEquals(2, cut.get().size());
        }
    }

    /** The numbers of the entries and of the announcement stay what they were: only the tombstone tells. */
    @Test
    void aFeedThatWasEvaluatedAgainWhileItWasReadIsReadAgain() throws CutFailedException {
        feed.apply(student(1, e -> e.setLastName("Old")), student(2, e -> {}));
        FeedCutter cutter = cutterWith(() -> {
            feed.begin();
            feed.takeBack();
            feed.write(Map.of("student/1", Optional.of(student(1, e -> e.setLastName("New")))));
            feed.commitEpoch();
        });
        Cut cut = cutter.cut(FeedTopic.SELECTION, LONG);
        assertEquals(feed.entries(), byKey(cut));
    }

    @Test
    void aLaterEpochAfterTheReadingChangesNothing() throws CutFailedException {
        feed.apply(student(1, e -> e.setLastName("Old")));
        Map<String, FeedEntry> before = feed.entries();
        Cut cut = cutterWith(() -> feed.apply(student(1, e -> e.setLastName("New")), student(2, e -> {})))
                .cut(FeedTopic.SELECTION, LONG);
        assertEquals(1, cut.epoch().getEpoch());
        assertEquals(before, byKey(cut));
    }

    @Test
    void anotherSelectionThatIsAppliedWhileTheFeedIsReadIsNamed() {
        feed.apply(student(1, e -> {}));
        FeedCutter cutter = cutterWith(() -> {
            feed.begin();
            feed.takeBack();
            feed.commitEpoch("0123456789abcdef", 1);
        });
        assertMessage("selects other patrons for the feed 'destiny' than is configured here", cutter);
    }

    /** Where markers arrive one by one, an older open transaction hides the tombstone from readers of committed records. */
    @Test
    void theSecondLookWaitsForATransactionThatIsOpenBelowTheHighWatermark() throws Exception {
        feed.apply(student(1, e -> {}));
        try (Producer<String, String> hanging = hangingIn(topics.epochs())) {
            FeedCutter cutter = cutterWith(() -> {
                hanging.beginTransaction();
                var unused = hanging.send(new ProducerRecord<>(topics.epochs(), 0, "hanging", "anything"));
                hanging.flush();
                feed.begin();
                feed.takeBack();
                feed.commitPart();
            });
            assertMessage("a transaction of the streams application may be hanging", cutter);
            hanging.abortTransaction();
        }
        assertMessage("has not applied anything yet");
    }

    /** The announcement is visible, and the entries' end has not reached the feed's topic: the count would be right. */
    @Test
    void entriesBelowTheHighWatermarkAreWaitedFor() throws Exception {
        feed.apply(student(1, e -> e.setLastName("Old")));
        try (Producer<String, String> hanging = hangingIn(topics.feed("destiny"))) {
            hanging.beginTransaction();
            var unused = hanging.send(new ProducerRecord<>(topics.feed("destiny"), 0, "student/1", null));
            hanging.flush();
            feed.apply(student(1, e -> e.setLastName("New")));
            assertMessage("a transaction of the streams application may be hanging");
            hanging.abortTransaction();
        }
        assertEquals(feed.entries(), byKey(cutter().cut(FeedTopic.SELECTION, LONG)));
    }

    private Producer<String, String> hangingIn(String topic) {
        Map<String, Object> configuration = new TreeMap<>(cluster.kafka());
        configuration.put("transactional.id", topic + ".hanging");
        Producer<String, String> producer =
                new KafkaProducer<>(configuration, new StringSerializer(), new StringSerializer());
        producer.initTransactions();
        return producer;
    }

    @Test
    void announcementsThatAreMadeAgainWhileTheFeedIsReadAreLookedAtAgain() throws Exception {
        feed.apply(student(1, e -> {}));
        try (Admin admin = Admin.create(cluster.kafka())) {
            FeedCutter cutter = cutterWith(() -> {
                try {
                    admin.deleteTopics(List.of(topics.epochs())).all().get();
                } catch (InterruptedException | ExecutionException e) {
                    throw new IllegalStateException(e);
                }
                new TopicProvisioner(admin).ensure(List.of(TopicSettings.SINGLE_BROKER.compacted(topics.epochs())));
                feed.begin();
                feed.write(Map.of("student/1", Optional.of(student(1, e -> e.setLastName("New")))));
                feed.commitEpoch();
            });
            Cut cut = cutter.cut(FeedTopic.SELECTION, LONG);
            assertEquals(feed.entries(), byKey(cut));
        }
    }

    @Test
    void anEpochOfAnEarlierGenerationIsNotTakenForANewerOne() throws CutFailedException {
        feed.generation("first", 118);
        feed.apply(student(1, e -> e.setLastName("Old")));
        feed.generation("second", 2);
        feed.publish();
        assertMessage("has applied epoch 119 of an earlier generation of the contract topics");
        assertMessage("publishes another one since (epoch 3)");
        feed.generation("second", 119);
        feed.apply(student(1, e -> e.setLastName("New")));
        assertEquals(feed.entries(), byKey(cutter().cut(FeedTopic.SELECTION, LONG)));
    }

    @Test
    void aGenerationThatBeginsWhileACutWaitsIsWhatTheCutIsOf() throws Exception {
        feed.generation("first", 0);
        feed.apply(student(1, e -> e.setLastName("Old")));
        feed.publish();
        CompletableFuture<Cut> cut = CompletableFuture.supplyAsync(this::cutUnchecked);
        feed.generation("second", 2);
        feed.apply(student(1, e -> e.setLastName("New")));
        assertEquals(feed.entries(), byKey(cut.get()));
        assertEquals("second", cut.get().epoch().getGeneration());
    }

    /** The first time only. */
    private FeedCutter cutterWith(Runnable afterReading) {
        AtomicBoolean done = new AtomicBoolean();
        return new FeedCutter(topics, cluster.kafka(), cluster.serdes(), () -> {
            if (!done.getAndSet(true)) {
                afterReading.run();
            }
        });
    }

    private FeedCutter cutter() {
        return new FeedCutter(topics, cluster.kafka(), cluster.serdes());
    }

    private void assertMessage(String part) {
        assertMessage(part, cutter());
    }

    /** A machine may be too busy to get as far as the message within a short limit, so a longer one is tried. */
    private static void assertMessage(String part, FeedCutter cutter) {
        String message = "";
        for (Duration limit = SHORT;
                limit.compareTo(LONG) < 0 && !message.contains(part);
                limit = limit.multipliedBy(2)) {
            Duration within = limit;
            message = assertThrows(CutFailedException.class, () -> cutter.cut(FeedTopic.SELECTION, within))
                    .getMessage();
        }
        assertTrue(message.contains(part), message);
    }

    private static Map<String, FeedEntry> byKey(Cut cut) {
        Map<String, FeedEntry> entries = new TreeMap<>();
        cut.forEach(entry -> entries.put(Keys.person(entry.getKind(), entry.getId()), entry));
        assertEquals(cut.size(), entries.size());
        return entries;
    }
}
