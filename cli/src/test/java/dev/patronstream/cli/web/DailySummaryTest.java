package dev.patronstream.cli.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import dev.patronstream.cli.web.SampleDistrict.Situation;
import dev.patronstream.cli.web.StatusSource.Sample;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.snapshotter.notice.EmailChannel;
import dev.patronstream.snapshotter.notice.NoticeBoard;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The daily summary, by a real mail server: what it says, and that each day has one. */
class DailySummaryTest {

    private static final LocalTime SEVEN = LocalTime.of(7, 0);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private final GreenMail mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));

    @BeforeEach
    void start() {
        mail.start();
    }

    @AfterEach
    void stop() {
        mail.stop();
    }

    private NoticeBoard board() {
        return board("notices.json");
    }

    private NoticeBoard board(String memory) {
        EmailChannel channel = new EmailChannel(
                "127.0.0.1",
                mail.getSmtp().getPort(),
                EmailChannel.Security.NONE,
                Optional.empty(),
                "patronstream@district.example",
                List.of("data@district.example"));
        return new NoticeBoard("eagle", List.of(channel), folder.resolve(memory), InstantSource.system());
    }

    /** Of the district at a time of its clock, which is seven or eight hours behind. */
    private static void look(NoticeBoard board, Situation situation, String now) {
        look(board, situation, now, new SampleDistrict(situation, Instant.parse(now)).month());
    }

    private static void look(NoticeBoard board, Situation situation, String now, List<Delivery> receipts) {
        Instant time = Instant.parse(now);
        List<Sample> freshness = List.of(
                new Sample(time.minusSeconds(120), Optional.of(Duration.ofSeconds(2))),
                new Sample(time.minusSeconds(60), Optional.of(Duration.ofMinutes(3))));
        daily(board).look(new SampleDistrict(situation, time).report(), receipts, freshness);
    }

    private static DailySummary daily(NoticeBoard board) {
        return daily(board, SEVEN);
    }

    private static DailySummary daily(NoticeBoard board, LocalTime at) {
        return new DailySummary("eagle", at, board);
    }

    private String arrived(int count) throws Exception {
        assertTrue(mail.waitForIncomingEmail(PATIENCE.toMillis(), count), "no mail came");
        return GreenMailUtil.getBody(mail.getReceivedMessages()[count - 1]);
    }

    private static void await(BooleanSupplier condition) {
        Instant latest = Instant.now().plus(PATIENCE);
        while (!condition.getAsBoolean()) {
            assertTrue(Instant.now().isBefore(latest), "not within " + PATIENCE);
            Thread.onSpinWait();
        }
    }

    @Test
    void itSaysWhatTheDayBroughtAndNamesNoPerson() throws Exception {
        try (NoticeBoard board = board()) {
            look(board, Situation.HELD, "2026-11-24T15:01:00Z");
            String body = arrived(1);
            assertEquals("eagle: the daily summary", mail.getReceivedMessages()[0].getSubject());
            assertTrue(body.contains("is held: "), body);
            assertTrue(body.contains("From Nov 23, 7:00 AM to 7:00 AM:"), body);
            assertTrue(body.contains("destiny: 1 delivered, 1 held. The last file went to Destiny"), body);
            assertTrue(body.contains("Freshness: at worst 3 minutes old."), body);
            assertFalse(body.contains("Brien") || body.contains("Since "), body);
        }
    }

    @Test
    void eachDayHasOneAlsoOverARestart() throws Exception {
        try (NoticeBoard board = board()) {
            look(board, Situation.WELL, "2026-11-24T15:00:59Z");
            arrived(1);
            look(board, Situation.WELL, "2026-11-24T15:01:00Z");
            arrived(2);
            look(board, Situation.WELL, "2026-11-24T15:01:10Z");
        }
        try (NoticeBoard board = board()) {
            look(board, Situation.WELL, "2026-11-25T05:00:00Z");
            look(board, Situation.WELL, "2026-11-25T14:00:00Z");
            look(board, Situation.WELL, "2026-11-25T18:00:00Z");
            arrived(3);
            SampleDistrict evening = new SampleDistrict(Situation.WELL, Instant.parse("2026-11-25T20:00:00Z"));
            daily(board, LocalTime.of(18, 0)).look(evening.report(), evening.month(), List.of());
            await(() -> board.waiting() == 0);
        }
        assertEquals(3, mail.getReceivedMessages().length);
    }

    /** Many deliver on the hour, when the summary is made. */
    @Test
    void eachDeliveryIsInOneSummaryAlsoAfterADayWithoutOne() throws Exception {
        SampleReceipts atSeven = new SampleReceipts(Instant.parse("2026-11-24T15:00:00Z"));
        List<Delivery> underWay = List.of(atSeven.receipt(DeliveryResult.SENDING, 1, null, 1932));
        List<Delivery> over = List.of(atSeven.receipt(DeliveryResult.DELIVERED, 1, null, 1932));
        try (NoticeBoard board = board()) {
            look(board, Situation.WELL, "2026-11-24T15:01:09Z", underWay);
            assertTrue(arrived(1).contains("destiny: no delivery."));
            look(board, Situation.WELL, "2026-11-26T15:01:02Z", over);
            String body = arrived(2);
            assertTrue(body.contains("From Nov 24, 7:00 AM to 7:00 AM:"), body);
            assertTrue(body.contains("destiny: 1 delivered."), body);
            look(board, Situation.WELL, "2026-11-27T15:01:00Z", over);
            assertTrue(arrived(3).contains("destiny: no delivery."));
        }
    }

    @Test
    void aProcessThatTakesOverSendsNoneThatTheOtherHasSent() throws Exception {
        try (NoticeBoard first = board("first.json")) {
            look(first, Situation.WELL, "2026-11-24T15:01:00Z");
            arrived(1);
            await(() -> daily(first).last().isPresent());
            try (NoticeBoard second = board("second.json")) {
                daily(second).sentElsewhere(daily(first).last().orElseThrow());
            }
        }
        try (NoticeBoard second = board("second.json")) {
            look(second, Situation.WELL, "2026-11-24T16:00:00Z");
            assertEquals(0, second.waiting());
            look(second, Situation.WELL, "2026-11-25T15:01:00Z");
            // The word of one that is gone is heard for a day.
            daily(second).sentElsewhere(LocalDate.of(2026, 11, 24));
            arrived(2);
            look(second, Situation.WELL, "2026-11-25T15:02:00Z");
        }
        assertEquals(2, mail.getReceivedMessages().length);
    }
}
