package dev.patronstream.cli.audit;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patronstream.cli.command.CapturedTerminal;
import dev.patronstream.sandbox.life.Life;
import dev.patronstream.sandbox.life.LifeKind;
import dev.patronstream.schemas.Affiliation;
import dev.patronstream.schemas.Enrollment;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.Patron;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.School;
import dev.patronstream.schemas.StaffMember;
import dev.patronstream.schemas.topic.Topics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code audit} beside stages at work, under changes. */
class AuditTest {

    /** Life goes on in schools that are open; in this one, which is closed but in the feed, nothing moves by itself. */
    private static final int QUIET_SCHOOL = 777;

    /** A school that no feed names. */
    private static final int OTHER_SCHOOL = 776;

    private static final int FIRST_STUDENT = 88_000_001;
    private static final int FIRST_STAFF = 70_001;
    private static final int NOWHERE = 88_900_000;
    private static final String PLANTED_NAME = "Zzyzx-Planted";
    private static final int STUDENTS = 60;

    @TempDir
    Path folder;

    /** What a command said. */
    private record Said(int exit, String out, String error) {
        JsonNode json() throws Exception {
            return new ObjectMapper().readTree(out);
        }
    }

    private static Said audit(LiveDistrict district, String... options) {
        CapturedTerminal terminal = new CapturedTerminal(Map.of());
        List<String> arguments =
                new ArrayList<>(List.of("audit", "--config", district.file().toString()));
        arguments.addAll(List.of(options));
        int exit = terminal.run(arguments.toArray(String[]::new));
        return new Said(exit, terminal.out(), terminal.error());
    }

    private LiveDistrict district() throws Exception {
        LiveDistrict district =
                new LiveDistrict(folder, 400, yaml -> yaml.replace("schools: [", "schools: [" + QUIET_SCHOOL + ", ")
                        .replace("sites: {", "sites: {" + QUIET_SCHOOL + ": QUIET, "));
        List<String> sql = new ArrayList<>();
        for (int school : List.of(OTHER_SCHOOL, QUIET_SCHOOL, 778, 779)) {
            sql.add("INSERT INTO dbo.LOC (CD, NM, TG, DEL) VALUES (" + school + ", N'Quiet School', 'I', 0)");
        }
        for (int i = 0; i < STUDENTS + 10; i++) {
            int school = i < STUDENTS ? QUIET_SCHOOL : OTHER_SCHOOL;
            sql.add("INSERT INTO dbo.STU (SC, SN, ID, LN, FN, GR, TG, DEL) VALUES (" + school + ", " + (i + 1) + ", "
                    + (FIRST_STUDENT + i) + ", N'Quiet', N'Ana', 9, ' ', 0)");
        }
        for (int i = 0; i < 10; i++) {
            sql.add("INSERT INTO dbo.STF (ID, LN, FN, PSC, TG, DEL) VALUES (" + (FIRST_STAFF + i * 25)
                    + ", N'Still', N'Bo', " + QUIET_SCHOOL + ", ' ', 0)");
        }
        district.sql(sql);
        return district;
    }

    @Test
    void anAuditUnderChangesFindsWhatWasPlantedAndNothingElse() throws Exception {
        try (LiveDistrict district = district()) {
            district.startConnector();
            district.startStreamsApp();
            // A thousand rows at once would heal what is planted, and so would a changed staff member.
            try (Life life = district.life(5, 200, EnumSet.of(LifeKind.MASS_CHANGE, LifeKind.STAFF_CHANGED));
                    PlantedDifferences hand = new PlantedDifferences(district.clients())) {
                district.await("life", () -> life.total() > 200);
                requireClean(district, life, 3);
                plant(district.configuration().topics(), hand);
                long planted = district.appliedEpoch();
                district.await("the epoch after", () -> district.appliedEpoch() > planted + 1);

                Said said = audit(district, "--json");
                assertEquals(1, said.exit(), said.error());
                assertEquals("", said.error());
                Set<Difference> found = differences(said.json());
                assertEquals(100, hand.planted().size());
                assertEquals(Set.of(), missing(hand.planted(), found), "planted and not found");
                assertEquals(Set.of(), unexplained(district.configuration().topics(), hand.planted(), found));
                requireNothingPrivate(said);
                Said screen = audit(district);
                assertEquals(1, screen.exit());
                requireNothingPrivate(screen);
                assertTrue(screen.out().contains(" differences. docs/audit.md says what to do."), screen.out());
                assertTrue(life.failure().isEmpty(), () -> life.failure().toString());
            }
        }
    }

