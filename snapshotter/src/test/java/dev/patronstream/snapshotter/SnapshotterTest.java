package dev.patronstream.snapshotter;

import static dev.patronstream.snapshotter.Waiting.await;
import static dev.patronstream.snapshotter.Waiting.awaitLatch;
import static dev.patronstream.snapshotter.layout.Entries.enrollment;
import static dev.patronstream.snapshotter.layout.Entries.staff;
import static dev.patronstream.snapshotter.layout.Entries.student;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.sandbox.sftp.SftpServer;
import dev.patronstream.sandbox.sftp.SftpSettings;
import dev.patronstream.sandbox.sftp.SftpUser;
import dev.patronstream.schemas.CaptureHold;
import dev.patronstream.schemas.Counted;
import dev.patronstream.schemas.DeliveredRow;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.schemas.HoldDecision;
import dev.patronstream.schemas.Removal;
import dev.patronstream.schemas.secret.Secret;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.snapshotter.delivery.FeedDelivery;
import dev.patronstream.snapshotter.delivery.SnapshotFailedException;
import dev.patronstream.snapshotter.destination.Destination;
import dev.patronstream.snapshotter.destination.SftpDestinationBuilder;
import dev.patronstream.snapshotter.destination.folder.FolderDestination;
import dev.patronstream.snapshotter.destination.sftp.Credentials;
import dev.patronstream.snapshotter.destination.sftp.HostKeys;
import dev.patronstream.snapshotter.destination.sftp.SftpDestination;
import dev.patronstream.snapshotter.feed.FeedSettings;
import dev.patronstream.snapshotter.feed.SnapshotterSettings;
import dev.patronstream.snapshotter.layout.DestinyLayoutBuilder;
import dev.patronstream.snapshotter.ledger.Archive;
import dev.patronstream.snapshotter.ledger.DeliveryLedger;
import dev.patronstream.snapshotter.ledger.Receipts;
import dev.patronstream.snapshotter.notice.DeliveryListener;
import dev.patronstream.snapshotter.safety.Safeguards;
import dev.patronstream.snapshotter.settings.InvalidSettingsException;
import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.sshd.server.session.ServerSession;
import org.apache.sshd.sftp.server.SftpEventListener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(Cluster.Extension.class)
class SnapshotterTest {

    private static final String FEED = "destiny";

    /** What is held is the matter of {@link SafeguardsTest}. */
    private static final Safeguards OPEN = Changed.sendingFirst(Changed.with(Usual.SAFEGUARDS, SetLimits.NONE));

    @TempDir
    private Path temporary;

    private Cluster cluster;
    private Topics topics;
    private FeedTopic feed;
    private Path vendor;
    private SftpServer server;
    private Optional<SftpEventListener> listener = Optional.empty();

    @BeforeEach
    void startVendor(Cluster shared) throws IOException {
        cluster = shared;
        topics = new Topics(cluster.newDistrict());
        feed = new FeedTopic(cluster, topics);
        vendor = Files.createDirectories(temporary.resolve("vendor"));
        server = SftpServer.start(SftpSettings.of(
                        temporary.resolve("host-key"), SftpUser.withPassword("eagle", vendor, "secret"))
                .withListener(new SftpEventListener() {
                    @Override
                    public void moving(ServerSession session, Path from, Path to, Collection<CopyOption> how)
                            throws IOException {
                        if (listener.isPresent()) {
                            listener.get().moving(session, from, to, how);
                        }
                    }

                    @Override
                    public void moved(
                            ServerSession session, Path from, Path to, Collection<CopyOption> how, Throwable thrown)
                            throws IOException {
                        if (listener.isPresent()) {
                            listener.get().moved(session, from, to, how, thrown);
                        }
                    }
                }));
    }

    @AfterEach
    void stopVendor() {
        server.close();
        feed.close();
    }

