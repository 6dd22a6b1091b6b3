package dev.patronstream.streams;

import static dev.patronstream.streams.epochs.Rows.enrollment;
import static dev.patronstream.streams.epochs.Rows.school;
import static dev.patronstream.streams.epochs.Rows.staff;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.sandbox.ChildJvm;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.schemas.feed.FeedSelection;
import dev.patronstream.schemas.feed.PatronRules;
import dev.patronstream.streams.rebuild.Rebuild;
import dev.patronstream.streams.rebuild.RebuildRefusedException;
import dev.patronstream.streams.rebuild.RebuildReport;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rebuild by replay (promise 4) on a real broker. */
@Tag("faults")
final class RebuildTest {

    static final FeedSelection DESTINY = new FeedSelection(
            "destiny",
            Set.of(10, 20),
            Set.of(PatronStatus.ACTIVE),
            Set.of(PatronKind.STUDENT, PatronKind.STAFF),
            PatronRules.DEFAULT);
    private static final int STUDENTS = 600;

    /** What a rebuild says of itself, in this order. */
    private static final List<String> STEPS = List.of(
            "Reading what the feeds hold already",
            "Replaying the source tables",
            "Taking over many rows",
            "Evaluating many persons");

    @TempDir
    static Path folder;

    private static BrokerDistrict.Cluster cluster;
    private BrokerDistrict district;

    @BeforeAll
    static void startKafka() {
        cluster = new BrokerDistrict.Cluster(folder);
    }

    @AfterAll
    static void stopKafka() {
        cluster.close();
    }

    @BeforeEach
    void newDistrict() {
        district = cluster.district(folder);
        district.feeds(DESTINY);
    }

    @AfterEach
    void closeDistrict() {
        district.close();
    }

    @Test
    void aRebuildWritesNothingToAFeedWhoseContentIsRight() {
        long epoch = aLifeOfTransfers();
        Map<String, String> patrons = district.patrons();
        Map<String, String> feed = district.feed("destiny");
        long feedEnd = district.end(district.topics.feed("destiny"));
        String rows = district.identity(district.changelog("rows"));
        String patronTopic = district.identity(district.topics.patrons());

        RebuildReport report = rebuild(false).orElseThrow();

        assertEquals(epoch, report.epoch());
        assertEquals(feedEnd, district.end(district.topics.feed("destiny")), "end offset of the feed");
        RebuildReport.Table feedReport = table(report, district.topics.feed("destiny"));
        assertEquals(new RebuildReport.Table(feedReport.topic(), false, feed.size(), feedEnd, feedEnd, 0), feedReport);
        RebuildReport.Table patronReport = table(report, district.topics.patrons());
        assertTrue(patronReport.isCleared());
        assertEquals(patrons.size(), patronReport.written(), "every patron once, no state of the replay");
        assertEquals(patrons, district.patrons());
        assertFalse(rows.equals(district.identity(district.changelog("rows"))), "the state was created again");
        assertFalse(patronTopic.equals(district.identity(district.topics.patrons())), "the table was created again");

        district.connector.put(enrollment(10, STUDENTS, STUDENTS));
        district.runUntilApplied(district.connector.endEpoch());
        assertEquals(feed.size() + 1, district.feed("destiny").size());
        assertEquals(1, district.end(district.topics.feed("destiny")) - feedEnd - 1, "one record and its marker");
    }

    @Test
    void aRebuildOfEverythingFillsTheFeedsAgain() {
        aLifeOfTransfers();
        Map<String, String> patrons = district.patrons();
        Map<String, String> feed = district.feed("destiny");

        RebuildReport report = rebuild(true).orElseThrow();

        assertEquals(patrons, district.patrons());
        assertEquals(feed, district.feed("destiny"));
        assertEquals(feed.size(), table(report, district.topics.feed("destiny")).written(), "each entry once");
        assertEquals(List.of("epoch@" + report.epoch()), district.written(district.topics.epochs()));
    }

    @Test
    void aRebuildMendsWhatSomebodyDidToAFeedAndNothingElse() {
        aLifeOfTransfers();
        String topic = district.topics.feed("destiny");
        Map<String, String> feed = district.feed("destiny");
        byte[] altered = district.serdes
                .serializer(FeedEntry.class)
                .serialize(
                        topic,
                        FeedEntry.newBuilder(district.entries("destiny").get("student/11"))
                                .setLastName("Nobody")
                                .build());
        district.vandalise(topic, "student/11", altered);
        district.vandalise(topic, "student/12", null);
        district.vandalise(topic, "student/999999", altered);
        int before = district.written(topic).size();

        rebuild(false);

        List<String> after = district.written(topic);
        assertEquals(List.of("student/11@3", "student/12@3", "-student/999999@3"), after.subList(before, after.size()));
        assertEquals(feed, district.feed("destiny"));
    }

    @Test
    void itRefusesWhileTheApplicationRuns() {
        aLifeOfTransfers();
        Set<String> topics = district.topicNames();
        try (StreamsApp app = district.start()) {
            district.awaitApplied(app, 3);
            district.stateDirectory(folder.resolve("elsewhere"));
            RebuildRefusedException refused = assertThrows(RebuildRefusedException.class, () -> rebuild(true));
            assertTrue(refused.getMessage().contains(district.topics.streamsApplicationId()), refused.getMessage());
            assertTrue(refused.getMessage().contains("Stop it first"), refused.getMessage());
            assertEquals(StreamsStatus.Phase.RUNNING, app.status().phase());
        }
        assertEquals(topics, district.topicNames());
    }

