package dev.patronstream.snapshotter;

import static dev.patronstream.snapshotter.layout.Entries.enrollment;
import static dev.patronstream.snapshotter.layout.Entries.student;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.sandbox.sftp.SftpServer;
import dev.patronstream.sandbox.sftp.SftpSettings;
import dev.patronstream.sandbox.sftp.SftpUser;
import dev.patronstream.schemas.DeliveredRow;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.secret.Secret;
import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.schemas.topic.RecordForm;
import dev.patronstream.schemas.topic.TopicSettings;
import dev.patronstream.schemas.topic.TopicWriter;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.snapshotter.delivery.Decider;
import dev.patronstream.snapshotter.delivery.SnapshotFailedException;
import dev.patronstream.snapshotter.destination.SftpDestinationBuilder;
import dev.patronstream.snapshotter.destination.sftp.Credentials;
import dev.patronstream.snapshotter.destination.sftp.HostKeys;
import dev.patronstream.snapshotter.destination.sftp.SftpDestination;
import dev.patronstream.snapshotter.feed.FeedSettings;
import dev.patronstream.snapshotter.layout.DestinyLayoutBuilder;
import dev.patronstream.snapshotter.ledger.DeliveryLedger;
import dev.patronstream.snapshotter.ledger.Receipts;
import dev.patronstream.snapshotter.notice.DeliveryListener;
import dev.patronstream.snapshotter.safety.Safeguards;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.sshd.server.session.ServerSession;
import org.apache.sshd.sftp.server.DirectoryHandle;
import org.apache.sshd.sftp.server.FileHandle;
import org.apache.sshd.sftp.server.SftpEventListener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What came before what is what the topics say: not a clock, not a process that died, not a topic that lost its tail. */
@ExtendWith(Cluster.Extension.class)
class ReceiptOrderTest {

    private static final String FEED = "destiny";

    @TempDir
    private Path temporary;

    private final SettableClock clock = new SettableClock("2026-11-24T09:00:00Z");
    private volatile Optional<Runnable> beforeRename = Optional.empty();
    private volatile Optional<Runnable> beforeSending = Optional.empty();
    private volatile Optional<Callable<Void>> beforeListing = Optional.empty();
    private Cluster cluster;
    private Topics topics;
    private FeedTopic feed;
    private Path vendor;
    private SftpServer server;

    @BeforeEach
    void startVendor(Cluster shared) throws IOException {
        useCluster(shared);
        vendor = Files.createDirectories(temporary.resolve("vendor"));
        server = vendorOnPort(0);
    }

    private SftpServer vendorOnPort(int port) {
        SftpEventListener listener = new SftpEventListener() {
            @Override
            public void readingEntries(ServerSession session, String remote, DirectoryHandle folder)
                    throws IOException {
                if (beforeListing.isPresent()) {
                    try {
                        beforeListing.get().call();
                    } catch (Exception e) {
                        throw new IOException(e);
                    }
                }
            }

            @Override
            public void writing(
                    ServerSession session,
                    String remote,
                    FileHandle file,
                    long offset,
                    byte[] data,
                    int dataOffset,
                    int length) {
                beforeSending.ifPresent(Runnable::run);
            }

            @Override
            public void moving(ServerSession session, Path from, Path to, Collection<CopyOption> how) {
                if (to.endsWith("patrons.csv")) {
                    beforeRename.ifPresent(Runnable::run);
                }
            }
        };
        return SftpServer.start(
                SftpSettings.of(temporary.resolve("host-key"), SftpUser.withPassword("eagle", vendor, "secret"))
                        .withPort(port)
                        .withListener(listener));
    }

    private void useCluster(Cluster used) {
        cluster = used;
        topics = new Topics(cluster.newDistrict());
        feed = new FeedTopic(cluster, topics);
    }

