package dev.patronstream.cli.stages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.net.httpserver.HttpServer;
import dev.patronstream.embedded.kafka.EmbeddedKafka;
import dev.patronstream.embedded.registry.EmbeddedRegistry;
import dev.patronstream.schemas.Lead;
import dev.patronstream.schemas.StageInstance;
import dev.patronstream.schemas.StageState;
import dev.patronstream.schemas.secret.Secret;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.schemas.topic.KafkaAnswers;
import dev.patronstream.schemas.topic.TopicSettings;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.snapshotter.notice.NoticeBoard;
import dev.patronstream.snapshotter.notice.NoticeChannel;
import dev.patronstream.snapshotter.notice.WebhookChannel;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two processes of a district, as each sees the other through the topic. */
class StageBoardTest {

    private static final Instant NOW = Instant.parse("2026-11-24T04:22:00Z");

    @TempDir
    private static Path folder;

    private static EmbeddedKafka kafka;
    private static EmbeddedRegistry registry;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0);
        registry = EmbeddedRegistry.start(kafka.bootstrapServers(), 0, "BACKWARD", Map.of());
    }

    @AfterAll
    static void stop() {
        registry.close();
        kafka.close();
    }

    @Test
    void eachSeesTheStagesOfBothAndWhoLeads() {
        try (StageBoard one = board("together", 1, new AtomicLong());
                StageBoard other = board("together", 2, new AtomicLong())) {
            one.report("snapshotter", StageReports.of(StageState.RUNNING, "delivers", Lead.YES));
            other.report("snapshotter", StageReports.of(StageState.RUNNING, "waits", Lead.WAITS));
            assertFalse(other.hears());
            LocalDate day = LocalDate.of(2026, 11, 24);
            one.summarized(Optional.of(day));
            one.start();
            other.start();

            await(() -> one.all().size() == 2 && other.all().size() == 2);
            await(other::hears);
            assertEquals(Optional.of(day), other.district(ZoneId.of("UTC")).summaryOfOthers());
            assertEquals(Optional.empty(), one.district(ZoneId.of("UTC")).summaryOfOthers());
            one.summarized(Optional.of(day.plusDays(1)));
            await(() -> other.district(ZoneId.of("UTC")).summaryOfOthers().equals(Optional.of(day.plusDays(1))));
            assertEquals(List.of(Lead.YES, Lead.WAITS), leads(one));
            assertEquals(List.of(Lead.YES, Lead.WAITS), leads(other));

            one.close();
            await(() -> other.all().size() == 1);
            other.report("snapshotter", StageReports.of(StageState.RUNNING, "delivers", Lead.YES));
            assertEquals(List.of(Lead.YES), leads(other), "what this process says counts at once");
        }
    }

    @Test
    void theLastWordOfOneThatHasGivenUpStays() {
        try (StageBoard seeing = board("ended", 1, new AtomicLong());
                StageBoard late = board("ended", 3, new AtomicLong())) {
            StageBoard ended = board("ended", 2, new AtomicLong());
            ended.report("connector", StageReports.of(StageState.FAILED, "has given up", Lead.NO));
            ended.report("snapshotter", StageReports.of(StageState.RUNNING, "delivers", Lead.YES));
            seeing.report("streams-app", StageReports.of(StageState.RUNNING, "up to date", Lead.YES));
            ended.start();
            seeing.start();
            await(() -> seeing.all().size() == 3);

            ended.close();
            await(() -> seeing.all().size() == 2);

            late.report("snapshotter", StageReports.of(StageState.RUNNING, "delivers", Lead.YES));
            late.start();
            await(() -> late.all().size() == 3);
            assertEquals(StageState.FAILED, late.all().get(0).report().getState());
        }
    }

    /** As after kill -9: the supervisor starts the same stage again, and its own page is not to mourn the one before. */
    @Test
    void oneThatWasKilledIsReplacedByTheNextOnTheNextOnesOwnPageToo() {
        try (StageBoard seeing = board("killed", 3, new AtomicLong());
                StageBoard next = board("killed", 2, new AtomicLong())) {
            try (StageBoard killed = board("killed", 1, new AtomicLong())) {
                // The last word of one that says so stays when it is closed, as that of one that is killed does.
                killed.report("connector", StageReports.of(StageState.FAILED, "streaming", Lead.YES));
                seeing.report("streams-app", StageReports.of(StageState.RUNNING, "up to date", Lead.YES));
                killed.start();
                seeing.start();
                await(() -> seeing.all().size() == 2);
            }
            next.report("connector", StageReports.of(StageState.RUNNING, "streaming", Lead.YES));
            next.start();
            await(() -> next.all().stream().anyMatch(Heard::replaced));
        }
    }

    @Test
    void noTopicIsMadeBeforeAStageIsBeyondItsStart() {
        try (StageBoard board = board("unfit", 1, new AtomicLong())) {
            board.report("connector", StageReports.of(StageState.STARTING, "waits for the database", Lead.NO));
            board.start();
            assertFalse(topicExists("unfit.stages"));

            board.report("connector", StageReports.of(StageState.WORKING, "reads", Lead.YES));
            await(() -> topicExists("unfit.stages"));
        }
    }

    @Test
    void aStageThatHasNeverRunIsSaidByAProcessThatWaitsForItAndPeopleAreAlertedOnce() throws Exception {
        AtomicLong jump = new AtomicLong();
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        HttpServer people = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        people.createContext("/", exchange -> {
            told.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        people.start();
        NoticeChannel webhook = new WebhookChannel(
                Secret.of("http://127.0.0.1:" + people.getAddress().getPort() + "/"));
        try (StageBoard board = board("lonely", 1, jump);
                NoticeBoard notices = new NoticeBoard(
                        "lonely", List.of(webhook), folder.resolve("notices.json"), InstantSource.system());
                StageAlerts alerts = new StageAlerts(board, notices, ZoneId.of("America/Los_Angeles"), true)) {
            board.report("snapshotter", StageReports.of(StageState.STARTING, "Waits since " + NOW, Lead.NO));
            board.start();
            assertEquals(dev.patronstream.cli.web.StatusReport.StageState.STARTING, capture(board));

            jump.addAndGet(Duration.ofSeconds(61).toNanos());

            await(() -> capture(board) == dev.patronstream.cli.web.StatusReport.StageState.MISSING);
            String first = told.take();
            assertTrue(first.contains("the connector is down"), first);
            assertTrue(told.take().contains("the streams application is down"), "both are missing");
            assertFalse(topicExists("lonely.stages"), "nothing is made for it");

            board.report("connector", StageReports.of(StageState.RUNNING, "streaming since " + NOW, Lead.YES));
            String back = told.take();
            assertTrue(back.contains("the connector is back"), back);
            assertTrue(back.contains("streaming since Nov 23, 8:22 PM"), back);

            board.report("connector", StageReports.of(StageState.FAILED, "refused at " + NOW, Lead.NO));
            alerts.close();
            String end = told.take();
            assertTrue(end.contains("the connector is down") && end.contains("refused at Nov 23, 8:22 PM"), end);
            assertEquals(List.of("streams application", "connector"), notices.down());
            assertTrue(told.isEmpty(), "each was told once");
        } finally {
            people.stop(0);
        }
    }

    private static dev.patronstream.cli.web.StatusReport.StageState capture(StageBoard board) {
        return board.district(ZoneId.of("UTC")).stages(true).get(0).state();
    }

    /** Anyone who watches the process has to learn of it: memory, or a class, that is missing here is missing everywhere. */
    @Test
    void anErrorEndsTheThreadThatMetIt() throws Exception {
        CompletableFuture<String> died = new CompletableFuture<>();
        Thread.setDefaultUncaughtExceptionHandler((thread, error) -> died.complete(thread.getName()));
        try (StageBoard board = board("dying", 1, new AtomicLong())) {
            board.report("connector", () -> {
                throw new NoClassDefFoundError("planted");
            });
            board.start();

            assertEquals("stage-board", died.get(60, TimeUnit.SECONDS));
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(null);
        }
    }

    @Test
    void aTopicThatIsGoneIsSaidAndMadeAgain() {
        AtomicLong jump = new AtomicLong();
        try (StageBoard board = board("deleted", 1, jump)) {
            board.report("connector", StageReports.of(StageState.RUNNING, "streaming", Lead.YES));
            board.start();
            await(() -> topicExists("deleted.stages"));
            try (Admin admin = admin()) {
                KafkaAnswers.await(admin.deleteTopics(List.of("deleted.stages")).all());
            }

            jump.addAndGet(Duration.ofMinutes(2).toNanos());
            await(() -> board.trouble().isPresent());
            assertTrue(
                    board.trouble().get().contains("deleted.stages"),
                    board.trouble().get());
            await(() -> {
                jump.addAndGet(Duration.ofSeconds(11).toNanos());
                return topicExists("deleted.stages");
            });
            await(() -> board.trouble().isEmpty());
        }
    }

    @Test
    void aForeignRecordIsPassedOver() throws Exception {
        try (StageBoard one = board("foreign", 1, new AtomicLong());
                StageBoard other = board("foreign", 2, new AtomicLong());
                var producer = new KafkaProducer<>(properties(), new StringSerializer(), new StringSerializer())) {
            one.report("connector", StageReports.of(StageState.RUNNING, "streaming", Lead.YES));
            one.start();
            await(() -> topicExists("foreign.stages"));
            producer.send(new ProducerRecord<>("foreign.stages", "connector/x", "no report"))
                    .get();
            other.report("streams-app", StageReports.of(StageState.RUNNING, "up to date", Lead.YES));
            other.start();

            await(() -> one.all().size() == 2 && other.all().size() == 2);
        }
    }

    private static List<Lead> leads(StageBoard board) {
        return board.all().stream()
                .map(heard -> heard.report().getRole().getLeads())
                .toList();
    }

    private static StageBoard board(String district, long pid, AtomicLong jump) {
        return new StageBoard(
                new Topics(district),
                TopicSettings.SINGLE_BROKER,
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new AvroSerdes(Map.of("schema.registry.url", registry.url())),
                StageInstance.newBuilder()
                        .setHost("sis")
                        .setPid(pid)
                        .setStartedAt(NOW)
                        .setSendsAlerts(true)
                        .build(),
                InstantSource.system(),
                () -> System.nanoTime() + jump.get());
    }

    private static boolean topicExists(String name) {
        try (Admin admin = admin()) {
            return KafkaAnswers.await(admin.listTopics().names()).contains(name);
        }
    }

    private static Admin admin() {
        return Admin.create(properties());
    }

    private static Map<String, Object> properties() {
        return Map.of("bootstrap.servers", kafka.bootstrapServers());
    }

    private static void await(BooleanSupplier condition) {
        Instant latest = Instant.now().plusSeconds(60);
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(latest)) {
                fail("not within a minute");
            }
            Thread.onSpinWait();
        }
    }
}
