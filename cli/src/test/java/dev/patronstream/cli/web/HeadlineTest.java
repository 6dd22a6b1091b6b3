package dev.patronstream.cli.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.cli.web.Headline.Level;
import dev.patronstream.cli.web.StatusReport.Feed;
import dev.patronstream.cli.web.StatusReport.Freshness;
import dev.patronstream.cli.web.StatusReport.FreshnessState;
import dev.patronstream.cli.web.StatusReport.Instance;
import dev.patronstream.cli.web.StatusReport.Role;
import dev.patronstream.cli.web.StatusReport.Stage;
import dev.patronstream.cli.web.StatusReport.StageName;
import dev.patronstream.cli.web.StatusReport.StageState;
import dev.patronstream.cli.web.StatusReport.Times;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.schemas.Hold;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the page says first, in every situation that a librarian could misread. */
class HeadlineTest {

    private static final Instant NOW = Instant.parse("2026-11-24T04:22:00Z");
    private static final Freshness FRESH = fresh(FreshnessState.KNOWN, 2, "");
    private static final Freshness STALE = fresh(FreshnessState.STALE, 300, "");
    private static final Times UNSCHEDULED = new Times(false, Optional.empty(), Optional.empty());
    private static final String WELL =
            "No file has gone to Destiny yet. Every change in Aeries up to 2 seconds ago is in.";

    static Stream<Arguments> situations() {
        return Stream.of(
                Arguments.of(Level.WAITING, WELL, FRESH, List.of()),
                Arguments.of(
                        Level.ATTENTION,
                        "Whether the newest changes of Aeries are in is not known. The scans of the capture job cannot be"
                                + " seen. " + WELL,
                        fresh(FreshnessState.UNKNOWN, 2, "the scans of the capture job cannot be seen"),
                        List.of()),
                Arguments.of(
                        Level.ATTENTION,
                        "Capture has not been heard of for 3 minutes. It has ended.",
                        STALE,
                        List.of(stage(StageName.CAPTURE, StageState.SILENT, "it has ended"))),
                Arguments.of(
                        Level.ATTENTION,
                        "Capture has not been heard of for 3 minutes. It has ended.",
                        FRESH,
                        List.of(stage(StageName.CAPTURE, StageState.SILENT, "it has ended"))),
                Arguments.of(
                        Level.ATTENTION,
                        "Delivery does not run. No process runs it.",
                        FRESH,
                        List.of(stage(StageName.DELIVERIES, StageState.MISSING, "No process runs it."))),
                Arguments.of(
                        Level.ATTENTION,
                        "Kafka does not answer, so nothing goes on until it does. The connection was refused.",
                        STALE,
                        List.of(
                                stage(StageName.PATRONS, StageState.STARTING, "Starting"),
                                stage(StageName.CAPTURE, StageState.SILENT, "it has ended"),
                                stage(StageName.KAFKA, StageState.RETRYING, "the connection was refused"))),
                Arguments.of(
                        Level.ATTENTION,
                        "Words do not come back.",
                        FRESH,
                        List.of(stage(StageName.STAGES, StageState.RETRYING, "words do not come back"))),
                Arguments.of(
                        Level.ATTENTION,
                        "The disk that holds /srv/data/deliveries is full.",
                        FRESH,
                        List.of(
                                stage(StageName.CAPTURE, StageState.RUNNING, "streaming"),
                                stage(
                                        StageName.DISKS,
                                        StageState.RETRYING,
                                        "The disk that holds /srv/data/deliveries is full"))),
                Arguments.of(
                        Level.BAD,
                        "Capture has stopped. Login refused.",
                        STALE,
                        List.of(stage(StageName.CAPTURE, StageState.FAILED, "login refused"))),
                Arguments.of(
                        Level.ATTENTION,
                        "Nothing new has come from Aeries for 5 minutes. The stages say what they are doing;"
                                + " their logs say more.",
                        STALE,
                        List.of()),
                Arguments.of(
                        Level.ATTENTION,
                        "Nothing new has come from Aeries for 5 minutes. SQL Server Agent is not running: start it.",
                        fresh(FreshnessState.STALLED, 300, "SQL Server Agent is not running: start it"),
                        List.of()),
                Arguments.of(
                        Level.ATTENTION,
                        "Nothing new has come from Aeries for 5 minutes. The stages say what they are doing;"
                                + " their logs say more.",
                        STALE,
                        List.of(stage(StageName.PATRONS, StageState.STARTING, "Starting"))),
                Arguments.of(
                        Level.WAITING,
                        "Not ready yet: capture is at work. Taking a snapshot, 812 rows so far.",
                        Freshness.NOT_YET,
                        List.of(stage(StageName.CAPTURE, StageState.WORKING, "taking a snapshot, 812 rows so far"))),
                Arguments.of(
                        Level.WAITING,
                        "Capture is at work. Taking a snapshot, 812 rows so far.",
                        STALE,
                        List.of(stage(StageName.CAPTURE, StageState.WORKING, "taking a snapshot, 812 rows so far"))),
                Arguments.of(
                        Level.ATTENTION,
                        "Delivery goes on, but another process of it is gone: process 12 on sis2 was heard of last"
                                + " 4 minutes ago.",
                        FRESH,
                        List.of(new Stage(
                                StageName.DELIVERIES,
                                StageState.RUNNING,
                                "delivers destiny",
                                NOW,
                                Map.of(),
                                List.of(),
                                List.of(lost())))),
                Arguments.of(
                        Level.WAITING,
                        WELL,
                        FRESH,
                        List.of(stage(StageName.DELIVERIES, StageState.RUNNING, "delivers destiny"))));
    }

