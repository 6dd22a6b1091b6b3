package dev.patronstream.cli.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import dev.patronstream.cli.web.SampleDistrict.Situation;
import dev.patronstream.cli.web.StatusSource.Sample;
import dev.patronstream.snapshotter.notice.EmailChannel;
import dev.patronstream.snapshotter.notice.NoticeBoard;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalTime;
import java.util.List;
import java.util.Optional;
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
        EmailChannel channel = new EmailChannel(
                "127.0.0.1",
                mail.getSmtp().getPort(),
                EmailChannel.Security.NONE,
                Optional.empty(),
                "patronstream@district.example",
                List.of("data@district.example"));
        return new NoticeBoard("eagle", List.of(channel), folder.resolve("notices.json"), InstantSource.system());
    }

    /** Of the district at a time of its clock, which is seven or eight hours behind. */
    private static void look(NoticeBoard board, Situation situation, String now) {
        Instant time = Instant.parse(now);
        SampleDistrict district = new SampleDistrict(situation, time);
        List<Sample> freshness = List.of(
                new Sample(time.minusSeconds(120), Optional.of(Duration.ofSeconds(2))),
                new Sample(time.minusSeconds(60), Optional.of(Duration.ofMinutes(3))));
        new DailySummary(SEVEN, board).look(district.report(), district.month(), freshness);
    }

    private String arrived(int count) throws Exception {
        assertTrue(mail.waitForIncomingEmail(PATIENCE.toMillis(), count), "no mail came");
        return GreenMailUtil.getBody(mail.getReceivedMessages()[count - 1]);
    }

    @Test
    void itSaysWhatTheDayBroughtAndNamesNoPerson() throws Exception {
        try (NoticeBoard board = board()) {
            look(board, Situation.HELD, "2026-11-24T15:00:00Z");
            String body = arrived(1);
            assertEquals("eagle: the daily summary", mail.getReceivedMessages()[0].getSubject());
            assertTrue(body.contains("is held: "), body);
            assertTrue(body.contains("destiny: 1 delivered, 1 held. The last file went to Destiny"), body);
            assertTrue(body.contains("Freshness: at worst 3 minutes old."), body);
            assertFalse(body.contains("Brien") || body.contains("Since "), body);
        }
    }

    @Test
    void eachDayHasOneAlsoOverARestart() throws Exception {
        try (NoticeBoard board = board()) {
            look(board, Situation.WELL, "2026-11-24T14:59:00Z");
            arrived(1);
            look(board, Situation.WELL, "2026-11-24T15:00:00Z");
            arrived(2);
            look(board, Situation.WELL, "2026-11-24T15:00:10Z");
        }
        try (NoticeBoard board = board()) {
            look(board, Situation.WELL, "2026-11-25T05:00:00Z");
            look(board, Situation.WELL, "2026-11-25T14:00:00Z");
            look(board, Situation.WELL, "2026-11-25T18:00:00Z");
            arrived(3);
        }
        assertEquals(3, mail.getReceivedMessages().length);
    }
}
