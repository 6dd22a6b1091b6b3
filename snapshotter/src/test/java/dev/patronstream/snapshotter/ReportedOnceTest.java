package dev.patronstream.snapshotter;

import static dev.patronstream.snapshotter.Waiting.await;
import static dev.patronstream.snapshotter.layout.Entries.student;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.patronstream.sandbox.sftp.SftpServer;
import dev.patronstream.sandbox.sftp.SftpSettings;
import dev.patronstream.sandbox.sftp.SftpUser;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.secret.Secret;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.snapshotter.delivery.Decider;
import dev.patronstream.snapshotter.destination.SftpDestinationBuilder;
import dev.patronstream.snapshotter.destination.sftp.Credentials;
import dev.patronstream.snapshotter.destination.sftp.HostKeys;
import dev.patronstream.snapshotter.destination.sftp.SftpDestination;
import dev.patronstream.snapshotter.feed.FeedSettings;
import dev.patronstream.snapshotter.layout.DestinyLayoutBuilder;
import dev.patronstream.snapshotter.notice.DeliveryListener;
import dev.patronstream.snapshotter.notice.DeliveryNotices;
import dev.patronstream.snapshotter.notice.NoticeBoard;
import dev.patronstream.snapshotter.notice.WebhookChannel;
import dev.patronstream.snapshotter.safety.check.Thresholds;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Who is notified of what, when one process delivers by its schedule and people decide in others: against a real broker, a real
 * SFTP server and a webhook.
 */
@ExtendWith(Cluster.Extension.class)
class ReportedOnceTest {

    private static final String FEED = "destiny";
    private static final String PERSON = "librarian";
    private static final Decider DECIDER = Decider.of(PERSON);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path temporary;

    private final SettableClock clock = new SettableClock("2026-11-24T09:00:00Z");
    private final BlockingQueue<JsonNode> received = new LinkedBlockingQueue<>();
    private volatile String password = "secret";
    private Cluster cluster;
    private Topics topics;
    private FeedTopic feed;
    private SftpServer server;
    private HttpServer webhook;
    private int hour = 9;

    /** What runs beside the terminals: a snapshotter that reports what happens. */
    private final class Running implements AutoCloseable {

        private final NoticeBoard board = new NoticeBoard(
                "eagle",
                List.of(new WebhookChannel(
                        Secret.of("http://127.0.0.1:" + webhook.getAddress().getPort() + "/"))),
                temporary.resolve("notices.json"),
                Clock.systemUTC());
        private final BlockingQueue<Delivery> attempts = new LinkedBlockingQueue<>();
        private final DeliveryNotices notices = new DeliveryNotices(board);
        private final Snapshotter snapshotter = snapshotter(new DeliveryListener() {
            @Override
            public void ended(Delivery receipt) {
                notices.ended(receipt);
                if (receipt.getResult() == DeliveryResult.HELD || receipt.getResult() == DeliveryResult.FAILED) {
                    attempts.add(receipt);
                }
            }
        });

        Running() {
            snapshotter.start();
        }

        /** Lets the hour of a delivery come that will be held or fail, and waits until it is over. */
        Delivery atTheNextHour() throws InterruptedException {
            await(() -> status().nextRun().filter(clock.instant()::isBefore).isPresent());
            clock.set("2026-11-24T%02d:00:00Z".formatted(++hour));
            Delivery ended = attempts.poll(60, TimeUnit.SECONDS);
            assertTrue(ended != null, "no attempt was made");
            return ended;
        }

        FeedStatus status() {
            return snapshotter.status().feeds().get(0);
        }

        @Override
        public void close() {
            snapshotter.close();
            board.close();
        }
    }

