package dev.patronstream.streams;

import static dev.patronstream.streams.epochs.Rows.enrollment;
import static dev.patronstream.streams.epochs.Rows.staff;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.schemas.feed.CarriedFields;
import dev.patronstream.schemas.feed.Condition;
import dev.patronstream.schemas.feed.Conditions;
import dev.patronstream.schemas.feed.FeedSelection;
import dev.patronstream.schemas.feed.PatronRules;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A changed configuration and a restart, on a real broker: exactly the right records appear, nothing else is written,
 * and the connector is not asked for anything.
 */
final class ChangedSelectionTest {

    private static final Set<PatronKind> ALL = Set.of(PatronKind.STUDENT, PatronKind.STAFF);
    private static final Set<PatronStatus> ACTIVE = Set.of(PatronStatus.ACTIVE);
    private static final FeedSelection DESTINY =
            new FeedSelection("destiny", Set.of(10), ACTIVE, ALL, PatronRules.DEFAULT);

    @TempDir
    static Path folder;

    private static BrokerDistrict.Cluster cluster;
    private BrokerDistrict district;
    private Map<String, Integer> recordsBefore;

    @BeforeAll
    static void startKafka() {
        cluster = new BrokerDistrict.Cluster(folder);
    }

    @AfterAll
    static void stopKafka() {
        cluster.close();
    }

    /** One epoch: students in three schools with four tags, one of them in two schools, and staff. */
    @BeforeEach
    void aDistrict() {
        district = cluster.district(folder);
        district.feeds(DESTINY);
        district.connector.put(enrollment(10, 1, 101));
        district.connector.put(enrollment(10, 2, 102).setStatusTag("*"));
        district.connector.put(enrollment(10, 3, 103).setStatusTag("N"));
        district.connector.put(enrollment(10, 4, 104).setStatusTag("R"));
        district.connector.put(enrollment(20, 1, 201));
        district.connector.put(enrollment(20, 2, 202).setStatusTag("N"));
        district.connector.put(enrollment(30, 1, 301));
        // Active in both: the district's primary one is that of school 10.
        district.connector.put(enrollment(10, 5, 105));
        district.connector.put(enrollment(20, 5, 105));
        district.connector.put(staff(7, 10));
        district.connector.put(staff(8, 20));
        district.runUntilApplied(district.connector.endEpoch());
        recordsBefore = new HashMap<>();
        district.topicNames().stream()
                .filter(topic -> !topic.startsWith(district.topics.streamsApplicationId()))
                .forEach(topic -> recordsBefore.put(topic, records(topic)));
        assertEquals(
                Set.of("student/101", "student/105", "staff/7"),
                district.feed("destiny").keySet());
    }

    @AfterEach
    void closeDistrict() {
        district.close();
    }

    @Test
    void aSchoolAddedToAFeed() {
        restartWith(new FeedSelection("destiny", Set.of(10, 20), ACTIVE, ALL, PatronRules.DEFAULT));

        assertWritten("destiny", List.of("student/201@1", "staff/8@1"));
        assertNothingElseIsWritten("destiny");
    }

    @Test
    void aSchoolTakenOutOfAFeed() {
        restartWith(new FeedSelection("destiny", Set.of(20), ACTIVE, ALL, PatronRules.DEFAULT));

        // Who is in both schools stays, with the other enrollment as the primary one.
        assertWritten(
                "destiny", List.of("-student/101@1", "student/105@1", "student/201@1", "-staff/7@1", "staff/8@1"));
        assertNothingElseIsWritten("destiny");
    }

    @Test
    void otherStatusesOfAFeed() {
        restartWith(new FeedSelection(
                "destiny",
                Set.of(10),
                Set.of(PatronStatus.PRE_ENROLLED, PatronStatus.INACTIVE),
                ALL,
                PatronRules.DEFAULT));

        assertWritten(
                "destiny",
                List.of(
                        "-student/101@1",
                        "student/102@1",
                        "student/103@1",
                        "student/104@1",
                        "-student/105@1",
                        "-staff/7@1"));
        assertNothingElseIsWritten("destiny");
    }

    /** Whoever a condition takes out is a tombstone in the topic; whoever it does not concern is not written. */
    @Test
    void aConditionTakesOutExactlyThoseWhomItIsAbout() {
        restartWith(DESTINY.with(new Conditions(
                List.of(Condition.of("STF.ID", true, List.of("7"), Optional.empty())),
                List.of(Condition.of("lastName", false, List.of("Last101", "Last201"), Optional.empty())))));
        assertWritten("destiny", List.of("-student/101@1", "-staff/7@1"));
        assertNothingElseIsWritten("destiny");

        // An opt-out in the database, and its end.
        district.connector.put(enrollment(10, 5, 105).setLastName("Last101"));
        district.runUntilApplied(district.connector.endEpoch());
        district.connector.put(enrollment(10, 5, 105));
        district.runUntilApplied(district.connector.endEpoch());
        assertWritten("destiny", List.of("-student/101@1", "-staff/7@1", "-student/105@2", "student/105@3"));
    }