    @Test
    void thereIsNothingToReplayBeforeTheFirstEpoch() {
        RebuildRefusedException refused = assertThrows(RebuildRefusedException.class, () -> rebuild(false));
        assertTrue(refused.getMessage().startsWith("There is nothing to replay"), refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"no journal", "2026-11-24T09:00:00Z", "\uD800"})
    void aJournalThatADiskHasDamagedMeansThatItBeginsAgain(String damage) throws IOException {
        long epoch = aLifeOfTransfers();
        Path journal = district.settings().stateDirectory().resolve("rebuild-in-progress");
        Files.write(journal, damage.isEmpty() ? new byte[0] : damage.getBytes(StandardCharsets.UTF_16));
        try (Rebuild rebuild = new Rebuild(district.settings(), InstantSource.system())) {
            assertEquals(Optional.empty(), rebuild.interrupted(false));
        }
        assertEquals(epoch, rebuild(false).orElseThrow().epoch());
        assertFalse(Files.exists(journal));
    }

    /** Killed in each of the steps, for real; the next one goes on with what the killed one has done. */
    @ParameterizedTest
    @ValueSource(ints = {0, 2, 3})
    void killedInTheMiddleItGoesOnAndWritesNothing(int step) throws Exception {
        for (int student = 0; student < 4_000; student++) {
            district.connector.put(enrollment(student % 3 == 0 ? 30 : 10, student, student));
        }
        long epoch = district.connector.endEpoch();
        district.runUntilApplied(epoch);
        Map<String, String> patrons = district.patrons();
        long feedEnd = district.end(district.topics.feed("destiny"));

        killDuring(step);

        try (Rebuild rebuild = new Rebuild(district.settings(), InstantSource.system())) {
            assertTrue(rebuild.interrupted(false).isPresent());
            assertTrue(rebuild.interrupted(true).isEmpty(), "the feeds were not cleared");
        }
        String rows = district.identity(district.changelog("rows"));
        RebuildReport report = rebuild(false).orElseThrow();

        assertEquals(rows, district.identity(district.changelog("rows")), "cleared again");
        assertEquals(epoch, report.epoch());
        assertEquals(feedEnd, district.end(district.topics.feed("destiny")));
        assertEquals(patrons, district.patrons());
        assertEquals(patrons.size(), district.written(district.topics.patrons()).size(), "each patron once");
        try (Rebuild rebuild = new Rebuild(district.settings(), InstantSource.system())) {
            assertEquals(Optional.empty(), rebuild.interrupted(false));
        }
    }

    @Test
    void afterAKillTheServicesMayBeStartedInsteadAndTheRebuildIsOverThen() throws Exception {
        for (int student = 0; student < 4_000; student++) {
            district.connector.put(enrollment(10, student, student));
        }
        long epoch = district.connector.endEpoch();
        district.runUntilApplied(epoch);
        long feedEnd = district.end(district.topics.feed("destiny"));
        killDuring(1);

        district.runUntilApplied(epoch);
        Waiting.until(() -> district.patrons().size(), () -> district.patrons().size() == 4_000);

        assertEquals(feedEnd, district.end(district.topics.feed("destiny")));
        try (Rebuild rebuild = new Rebuild(district.settings(), InstantSource.system())) {
            assertEquals(Optional.empty(), rebuild.interrupted(false));
        }
    }

    /** Three epochs with schools, staff, transfers, leavers and deletes. */
    private long aLifeOfTransfers() {
        district.connector.put(school(10, "High"));
        for (int student = 0; student < STUDENTS; student++) {
            district.connector.put(enrollment(student % 5 == 0 ? 30 : 10, student, student));
        }
        for (int member = 0; member < 40; member++) {
            district.connector.put(staff(member, member % 3 * 10));
        }
        district.connector.endEpoch();
        for (int student = 0; student < STUDENTS; student += 3) {
            int school = student % 5 == 0 ? 30 : 10;
            district.connector.put(enrollment(school, student, student).setStatusTag("I"));
            district.connector.put(enrollment(20, student, student));
        }
        district.connector.endEpoch();
        district.connector.removeEnrollment(10, 7);
        district.connector.put(school(10, "High School"));
        long epoch = district.connector.endEpoch();
        district.runUntilApplied(epoch);
        return epoch;
    }

    private Optional<RebuildReport> rebuild(boolean all) {
        try (Rebuild rebuild = new Rebuild(district.settings(), InstantSource.system())) {
            return rebuild.run(all, status -> {}, () -> false);
        }
    }

    private static RebuildReport.Table table(RebuildReport report, String topic) {
        return report.tables().stream()
                .filter(table -> table.topic().equals(topic))
                .findFirst()
                .orElseThrow();
    }

    private void killDuring(int step) throws IOException, InterruptedException {
        List<String> command = ChildJvm.command(
                RebuildMain.class,
                List.of("-Xmx512m"),
                cluster.bootstrapServers(),
                cluster.registryUrl(),
                district.topics.district(),
                district.stateDirectory());
        Path errors = Files.createTempFile(folder, "rebuild", ".log");
        Process process =
                new ProcessBuilder(command).redirectError(errors.toFile()).start();
        List<String> seen = new ArrayList<>();
        try (BufferedReader lines = process.inputReader()) {
            String line = lines.readLine();
            while (line != null && step(line) < step) {
                seen.add(line);
                line = lines.readLine();
            }
            assertTrue(line != null, () -> "it was done before it could be killed: " + seen + read(errors));
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static int step(String line) {
        return STEPS.stream()
                .filter(line::startsWith)
                .map(STEPS::indexOf)
                .findFirst()
                .orElse(-1);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