    @AfterEach
    void stopVendor() {
        server.close();
        feed.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"P1D", "P-1D", "P365D", "P-365D"})
    void aDeliveryMadeWhileTheClockWasWrongIsStillTheOneBefore(Duration wrongBy) throws IOException {
        try (Snapshotter snapshotter = snapshotter("archive")) {
            feed.apply(student(1, e -> e.setFirstName("Ann")));
            clock.jump(wrongBy);
            deliver(snapshotter, DeliveryResult.DELIVERED);
            clock.jump(wrongBy.negated());
            feed.apply(student(1, e -> e.setFirstName("Bob")));
            Delivery bob = deliver(snapshotter, DeliveryResult.DELIVERED);
            feed.apply(student(1, e -> e.setFirstName("Ann")));
            Delivery ann = deliver(snapshotter, DeliveryResult.DELIVERED);
            assertTrue(lines().get(1).contains("Ann"), lines().toString());
            assertEquals(List.of(bob, ann), receipts().subList(1, 3));
            assertEquals(Optional.of(ann), snapshotter.status().feeds().get(0).lastDelivery());
        }
    }

    @Test
    void twoDeliveriesOfOneMomentAreTwo() throws IOException {
        try (Snapshotter snapshotter = snapshotter("archive")) {
            feed.apply(student(1, e -> e.setFirstName("Ann")));
            deliver(snapshotter, DeliveryResult.DELIVERED);
            clock.jump(Duration.ofMillis(-1));
            feed.apply(student(1, e -> e.setFirstName("Bob")));
            deliver(snapshotter, DeliveryResult.DELIVERED);
            assertEquals(2, receipts().size());
        }
    }

    /** Also where another machine goes on, which has no copy of the file. */
    @ParameterizedTest
    @ValueSource(strings = {"archive", "other"})
    void whoCameWithAFileThatDiedAfterItsRenameLeavesLikeAnybody(String nextArchive) throws IOException {
        try (Snapshotter snapshotter = snapshotter("archive")) {
            feed.apply(student(1, e -> {}), student(3, e -> {}));
            deliver(snapshotter, DeliveryResult.DELIVERED);
            feed.apply(student(2, e -> {}));
            dies(snapshotter, () -> {});
        }
        assertEquals(4, lines().size(), "the file is in its place, with the newcomer");
        feed.apply(Map.of("student/2", Optional.<FeedEntry>empty()));
        try (Snapshotter next = snapshotter(nextArchive)) {
            Delivery delivered = deliver(next, DeliveryResult.DELIVERED);
            assertEquals(1, delivered.getLeavers());
            assertTrue(lines().stream().anyMatch(line -> line.startsWith("EAGLEHS,2,2,") && line.contains(",I,")));
        }
    }

    /** The vendor is asked: who was only to be sent is nobody there. */
    @Test
    void whoWasInAFileThatNeverArrivedIsNoLeaver() throws IOException {
        try (Snapshotter snapshotter = snapshotter("archive")) {
            feed.apply(student(1, e -> {}), student(3, e -> {}));
            deliver(snapshotter, DeliveryResult.DELIVERED);
            byte[] before = Files.readAllBytes(vendor.resolve("patrons.csv"));
            feed.apply(student(2, e -> {}));
            dies(snapshotter, () -> {});
            Files.write(vendor.resolve("patrons.csv"), before);
            feed.apply(Map.of("student/2", Optional.<FeedEntry>empty()));
            Delivery delivered = deliver(snapshotter, DeliveryResult.DELIVERED);
            assertEquals(0, delivered.getLeavers());
            assertEquals(3, lines().size());
        }
    }

    /**
     * What the vendor was sent before is in the topic, also for another machine, and in the archive, also once the topic
     * is compacted.
     */
    @ParameterizedTest
    @CsvSource({"archive,false", "other,false", "archive,true"})
    void aLeaverWhoWasBackInAFileThatNeverArrivedIsOneStill(String nextArchive, boolean isCompacted) throws Exception {
        try (Snapshotter snapshotter = snapshotter("archive")) {
            feed.apply(student(1, e -> {}), student(2, e -> {}), student(3, e -> {}));
            deliver(snapshotter, DeliveryResult.DELIVERED);
            feed.apply(Map.of("student/2", Optional.<FeedEntry>empty()));
            clock.advance(Duration.ofDays(1));
            assertEquals(1, deliver(snapshotter, DeliveryResult.DELIVERED).getLeavers());
            byte[] left = Files.readAllBytes(vendor.resolve("patrons.csv"));
            feed.apply(student(2, e -> {}));
            clock.advance(Duration.ofDays(1));
            dies(snapshotter, () -> {});
            Files.write(vendor.resolve("patrons.csv"), left);
        }
        feed.apply(Map.of("student/2", Optional.<FeedEntry>empty()));
        clock.advance(Duration.ofDays(88));
        if (isCompacted) {
            compact(topics.delivered(FEED));
        }
        try (Snapshotter next = snapshotter(nextArchive)) {
            assertEquals(1, deliver(next, DeliveryResult.DELIVERED).getLeavers());
            clock.advance(Duration.ofDays(1));
            assertEquals(
                    0, deliver(next, DeliveryResult.DELIVERED).getLeavers(), "90 days after the first file without");
        }
    }

    /** An attempt found a pending file, wrote its rows, and died; then somebody put the earlier file back. */
    @Test
    void whoChangedInAFileThatSomebodyTookAwayIsForgottenByNobody() throws IOException {
        feed.apply(student(1, e -> {}), student(5, e -> {}));
        try (Snapshotter snapshotter = snapshotter("archive")) {
            deliver(snapshotter, DeliveryResult.DELIVERED);
            byte[] before = Files.readAllBytes(vendor.resolve("patrons.csv"));
            feed.apply(student(5, e -> e.setPrimary(enrollment(p -> p.setSchoolCode(20)))));
            dies(snapshotter, () -> {});
            feed.apply(student(1, e -> e.setFirstName("Bob")));
            diesWhileSending(snapshotter);
            Files.write(vendor.resolve("patrons.csv"), before);
        }
        feed.apply(Map.of("student/5", Optional.<FeedEntry>empty()));
        try (Snapshotter next = snapshotter("other")) {
            assertEquals(1, deliver(next, DeliveryResult.DELIVERED).getLeavers());
            assertTrue(lines().get(2).startsWith("EAGLEHS,5,5,"), lines().toString());
        }
    }

    /** Nobody can say whether it arrived: the vendor takes its files away at once. */
    @Test
    void whoMayHaveArrivedLeavesWhereTheVendorCannotBeAsked() throws IOException {
        try (Snapshotter snapshotter = snapshotter("archive")) {
            feed.apply(student(1, e -> {}), student(3, e -> {}));
            deliver(snapshotter, DeliveryResult.DELIVERED);
            feed.apply(student(2, e -> {}));
            dies(snapshotter, () -> {});
            Files.delete(vendor.resolve("patrons.csv"));
            feed.apply(Map.of("student/2", Optional.<FeedEntry>empty()));
            assertEquals(1, deliver(snapshotter, DeliveryResult.DELIVERED).getLeavers());
            assertEquals(1, deliver(snapshotter, DeliveryResult.UNCHANGED).getLeavers());
        }
    }

    /** An attempt that failed in between takes no copy away of which nobody knows yet whether the vendor has it. */
    @Test
    void whoChangedInAFileThatDiedBeforeAFailedAttemptLeavesAsTheVendorHasThem() throws IOException {
        feed.apply(student(1, e -> {}), student(5, e -> {}));
        int port = server.port();
        try (Snapshotter snapshotter = snapshotter("archive")) {
            deliver(snapshotter, DeliveryResult.DELIVERED);
            feed.apply(student(5, e -> e.setPrimary(enrollment(p -> p.setSchoolCode(20)))));
            dies(snapshotter, () -> {});
            server.close();
            deliver(snapshotter, DeliveryResult.FAILED);
            server = vendorOnPort(port);
            feed.apply(Map.of("student/5", Optional.<FeedEntry>empty()));
            deliver(snapshotter, DeliveryResult.DELIVERED);
        }
        assertTrue(lines().get(2).startsWith("EAGLEMS,5,5,") && lines().get(2).contains(",I,"), lines().toString());
    }

    /** The process ends while it looks at the vendor's folder, before anything is announced. */
    @Test
    void whatWasApprovedBeforeAnOrderlyStopIsSentByTheNextDelivery() throws Exception {
        feed.apply(student(1, e -> {}));
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        Safeguards holding = Changed.with(Usual.SAFEGUARDS, SetLimits.NONE);
        try (Snapshotter snapshotter = snapshotter("archive", holding)) {
            Delivery held = deliver(snapshotter, DeliveryResult.HELD);
            beforeListing = Optional.of(() -> {
                reached.countDown();
                over.await();
                return null;
            });
            CompletableFuture<Delivery> approval =
                    CompletableFuture.supplyAsync(() -> snapshotter.approve(held.getId(), Decider.of("librarian")));
            reached.await();
            snapshotter.close();
            assertEquals(DeliveryResult.SENDING, approval.get().getResult());
        } finally {
            beforeListing = Optional.empty();
            over.countDown();
        }
        try (Snapshotter next = snapshotter("archive", holding)) {
            deliver(next, DeliveryResult.DELIVERED);
        }
    }

    /** A power failure takes the last transaction of one topic, or of all of them; the clocks go on. */
    @Test
    void aTopicThatLostTheLastDeliveryMakesNoComparisonWrong() throws IOException {
        feed.close();
        try (Cluster own = Cluster.own()) {
            for (int lost = 0; lost < 4; lost++) {
                useCluster(own);
                Files.deleteIfExists(vendor.resolve("patrons.csv"));
                List<String> all = List.of(topics.feedStates(), topics.deliveries(), topics.delivered(FEED));
                loses(lost == 3 ? all : List.of(all.get(lost)), "archive" + lost);
                feed.close();
            }
        }
    }

    /** Also where another machine goes on, which has no copy of the file: then it is said what may be missing. */
    @ParameterizedTest
    @CsvSource({"3,archive", "4,archive", "5,archive", "6,archive", "7,archive", "1,other", "4,other"})
    void topicsThatWereDeletedMakeNoComparisonWrong(int which, String nextArchive) throws Exception {
        try (Snapshotter snapshotter = snapshotter("archive")) {
            feed.apply(student(1, e -> e.setFirstName("Ann")), student(2, e -> {}), student(3, e -> {}));
            deliver(snapshotter, DeliveryResult.DELIVERED);
        }
        List<String> written = List.of(topics.feedStates(), topics.deliveries(), topics.delivered(FEED));
        List<String> deleted = IntStream.range(0, written.size())
                .filter(i -> (which >> i & 1) == 1)
                .mapToObj(written::get)
                .toList();
        try (Admin admin = Admin.create(cluster.kafka())) {
            admin.deleteTopics(deleted).all().get();
        }
        feed.apply(Map.of(
                "student/1", Optional.of(student(1, e -> e.setFirstName("Bob"))), "student/2", Optional.empty()));
        try (Snapshotter snapshotter = snapshotter(nextArchive)) {
            Delivery next = deliver(snapshotter, DeliveryResult.DELIVERED);
            assertTrue(lines().stream().anyMatch(line -> line.contains("Bob")), deleted + " " + lines());
            boolean isSaid = nextArchive.equals("other")
                    && next.getCaptureNews().toString().contains("patronstream reconcile");
            assertTrue(next.getLeavers() == 1 || isSaid, deleted + " " + next);
            assertEquals(
                    List.of(), deliver(snapshotter, DeliveryResult.UNCHANGED).getCaptureNews());
        }
    }

    /** The attempt in between writes a receipt, or leaves the newest copy, and the vendor has another file. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void topicsThatWereDeletedBesideAnAttemptThatFailedForgetNobody(boolean deletedBefore) throws Exception {
        feed.apply(student(1, e -> {}), student(2, e -> {}), student(3, e -> {}));
        try (Snapshotter snapshotter = snapshotter("archive")) {
            deliver(snapshotter, DeliveryResult.DELIVERED);
        }
        feed.apply(Map.of("student/2", Optional.<FeedEntry>empty()));
        try (Admin admin = Admin.create(cluster.kafka())) {
            List<String> written = List.of(topics.feedStates(), topics.deliveries(), topics.delivered(FEED));
            if (deletedBefore) {
                admin.deleteTopics(written).all().get();
            }
            int port = server.port();
            try (Snapshotter snapshotter = snapshotter("archive")) {
                server.close();
                deliver(snapshotter, DeliveryResult.FAILED);
            }
            server = vendorOnPort(port);
            if (!deletedBefore) {
                admin.deleteTopics(written).all().get();
            }
        }
        try (Snapshotter snapshotter = snapshotter("archive")) {
            assertEquals(1, deliver(snapshotter, DeliveryResult.DELIVERED).getLeavers());
        }
    }

    @Test
    void theOrderGoesOnAboveTheCopiesOfTopicsThatWereDeleted() throws Exception {
        List<String> written = List.of(topics.feedStates(), topics.deliveries(), topics.delivered(FEED));
        try (Admin admin = Admin.create(cluster.kafka())) {
            for (int lost = 2; lost <= 3; lost++) {
                feed.apply(student(lost, e -> {}), student(9, e -> {}));
                try (Snapshotter snapshotter = snapshotter("archive")) {
                    deliver(snapshotter, DeliveryResult.DELIVERED);
                    deliver(snapshotter, DeliveryResult.UNCHANGED);
                }
                admin.deleteTopics(written.subList(0, lost)).all().get();
            }
        }
        feed.apply(Map.of("student/3", Optional.<FeedEntry>empty()));
        try (Snapshotter snapshotter = snapshotter("archive")) {
            assertEquals(1, deliver(snapshotter, DeliveryResult.DELIVERED).getLeavers());
        }
    }

    private void loses(List<String> lost, String archive) throws IOException {
        Cluster.Cut cut;
        try (Snapshotter snapshotter = snapshotter(archive)) {
            feed.apply(student(1, e -> e.setFirstName("Ann")), student(3, e -> {}));
            deliver(snapshotter, DeliveryResult.DELIVERED);
            Map<String, Long> ends = cluster.logSizes(lost);
            feed.apply(student(1, e -> e.setFirstName("Bob")), student(2, e -> {}));
            deliver(snapshotter, DeliveryResult.DELIVERED);
            cut = lost.size() == 1
                    ? ReceiptOrderTest::beforeLastTransaction
                    : (name, log) -> Objects.requireNonNull(ends.get(name));
        }
        cluster.withBrokerStopped(lost, cut);
        feed.apply(Map.of(
                "student/1", Optional.of(student(1, e -> e.setFirstName("Ann"))), "student/2", Optional.empty()));
        try (Snapshotter snapshotter = snapshotter(archive)) {
            Delivery next = deliver(snapshotter, DeliveryResult.DELIVERED);
            assertTrue(lines().stream().anyMatch(line -> line.contains("Ann")), lost + " " + lines());
            assertEquals(1, next.getLeavers(), lost + " " + next);
            assertFalse(next.getCaptureNews().isEmpty(), lost + " said nothing");
            assertTrue(next.getCaptureNews().get(0).contains("lost"), next.toString());
            Delivery after = deliver(snapshotter, DeliveryResult.UNCHANGED);
            assertEquals(List.of(), after.getCaptureNews(), lost + " is healed");
        }
    }

    /** Returns where the last but one transaction ends in the log of a partition. */
    private static long beforeLastTransaction(String topic, byte[] log) {
        ByteBuffer bytes = ByteBuffer.wrap(log);
        List<Integer> ends = new ArrayList<>(List.of(0));
        for (int at = 0; at + 61 <= bytes.limit() && bytes.getInt(at + 8) > 0; ) {
            int next = at + 12 + bytes.getInt(at + 8);
            if ((bytes.getShort(at + 21) & 0x20) != 0) {
                ends.add(next);
            }
            at = next;
        }
        return ends.get(ends.size() - 2);
    }

    /** The process dies between the rename and the receipt: another one takes the feed over just then. */
    private void dies(Snapshotter snapshotter, Runnable then) {
        beforeRename = Optional.of(this::takeOver);
        assertThrows(SnapshotFailedException.class, () -> snapshotter.snapshot(FEED, SnapshotOptions.DELIVER));
        beforeRename = Optional.empty();
        then.run();
    }

    /** As {@link #dies}, before anything is renamed. */
    private void diesWhileSending(Snapshotter snapshotter) {
        beforeSending = Optional.of(this::takeOver);
        assertThrows(SnapshotFailedException.class, () -> snapshotter.snapshot(FEED, SnapshotOptions.DELIVER));
        beforeSending = Optional.empty();
    }

    private void takeOver() {
        new DeliveryLedger(topics, FEED, cluster.kafka(), cluster.serdes()).close();
    }

    /** Leaves of each key what was written last. */
    private void compact(String topic) throws Exception {
        RecordForm<DeliveredRow> form = RecordForm.of(cluster.serdes().deserializer(DeliveredRow.class));
        try (CommittedTopics reader = new CommittedTopics(cluster.kafka());
                Admin admin = Admin.create(cluster.kafka())) {
            Map<String, DeliveredRow> newest = reader.newest(topic, form);
            admin.deleteTopics(List.of(topic)).all().get();
            admin.createTopics(List.of(TopicSettings.SINGLE_BROKER.compacted(topic)))
                    .all()
                    .get();
            newest.forEach((key, row) -> TopicWriter.write(
                    cluster.kafka(),
                    new ProducerRecord<>(
                            topic,
                            0,
                            key,
                            cluster.serdes().serializer(DeliveredRow.class).serialize(topic, row))));
        }
    }

    private static Delivery deliver(Snapshotter snapshotter, DeliveryResult expected) {
        Delivery delivery = snapshotter.snapshot(FEED, SnapshotOptions.DELIVER);
        assertEquals(expected, delivery.getResult(), delivery.toString());
        return delivery;
    }

    private Snapshotter snapshotter(String archive) {
        return snapshotter(archive, Changed.sendingFirst(Changed.with(Usual.SAFEGUARDS, SetLimits.NONE)));
    }

    private Snapshotter snapshotter(String archive, Safeguards safeguards) {
        SftpDestination destination = SftpDestinationBuilder.of(
                        "127.0.0.1",
                        "eagle",
                        new Credentials.Password(Secret.of("secret")),
                        new HostKeys.Pinned(List.of(server.hostKeyFingerprint())))
                .port(server.port())
                .build();
        return new Snapshotter(
                cluster.settings(
                        topics,
                        temporary.resolve(archive),
                        Duration.ofSeconds(60),
                        List.of(new FeedSettings(
                                FeedTopic.SELECTION,
                                DestinyLayoutBuilder.of(Map.of(10, "EAGLEHS", 20, "EAGLEMS"), 2026)
                                        .build(),
                                Optional.empty(),
                                Optional.of(destination),
                                safeguards,
                                Usual.RETRIES))),
                clock,
                clock,
                DeliveryListener.none());
    }

    private List<Delivery> receipts() {
        return new Receipts(topics, cluster.kafka(), cluster.serdes()).of(FEED);
    }

    private List<String> lines() throws IOException {
        return Files.readAllLines(vendor.resolve("patrons.csv"));
    }
}
