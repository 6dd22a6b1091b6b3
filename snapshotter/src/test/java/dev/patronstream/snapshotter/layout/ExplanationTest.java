package dev.patronstream.snapshotter.layout;

import static dev.patronstream.snapshotter.layout.Entries.enrollment;
import static dev.patronstream.snapshotter.layout.Entries.position;
import static dev.patronstream.snapshotter.layout.Entries.staff;
import static dev.patronstream.snapshotter.layout.Entries.student;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.schemas.feed.PatronField;
import dev.patronstream.snapshotter.layout.PatronFile.Leaver;
import dev.patronstream.snapshotter.layout.destiny.DestinyLayoutSettings.Names;
import dev.patronstream.snapshotter.layout.destiny.DestinyLayoutSettings.UserName;
import dev.patronstream.snapshotter.layout.destiny.Homeroom;
import dev.patronstream.snapshotter.layout.destiny.StaffColumnMap;
import dev.patronstream.snapshotter.rules.Problem;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What {@code explain} says of a row: where each value comes from, and who else has it. */
class ExplanationTest {

    private static final String STUDENT = """
        Site Short Name: sites.10, for STU.SC
        Barcode: STU.ID by identifiers.barcode.student {id}
        District ID: STU.ID by identifiers.district-id.student {id}
        Last Name: STU.LN
        First Name: STU.FN
        Middle Name: STU.MN
        Nickname: never sent beside the names of record
        Patron Type: always this for students
        Status: STU.TG by statuses: active
        Gender: STU.GN by genders; all else is U
        Homeroom: homeroom is not configured
        Grade Level: STU.GR by grades
        Is Teacher: always this for students
        Graduation Year: STU.GR in the school year 2026
        User Name: user-name is none
        Email 1: STU.SEM\
        """;
    private static final String STAFF = """
        Site Short Name: sites.10, for STF.PSC
        Barcode: STF.ID by identifiers.barcode.staff T{id}
        District ID: STF.ID by identifiers.district-id.staff {id}
        Last Name: STF.LN
        First Name: STF.FN
        Middle Name: STF.MN
        Nickname: never sent beside the names of record
        Patron Type: always this for staff; staff.patron-type is not configured
        Status: STF.TG and STF.LD as of the business date
        Gender: STF.GN by genders; all else is U
        Homeroom: students only
        Grade Level: students only
        Is Teacher: staff.is-teacher is not configured
        Graduation Year: students only
        User Name: user-name is none
        Email 1: STF.EM\
        """;

    @Test
    void everyColumnSaysWhereItsValueComesFrom() {
        assertEquals(STUDENT, sources(settings(), student(1, e -> {})));
        assertEquals(STAFF, sources(settings(), staff(1, e -> {})));
    }

    @Test
    void whatIsConfiguredIsNamed() {
        DestinyLayoutBuilder other = settings()
                .names(Names.PREFERRED)
                .userName(UserName.NID)
                .homeroom(new Homeroom(Set.of(20), Homeroom.COUNSELOR))
                .staffPatronType(new StaffColumnMap("PS", Map.of(), "Faculty"))
                .staffIsTeacher(new StaffColumnMap("U3", Map.of(), "T"))
                .columns(Map.of("User Defined 1", "{city|upper} {STU.U5} {schoolName}", "User Defined 2", "yes"));
        FeedEntry next = student(1, e -> e.setPreferredFirstName("Al")
                .setPreferredLastName(" ")
                .setPrimary(enrollment(s -> s.setSchoolCode(0).setStatus(PatronStatus.PRE_ENROLLED))));
        assertEquals(
                STUDENT.replace("sites.10, for STU.SC", "staff.no-school, for staff without a school")
                                .replace("Last Name: STU.LN", "Last Name: STU.LN, since STU.LNA is blank")
                                .replace("First Name: STU.FN", "First Name: STU.FNA (names: preferred)")
                                .replace("Middle Name: STU.MN", "Middle Name: STU.MN, since STU.MNA is blank")
                                .replace("statuses: active", "statuses: pre-enrolled")
                                .replace("homeroom is not configured", "homeroom.schools does not name the school")
                                .replace("STU.GR in the school year 2026", "STU.NG, one school year after 2026")
                                .replace("user-name is none", "STU.NID")
                        + "\nUser Defined 1: template {city|upper} {STU.U5} {schoolName} of LOC.NM, STU.CY, STU.U5"
                        + "\nUser Defined 2: always this text",
                sources(other, next));
        assertEquals(
                STAFF.replace("sites.10, for STF.PSC", "staff.no-school, for staff without a school")
                                .replace("Last Name: STF.LN", "Last Name: STF.LN, since STF.LNA is blank")
                                .replace("First Name: STF.FN", "First Name: STF.FN, since STF.FNA is blank")
                                .replace("Middle Name: STF.MN", "Middle Name: STF.MN, since STF.MNA is blank")
                                .replace(
                                        "always this for staff; staff.patron-type is not configured",
                                        "STF.PS by the configured map")
                                .replace("staff.is-teacher is not configured", "STF.U3 by the configured map")
                                .replace("user-name is none", "STF.NID")
                        + "\nUser Defined 1: template {city|upper} {STU.U5} {schoolName} of LOC.NM, STU.U5,"
                        + " not a column of staff"
                        + "\nUser Defined 2: always this text",
                sources(other, staff(1, e -> e.setPrimary(position(p -> p.setSchoolCode(null))))));
    }