    /** Clean audits while changes flow; and they did flow, or the rolling back was not tried. */
    private static void requireClean(LiveDistrict district, Life life, int times) throws Exception {
        long rolledBack = 0;
        for (int i = 0; i < times; i++) {
            long before = life.total();
            Said said = audit(district, "--json");
            assertEquals(0, said.exit(), said.error() + said.out());
            JsonNode report = said.json();
            assertTrue(report.path("clean").asBoolean(), said.out());
            assertEquals("snapshot", report.path("isolation").asText());
            assertTrue(life.total() > before, "changes flow");
            assertEquals(5, report.path("topics").size(), said.out());
            report.path("topics")
                    .forEach(topic -> assertTrue(topic.path("found").asLong() > 5, said.out()));
            rolledBack += report.path("rolledBack").asLong();
        }
        assertTrue(rolledBack > 100, "rows were rolled back: " + rolledBack);
    }

    private static void plant(Topics topics, PlantedDifferences hand) {
        plantRows(topics, hand);
        plantPatrons(topics, hand);
        plantEntries(topics, hand);
    }

    private static void plantRows(Topics topics, PlantedDifferences hand) {
        Map<String, Enrollment> rows = hand.content(topics.enrollments(), Enrollment.class);
        for (int i = 0; i < 8; i++) {
            hand.delete(topics.enrollments(), Keys.enrollment(QUIET_SCHOOL, i + 1));
            String key = Keys.enrollment(QUIET_SCHOOL, i + 9);
            hand.alter(
                    topics.enrollments(),
                    key,
                    rows.get(key),
                    "lastName",
                    row -> Enrollment.newBuilder(row).setLastName(PLANTED_NAME).build(),
                    Enrollment.class);
            hand.add(
                    topics.enrollments(),
                    Keys.enrollment(QUIET_SCHOOL, 9_000 + i),
                    Enrollment.newBuilder(rows.get(key))
                            .setStudentNumber(9_000 + i)
                            .setStudentId(NOWHERE + i)
                            .build(),
                    Enrollment.class);
        }
        Map<String, StaffMember> staff = hand.content(topics.staff(), StaffMember.class);
        for (int i = 0; i < 3; i++) {
            hand.delete(topics.staff(), Keys.staffMember(FIRST_STAFF + i * 25));
            StaffMember member = staff.get(Keys.staffMember(FIRST_STAFF + (i + 3) * 25));
            hand.alter(
                    topics.staff(),
                    Keys.staffMember(member.getStaffId()),
                    member,
                    "inactiveTag",
                    row -> StaffMember.newBuilder(row).setInactiveTag("I").build(),
                    StaffMember.class);
            hand.add(
                    topics.staff(),
                    Keys.staffMember(79_000 + i),
                    StaffMember.newBuilder(member).setStaffId(79_000 + i).build(),
                    StaffMember.class);
        }
        Map<String, School> schools = hand.content(topics.schools(), School.class);
        hand.delete(topics.schools(), "778");
        hand.alter(
                topics.schools(),
                "779",
                schools.get("779"),
                "name",
                row -> School.newBuilder(row).setName(PLANTED_NAME).build(),
                School.class);
        hand.add(
                topics.schools(),
                "780",
                School.newBuilder(schools.get("779")).setCode(780).build(),
                School.class);
    }