    @ParameterizedTest
    @MethodSource("situations")
    void theMostSeriousThingIsSaidFirst(Level level, String sentence, Freshness freshness, List<Stage> stages) {
        Headline headline = Headline.of(report(freshness, stages));
        assertEquals(sentence, headline.text());
        assertEquals(level, headline.level());
    }

    /** A file without patrons, or of the old database, is held, and nobody can approve it. */
    @ParameterizedTest
    @CsvSource({
        "removed-above, is held: the reason., then approve or reject the file.",
        "empty, cannot be sent: the reason., It cannot be approved",
        "roll-over, cannot be sent: the reason., It cannot be approved",
    })
    void onlyAFileThatMayBeApprovedIsForApproval(String check, String words, String toDo) {
        Delivery held = Delivery.newBuilder()
                .setId("destiny-1-2")
                .setFeed("destiny")
                .setResult(DeliveryResult.HELD)
                .setFileName("patrons.csv")
                .setBytes(0)
                .setRows(0)
                .setProblems(0)
                .setBusinessDate(LocalDate.of(2026, 11, 24))
                .setStartedAt(NOW)
                .setDurationMillis(1)
                .setAttempts(0)
                .setHolds(List.of(Hold.newBuilder()
                        .setCheck(check)
                        .setMessage("the reason")
                        .build()))
                .build();
        Headline headline = Headline.of(report(FRESH, List.of(), Optional.of(held)));
        assertEquals(Level.ATTENTION, headline.level());
        assertEquals("Today's file for Destiny " + words, headline.sentence());
        assertTrue(headline.more().contains(toDo), headline.more());
    }

    @ParameterizedTest
    @CsvSource({
        "true, , , It is being tried again.",
        "false, 2026-11-24T04:21:59Z, , It is being tried again.",
        "false, 2026-11-24T04:47:00Z, , It is tried again in 25 minutes.",
        "false, 2026-11-24T04:47:00Z, 2026-11-24T04:52:00Z, It is tried again in 30 minutes.",
        "false, 2026-11-24T04:47:00Z, 2026-11-24T04:42:00Z, It is tried again in 25 minutes.",
        "false, , , Try it again: patronstream snapshot destiny",
    })
    void aFailedDeliverySaysWhatBecomesOfIt(boolean delivering, Instant nextRun, Instant pausedUntil, String next) {
        Stage failed = stage(StageName.DELIVERIES, StageState.RETRYING, "destiny: the server refused");
        Times times = new Times(false, Optional.ofNullable(nextRun), Optional.ofNullable(pausedUntil));
        Feed feed = feed("destiny", delivering, times, Optional.empty(), Optional.of("the server refused"));
        Feed rejected = feed("another", false, UNSCHEDULED, Optional.empty(), Optional.of("rejected"));
        assertEquals(
                new Headline(Level.ATTENTION, "The last file has not reached Destiny.", "The server refused. " + next),
                Headline.of(report(FRESH, List.of(failed), List.of(rejected, feed))));
    }

    private static Instance lost() {
        return new Instance(
                "process 12 on sis2",
                false,
                StageState.SILENT,
                "waits: another process captures",
                Role.WAITS,
                NOW.minusSeconds(4000),
                NOW.minusSeconds(240),
                Optional.empty());
    }

    private static StatusReport report(Freshness freshness, List<Stage> given) {
        return report(freshness, given, Optional.empty());
    }

    private static StatusReport report(Freshness freshness, List<Stage> given, Optional<Delivery> lastReceipt) {
        Feed feed = feed("destiny", true, UNSCHEDULED, lastReceipt, Optional.empty());
        return report(freshness, given, List.of(feed));
    }

    private static StatusReport report(Freshness freshness, List<Stage> given, List<Feed> feeds) {
        List<Stage> stages = new ArrayList<>();
        Arrays.stream(StageName.values())
                .map(name -> given.stream()
                        .filter(stage -> stage.name() == name)
                        .findFirst()
                        .orElse(stage(name, StageState.RUNNING, "all well")))
                .forEach(stages::add);
        return new StatusReport(
                new StatusReport.Origin("eagle", "0.1.0", NOW, ZoneId.of("America/Los_Angeles")),
                NOW,
                stages,
                freshness,
                OptionalLong.of(10),
                feeds,
                List.of(),
                Map.of());
    }

    private static Feed feed(
            String name, boolean delivering, Times times, Optional<Delivery> lastReceipt, Optional<String> failure) {
        return new Feed(
                name, List.of(), OptionalLong.of(10), delivering, times, lastReceipt, Optional.empty(), failure);
    }

    private static Stage stage(StageName name, StageState state, String sentence) {
        return new Stage(name, state, sentence, NOW.minusSeconds(180), Map.of());
    }

    private static Freshness fresh(FreshnessState state, long seconds, String note) {
        return new Freshness(state, Optional.of(NOW.minusSeconds(seconds)), note);
    }
}