    /** Of those whose records do not differ by it, nothing is written. */
    @Test
    void otherFieldsOfAFeed() {
        district.connector.put(enrollment(10, 5, 105).setBirthDate(LocalDate.of(2012, 2, 29)));
        district.connector.put(enrollment(20, 5, 105).setBirthDate(LocalDate.of(2012, 2, 29)));
        district.runUntilApplied(district.connector.endEpoch());
        FeedSelection names = DESTINY.with(CarriedFields.of(List.of("names", "grade", "enterDate", "enrollments")));
        restartWith(names);
        assertWritten("destiny", List.of("student/105@2", "student/105@2"));

        restartWith(names.with(CarriedFields.of(List.of("names", "grade", "enterDate"))));
        assertWritten("destiny", List.of("student/105@2", "student/105@2", "student/105@2"));

        restartWith(names.with(CarriedFields.of(List.of("names", "grade"))));
        assertWritten(
                "destiny",
                List.of("student/105@2", "student/105@2", "student/105@2", "student/101@2", "student/105@2"));
    }

    /** Also after another feed began to need it, and while the patron table has it all. */
    @Test
    void whatAFeedDoesNotNameIsNowhereInItsTopic() {
        district.connector.put(enrollment(10, 6, 106)
                .setBirthDate(LocalDate.of(2012, 2, 29))
                .setAddress("1 Secret Way")
                .setCity("Secret City")
                .setTelephone("555-0100")
                .setExtra(Map.of("U5", "secret")));
        district.connector.put(enrollment(30, 6, 106).setTrack("secret"));
        FeedSelection library = new FeedSelection(
                        "library", Set.of(10), ACTIVE, Set.of(PatronKind.STUDENT), PatronRules.DEFAULT)
                .with(CarriedFields.of(List.of("names", "grade")));
        restartWith(library);
        district.runUntilApplied(district.connector.endEpoch());
        FeedSelection office = new FeedSelection(
                        "office", Set.of(10), ACTIVE, Set.of(PatronKind.STUDENT), PatronRules.DEFAULT)
                .with(CarriedFields.of(List.of("birthDate", "address", "telephone", "STU.U5", "enrollments")));
        restartWith(library, office);
        restartWith(library.with(CarriedFields.of(List.of("names"))), office);

        FeedEntry whole = district.entries("office").get("student/106");
        assertEquals(Optional.of(LocalDate.of(2012, 2, 29)), whole.getBirthDate());
        assertEquals(Optional.of("1 Secret Way"), whole.getAddress());
        assertEquals(Map.of("U5", "secret"), whole.getExtra());
        assertEquals(30, whole.getOthers().get(0).getSchoolCode().orElseThrow());
        assertEquals(Optional.empty(), whole.getLastName());
        List<FeedEntry> everWritten = district.everWritten("library");
        assertEquals(
                2, everWritten.stream().filter(entry -> entry.getId() == 106).count());
        for (FeedEntry entry : everWritten) {
            String said = entry.toString();
            assertFalse(said.contains("ecret") || said.contains("2012") || said.contains("555-"), said);
            assertEquals(List.of(), entry.getOthers());
        }
    }

    @Test
    void aNewFeedFillsFromTheTopics() {
        restartWith(
                DESTINY,
                new FeedSelection("library", Set.of(20, 30), ACTIVE, Set.of(PatronKind.STUDENT), PatronRules.DEFAULT));

        assertEquals(
                List.of("student/105@1", "student/201@1", "student/301@1"),
                district.written(district.topics.feed("library")));
        assertNothingElseIsWritten();
    }

    @Test
    void anotherStatusMap() {
        PatronRules rules = new PatronRules(
                Map.of("", PatronStatus.ACTIVE, "R", PatronStatus.ACTIVE, "*", PatronStatus.INACTIVE),
                Set.of(),
                Set.of(),
                List.of());
        district.rules(rules);

        restartWith(new FeedSelection("destiny", Set.of(10), ACTIVE, ALL, rules));

        assertWritten("destiny", List.of("student/104@1"));
        List<String> patrons = district.written(district.topics.patrons());
        assertEquals(
                List.of("student/102@1", "student/104@1"),
                patrons.subList(recordsBefore.get(district.topics.patrons()), patrons.size()),
                "the patron table carries the status too");
        assertNothingElseIsWritten("destiny", "patrons");
    }

    @Test
    void theSameConfigurationWritesNothingAtAll() {
        restartWith(DESTINY);
        assertNothingElseIsWritten();
    }

    /** Restarts alone: the connector publishes nothing. */
    private void restartWith(FeedSelection... feeds) {
        district.feeds(feeds);
        district.runUntilApplied(1);
    }

    private void assertWritten(String feed, List<String> expected) {
        String topic = district.topics.feed(feed);
        List<String> written = district.written(topic);
        assertEquals(expected, written.subList(recordsBefore.get(topic), written.size()));
    }

    private void assertNothingElseIsWritten(String... but) {
        recordsBefore.forEach((topic, before) -> {
            boolean isExpected = topic.equals(district.topics.epochs())
                    || List.of(but).stream()
                            .anyMatch(name -> topic.equals(district.topics.district() + ".feed." + name)
                                    || topic.equals(district.topics.district() + "." + name));
            if (!isExpected) {
                assertEquals(before, records(topic), topic);
            }
        });
    }

    private int records(String topic) {
        return district.written(topic).size();
    }
}
