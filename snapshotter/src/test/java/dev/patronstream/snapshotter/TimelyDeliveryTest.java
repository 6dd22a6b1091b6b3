package dev.patronstream.snapshotter;

import static dev.patronstream.snapshotter.Waiting.await;
import static dev.patronstream.snapshotter.Waiting.awaitLatch;
import static dev.patronstream.snapshotter.layout.Entries.student;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.sandbox.sftp.SftpServer;
import dev.patronstream.sandbox.sftp.SftpSettings;
import dev.patronstream.sandbox.sftp.SftpUser;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.schemas.secret.Secret;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.snapshotter.destination.SftpDestinationBuilder;
import dev.patronstream.snapshotter.destination.sftp.Credentials;
import dev.patronstream.snapshotter.destination.sftp.HostKeys;
import dev.patronstream.snapshotter.destination.sftp.SftpDestination;
import dev.patronstream.snapshotter.feed.FeedSettings;
import dev.patronstream.snapshotter.feed.RetryPolicy;
import dev.patronstream.snapshotter.layout.DestinyLayoutBuilder;
import dev.patronstream.snapshotter.ledger.Receipts;
import dev.patronstream.snapshotter.notice.DeliveryListener;
import dev.patronstream.snapshotter.safety.Blackout;
import dev.patronstream.snapshotter.schedule.ScheduleSettings;
import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.apache.sshd.server.session.ServerSession;
import org.apache.sshd.sftp.server.SftpEventListener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** When files are sent, how often, and by whom: against a real broker and a real SFTP server. */
@ExtendWith(Cluster.Extension.class)
class TimelyDeliveryTest {

    private static final String FEED = "destiny";
    private static final ZoneId LOS_ANGELES = ZoneId.of("America/Los_Angeles");

    /** Renames of the CSV at the vendor, and what happens before one. */
    private interface Arrival {
        void of(Path file) throws IOException;
    }

    @TempDir
    private Path temporary;

    private final SettableClock clock = new SettableClock("2026-11-24T09:00:00Z");
    private final List<String> reported = new CopyOnWriteArrayList<>();
    private final AtomicInteger arrivals = new AtomicInteger();
    private Optional<Arrival> before = Optional.empty();
    private Cluster cluster;
    private Topics topics;
    private FeedTopic feed;
    private Path vendor;
    private SftpServer server;