    @Test
    void aHomeroomIsTheNumberOrTheNameOrAColumnOfTheDistrict() {
        for (Map.Entry<String, String> homeroom : Map.of(
                        "CU", "STU.CU",
                        "TCH.TE", "TCH.TE of the teacher numbered STU.CU",
                        "CNS", "STU.CNS",
                        "STF", "STF.LN, STF.FN of the staff member in STU.CNS",
                        "U7", "STU.U7")
                .entrySet()) {
            DestinyLayoutBuilder with = settings().homeroom(new Homeroom(Set.of(10), homeroom.getKey()));
            assertTrue(
                    sources(with, student(1, e -> {})).contains("\nHomeroom: " + homeroom.getValue() + "\n"),
                    homeroom.getKey());
        }
        assertEquals("not a column of students", PatronField.KIND.source(student(1, e -> {})), "a field of no column");
    }

    /** Two leavers and somebody in the file have one barcode, another has the District ID of a leaver. */
    @Test
    void whoLeftIsExplainedWithThoseWhoHaveTheSameIdentifier() {
        Layout layout = settings().build().layout();
        PatronFile rows = new PatronFile(layout, List.of(student(5, e -> {}), staff(6, e -> {})))
                .withLeavers(List.of(
                        leaver(PatronKind.STUDENT, 1, "41", "1"),
                        leaver(PatronKind.STUDENT, 2, "41", "5"),
                        leaver(PatronKind.STUDENT, 6, "46", "66"),
                        leaver(PatronKind.STAFF, 1, "T1", "41")));

        assertEquals(2, rows.leavers());
        assertEquals(
                List.of("student/1 Barcode row left out", "student/2 Barcode row left out"),
                rows.problems().stream()
                        .map(problem -> problem.key() + " " + problem.field() + " " + problem.done())
                        .toList());
        RowExplanation first = rows.explain(PatronKind.STUDENT, 1).orElseThrow();
        assertFalse(first.sent());
        assertEquals(Map.of("Barcode", List.of("student/2")), first.sharedWith());
        assertEquals(
                List.of("student/1"),
                first.problems().stream().map(Problem::key).toList());
        RowExplanation sent = rows.explain(PatronKind.STUDENT, 6).orElseThrow();
        assertTrue(sent.sent());
        assertEquals(List.of(), sent.problems());
        assertEquals(Map.of(), sent.sharedWith());
        assertEquals(
                List.of(
                        new RowExplanation.Value("Site Short Name", "EAGLEHS", "as last delivered"),
                        new RowExplanation.Value("Barcode", "46", "as last delivered"),
                        new RowExplanation.Value("Status", "I", "who left is inactive")),
                sent.values().stream()
                        .filter(value ->
                                Set.of("Site Short Name", "Barcode", "Status").contains(value.header()))
                        .toList());
        assertEquals(
                "T1",
                rows.explain(PatronKind.STAFF, 1).orElseThrow().values().get(1).text());
        assertTrue(rows.explain(PatronKind.STUDENT, 5).isEmpty());
        assertTrue(rows.explain(PatronKind.STAFF, 6).isEmpty());
        StringBuilder order = new StringBuilder();
        rows.forEach(row -> order.append(row.kind())
                .append(row.id())
                .append(row.statusCode())
                .append(' '));
        assertEquals("STUDENT5A STUDENT6I STAFF1I STAFF6A ", order.toString());
    }

    /** A third one has another user name, with the same hash code. */
    @Test
    void aUserNameThatSomebodyElseHasByNowIsBlankAndBothAreNamed() {
        Layout layout = settings().userName(UserName.NID).build().layout();
        Map<String, String> delivered = Map.of(
                "Site Short Name",
                "EAGLEHS",
                "Barcode",
                "1",
                "District ID",
                "1",
                "Last Name",
                "Lee",
                "Patron Type",
                "Student",
                "User Name",
                "Aa");
        PatronFile rows = new PatronFile(
                        layout,
                        List.of(student(5, e -> e.setNetworkLogin("Aa")), student(6, e -> e.setNetworkLogin("BB"))))
                .withLeavers(List.of(new Leaver(PatronKind.STUDENT, 1, delivered)));
        RowExplanation explained = rows.explain(PatronKind.STUDENT, 1).orElseThrow();
        assertTrue(explained.sent());
        assertEquals(Map.of("User Name", List.of("student/5")), explained.sharedWith());
        assertEquals("", explained.values().get(14).text());
        assertEquals("1", explained.values().get(1).text());
    }

    @Test
    void theProblemsOfOthersAreNotTheirs() {
        FeedEntry silent = student(1, e -> {});
        FeedEntry loud = student(2, e -> e.setEmail("none").setLastName("a\tb"));
        PatronFile file = new PatronFile(settings().build().layout(), List.of(silent, loud));
        assertEquals(List.of(), file.explain(silent).problems());
        assertEquals(2, file.explain(loud).problems().size());
    }

    private static Leaver leaver(PatronKind kind, int id, String barcode, String districtId) {
        return new Leaver(
                kind,
                id,
                Map.of(
                        "Site Short Name", "EAGLEHS",
                        "Barcode", barcode,
                        "District ID", districtId,
                        "Last Name", "Lee",
                        "Patron Type", "Student",
                        "Status", "A"));
    }

    private static DestinyLayoutBuilder settings() {
        return DestinyLayoutBuilder.of(Map.of(10, "EAGLEHS"), 2026);
    }

    private static String sources(DestinyLayoutBuilder settings, FeedEntry entry) {
        return new PatronFile(settings.build().layout(), List.of(entry))
                .explain(entry).values().stream()
                        .map(value -> value.header() + ": " + value.source())
                        .collect(Collectors.joining("\n"));
    }
}
