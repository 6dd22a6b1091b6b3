package dev.patronstream.snapshotter.notice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpServer;
import dev.patronstream.schemas.Text;
import dev.patronstream.schemas.secret.Secret;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NoticeBoardTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private final BlockingQueue<JsonNode> received = new LinkedBlockingQueue<>();
    private final AtomicInteger status = new AtomicInteger(200);
    private HttpServer server;

    @BeforeEach
    void startWebhook() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/token-1234", exchange -> {
            JsonNode body = JSON.readTree(exchange.getRequestBody());
            int answer = status.get();
            exchange.sendResponseHeaders(answer, -1);
            exchange.close();
            if (answer == 200) {
                received.add(body);
            }
        });
        server.start();
    }

    @AfterEach
    void stopWebhook() {
        server.stop(0);
    }

    private WebhookChannel webhook() {
        return new WebhookChannel(
                Secret.of("http://127.0.0.1:" + server.getAddress().getPort() + "/token-1234"));
    }

    private NoticeBoard board(NoticeChannel... channels) {
        return new NoticeBoard(
                "eagle", List.of(channels), folder.resolve("notices.json"), Clock.systemUTC(), Duration.ofMillis(20));
    }

    /** It must keep nothing from running. */
    @ParameterizedTest
    @ValueSource(strings = {"", "not JSON", "{}", "[null]", "[{\"occasion\": \"none\"}]"})
    void aDamagedFileOfAlertsMeansThatTheyAreSentAgain(String damage) throws Exception {
        Files.writeString(folder.resolve("notices.json"), damage);
        try (NoticeBoard board = board(webhook())) {
            board.down("connector", "It has ended", false);
            assertTrue(next().toString().contains("It has ended"));
        }
    }

    private JsonNode next() throws InterruptedException {
        JsonNode notice = received.poll(60, TimeUnit.SECONDS);
        assertTrue(notice != null, "no notice came");
        return notice;
    }

    @Test
    void aConditionIsReportedOnceHoweverManyAttemptsItLasts() throws Exception {
        try (NoticeBoard board = board(webhook())) {
            board.raise("destiny", Occasion.FAILED, "127.0.0.1 cannot be reached", Optional.of("destiny-1"));
            board.raise("destiny", Occasion.FAILED, "127.0.0.1 cannot be reached", Optional.of("destiny-2"));
            board.raise("other", Occasion.HELD, "12 % would be removed", Optional.of("other-1"));
            JsonNode first = next();
            assertEquals("failed", first.path("occasion").asText());
            assertEquals("destiny-1", first.path("delivery").asText());
            assertTrue(first.path("text").asText().startsWith("eagle: the delivery of destiny has failed\n"));
            assertEquals("other", next().path("feed").asText());
            board.recovered("destiny", "1,017 rows were delivered", Optional.of("destiny-3"));
            assertEquals("recovered", next().path("occasion").asText());
        }
        assertTrue(received.isEmpty(), received.toString());
    }

    @Test
    void aRestartTellsNothingTwiceAndStillKnowsWhatIsOver() throws Exception {
        try (NoticeBoard board = board(webhook())) {
            board.raise("destiny", Occasion.HELD, "held", Optional.empty());
            next();
        }
        try (NoticeBoard board = board(webhook())) {
            assertTrue(board.isOpen("destiny", Occasion.HELD));
            board.raise("destiny", Occasion.HELD, "held again", Optional.empty());
            board.recovered("destiny", "delivered", Optional.empty());
            assertEquals("recovered", next().path("occasion").asText());
        }
        assertTrue(received.isEmpty(), received.toString());
    }

    @Test
    void whatIsNotTakenIsTriedAgainAlsoByTheNextProcess() throws Exception {
        status.set(500);
        try (NoticeBoard board = board(webhook())) {
            board.raise("destiny", Occasion.INCOMPLETE, "incomplete", Optional.empty());
            assertEquals(1, board.waiting());
        }
        status.set(200);
        try (NoticeBoard board = board(webhook())) {
            assertEquals("incomplete", next().path("occasion").asText());
        }
    }

    @Test
    void whatWasNeverReportedIsNotReportedAsOver() {
        status.set(500);
        try (NoticeBoard board = board(webhook())) {
            board.raise("destiny", Occasion.FAILED, "failed", Optional.empty());
            board.recovered("destiny", "delivered", Optional.empty());
            assertEquals(0, board.waiting());
        }
        assertTrue(received.isEmpty());
    }

    @Test
    void aRefusedConditionEndsInSilenceAndIsNewTheNextTime() throws Exception {
        try (NoticeBoard board = board(webhook())) {
            board.raise("destiny", Occasion.HELD, "one", Optional.of("a"));
            next();
            board.end("destiny", Occasion.HELD);
            board.raise("destiny", Occasion.HELD, "two", Optional.of("b"));
            assertEquals("b", next().path("delivery").asText());
        }
    }

    @Test
    void aConditionOfAnotherKindIsReportedAgainAndOneOfTheSameReceiptIsNot() throws Exception {
        try (NoticeBoard board = board(webhook())) {
            board.raise("destiny", Occasion.HELD, "removed since a", "one", Optional.of("b"));
            next();
            board.raise("destiny", Occasion.HELD, "removed since a", "one", Optional.of("c"));
            board.raise("destiny", Occasion.HELD, "anything", "one", Optional.of("b"));
        }
        try (NoticeBoard board = board(webhook())) {
            board.raise("destiny", Occasion.HELD, "removed since a", "one", Optional.of("d"));
            board.raise("destiny", Occasion.HELD, "removed since d", "two", Optional.of("e"));
            assertEquals("e", next().path("delivery").asText());
        }
        assertTrue(received.isEmpty(), received.toString());
    }

    @Test
    void whatIsLateDoesNotEndByTheDeliveryBeforeIt() throws Exception {
        try (NoticeBoard board = board(webhook())) {
            board.raise("destiny", Occasion.LATE, "late", Optional.of("yesterday"));
            next();
            for (int look = 0; look < 600 && board.waiting() > 0; look++) {
                Thread.sleep(100);
            }
            board.recovered("destiny", "delivered", Optional.of("yesterday"));
            assertTrue(board.isOpen("destiny", Occasion.LATE));
            board.recovered("destiny", "delivered", Optional.of("today"));
            assertEquals("recovered", next().path("occasion").asText());
        }
    }

    @Test
    void whatTheVendorHasReadIsOverWithAnotherDeliveryOnly() throws Exception {
        try (NoticeBoard board = board(webhook())) {
            board.raise("destiny", Occasion.INCOMPLETE, "incomplete", Optional.of("yesterday"));
            next();
            board.endOfOthers("destiny", Occasion.INCOMPLETE, "yesterday");
            assertTrue(board.isOpen("destiny", Occasion.INCOMPLETE));
            board.endOfOthers("destiny", Occasion.INCOMPLETE, "today");
            assertFalse(board.isOpen("destiny", Occasion.INCOMPLETE));
        }
    }

    @Test
    void alertsAreSentAlsoWhenTheyCannotBeWrittenDown() throws Exception {
        Path notAFolder = Files.writeString(folder.resolve("full"), "a file where the folder should be");
        Path memory = notAFolder.resolve("notices.json");
        try (NoticeBoard board =
                new NoticeBoard("eagle", List.of(webhook()), memory, Clock.systemUTC(), Duration.ofMillis(20))) {
            board.raise("destiny", Occasion.FAILED, "failed", Optional.of("destiny-1"));
            assertEquals("failed", next().path("occasion").asText());
            Files.delete(notAFolder);
            // It is written down as soon as it can be, so that a restart tells nothing twice.
            for (int look = 0; look < 600 && !Files.exists(memory); look++) {
                Thread.sleep(100);
            }
        }
        try (NoticeBoard board =
                new NoticeBoard("eagle", List.of(webhook()), memory, Clock.systemUTC(), Duration.ofMillis(20))) {
            assertTrue(board.isOpen("destiny", Occasion.FAILED));
            assertEquals(0, board.waiting());
        }
        assertTrue(received.isEmpty(), received.toString());
    }

    @Test
    void aSecretThatCannotBeLookedUpStopsNoOtherChannel() throws Exception {
        AtomicBoolean readable = new AtomicBoolean(true);
        String address = "http://127.0.0.1:" + server.getAddress().getPort() + "/token-1234";
        WebhookChannel broken = new WebhookChannel(Secret.from(() -> {
            if (!readable.get()) {
                throw new UncheckedIOException("The secret in /run/hook cannot be read", new IOException());
            }
            return address;
        }));
        readable.set(false);
        assertEquals("webhook 127.0.0.1", broken.name());
        GreenMail smtp = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        smtp.start();
        try {
            EmailChannel email = email(smtp.getSmtp().getPort(), Optional.empty());
            List<NoticeBoard.TestResult> tried = NoticeBoard.test("eagle", List.of(broken, email), Clock.systemUTC());
            assertTrue(tried.get(0).failure().orElseThrow().contains("notices.webhook.url"), tried.toString());
            assertEquals(Optional.empty(), tried.get(1).failure());
            try (NoticeBoard board = board(broken, email)) {
                board.raise("destiny", Occasion.HELD, "held", Optional.of("destiny-1"));
                assertTrue(smtp.waitForIncomingEmail(60_000, 2));
                readable.set(true);
                assertEquals("held", next().path("occasion").asText());
            }
        } finally {
            smtp.stop();
        }
        EmailChannel withoutPassword = new EmailChannel(
                "127.0.0.1",
                1,
                EmailChannel.Security.TLS,
                Optional.of(new EmailChannel.Login("eagle", Secret.from(() -> {
                    throw new UncheckedIOException("The secret in /run/mail cannot be read", new IOException());
                }))),
                "patronstream@district.example",
                List.of("data@district.example"));
        String reason = NoticeBoard.test("eagle", List.of(withoutPassword), Clock.systemUTC())
                .get(0)
                .failure()
                .orElseThrow();
        assertTrue(reason.contains("notices.email.password"), reason);
    }

    @Test
    void aFailureNamesTheHostAndNeverTheToken() {
        status.set(404);
        NoticeFailedException refused =
                assertThrows(NoticeFailedException.class, () -> webhook().send(NoticesForTests.notice(Occasion.TEST)));
        assertTrue(refused.getMessage().contains("HTTP 404"), refused.getMessage());
        server.stop(0);
        NoticeFailedException away =
                assertThrows(NoticeFailedException.class, () -> webhook().send(NoticesForTests.notice(Occasion.TEST)));
        assertTrue(away.getMessage().contains("notices.webhook.url"), away.getMessage());
        assertFalse((refused.getMessage() + away.getMessage() + webhook().name()).contains("token-1234"));
    }

    @Test
    void anAddressWithoutEncryptionIsRefusedUnlessItIsThisMachine() {
        assertTrue(webhook().problems().isEmpty());
        assertTrue(new WebhookChannel(Secret.of("https://hooks.example/T0"))
                .problems()
                .isEmpty());
        String problem = new WebhookChannel(Secret.of("http://hooks.example/T0"))
                .problems()
                .get(0)
                .toString();
        assertTrue(problem.startsWith("webhook.url: must begin with https://"), problem);
        assertFalse(problem.contains("T0"));
        assertEquals(
                1, new WebhookChannel(Secret.of("no address at all")).problems().size());
    }

    @Test
    void anEMailArrivesWithWhatIsToBeDone() throws Exception {
        GreenMail smtp = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        smtp.start();
        try {
            smtp.setUser("eagle@district.example", "eagle", "secret");
            EmailChannel channel = email(smtp.getSmtp().getPort(), Optional.empty());
            channel.send(NoticesForTests.notice(Occasion.HELD));
            assertTrue(smtp.waitForIncomingEmail(60_000, 1));
            MimeMessage message = smtp.getReceivedMessages()[0];
            assertEquals("eagle: the delivery of destiny is held for approval", message.getSubject());
            assertEquals("data@district.example", message.getAllRecipients()[0].toString());
            String text = message.getContent().toString();
            assertTrue(text.contains("12 % would be removed"), text);
            assertTrue(text.contains("patronstream deliveries show destiny-1"), text);

            String hostile = "x\u001b[2J\u202E\u0085\r\nBcc: all@example.org\r\n\r\n<script>\r\n.\r\nQUIT";
            channel.send(new Notice(
                    hostile, Optional.of(hostile), Occasion.HELD, Instant.now(), hostile, Optional.of("destiny-1")));
            assertTrue(smtp.waitForIncomingEmail(60_000, 2));
            message = smtp.getReceivedMessages()[1];
            assertNull(message.getHeader("Bcc"));
            assertEquals(1, message.getAllRecipients().length);
            assertEquals(message.getSubject(), Text.printable(message.getSubject()));
            assertTrue(message.getContentType().startsWith("text/plain"), message.getContentType());
            assertTrue(message.getContent().toString().contains("QUIT"));
            assertFalse(message.getContent().toString().matches("(?s).*[\u001b\u0085\u202E].*"));
        } finally {
            smtp.stop();
        }
        NoticeFailedException away = assertThrows(NoticeFailedException.class, () -> email(1, Optional.empty())
                .send(NoticesForTests.notice(Occasion.HELD)));
        assertTrue(away.getMessage().contains("notices.email.host"), away.getMessage());
    }

    @Test
    void aServerWithoutStartTlsIsRefusedRatherThanUsedInClear() {
        GreenMail smtp = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        smtp.start();
        try {
            EmailChannel channel = new EmailChannel(
                    "127.0.0.1",
                    smtp.getSmtp().getPort(),
                    EmailChannel.Security.STARTTLS,
                    Optional.of(new EmailChannel.Login("eagle", Secret.of("secret"))),
                    "patronstream@district.example",
                    List.of("data@district.example"));
            NoticeFailedException refused = assertThrows(
                    NoticeFailedException.class, () -> channel.send(NoticesForTests.notice(Occasion.HELD)));
            assertFalse(refused.getMessage().contains("secret"), refused.getMessage());
            assertEquals(0, smtp.getReceivedMessages().length);
        } finally {
            smtp.stop();
        }
    }

    @Test
    void eMailSettingsThatCannotWorkAreNamed() {
        EmailChannel channel = new EmailChannel(
                "localhost",
                0,
                EmailChannel.Security.NONE,
                Optional.of(new EmailChannel.Login("eagle", Secret.of("secret"))),
                "not an address",
                List.of());
        List<String> paths =
                channel.problems().stream().map(problem -> problem.path()).toList();
        assertEquals(List.of("email.from", "email.to", "email.security"), paths);
    }

    private static EmailChannel email(int port, Optional<EmailChannel.Login> login) {
        return new EmailChannel(
                "127.0.0.1",
                port,
                EmailChannel.Security.NONE,
                login,
                "patronstream@district.example",
                List.of("data@district.example"));
    }

    @Test
    void whatWasSentIsWrittenDownInAThreadThatWasInterrupted() throws Exception {
        NoticeMemory memory = new NoticeMemory(folder.resolve("notices.json"));
        Notice notice = new Notice(
                "eagle",
                Optional.of("destiny"),
                Occasion.FAILED,
                Instant.EPOCH,
                "The vendor did not get it",
                Optional.empty());
        Thread.currentThread().interrupt();
        memory.write(List.of(new NoticeMemory.Entry(notice, "", Set.of("webhook"))));
        assertTrue(Thread.interrupted());
        assertEquals(1, memory.read().size());
    }
}