    @BeforeEach
    void startVendorAndWebhook(Cluster shared) throws IOException {
        cluster = shared;
        topics = new Topics(cluster.newDistrict());
        feed = new FeedTopic(cluster, topics);
        server = SftpServer.start(SftpSettings.of(
                temporary.resolve("host-key"),
                SftpUser.withPassword("eagle", Files.createDirectories(temporary.resolve("vendor")), "secret")));
        webhook = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        webhook.createContext("/", exchange -> {
            received.add(JSON.readTree(exchange.getRequestBody()));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        webhook.start();
    }

    @AfterEach
    void stopVendorAndWebhook() {
        webhook.stop(0);
        server.close();
        feed.close();
    }

    @Test
    void aSecondAccidentIsAlertedWhateverPeopleDidAboutTheFirstAtTheirTerminals() throws Exception {
        feed.apply(students(1, 40));
        Delivery second;
        try (Snapshotter terminal = snapshotter(DeliveryListener.none())) {
            deliver(terminal);
            try (Running running = new Running()) {
                feed.apply(gone(1, 5));
                Delivery first = running.atTheNextHour();
                assertReported("held", first);
                assertEquals(
                        DeliveryResult.DELIVERED,
                        terminal.approve(first.getId(), DECIDER).getResult());
                assertReported("recovered", first);
                feed.apply(gone(6, 10));
                second = running.atTheNextHour();
                assertEquals(
                        first.getHolds().get(0).getCheck(),
                        second.getHolds().get(0).getCheck());
                assertReported("held", second);
            }
            try (Running running = new Running()) {
                // The same file, by a process that was started meanwhile.
                assertEquals(second, running.atTheNextHour());
                assertTrue(received.isEmpty(), received.toString());
                terminal.reject(second.getId(), DECIDER);
                await(() -> running.status()
                        .lastReceipt()
                        .filter(last -> last.getResult() == DeliveryResult.REJECTED)
                        .isPresent());
                feed.apply(gone(11, 11));
                assertReported("held", running.atTheNextHour());
            }
        }
        assertTrue(received.isEmpty(), received.toString());
    }

    @Test
    void whatATerminalLeftWaitingIsReportedByTheNextDeliveryThatFindsIt() throws Exception {
        feed.apply(students(1, 40));
        try (Snapshotter terminal = snapshotter(DeliveryListener.none())) {
            deliver(terminal);
            feed.apply(gone(1, 5));
            Delivery held = deliver(terminal);
            assertEquals(DeliveryResult.HELD, held.getResult(), held.toString());
            try (Running running = new Running()) {
                assertEquals(held, running.atTheNextHour());
                assertReported("held", held);
                assertEquals(held, running.atTheNextHour());
            }
        }
        assertTrue(received.isEmpty(), received.toString());
    }

    @Test
    void aFailureIsOverWhenATerminalHasDeliveredAndTheNextOneIsReported() throws Exception {
        feed.apply(students(1, 40));
        try (Snapshotter terminal = snapshotter(DeliveryListener.none());
                Running running = new Running()) {
            password = "wrong";
            Delivery first = running.atTheNextHour();
            assertEquals(DeliveryResult.FAILED, first.getResult(), first.toString());
            assertReported("failed", first);
            assertEquals(DeliveryResult.FAILED, running.atTheNextHour().getResult());
            password = "secret";
            assertReported("recovered", deliver(terminal));
            password = "wrong";
            assertReported("failed", running.atTheNextHour());
        }
        assertTrue(received.isEmpty(), received.toString());
    }

    private void assertReported(String occasion, Delivery delivery) throws InterruptedException {
        JsonNode notice = received.poll(60, TimeUnit.SECONDS);
        assertTrue(notice != null, "nothing was reported of " + delivery);
        assertEquals(occasion, notice.path("occasion").asText(), notice.toString());
        assertEquals(delivery.getId(), notice.path("delivery").asText(), notice.toString());
    }

    private Delivery deliver(Snapshotter snapshotter) {
        clock.advance(Duration.ofMillis(1));
        return snapshotter.snapshot(FEED, SnapshotOptions.DELIVER);
    }

    private Snapshotter snapshotter(DeliveryListener listener) {
        SftpDestination destination = SftpDestinationBuilder.of(
                        "127.0.0.1",
                        "eagle",
                        new Credentials.Password(Secret.from(() -> password)),
                        new HostKeys.Pinned(List.of(server.hostKeyFingerprint())))
                .port(server.port())
                .build();
        Thresholds removedOnly = SetLimits.only(Map.of("removed-above", 0.10));
        return new Snapshotter(
                cluster.settings(
                        topics,
                        temporary.resolve("archive"),
                        Duration.ofSeconds(30),
                        List.of(new FeedSettings(
                                FeedTopic.SELECTION,
                                DestinyLayoutBuilder.of(Map.of(10, "EAGLEHS", 20, "EAGLEMS"), 2026)
                                        .build(),
                                Optional.of(Changed.schedule("0 * * * *", ZoneId.of("America/Los_Angeles"))),
                                Optional.of(destination),
                                Changed.sendingFirst(Changed.with(Usual.SAFEGUARDS, removedOnly)),
                                Usual.RETRIES))),
                clock,
                clock,
                listener);
    }

    private static Map<String, Optional<FeedEntry>> students(int first, int last) {
        Map<String, Optional<FeedEntry>> entries = new TreeMap<>();
        for (int id = first; id <= last; id++) {
            entries.put("student/" + id, Optional.of(student(id, e -> {})));
        }
        return entries;
    }

    private static Map<String, Optional<FeedEntry>> gone(int first, int last) {
        Map<String, Optional<FeedEntry>> entries = new TreeMap<>();
        for (int id = first; id <= last; id++) {
            entries.put("student/" + id, Optional.empty());
        }
        return entries;
    }
}