    @BeforeEach
    void startVendor(Cluster shared) throws IOException {
        cluster = shared;
        topics = new Topics(cluster.newDistrict());
        feed = new FeedTopic(cluster, topics);
        vendor = Files.createDirectories(temporary.resolve("vendor"));
        server = SftpServer.start(
                SftpSettings.of(temporary.resolve("host-key"), SftpUser.withPassword("eagle", vendor, "secret"))
                        .withListener(new SftpEventListener() {
                            @Override
                            public void moving(ServerSession session, Path from, Path to, Collection<CopyOption> how)
                                    throws IOException {
                                if (to.endsWith("patrons.csv")) {
                                    if (before.isPresent()) {
                                        before.get().of(to);
                                    }
                                    arrivals.incrementAndGet();
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
    void ofTwoSnapshottersOneDeliversEachSlotAndTheOtherTakesOver() {
        int students = 1;
        feed.apply(student(students, e -> {}));
        try (Snapshotter first = snapshotter("first", TimelyDeliveryTest::hourly)) {
            first.start();
            try (Snapshotter second = snapshotter("second", TimelyDeliveryTest::hourly)) {
                second.start();
                for (int slot = 1; slot <= 3; slot++) {
                    feed.apply(student(++students, e -> {}));
                    clock.set("2026-11-24T%02d:00:00Z".formatted(9 + slot));
                    int expected = slot;
                    await(() -> delivered() == expected);
                }
                assertEquals(3, arrivals.get());
                first.close();
                clock.set("2026-11-24T13:00:00Z");
                feed.apply(student(++students, e -> {}));
                await(() -> delivered() == 4);
                assertEquals(4, arrivals.get());
                assertTrue(Files.exists(temporary.resolve("second").resolve(FEED)));
            }
            // The next leader finds nothing missed.
            try (Snapshotter third = snapshotter("third", TimelyDeliveryTest::hourly)) {
                third.start();
                clock.set("2026-11-24T14:00:00Z");
                await(() -> receipts().size() == 5);
            }
            assertEquals(
                    5,
                    receipts().stream().map(Delivery::getStartedAt).distinct().count());
        }
    }

    @Test
    void aFeedIsDeliveredWhenItChangesAndNotMoreOftenThanAsked() {
        feed.apply(student(1, e -> {}));
        try (Snapshotter snapshotter = snapshotter("archive", TimelyDeliveryTest::onChange)) {
            snapshotter.start();
            await(() -> delivered() == 1);
            feed.apply(student(2, e -> {}));
            await(() -> nextRun(snapshotter).equals(Optional.of(Instant.parse("2026-11-24T09:15:00Z"))));
            assertEquals(1, receipts().size());
            clock.set("2026-11-24T09:15:00Z");
            await(() -> delivered() == 2);
            assertEquals(2, receipts().get(1).getRows());
            assertEquals(Optional.empty(), nextRun(snapshotter));
            feed.apply(student(3, e -> {}));
            clock.set("2026-11-25T09:15:00Z");
            await(() -> delivered() == 3);
        }
    }

    @Test
    void blackoutHoursPutADeliveryOffAndHoldOneThatIsAskedFor() {
        Blackout night = Blackout.parse("01:30 to 03:30", LOS_ANGELES).orElseThrow();
        feed.apply(student(1, e -> {}));
        try (Snapshotter snapshotter = snapshotter(
                "archive",
                settings -> Changed.with(hourly(settings), Changed.withBlackout(settings.safeguards(), night)))) {
            snapshotter.start();
            for (String slot : List.of("2026-11-24T10:00:00Z", "2026-11-24T11:00:00Z")) {
                clock.set(slot);
                await(() ->
                        nextRun(snapshotter).filter(clock.instant()::isBefore).isPresent());
            }
            Delivery asked = snapshotter.snapshot(FEED, SnapshotOptions.DELIVER);
            assertEquals(DeliveryResult.HELD, asked.getResult());
            assertTrue(asked.getMessage().orElseThrow().contains("paused until 2026-11-24T11:30:00Z"));
            clock.set("2026-11-24T11:30:00Z");
            await(() -> delivered() == 1);
            assertEquals(2, receipts().size());
        }
    }

    @Test
    void aDeliveryThatDoesNotHappenIsLateAndTheEndOfItIsAlerted() {
        feed.apply(student(1, e -> {}));
        CountDownLatch stuck = new CountDownLatch(1);
        before = Optional.of(file -> awaitLatch(stuck));
        try (Snapshotter snapshotter = snapshotter("archive", TimelyDeliveryTest::hourly)) {
            snapshotter.start();
            clock.set("2026-11-24T10:00:00Z");
            await(() -> !receipts().isEmpty());
            assertEquals(List.of(), reported);
            clock.set("2026-11-24T10:30:00Z");
            await(() -> reported.equals(List.of("late since 2026-11-24T10:00:00Z")));
            stuck.countDown();
            await(() -> reported.equals(List.of("late since 2026-11-24T10:00:00Z", "delivered")));
        }
    }

    @Test
    void anUploadIsTriedAgainWithinItsWindowAndLeavesOneReceipt() {
        feed.apply(student(1, e -> {}));
        AtomicInteger failures = new AtomicInteger();
        before = Optional.of(file -> {
            if (failures.getAndIncrement() < 1) {
                throw new IOException("a moment's trouble");
            }
        });
        try (Snapshotter snapshotter = snapshotter("archive", TimelyDeliveryTest::hourly)) {
            snapshotter.start();
            clock.set("2026-11-24T10:00:00Z");
            await(() -> delivered() == 1);
            Delivery receipt = receipts().get(0);
            assertEquals(1, receipts().size());
            // The failed one, a look at whether the rename had happened all the same, and the one that arrived.
            assertEquals(3, receipt.getAttempts());
            assertEquals(List.of("delivered"), reported);
        }
    }

    @Test
    void aWindowThatIsOverEndsInAFailedReceiptAndItsNotice() {
        feed.apply(student(1, e -> {}));
        before = Optional.of(file -> {
            throw new IOException("trouble without end");
        });
        try (Snapshotter snapshotter = snapshotter(
                "archive",
                settings -> Changed.with(hourly(settings), new RetryPolicy(Duration.ofSeconds(1), Optional.empty())))) {
            snapshotter.start();
            clock.set("2026-11-24T10:00:00Z");
            await(() -> !receipts().isEmpty() && receipts().get(0).getResult() == DeliveryResult.FAILED);
            await(() -> reported.equals(List.of("failed")));
            assertEquals(1, receipts().size());
        }
    }

    @Test
    void anUnchangedFileIsSentAgainAfterTheConfiguredTime() {
        feed.apply(student(1, e -> {}));
        try (Snapshotter snapshotter = snapshotter(
                "archive",
                settings ->
                        Changed.with(settings, new RetryPolicy(Duration.ZERO, Optional.of(Duration.ofHours(24)))))) {
            assertEquals(
                    DeliveryResult.DELIVERED,
                    snapshotter.snapshot(FEED, SnapshotOptions.DELIVER).getResult());
            clock.set("2026-11-25T08:00:00Z");
            assertEquals(
                    DeliveryResult.UNCHANGED,
                    snapshotter.snapshot(FEED, SnapshotOptions.DELIVER).getResult());
            clock.set("2026-11-25T09:00:00Z");
            assertEquals(
                    DeliveryResult.DELIVERED,
                    snapshotter.snapshot(FEED, SnapshotOptions.DELIVER).getResult());
            clock.set("2026-11-25T10:00:00Z");
            assertEquals(
                    DeliveryResult.UNCHANGED,
                    snapshotter.snapshot(FEED, SnapshotOptions.DELIVER).getResult());
            assertEquals(2, arrivals.get());
        }
    }

    /** Before anything was announced: the cut waits for a streams application that does not run. */
    @Test
    void aStopWhileCuttingLeavesAReceiptAndTheNextStartDelivers() throws Exception {
        feed.publish();
        Snapshotter snapshotter = snapshotter("archive", TimelyDeliveryTest::hourly);
        CompletableFuture<Delivery> attempt =
                CompletableFuture.supplyAsync(() -> snapshotter.snapshot(FEED, SnapshotOptions.DELIVER));
        await(() -> snapshotter.status().feeds().get(0).running());
        snapshotter.close();
        Delivery stopped = attempt.get(30, TimeUnit.SECONDS);
        assertEquals(DeliveryResult.SENDING, stopped.getResult(), stopped.toString());
        assertTrue(stopped.getMessage().orElseThrow().contains("was stopped"));
        assertEquals(List.of(stopped), receipts());
        assertFalse(Files.exists(vendor.resolve("patrons.csv")));
        feed.apply(student(1, e -> {}));
        try (Snapshotter next = snapshotter("archive", TimelyDeliveryTest::hourly)) {
            next.start();
            await(() -> delivered() == 1);
        }
        assertEquals(List.of(), receipts().get(1).getCaptureNews(), "nothing was lost");
    }

    @Test
    void aStopWhileSendingLeavesAReceiptAndTheOldFile() throws Exception {
        feed.apply(student(1, e -> {}));
        Files.writeString(vendor.resolve("patrons.csv"), "old");
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        before = Optional.of(file -> {
            reached.countDown();
            awaitLatch(over);
            throw new IOException("too late");
        });
        Snapshotter snapshotter = snapshotter("archive", TimelyDeliveryTest::hourly);
        CompletableFuture<Delivery> attempt =
                CompletableFuture.supplyAsync(() -> snapshotter.snapshot(FEED, SnapshotOptions.DELIVER));
        assertTrue(reached.await(30, TimeUnit.SECONDS));
        snapshotter.close();
        assertEquals(DeliveryResult.SENDING, attempt.get(30, TimeUnit.SECONDS).getResult());
        assertEquals(DeliveryResult.SENDING, receipts().get(0).getResult());
        assertEquals("old", Files.readString(vendor.resolve("patrons.csv")));
        over.countDown();
        assertThrows(IllegalArgumentException.class, () -> snapshotter.snapshot("none", SnapshotOptions.DELIVER));
    }

    @Test
    void whatIsConfirmedInAnotherProcessIsAlertedOnceByTheLeader() {
        feed.apply(student(1, e -> {}));
        try (Snapshotter running = snapshotter("archive", settings -> settings);
                Snapshotter command = snapshotter("archive", settings -> settings, DeliveryListener.none())) {
            Delivery delivered = command.snapshot(FEED, SnapshotOptions.DELIVER);
            running.start();
            await(() -> reported.equals(List.of("delivered")));
            command.confirm(delivered.getId(), 7);
            await(() -> reported.equals(List.of("delivered", "read 7 of 1")));
            // Another receipt is written: the same is not told again.
            clock.advance(Duration.ofMillis(1));
            assertEquals(
                    DeliveryResult.UNCHANGED,
                    command.snapshot(FEED, SnapshotOptions.DELIVER).getResult());
            await(() -> reported.equals(List.of("delivered", "read 7 of 1", "delivered")));
            command.confirm(delivered.getId(), 1);
            await(() -> reported.size() > 3);
            assertEquals(List.of("delivered", "read 7 of 1", "delivered", "read 1 of 1"), reported);
        }
    }

    @Test
    void anErrorOfTheProcessInADeliveryDoesNotKeepTheFeedFromBeingDueAgain() {
        feed.apply(student(1, e -> {}));
        AtomicInteger errors = new AtomicInteger();
        DeliveryListener failing = new DeliveryListener() {
            @Override
            public void ended(Delivery receipt) {
                reported.add(receipt.getResult().name());
                if (reported.size() == 1) {
                    errors.incrementAndGet();
                    throw new NoClassDefFoundError("in a delivery");
                }
            }
        };
        try (Snapshotter snapshotter = snapshotter("archive", TimelyDeliveryTest::hourly, failing)) {
            snapshotter.start();
            await(() -> nextRun(snapshotter).isPresent());
            clock.set("2026-11-24T10:45:00Z");
            await(() -> reported.size() == 1);
            await(() -> snapshotter.status().feeds().get(0).lastFailure().isPresent());
            assertTrue(snapshotter.status().feeds().get(0).lastFailure().get().contains("in a delivery"));
            clock.set("2026-11-24T10:46:00Z");
            await(() -> reported.equals(List.of("DELIVERED", "UNCHANGED")));
            assertEquals(1, errors.get());
        }
    }

    private static FeedSettings hourly(FeedSettings settings) {
        return Changed.with(
                settings,
                new ScheduleSettings(
                        Optional.of("0 * * * *"), Optional.empty(), Optional.of(Duration.ofMinutes(30)), LOS_ANGELES));
    }

    private static FeedSettings onChange(FeedSettings settings) {
        return Changed.with(
                settings,
                new ScheduleSettings(
                        Optional.empty(), Optional.of(Duration.ofMinutes(15)), Optional.empty(), LOS_ANGELES));
    }

    private Snapshotter snapshotter(String archive, UnaryOperator<FeedSettings> change) {
        return snapshotter(archive, change, new Listener());
    }

    private Snapshotter snapshotter(String archive, UnaryOperator<FeedSettings> change, DeliveryListener listener) {
        SftpDestination destination = SftpDestinationBuilder.of(
                        "127.0.0.1",
                        "eagle",
                        new Credentials.Password(Secret.of("secret")),
                        new HostKeys.Pinned(List.of(server.hostKeyFingerprint())))
                .port(server.port())
                .connectTimeout(Duration.ofSeconds(10))
                .build();
        FeedSettings plain = new FeedSettings(
                FeedTopic.SELECTION,
                DestinyLayoutBuilder.of(Map.of(10, "EAGLEHS", 20, "EAGLEMS"), 2026)
                        .build(),
                Optional.empty(),
                Optional.of(destination),
                Changed.sendingFirst(Changed.with(Usual.SAFEGUARDS, SetLimits.NONE)),
                Usual.RETRIES);
        return new Snapshotter(
                cluster.settings(
                        topics, temporary.resolve(archive), Duration.ofSeconds(60), List.of(change.apply(plain))),
                clock,
                clock,
                listener);
    }

    private final class Listener implements DeliveryListener {
        @Override
        public void ended(Delivery receipt) {
            switch (receipt.getResult()) {
                case FAILED -> reported.add("failed");
                case DELIVERED, UNCHANGED -> reported.add("delivered");
                case HELD, REJECTED, WRITTEN, SENDING, SUPERSEDED -> {}
            }
        }

        @Override
        public void late(String feed, Instant due, Optional<Delivery> lastDelivered) {
            reported.add("late since " + due);
        }

        @Override
        public void confirmed(Delivery receipt) {
            reported.add("read " + receipt.getRecordsRead().orElseThrow() + " of " + receipt.getRows());
        }
    }

    private static Optional<Instant> nextRun(Snapshotter snapshotter) {
        return snapshotter.status().feeds().get(0).nextRun();
    }

    private List<Delivery> receipts() {
        return new Receipts(topics, cluster.kafka(), cluster.serdes()).of(FEED);
    }

    private int delivered() {
        return (int) receipts().stream()
                .filter(receipt -> receipt.getResult() == DeliveryResult.DELIVERED)
                .count();
    }
}