    @Test
    void aSnapshotIsDeliveredWithItsReceiptAndWhatTheVendorHolds() throws IOException {
        feed.apply(
                student(1, e -> {}),
                student(2, e -> e.setLastName(null)),
                staff(9, e -> e.setPrimary(enrollment(p -> p.setSchoolCode(20)))));
        try (Snapshotter snapshotter = snapshotter(Clock.systemUTC(), settings -> settings)) {
            Delivery receipt = snapshotter.snapshot(FEED, SnapshotOptions.DELIVER);

            assertEquals(DeliveryResult.DELIVERED, receipt.getResult(), receipt.toString());
            assertEquals(2, receipt.getRows());
            assertEquals(1, receipt.getProblems());
            assertEquals(Map.of("EAGLEHS", 1L, "EAGLEMS", 1L), receipt.getRowsPerSite());
            assertEquals(16, receipt.getColumns().size());
            assertEquals(Optional.of(feed.watermark()), receipt.getWatermark());
            assertEquals(Optional.of(feed.epoch()), receipt.getEpoch());
            assertEquals(Optional.of(server.hostKeyFingerprint()), receipt.getHostKeyFingerprint());
            assertEquals(Optional.of("sftp://eagle@127.0.0.1:" + server.port() + "/"), receipt.getDestination());
            assertEquals(Files.size(vendor.resolve("patrons.csv")), receipt.getBytes());
            assertEquals(List.of(receipt), receipts());
            assertTrue(receipt.getId().matches("destiny-\\d{8}T\\d{9}Z-" + receipt.getSequence()), receipt.getId());
            assertEquals(Map.of("staff/9", "EAGLEMS", "student/1", "EAGLEHS"), sitesHeld());

            Path archived = snapshotter.archived(receipt);
            for (String name : List.of("patrons.csv", "patronimport.properties")) {
                assertEquals(-1, Files.mismatch(archived.resolve(name), vendor.resolve(name)), name);
                assertEquals(
                        "rw-------",
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(archived.resolve(name))));
            }
            assertEquals(
                    "key,rule,field,done\r\nstudent/2,missing-last-name,Last Name,row left out\r\n",
                    Files.readString(archived.resolve("problems.csv")));
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(archived)));
            FeedStatus status = snapshotter.status().feeds().get(0);
            assertEquals(Optional.of(receipt), status.lastDelivery());
            assertEquals(Optional.empty(), status.lastFailure());
        }
    }

    @Test
    void aFolderIsDeliveredToAsAServerIs() throws IOException {
        feed.apply(student(1, e -> {}));
        Path exports = Files.createDirectories(temporary.resolve("exports"));
        try (Snapshotter snapshotter = snapshotter(
                Clock.systemUTC(),
                settings -> withDestination(settings, there -> new FolderDestination(exports, there.files())))) {
            Delivery receipt = snapshotter.snapshot(FEED, SnapshotOptions.DELIVER);
            assertEquals(DeliveryResult.DELIVERED, receipt.getResult(), receipt.toString());
            assertEquals(Optional.of(exports.toString()), receipt.getDestination());
            assertEquals(Optional.empty(), receipt.getHostKeyFingerprint());
            for (String name : List.of("patrons.csv", "patronimport.properties")) {
                Path archived = snapshotter.archived(receipt).resolve(name);
                assertEquals(-1, Files.mismatch(archived, exports.resolve(name)), name);
            }
            assertEquals(Map.of("student/1", "EAGLEHS"), sitesHeld());
            assertEquals(
                    DeliveryResult.UNCHANGED,
                    snapshotter.snapshot(FEED, SnapshotOptions.DELIVER).getResult());

            feed.apply(student(2, e -> {}));
            Path gone = Files.move(exports, temporary.resolve("gone"));
            Delivery failed = snapshotter.snapshot(FEED, SnapshotOptions.DELIVER);
            assertEquals(DeliveryResult.FAILED, failed.getResult());
            String message = failed.getMessage().orElseThrow();
            assertTrue(message.startsWith("The folder " + exports + " does not exist. Mount its share"), message);
            assertTrue(message.contains("feeds.destiny.destination.folder.path"), message);
            assertEquals(Map.of("student/1", "EAGLEHS"), sitesHeld());
            Files.move(gone, exports);
            assertEquals(
                    DeliveryResult.DELIVERED,
                    snapshotter.snapshot(FEED, SnapshotOptions.DELIVER).getResult());
            assertEquals(3, Files.readAllLines(exports.resolve("patrons.csv")).size());
        }
        assertFalse(Files.exists(vendor.resolve("patrons.csv")));
    }

    @Test
    void onlyDifferencesAreWrittenToWhatTheVendorHoldsAndLeaversAreMarked() {
        try (Snapshotter snapshotter = snapshotter(Clock.systemUTC(), settings -> settings)) {
            feed.apply(student(1, e -> {}), student(2, e -> {}), student(3, e -> {}));
            Delivery first = snapshotter.snapshot(FEED, SnapshotOptions.DELIVER);
            feed.apply(Map.of(
                    "student/2", Optional.of(student(2, e -> e.setFirstName("Bo"))),
                    "student/3", Optional.empty()));
            Delivery second = snapshotter.snapshot(FEED, SnapshotOptions.DELIVER);

            Map<String, DeliveredRow> held = held();
            assertEquals(first.getId(), held.get("student/1").getDeliveryId());
            assertEquals(second.getId(), held.get("student/2").getDeliveryId());
            assertEquals("Bo", held.get("student/2").getValues().get("First Name"));
            assertTrue(held.get("student/3").getLeftAt().isPresent());
            assertEquals("EAGLEHS", held.get("student/3").getSite());

            feed.apply(student(3, e -> {}));
            snapshotter.snapshot(FEED, SnapshotOptions.DELIVER);
            assertFalse(held().get("student/3").getLeftAt().isPresent());
            // 3 rows, then a change and a leaver, then the return: nothing else.
            assertEquals(6, records(topics.delivered(FEED)));
        }
    }

    @Test
    void anUnchangedFileIsNotSentAgainUnlessAsked() throws IOException {
        feed.apply(student(1, e -> {}));
        try (Snapshotter snapshotter = snapshotter(Clock.systemUTC(), settings -> settings)) {
            snapshotter.snapshot(FEED, SnapshotOptions.DELIVER);
            feed.apply(Map.of());
            Delivery again = snapshotter.snapshot(FEED, SnapshotOptions.DELIVER);
            assertEquals(DeliveryResult.UNCHANGED, again.getResult());
            assertEquals(Optional.of(2L), again.getEpoch());
            assertEquals(
                    DeliveryResult.DELIVERED,
                    snapshotter
                            .snapshot(FEED, new SnapshotOptions(Optional.empty(), true))
                            .getResult());
            Files.delete(vendor.resolve("patrons.csv"));
            assertEquals(
                    DeliveryResult.DELIVERED,
                    snapshotter.snapshot(FEED, SnapshotOptions.DELIVER).getResult());
        }
    }

    @Test
    void aReceiptSaysWhatHappenedInCapture() {
        try (Snapshotter snapshotter = snapshotter(Clock.systemUTC(), settings -> settings)) {
            feed.apply(student(1, e -> {}));
            assertEquals(
                    List.of(),
                    snapshotter.snapshot(FEED, SnapshotOptions.DELIVER).getCaptureNews());
            feed.snapshotNext("capture was down for longer than CDC keeps changes");
            feed.apply(student(1, e -> e.setFirstName("Bo")));
            feed.apply(student(2, e -> {}));
            assertEquals(
                    List.of(
                            "Since the last delivery the tables were read in full at 2026-11-24T07:00:00Z, because capture"
                                    + " was down for longer than CDC keeps changes: 3 rows differed, 1 of them gone"),
                    snapshotter.snapshot(FEED, SnapshotOptions.DELIVER).getCaptureNews());
            feed.hold(CaptureHold.newBuilder()
                    .setId("1a2b3c")
                    .setReason("the database was restored")
                    .setIncarnation("eagle-2")
                    .setRemovals(Map.of("STU", new Removal(5L, 10L, Counted.ROWS)))
                    .setHeldSince(Instant.parse("2026-11-24T08:00:00Z"))
                    .setDecision(HoldDecision.WAITING)
                    .build());
            feed.apply(student(3, e -> {}));
            assertEquals(
                    List.of("Capture is held since 2026-11-24T08:00:00Z, because the database was restored, and a new"
                            + " snapshot would remove 5 of 10 rows of STU: this file holds the state before"
                            + " (patronstream approve connector, or reject)"),
                    snapshotter.snapshot(FEED, SnapshotOptions.DELIVER).getCaptureNews());
            feed.hold(null);
            feed.freshAsOf(Instant.now().minus(Duration.ofHours(2)));
            feed.apply(student(4, e -> {}));
            List<String> stale =
                    snapshotter.snapshot(FEED, SnapshotOptions.DELIVER).getCaptureNews();
            assertEquals(1, stale.size());
            assertTrue(stale.get(0).contains("capture has not come on since"), stale.get(0));
        }
    }

    @Test
    void aFileWithoutPatronsIsHeldAndTheOldOneStays() throws IOException {
        try (Snapshotter snapshotter = snapshotter(Clock.systemUTC(), settings -> settings)) {
            feed.apply(student(1, e -> {}));
            snapshotter.snapshot(FEED, SnapshotOptions.DELIVER);
            String old = Files.readString(vendor.resolve("patrons.csv"));
            feed.apply(Map.of("student/1", Optional.empty()));
            Delivery held = snapshotter.snapshot(FEED, SnapshotOptions.DELIVER);
            assertEquals(DeliveryResult.HELD, held.getResult());
            assertTrue(held.getMessage().orElseThrow().contains("would hold no patron"));
            assertEquals(old, Files.readString(vendor.resolve("patrons.csv")));
            assertTrue(Files.exists(snapshotter.archived(held).resolve("patrons.csv")));
            assertEquals(held.getMessage(), snapshotter.status().feeds().get(0).lastFailure());
        }
    }

    @Test
    void aDryRunWritesTheFilesAndNothingElse() throws IOException {
        feed.apply(student(1, e -> {}));
        Path output = temporary.resolve("output");
        try (Snapshotter snapshotter = snapshotter(Clock.systemUTC(), settings -> settings)) {
            Delivery written = snapshotter.snapshot(FEED, new SnapshotOptions(Optional.of(output), false));
            assertEquals(DeliveryResult.WRITTEN, written.getResult());
            assertEquals(1, written.getRows());
        }
        assertEquals(List.of("patronimport.properties", "patrons.csv", "problems.csv"), names(output));
        assertEquals(List.of(), names(vendor));
        assertFalse(Files.exists(temporary.resolve("archive")));
    }

    @Test
    void aFailedDeliveryLeavesAReceiptAndTheOldFileAndTheNextOneHeals() throws IOException {
        feed.apply(student(1, e -> {}));
        Files.writeString(vendor.resolve("patrons.csv"), "old");
        try (Snapshotter wrong = snapshotter(Clock.systemUTC(), settings -> withPassword(settings, "wrong"))) {
            Delivery failed = wrong.snapshot(FEED, SnapshotOptions.DELIVER);
            assertEquals(DeliveryResult.FAILED, failed.getResult());
            assertTrue(failed.getMessage().orElseThrow().contains("feeds.destiny.destination.sftp.password"));
            assertEquals(List.of(failed), receipts());
            assertEquals("old", Files.readString(vendor.resolve("patrons.csv")));
            assertEquals(Map.of(), held());
        }
        try (Snapshotter right = snapshotter(Clock.systemUTC(), settings -> settings)) {
            assertEquals(
                    DeliveryResult.DELIVERED,
                    right.snapshot(FEED, SnapshotOptions.DELIVER).getResult());
        }
    }

    @Test
    void aCutThatCannotBeMadeLeavesAReceipt() {
        feed.publish();
        try (Snapshotter snapshotter = snapshotter(Clock.systemUTC(), settings -> settings)) {
            Delivery failed = snapshotter.snapshot(FEED, SnapshotOptions.DELIVER);
            assertEquals(DeliveryResult.FAILED, failed.getResult());
            assertTrue(failed.getMessage().orElseThrow().contains("streams application"), failed.toString());
            assertEquals(List.of(failed), receipts());
        }
    }

    @Test
    void anArchiveThatCannotBeWrittenLeavesAReceiptAndTheOldFile() throws IOException {
        feed.apply(student(1, e -> {}));
        Files.writeString(vendor.resolve("patrons.csv"), "old");
        Files.writeString(temporary.resolve("archive"), "a file where the folder should be");
        try (Snapshotter snapshotter = snapshotter(Clock.systemUTC(), settings -> settings)) {
            Delivery failed = snapshotter.snapshot(FEED, SnapshotOptions.DELIVER);
            assertEquals(DeliveryResult.FAILED, failed.getResult());
            assertTrue(failed.getMessage().orElseThrow().contains("could not be written to"), failed.toString());
            assertEquals("old", Files.readString(vendor.resolve("patrons.csv")));
        }
    }

    @Test
    void aFullDiskIsNamedAndNothingIsSent() throws IOException {
        Path full = Path.of("/dev/full");
        org.junit.jupiter.api.Assumptions.assumeTrue(Files.exists(full));
        IOException noSpace = assertThrows(IOException.class, () -> Files.write(full, new byte[1 << 16]));
        assertTrue(FeedDelivery.localFailure(temporary, noSpace).contains("No space left"), noSpace.toString());
    }

    @Test
    void aDeliveryThatDiedAfterTheRenameIsFoundToHaveArrived() {
        feed.apply(student(1, e -> {}));
        try (Snapshotter snapshotter = snapshotter(Clock.systemUTC(), settings -> settings)) {
            snapshotter.snapshot(FEED, SnapshotOptions.DELIVER);
            feed.apply(student(2, e -> {}));
            // The process dies between the rename and the receipt: another snapshotter takes the feed over just then.
            listener = Optional.of(new SftpEventListener() {
                @Override
                public void moving(ServerSession session, Path from, Path to, Collection<CopyOption> how) {
                    if (to.endsWith("patrons.csv")) {
                        takeOver();
                    }
                }
            });
            assertThrows(SnapshotFailedException.class, () -> snapshotter.snapshot(FEED, SnapshotOptions.DELIVER));
            listener = Optional.empty();
            assertEquals(DeliveryResult.SENDING, receipts().get(1).getResult());
            assertEquals(receipts().get(1).getId(), held().get("student/2").getDeliveryId(), "may be at the vendor");

            Delivery healed = snapshotter.snapshot(FEED, SnapshotOptions.DELIVER);
            assertEquals(DeliveryResult.DELIVERED, healed.getResult());
            assertTrue(healed.getMessage().orElseThrow().contains("not sent again"));
            assertTrue(held().containsKey("student/2"));
        }
    }

    private void takeOver() {
        new DeliveryLedger(topics, FEED, cluster.kafka(), cluster.serdes()).close();
    }

    @Test
    void anOlderSnapshotterIsFencedBeforeItsFileTakesTheNewerOnesPlace() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        feed.apply(student(1, e -> {}));
        try (Snapshotter older = snapshotter(Clock.systemUTC(), settings -> settings);
                Snapshotter newer = snapshotter(Clock.systemUTC(), settings -> settings)) {
            listener = Optional.of(new SftpEventListener() {
                @Override
                public void moving(ServerSession session, Path from, Path to, Collection<CopyOption> how)
                        throws IOException {
                    if (to.endsWith("patronimport.properties") && reached.getCount() > 0) {
                        reached.countDown();
                        awaitLatch(goOn);
                    }
                }
            });
            CompletableFuture<Delivery> first =
                    CompletableFuture.supplyAsync(() -> older.snapshot(FEED, SnapshotOptions.DELIVER));
            assertTrue(reached.await(30, TimeUnit.SECONDS));
            feed.apply(student(2, e -> {}));
            Delivery delivered = newer.snapshot(FEED, SnapshotOptions.DELIVER);
            goOn.countDown();
            ExecutionException failure = assertThrows(ExecutionException.class, first::get);
            assertTrue(failure.getCause().getMessage().contains("Another snapshotter"), failure.toString());
            assertEquals(DeliveryResult.DELIVERED, delivered.getResult());
            assertEquals(
                    -1,
                    Files.mismatch(newer.archived(delivered).resolve("patrons.csv"), vendor.resolve("patrons.csv")));
        }
    }

    @Test
    void anArrivalThatCannotBeRecordedIsReportedAndTheNextDeliveryFindsOut() {
        feed.apply(student(1, e -> {}));
        onceMoved("patrons.csv", () -> new DeliveryLedger(topics, FEED, cluster.kafka(), cluster.serdes()).close());
        try (Snapshotter snapshotter = snapshotter(Clock.systemUTC(), settings -> settings)) {
            SnapshotFailedException failure = assertThrows(
                    SnapshotFailedException.class, () -> snapshotter.snapshot(FEED, SnapshotOptions.DELIVER));
            assertTrue(
                    failure.getMessage().startsWith("The delivery of the feed 'destiny' did not come to its end"),
                    failure.getMessage());
            assertTrue(
                    failure.getMessage().contains("Of each file the vendor holds the old or the new one"),
                    failure.getMessage());
            Delivery next = snapshotter.snapshot(FEED, SnapshotOptions.DELIVER);
            assertEquals(DeliveryResult.DELIVERED, next.getResult());
            assertTrue(next.getMessage().orElseThrow().contains("It was not sent again"), next.toString());
        }
    }

    @Test
    void whatCannotBeClearedAwayMakesNoFailureOfADelivery() {
        feed.apply(student(1, e -> {}));
        AtomicBoolean broken = BrokenConsumers.BROKEN;
        onceMoved("patrons.csv", () -> broken.set(true));
        try (Snapshotter snapshotter = snapshotter(Clock.systemUTC(), settings -> {
            Map<String, Object> kafka = new TreeMap<>(settings.kafka());
            kafka.put("interceptor.classes", BrokenConsumers.class.getName());
            return new SnapshotterSettings(
                    settings.topics(),
                    settings.topicSettings(),
                    kafka,
                    settings.registry(),
                    settings.archive(),
                    settings.cutTimeLimit(),
                    settings.staleAfter(),
                    settings.feeds(),
                    Optional.empty());
        })) {
            Delivery delivered = snapshotter.snapshot(FEED, SnapshotOptions.DELIVER);
            assertTrue(broken.get());
            assertEquals(DeliveryResult.DELIVERED, delivered.getResult());
        } finally {
            broken.set(false);
        }
        assertEquals(DeliveryResult.DELIVERED, receipts().get(0).getResult());
    }

    /** Does something when a file has taken its place at the vendor, the first time. */
    private void onceMoved(String name, Runnable then) {
        AtomicBoolean done = new AtomicBoolean();
        listener = Optional.of(new SftpEventListener() {
            @Override
            public void moved(ServerSession session, Path from, Path to, Collection<CopyOption> how, Throwable thrown) {
                if (to.endsWith(name) && done.compareAndSet(false, true)) {
                    then.run();
                }
            }
        });
    }

    @Test
    void theScheduleDeliversWhenItsTimeComes() {
        SettableClock clock = new SettableClock("2026-11-24T09:00:00Z");
        feed.apply(student(1, e -> {}));
        try (Snapshotter snapshotter = snapshotter(clock, settings -> scheduled(settings, "0 2,12 * * *"))) {
            snapshotter.start();
            await(() -> nextRun(snapshotter).equals(Optional.of(Instant.parse("2026-11-24T10:00:00Z"))));
            assertEquals(List.of(), receipts());
            clock.set("2026-11-24T10:00:00Z");
            await(() -> receipts().size() == 1 && receipts().get(0).getResult() == DeliveryResult.DELIVERED);
            assertEquals(
                    Instant.parse("2026-11-24T10:00:00Z"), receipts().get(0).getStartedAt());
            assertEquals(Optional.of(Instant.parse("2026-11-24T20:00:00Z")), nextRun(snapshotter));
            clock.set("2026-11-24T20:00:01Z");
            await(() -> receipts().size() == 2);
        }
    }

    /** Its transaction would keep all readers of receipts waiting for two minutes. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void whatAKilledSnapshotterLeftOpenIsEndedByTheNext() {
        SettableClock clock = new SettableClock("2026-11-24T10:30:00Z");
        feed.apply(student(1, e -> {}));
        try (Snapshotter snapshotter = snapshotter(clock, settings -> scheduled(settings, "0 2 * * *"))) {
            snapshotter.snapshot(FEED, SnapshotOptions.DELIVER);
        }
        clock.set("2026-11-25T11:00:00Z");
        Map<String, Object> producer = new HashMap<>(cluster.kafka());
        producer.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, topics.snapshotterTransactionalId(FEED));
        producer.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 120_000);
        try (Producer<String, byte[]> killed =
                        new KafkaProducer<>(producer, new StringSerializer(), new ByteArraySerializer());
                Snapshotter snapshotter = snapshotter(clock, settings -> scheduled(settings, "0 2 * * *"))) {
            killed.initTransactions();
            killed.beginTransaction();
            var unused = killed.send(new ProducerRecord<>(topics.deliveries(), "left open", null));
            killed.flush();
            snapshotter.start();
            await(() -> receipts().size() == 2);
        }
    }

    @Test
    void missedSlotsAreCaughtUpOnceAtTheStart() {
        SettableClock clock = new SettableClock("2026-11-24T10:30:00Z");
        feed.apply(student(1, e -> {}));
        try (Snapshotter snapshotter = snapshotter(clock, settings -> scheduled(settings, "0 2 * * *"))) {
            snapshotter.start();
            // Never delivered before: the first slot is waited for.
            assertEquals(Optional.of(Instant.parse("2026-11-25T10:00:00Z")), nextRun(snapshotter));
            snapshotter.snapshot(FEED, SnapshotOptions.DELIVER);
        }
        clock.set("2026-11-28T11:00:00Z");
        try (Snapshotter snapshotter = snapshotter(clock, settings -> scheduled(settings, "0 2 * * *"))) {
            snapshotter.start();
            await(() -> receipts().size() == 2
                    && !snapshotter.status().feeds().get(0).running());
            assertEquals(Optional.of(Instant.parse("2026-11-29T10:00:00Z")), nextRun(snapshotter));
        }
        try (Snapshotter snapshotter = snapshotter(clock, settings -> scheduled(settings, "0 2 * * *"))) {
            snapshotter.start();
            assertEquals(Optional.of(Instant.parse("2026-11-29T10:00:00Z")), nextRun(snapshotter));
            assertEquals(2, receipts().size());
        }
    }

    @Test
    void oldLocalCopiesAreClearedAwayAndForeignFilesNot() throws IOException {
        feed.apply(student(1, e -> {}));
        Path folder = temporary.resolve("archive").resolve(FEED);
        try (Snapshotter snapshotter = snapshotter(
                Clock.systemUTC(),
                settings -> new SnapshotterSettings(
                        settings.topics(),
                        settings.topicSettings(),
                        settings.kafka(),
                        settings.registry(),
                        new Archive(settings.archive().folder(), 2, Long.MAX_VALUE),
                        settings.cutTimeLimit(),
                        settings.staleAfter(),
                        settings.feeds(),
                        Optional.empty()))) {
            Files.createDirectories(folder.resolve("notes"));
            for (int i = 0; i < 4; i++) {
                snapshotter.snapshot(FEED, SnapshotOptions.DELIVER);
            }
        }
        List<String> names = names(folder);
        assertEquals(3, names.size(), names.toString());
        assertTrue(names.contains("notes"));
    }

    @Test
    void aFeedWithoutADestinationIsWrittenLocally() {
        feed.apply(student(1, e -> {}));
        try (Snapshotter snapshotter = snapshotter(
                Clock.systemUTC(),
                settings -> withFeed(
                        settings,
                        feedSettings -> new FeedSettings(
                                feedSettings.selection(),
                                feedSettings.layout(),
                                Optional.empty(),
                                Optional.empty(),
                                OPEN,
                                Usual.RETRIES)))) {
            Delivery written = snapshotter.snapshot(FEED, SnapshotOptions.DELIVER);
            assertEquals(DeliveryResult.WRITTEN, written.getResult());
            assertTrue(Files.exists(snapshotter.archived(written).resolve("patrons.csv")));
            assertEquals(List.of(written), receipts());
            assertEquals(Map.of(), held());
        }
    }

    @Test
    void allWrongSettingsAreNamedAtOnceWithTheirPaths() {
        InvalidSettingsException wrong = assertThrows(InvalidSettingsException.class, () -> snapshotter(
                        Clock.systemUTC(),
                        settings -> withFeed(
                                settings,
                                feedSettings -> new FeedSettings(
                                        feedSettings.selection(),
                                        DestinyLayoutBuilder.of(Map.of(10, "EAGLEHS"), 2026)
                                                .build(),
                                        Optional.of(Changed.schedule("nonsense", ZoneId.of("UTC"))),
                                        feedSettings
                                                .destination()
                                                .map(there -> withHostKeys(there, new HostKeys.Pinned(List.of()))),
                                        OPEN,
                                        Usual.RETRIES)))
                .close());
        assertEquals(
                List.of("feeds.destiny.sites.20", "feeds.destiny.schedule", "feeds.destiny.destination.sftp.host-key"),
                wrong.problems().stream().map(problem -> problem.path()).toList());
    }

    @Test
    void anUnknownFeedIsNamedWithThoseThereAre() {
        try (Snapshotter snapshotter = snapshotter(Clock.systemUTC(), settings -> settings)) {
            assertTrue(assertThrows(
                            IllegalArgumentException.class,
                            () -> snapshotter.snapshot("destyni", SnapshotOptions.DELIVER))
                    .getMessage()
                    .contains("there are: destiny"));
        }
    }

    private Snapshotter snapshotter(Clock clock, UnaryOperator<SnapshotterSettings> change) {
        SftpDestination destination = SftpDestinationBuilder.of(
                        "127.0.0.1",
                        "eagle",
                        new Credentials.Password(Secret.of("secret")),
                        new HostKeys.Pinned(List.of(server.hostKeyFingerprint())))
                .port(server.port())
                .connectTimeout(Duration.ofSeconds(10))
                .readTimeout(Duration.ofSeconds(30))
                .build();
        FeedSettings destiny = new FeedSettings(
                FeedTopic.SELECTION,
                DestinyLayoutBuilder.of(Map.of(10, "EAGLEHS", 20, "EAGLEMS"), 2026)
                        .build(),
                Optional.empty(),
                Optional.of(destination),
                OPEN,
                Usual.RETRIES);
        return new Snapshotter(
                change.apply(cluster.settings(
                        topics, temporary.resolve("archive"), Duration.ofSeconds(5), List.of(destiny))),
                clock,
                DeliveryListener.none());
    }

    private static SnapshotterSettings withFeed(SnapshotterSettings settings, UnaryOperator<FeedSettings> change) {
        return new SnapshotterSettings(
                settings.topics(),
                settings.topicSettings(),
                settings.kafka(),
                settings.registry(),
                settings.archive(),
                settings.cutTimeLimit(),
                settings.staleAfter(),
                List.of(change.apply(settings.feeds().get(0))),
                Optional.empty());
    }

    private static SnapshotterSettings scheduled(SnapshotterSettings settings, String cron) {
        return withFeed(
                settings,
                feedSettings -> new FeedSettings(
                        feedSettings.selection(),
                        feedSettings.layout(),
                        Optional.of(Changed.schedule(cron, ZoneId.of("America/Los_Angeles"))),
                        feedSettings.destination(),
                        feedSettings.safeguards(),
                        Usual.RETRIES));
    }

    private static SnapshotterSettings withDestination(
            SnapshotterSettings settings, UnaryOperator<Destination> change) {
        return withFeed(
                settings,
                feedSettings -> new FeedSettings(
                        feedSettings.selection(),
                        feedSettings.layout(),
                        feedSettings.schedule(),
                        feedSettings.destination().map(change),
                        feedSettings.safeguards(),
                        Usual.RETRIES));
    }

    private static SnapshotterSettings withPassword(SnapshotterSettings settings, String password) {
        return withDestination(settings, there -> SftpDestinationBuilder.like(there)
                .credentials(new Credentials.Password(Secret.of(password)))
                .build());
    }

    private static Destination withHostKeys(Destination there, HostKeys keys) {
        return SftpDestinationBuilder.like(there).hostKeys(keys).build();
    }

    private static Optional<Instant> nextRun(Snapshotter snapshotter) {
        return snapshotter.status().feeds().get(0).nextRun();
    }

    private List<Delivery> receipts() {
        return new Receipts(topics, cluster.kafka(), cluster.serdes()).of(FEED);
    }

    private Map<String, String> sitesHeld() {
        Map<String, String> sites = new TreeMap<>();
        held().forEach((key, row) -> sites.put(key, row.getSite()));
        return sites;
    }

    private Map<String, DeliveredRow> held() {
        Map<String, DeliveredRow> held = new TreeMap<>();
        read(topics.delivered(FEED), held);
        return held;
    }

    private int records(String topic) {
        return read(topic, new TreeMap<>());
    }

    private int read(String topic, Map<String, DeliveredRow> held) {
        Map<String, Object> configuration = new TreeMap<>(cluster.kafka());
        configuration.put("isolation.level", "read_committed");
        int count = 0;
        try (KafkaConsumer<String, DeliveredRow> consumer = new KafkaConsumer<>(
                configuration, new StringDeserializer(), cluster.serdes().deserializer(DeliveredRow.class))) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                for (var record : consumer.poll(Duration.ofMillis(100))) {
                    held.put(record.key(), record.value());
                    count++;
                }
            }
        }
        return count;
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.map(child -> child.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }
}