    private static void plantPatrons(Topics topics, PlantedDifferences hand) {
        Map<String, Patron> patrons = hand.content(topics.patrons(), Patron.class);
        for (int i = 0; i < 8; i++) {
            hand.delete(topics.patrons(), student(16 + i));
            Patron patron = patrons.get(student(24 + i));
            hand.alter(
                    topics.patrons(),
                    student(24 + i),
                    patron,
                    "primary.schoolName",
                    row -> Patron.newBuilder(row)
                            .setPrimary(Affiliation.newBuilder(row.getPrimary())
                                    .setSchoolName(PLANTED_NAME)
                                    .build())
                            .build(),
                    Patron.class);
            hand.add(
                    topics.patrons(),
                    Keys.person(PatronKind.STUDENT, NOWHERE + 100 + i),
                    Patron.newBuilder(patron).setId(NOWHERE + 100 + i).build(),
                    Patron.class);
        }
    }

    private static void plantEntries(Topics topics, PlantedDifferences hand) {
        String topic = topics.feed("destiny");
        Map<String, FeedEntry> entries = hand.content(topic, FeedEntry.class);
        Map<String, Patron> patrons = hand.content(topics.patrons(), Patron.class);
        for (int i = 0; i < 10; i++) {
            hand.delete(topic, student(32 + i));
            FeedEntry entry = entries.get(student(42 + i));
            hand.alter(
                    topic,
                    student(42 + i),
                    entry,
                    "firstName",
                    row -> FeedEntry.newBuilder(row).setFirstName(PLANTED_NAME).build(),
                    FeedEntry.class);
            hand.add(
                    topic,
                    Keys.person(PatronKind.STUDENT, NOWHERE + 200 + i),
                    FeedEntry.newBuilder(entry).setId(NOWHERE + 200 + i).build(),
                    FeedEntry.class);
            Patron stranger = patrons.get(student(STUDENTS + i));
            hand.add(
                    topic,
                    Keys.person(PatronKind.STUDENT, stranger.getId()),
                    FeedEntry.newBuilder(entry)
                            .setId(stranger.getId())
                            .setPrimary(stranger.getPrimary())
                            .build(),
                    FeedEntry.class);
        }
    }

    private static String student(int number) {
        return Keys.person(PatronKind.STUDENT, FIRST_STUDENT + number);
    }

    private static Set<Difference> differences(JsonNode report) {
        return StreamSupport.stream(report.path("differences").spliterator(), false)
                .map(node -> new Difference(
                        node.path("topic").asText(),
                        Difference.Kind.valueOf(node.path("kind").asText().toUpperCase(java.util.Locale.ROOT)),
                        node.path("key").asText(),
                        StreamSupport.stream(node.path("fields").spliterator(), false)
                                .map(JsonNode::asText)
                                .toList()))
                .collect(toSet());
    }

    private static Set<Difference> missing(List<Difference> planted, Set<Difference> found) {
        return planted.stream()
                .filter(difference -> !found.contains(difference))
                .collect(toSet());
    }

    /** What is neither planted nor what the topology made, rightly, of a planted row: a patron and an entry in the feed. */
    private static Set<String> unexplained(Topics topics, List<Difference> planted, Set<Difference> found) {
        Set<String> persons = new TreeSet<>();
        for (int i = 0; i < 8; i++) {
            persons.add(student(i));
            persons.add(student(8 + i));
            persons.add(Keys.person(PatronKind.STUDENT, NOWHERE + i));
        }
        for (int i = 0; i < 3; i++) {
            persons.add(Keys.person(PatronKind.STAFF, FIRST_STAFF + i * 25));
            persons.add(Keys.person(PatronKind.STAFF, FIRST_STAFF + (i + 3) * 25));
            persons.add(Keys.person(PatronKind.STAFF, 79_000 + i));
        }
        return found.stream()
                .filter(difference -> !planted.contains(difference))
                .filter(difference ->
                        topics.contracts().contains(difference.topic()) || !persons.contains(difference.key()))
                .map(Difference::toString)
                .collect(toSet());
    }

    private static void requireNothingPrivate(Said said) {
        assertFalse(said.out().contains(PLANTED_NAME), said.out());
        assertFalse(said.out().contains("Quiet"), said.out());
    }
}
