package dev.patronstream.streams;

import static dev.patronstream.streams.epochs.Rows.enrolment;
import static dev.patronstream.streams.epochs.Rows.staff;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.FeedSelection;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronRules;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.streams.rebuild.RebuildRefusedException;
import dev.patronstream.streams.rebuild.Verification;
import dev.patronstream.streams.rebuild.VerificationReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A second replay that is compared with the tables, on a real broker. */
final class VerificationTest {

    private static final FeedSelection DESTINY = RebuildTest.DESTINY;
    private static final int STUDENTS = 300;

    /** The connector double publishes its epochs a second apart from here on. */
    private static final InstantSource SOON = InstantSource.fixed(Instant.EPOCH.plus(Duration.ofHours(1)));

    private static final InstantSource TWO_DAYS_LATER = InstantSource.fixed(Instant.EPOCH.plus(Duration.ofDays(2)));

    @TempDir
    static Path folder;

    private static BrokerDistrict.Cluster cluster;
    private BrokerDistrict district;
    private Path shadow;

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
        shadow = folder.resolve("shadow");
    }

    @AfterEach
    void closeDistrict() {
        district.close();
    }

    @Test
    void tablesThatAreRightAreEqualAndNothingIsLeftOrChanged() {
        district.runUntilApplied(twoEpochs());
        Set<String> topics = district.topicNames();
        Set<String> groups = district.groups();
        Map<String, Long> ends = ends();

        VerificationReport report = verify(SOON).orElseThrow();

        assertTrue(report.isEqual(), () -> report.toString());
        assertEquals(2, report.epoch());
        assertEquals(
                Map.of(
                        district.topics.patrons(),
                        (long) district.patrons().size(),
                        district.topics.feed("destiny"),
                        (long) district.feed("destiny").size()),
                Map.of(
                        report.tables().get(0).topic(), report.tables().get(0).equal(),
                        report.tables().get(1).topic(), report.tables().get(1).equal()));
        assertEquals(topics, district.topicNames());
        assertEquals(groups, district.groups());
        assertEquals(ends, ends());
        assertFalse(Files.exists(shadow));
    }

    @Test
    void whatSomebodyDidToTheTablesIsNamedByKey() {
        district.runUntilApplied(twoEpochs());
        String topic = district.topics.feed("destiny");
        byte[] altered = district.serdes
                .serializer(FeedEntry.class)
                .serialize(
                        topic,
                        FeedEntry.newBuilder(district.entries("destiny").get("student/21"))
                                .setEmail("nobody@eagle.example")
                                .build());
        district.vandalise(topic, "student/21", altered);
        district.vandalise(topic, "student/23", null);
        district.vandalise(topic, "staff/77", altered);
        district.vandalise(district.topics.patrons(), "staff/1", null);
        int feed = district.feed("destiny").size();

        VerificationReport report = verify(SOON).orElseThrow();

        assertEquals(
                List.of(
                        new VerificationReport.Table(
                                district.topics.patrons(),
                                district.patrons().size(),
                                List.of("staff/1"),
                                List.of(),
                                List.of()),
                        new VerificationReport.Table(
                                topic, feed - 2, List.of("student/23"), List.of("staff/77"), List.of("student/21"))),
                report.tables());
    }

    @Test
    void itRunsBesideTheServicesWhileChangesFlow() throws Exception {
        long epoch = twoEpochs();
        AtomicBoolean stop = new AtomicBoolean();
        try (StreamsApp app = district.start()) {
            district.awaitApplied(app, epoch);
            Thread office = new Thread(() -> {
                for (int change = 0; !stop.get(); change++) {
                    int student = change % STUDENTS;
                    district.connector.put(enrolment(10, student, student).setStatusTag(change % 2 == 0 ? "I" : ""));
                    district.connector.endEpoch();
                }
            });
            office.start();
            try {
                VerificationReport report = verify(SOON).orElseThrow();
                assertTrue(report.isEqual(), () -> report.toString());
                assertTrue(app.status().applied().orElseThrow().epoch() > report.epoch(), "changes flowed");
            } finally {
                stop.set(true);
                office.join();
            }
        }
    }

    @Test
    void tablesThatAreBehindTheTopicsAreComparedAsOfTheirOwnEpoch() {
        district.runUntilApplied(twoEpochs());
        district.connector.put(enrolment(10, 9_999, 9_999));
        district.connector.removeEnrolment(10, 1);
        district.connector.endEpoch();

        VerificationReport report = verify(SOON).orElseThrow();
        assertTrue(report.isEqual(), () -> report.toString());
        assertEquals(2, report.epoch());

        // Later rows may have replaced those of the epoch by now: then nobody can tell.
        RebuildRefusedException refused = assertThrows(RebuildRefusedException.class, () -> verify(TWO_DAYS_LATER));
        assertTrue(refused.getMessage().contains("Start the services"), refused.getMessage());
    }

    @Test
    void aChangedSelectionIsNamedAndItsDifferencesAreWhatARestartWouldWrite() {
        district.runUntilApplied(twoEpochs());
        FeedSelection narrower = new FeedSelection(
                "destiny", Set.of(20), Set.of(PatronStatus.ACTIVE), Set.of(PatronKind.STUDENT), PatronRules.DEFAULT);
        district.feeds(narrower);

        VerificationReport report = verify(SOON).orElseThrow();

        assertEquals(List.of("destiny"), report.changedFeeds());
        VerificationReport.Table feed = report.tables().get(1);
        List<String> leaving = district.entries("destiny").values().stream()
                .filter(entry -> entry.getKind() == PatronKind.STAFF
                        || !entry.getPrimary().getSchoolCode().equals(Optional.of(20)))
                .map(entry -> Keys.person(entry.getKind(), entry.getId()))
                .sorted()
                .toList();
        assertEquals(leaving, feed.extra());
        assertEquals(List.of(), feed.missing());
    }

    @Test
    void whatAKilledComparisonLeftIsGoneAfterTheNext() throws Exception {
        district.runUntilApplied(twoEpochs());
        Set<String> topics = district.topicNames();
        String left = district.topics.shadow().feed("destiny");
        BrokerDistrict.await(district.admin
                .createTopics(List.of(dev.patronstream.schemas.TopicSettings.SINGLE_BROKER.compacted(left)))
                .all());
        district.vandalise(left, "student/5", new byte[] {1, 2, 3});
        Files.createDirectories(shadow.resolve("something"));

        assertTrue(verify(SOON).orElseThrow().isEqual());

        assertEquals(topics, district.topicNames());
        assertFalse(Files.exists(shadow));
    }

    @Test
    void stoppedInTheMiddleItLeavesNothing() {
        district.runUntilApplied(twoEpochs());
        Set<String> topics = district.topicNames();
        try (Verification verification = new Verification(district.settings(), shadow, SOON)) {
            assertEquals(Optional.empty(), verification.run(status -> {}, () -> true));
        }
        assertEquals(topics, district.topicNames());
        assertFalse(Files.exists(shadow));
    }

    @Test
    void thereIsNothingToCompareBeforeTheFirstEpochIsApplied() {
        RebuildRefusedException refused = assertThrows(RebuildRefusedException.class, () -> verify(SOON));
        assertTrue(refused.getMessage().startsWith("There is nothing to compare"), refused.getMessage());
    }

    private long twoEpochs() {
        for (int student = 0; student < STUDENTS; student++) {
            district.connector.put(enrolment(student % 7 == 0 ? 20 : 10, student, student));
        }
        for (int member = 0; member < 10; member++) {
            district.connector.put(staff(member, 10));
        }
        district.connector.endEpoch();
        for (int student = 0; student < STUDENTS; student += 11) {
            district.connector.put(enrolment(30, student, student));
            district.connector.put(enrolment(10, student, student).setStatusTag("I"));
        }
        return district.connector.endEpoch();
    }

    private Optional<VerificationReport> verify(InstantSource clock) {
        try (Verification verification = new Verification(district.settings(), shadow, clock)) {
            return verification.run(status -> {}, () -> false);
        }
    }

    private Map<String, Long> ends() {
        Map<String, Long> ends = new HashMap<>();
        district.topicNames().forEach(topic -> ends.put(topic, district.end(topic)));
        return ends;
    }
}
