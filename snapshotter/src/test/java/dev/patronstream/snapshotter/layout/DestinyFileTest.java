package dev.patronstream.snapshotter.layout;

import static dev.patronstream.snapshotter.layout.Entries.enrollment;
import static dev.patronstream.snapshotter.layout.Entries.position;
import static dev.patronstream.snapshotter.layout.Entries.staff;
import static dev.patronstream.snapshotter.layout.Entries.student;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.snapshotter.layout.destiny.DestinyLayoutSettings;
import dev.patronstream.snapshotter.layout.destiny.DestinyLayoutSettings.Names;
import dev.patronstream.snapshotter.layout.destiny.DestinyLayoutSettings.UserName;
import dev.patronstream.snapshotter.layout.destiny.Homeroom;
import dev.patronstream.snapshotter.layout.destiny.Identifiers;
import dev.patronstream.snapshotter.layout.destiny.StaffColumnMap;
import dev.patronstream.snapshotter.rules.Problem;
import dev.patronstream.snapshotter.settings.SettingProblem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DestinyFileTest {

    private static final int SITE = 0;
    private static final int BARCODE = 1;
    private static final int DISTRICT_ID = 2;
    private static final int LAST = 3;
    private static final int FIRST = 4;
    private static final int MIDDLE = 5;
    private static final int NICKNAME = 6;
    private static final int TYPE = 7;
    private static final int STATUS = 8;
    private static final int GENDER = 9;
    private static final int HOMEROOM = 10;
    private static final int GRADE = 11;
    private static final int IS_TEACHER = 12;
    private static final int GRADUATION = 13;
    private static final int USER = 14;

    @Test
    void theFileOfAMixedSchoolIsTheGoldenOneByteForByte() throws IOException {
        List<FeedEntry> people = List.of(
                student(99400001, e -> e.setMiddleName("Marie").setEmail("ann@example.org")),
                student(99400002, e -> e.setLastName("O'Neil, Jr.")
                        .setFirstName("Zoë \"Zo\"")
                        .setGender("X")
                        .setPrimary(enrollment(s -> s.setSchoolCode(20).setGrade(0)))),
                student(99400003, e -> e.setLastName("Łukasz-Šimić")
                        .setPrimary(enrollment(s -> s.setStatus(PatronStatus.PRE_ENROLLED)
                                .setGrade(8)
                                .setNextGrade(9)))),
                student(
                        99400004,
                        e -> e.setPrimary(enrollment(
                                s -> s.setStatus(PatronStatus.INACTIVE).setGrade(12)))),
                staff(1203, e -> e.setEmail("kim@example.org").setGender("M")));
        assertArrayEquals(golden("patrons.csv"), csv(settings().build(), people));
    }

    @Test
    void thePropertiesFileIsTheGoldenOneAndReadsAsJavaProperties() throws IOException {
        byte[] written = settings().build().layout().properties().orElseThrow();
        assertArrayEquals(golden("patronimport.properties"), written);
        Properties properties = new Properties();
        properties.load(new java.io.ByteArrayInputStream(written));
        assertEquals("{1}", properties.getProperty("field_siteShortName"));
        assertEquals("{16,omit}", properties.getProperty("field_emailPrimary"));
        assertEquals("16", properties.getProperty("field_type_total"));
        assertEquals("1", properties.getProperty("InputRowsToSkip"));
    }

    @Test
    void thePropertiesFileFollowsTheSettingsOfTheFile() throws IOException {
        Properties properties = new Properties();
        properties.load(new java.io.ByteArrayInputStream(settings()
                .header(false)
                .encoding(TextEncoding.WINDOWS_1252)
                .userNameKey("field_userName")
                .omit(Map.of("Email 1", false))
                .build()
                .layout()
                .properties()
                .orElseThrow()));
        assertEquals("0", properties.getProperty("InputRowsToSkip"));
        assertEquals("windows-1252", properties.getProperty("CsvTextEncoding"));
        assertEquals("{15,omit}", properties.getProperty("field_userName"));
        assertEquals("{16}", properties.getProperty("field_emailPrimary"));
    }

    @Test
    void furtherColumnsFollowInDestinysOrderAndDatesSayTheirForm() throws IOException {
        Map<String, String> wanted = new LinkedHashMap<>();
        wanted.put("Address 1 City", "{city}");
        wanted.put("Birth Date", "{birthDate|date:MM/dd/yyyy}");
        wanted.put("Access Level", "Patron");
        Layout layout = settings()
                .columns(wanted)
                .omit(Map.of("Access Level", false))
                .build()
                .layout();
        assertEquals(
                List.of("Email 1", "Access Level", "Birth Date", "Address 1 City"),
                layout.headers().subList(15, 19));
        String properties = new String(layout.properties().orElseThrow(), StandardCharsets.UTF_8);
        assertTrue(properties.endsWith("""
                        field_accessLevel={17}
                        field_birthdate={18,date,MM/dd/yyyy,omit}
                        field_addressPrimaryCity={19,omit}
                        field_type_total=19
                        """), properties);
        assertArrayEquals(
                layout.properties().orElseThrow(),
                settings()
                        .columns(new TreeMap<>(wanted))
                        .omit(Map.of("Access Level", false))
                        .build()
                        .layout()
                        .properties()
                        .orElseThrow());
    }

    @Test
    void gradesHaveNamesAndGraduationYears() {
        assertEquals(List.of("PK", ""), gradeAndGraduation(-2, PatronStatus.ACTIVE, null));
        assertEquals(List.of("TK", "2040"), gradeAndGraduation(-1, PatronStatus.ACTIVE, null));
        assertEquals(List.of("K", "2039"), gradeAndGraduation(0, PatronStatus.ACTIVE, 1));
        assertEquals(List.of("12", "2027"), gradeAndGraduation(12, PatronStatus.ACTIVE, null));
        assertEquals(List.of("13", ""), gradeAndGraduation(13, PatronStatus.ACTIVE, null));
        assertEquals(List.of("18", ""), gradeAndGraduation(18, PatronStatus.INACTIVE, null));
        assertEquals(List.of("8", "2031"), gradeAndGraduation(8, PatronStatus.PRE_ENROLLED, 9));
        assertEquals(List.of("8", ""), gradeAndGraduation(8, PatronStatus.PRE_ENROLLED, null));
        assertEquals(List.of("", ""), gradeAndGraduation(null, PatronStatus.ACTIVE, null));
    }

    private static List<String> gradeAndGraduation(
            @org.jspecify.annotations.Nullable Integer grade,
            PatronStatus status,
            @org.jspecify.annotations.Nullable Integer next) {
        List<String> row = row(
                settings().build(),
                student(
                        1,
                        e -> e.setPrimary(enrollment(
                                s -> s.setGrade(grade).setNextGrade(next).setStatus(status)))));
        return List.of(row.get(GRADE), row.get(GRADUATION));
    }

    @Test
    void preferredNamesAreSentInTheirPlaceAndNeverBesideThoseOfRecord() {
        FeedEntry person = student(
                1, e -> e.setMiddleName("Q").setPreferredFirstName("Alex").setPreferredLastName(" "));
        List<String> ofRecord = row(settings().build(), person);
        assertEquals(List.of("Lee", "Ann", "Q", ""), ofRecord.subList(LAST, NICKNAME + 1));
        List<String> preferred = row(settings().names(Names.PREFERRED).build(), person);
        assertEquals(List.of("Lee", "Alex", "Q", ""), preferred.subList(LAST, NICKNAME + 1));
    }

    @Test
    void identifiersFollowTheirTemplates() {
        DestinyLayoutSettings padded = settings()
                .identifiers(new Identifiers("P {id}", "{id:%07d}", "{id:%010d}", "S-{id}"))
                .build();
        assertEquals(
                List.of("P 42", "0000000042"), row(padded, student(42, e -> {})).subList(BARCODE, LAST));
        assertEquals(List.of("0000042", "S-42"), row(padded, staff(42, e -> {})).subList(BARCODE, LAST));
        assertEquals(
                List.of("T42", "42"),
                row(settings().build(), staff(42, e -> {})).subList(BARCODE, LAST));
    }

    @Test
    void anyFieldOrColumnCanBeACardAndAColumn() {
        DestinyLayoutSettings own = settings()
                .identifiers(new Identifiers("{STU.U1|pad:6}", "{STF.U1|else:id|before:'T'}", "S{id}", "T{id}"))
                .columns(Map.of(
                        "Nickname", "{nickname}",
                        "User Name", "{STU.U5|lower}{STF.U5}",
                        "Graduation Year", "{STU.U10|else:graduationYear}"))
                .build();
        assertEquals(List.of(), own.problems(Set.of(10, 20)));
        assertTrue(own.fields().containsAll(Set.of("STU.U1", "STF.U1", "STU.U5", "STF.U5", "STU.U10", "grade")));
        FeedEntry ann = student(42, e -> e.setPreferredFirstName("Annie")
                .setExtra(Map.of("U1", "4711", "U5", "Ann.Lee", "U10", "2031")));
        assertEquals(
                List.of(
                        "EAGLEHS", "004711", "S42", "Lee", "Ann", "", "Annie", "Student", "A", "F", "", "5", "F",
                        "2031", "ann.lee", ""),
                row(own, ann));
        assertEquals(List.of("T43", "T43"), row(own, staff(43, e -> {})).subList(BARCODE, LAST));
        assertEquals(Set.of("Barcode", "District ID"), own.layout().identifiers());
        PatronFile shared = new PatronFile(
                own.layout(),
                List.of(
                        ann,
                        student(1, e -> e.setExtra(Map.of("U1", "4711", "U5", "x"))),
                        student(2, e -> e.setExtra(Map.of("U5", "Kim"))),
                        student(3, e -> e.setExtra(Map.of("U1", "3", "U5", "kim", "U10", "20311"))),
                        student(4, e -> e.setExtra(Map.of("U1", "4", "U5", "KIM"))),
                        student(5, e -> e.setExtra(Map.of("U1", "123456789012345")))));
        assertEquals(
                List.of(
                        "student/2 missing-value Barcode row left out",
                        "student/3 value-too-long Graduation Year cut to 4 characters",
                        "student/5 barcode-too-long Barcode row left out",
                        "student/42 duplicate-barcode Barcode row left out",
                        "student/1 duplicate-barcode Barcode row left out",
                        "student/3 duplicate-user-name User Name field left blank",
                        "student/4 duplicate-user-name User Name field left blank"),
                report(shared));
    }

    @Test
    void staffTakeTypeAndTeacherFlagFromAMappedColumn() {
        DestinyLayoutSettings mapped = settings()
                .staffPatronType(new StaffColumnMap("PS", Map.of("A", "Administrator"), "Faculty"))
                .staffIsTeacher(new StaffColumnMap("U3", Map.of("TCH", "T"), ""))
                .build();
        List<String> administrator = row(mapped, staff(1, e -> e.setPrimary(position(p -> p.setPositionStatus("A ")))));
        assertEquals("Administrator", administrator.get(TYPE));
        assertEquals("", administrator.get(IS_TEACHER));
        List<String> teacher = row(mapped, staff(2, e -> e.setExtra(Map.of("U3", "TCH"))));
        assertEquals("Faculty", teacher.get(TYPE));
        assertEquals("T", teacher.get(IS_TEACHER));
        assertEquals("F", row(mapped, student(3, e -> {})).get(IS_TEACHER));
        assertEquals("", row(settings().build(), staff(4, e -> {})).get(IS_TEACHER));
    }

    @Test
    void homeroomsAndUserNamesAreBlankUntilSwitchedOn() {
        FeedEntry person =
                student(1, e -> e.setNetworkLogin("alee").setPrimary(enrollment(s -> s.setCounselorNumber(33))));
        List<String> off = row(settings().build(), person);
        assertEquals(List.of("", ""), List.of(off.get(HOMEROOM), off.get(USER)));
        List<String> on = row(
                settings()
                        .userName(UserName.NID)
                        .homeroom(new Homeroom(Set.of(10), Homeroom.COUNSELOR))
                        .build(),
                person);
        assertEquals(List.of("33", "alee"), List.of(on.get(HOMEROOM), on.get(USER)));
        List<String> otherSchool = row(
                settings()
                        .homeroom(new Homeroom(Set.of(20), Homeroom.COUNSELOR))
                        .build(),
                person);
        assertEquals("", otherSchool.get(HOMEROOM));
    }

    @Test
    void eachSchoolHasItsHomeroomsFromItsOwnSource() {
        DestinyLayoutSettings mixed = DestinyLayoutBuilder.of(
                        Map.of(10, "A", 20, "B", 30, "C", 40, "D", 50, "E", 60, "F", 70, "G"), 2026)
                .homeroom(new Homeroom(
                        Set.of(10, 20),
                        Homeroom.TEACHER,
                        Map.of(20, Homeroom.NONE, 30, Homeroom.COUNSELOR, 40, "U7", 60, "STF", 70, "CNS")))
                .build();
        assertEquals(
                List.of(30, 40, 60, 70).stream()
                        .map(school -> "homeroom.by-school." + school)
                        .toList(),
                mixed.problems(Set.of(10, 20)).stream()
                        .map(problem -> problem.path())
                        .toList());
        assertTrue(mixed.fields()
                .containsAll(Set.of(
                        "counselorName",
                        "counselorNumber",
                        "counselorStaffId",
                        "counselorLastName",
                        "counselorFirstName",
                        "STU.U7")));
        Map<Integer, String> homerooms = new java.util.TreeMap<>();
        for (int school : List.of(10, 20, 30, 40, 50, 60, 70)) {
            FeedEntry student =
                    student(1, e -> e.setExtra(Map.of("U7", "B12")).setPrimary(enrollment(s -> s.setSchoolCode(school)
                            .setCounselorNumber(7)
                            .setCounselorName("Ms. Park")
                            .setCounselorStaffId(1203)
                            .setCounselorLastName("Park-Reyes")
                            .setCounselorFirstName("Kim"))));
            homerooms.put(school, row(mixed, student).get(HOMEROOM));
        }
        assertEquals(
                Map.of(10, "Ms. Park", 20, "", 30, "7", 40, "B12", 50, "", 60, "Park-Reyes, Kim", 70, "1203"),
                homerooms);
    }

    @Test
    void homeroomsCanBeTheTeachersName() {
        DestinyLayoutSettings byName =
                settings().homeroom(new Homeroom(Set.of(10), Homeroom.TEACHER)).build();
        FeedEntry known = student(
                1, e -> e.setPrimary(enrollment(s -> s.setCounselorNumber(33).setCounselorName("Ms. Park"))));
        FeedEntry unknown = student(2, e -> e.setPrimary(enrollment(s -> s.setCounselorNumber(34))));
        assertEquals("Ms. Park", row(byName, known).get(HOMEROOM));
        assertEquals("", row(byName, unknown).get(HOMEROOM), "a number is no name");
        assertEquals(
                List.of("homeroom.source"),
                settings().homeroom(new Homeroom(Set.of(10), "TCH.TN")).build().problems(Set.of(10)).stream()
                        .map(SettingProblem::path)
                        .toList());
    }

    @Test
    void statusAndGenderAreNeverBlank() {
        assertEquals("A", row(settings().build(), student(1, e -> {})).get(STATUS));
        assertEquals(
                "A",
                row(
                                settings().build(),
                                student(1, e -> e.setPrimary(enrollment(s -> s.setStatus(PatronStatus.PRE_ENROLLED)))))
                        .get(STATUS));
        assertEquals(
                "I",
                row(
                                settings().build(),
                                student(1, e -> e.setPrimary(enrollment(s -> s.setStatus(PatronStatus.INACTIVE)))))
                        .get(STATUS));
        assertEquals(
                "U", row(settings().build(), student(1, e -> e.setGender(null))).get(GENDER));
        assertEquals(
                "U", row(settings().build(), student(1, e -> e.setGender("N"))).get(GENDER));
        assertEquals(
                "U",
                row(settings().genders(Map.of("N", "U")).build(), student(1, e -> e.setGender("N")))
                        .get(GENDER));
    }

    @Test
    void staffWithoutASchoolGetTheConfiguredSiteOrAreReported() {
        FeedEntry nomad = staff(7, e -> e.setPrimary(position(p -> p.setSchoolCode(null))));
        assertEquals(
                "OFFICE", row(settings().noSchoolSite("OFFICE").build(), nomad).get(SITE));
        PatronFile file = new PatronFile(settings().build().layout(), List.of(nomad));
        assertEquals(List.of("staff/7 staff-without-school Site Short Name row left out"), report(file));
        assertEquals(0, rows(file).size());
    }

    @Test
    void aStudentAndAStaffMemberWhoShareAnIdAreBothKeptBack() {
        PatronFile file = new PatronFile(
                settings().build().layout(), List.of(student(5, e -> {}), student(6, e -> {}), staff(5, e -> {})));
        assertEquals(
                List.of("6"),
                rows(file).stream().map(row -> row.get(DISTRICT_ID)).toList());
        assertEquals(
                List.of(
                        "student/5 duplicate-district-id District ID row left out",
                        "staff/5 duplicate-district-id District ID row left out"),
                report(file));
    }

    @Test
    void theExplanationOfASharedValueNamesTheOthers() {
        FeedEntry student = student(5, e -> {});
        PatronFile file =
                new PatronFile(settings().build().layout(), List.of(student, student(6, e -> {}), staff(5, e -> {})));
        RowExplanation explained = file.explain(student);
        assertFalse(explained.sent());
        assertEquals(Map.of("District ID", List.of("staff/5")), explained.sharedWith());
        assertEquals("STU.LN", explained.values().get(LAST).source());
        assertTrue(file.explain(student(6, e -> {})).sent());
    }

    @Test
    void whoIsLeftOutAnywayTakesNobodysIdentifier() {
        PatronFile file = new PatronFile(
                settings().build().layout(),
                List.of(student(5, e -> {}), staff(5, e -> e.setPrimary(position(p -> p.setSchoolCode(null))))));
        assertEquals(
                List.of("5"),
                rows(file).stream().map(row -> row.get(DISTRICT_ID)).toList());
        assertEquals(List.of("staff/5 staff-without-school Site Short Name row left out"), report(file));
    }

    @Test
    void barcodesThatTemplatesMakeEqualAreKeptBack() {
        PatronFile file = new PatronFile(
                settings()
                        .identifiers(new Identifiers("{id}", "{id}", "{id}", "T{id}"))
                        .build()
                        .layout(),
                List.of(student(5, e -> {}), staff(5, e -> {})));
        assertEquals(0, rows(file).size());
        assertEquals(
                List.of(
                        "student/5 duplicate-barcode Barcode row left out",
                        "staff/5 duplicate-barcode Barcode row left out"),
                report(file));
    }

    @Test
    void twoPatronsWithOneUserNameAreSentWithoutIt() {
        PatronFile file = new PatronFile(
                settings().userName(UserName.NID).build().layout(),
                List.of(student(1, e -> e.setNetworkLogin("alee")), student(2, e -> e.setNetworkLogin("alee"))));
        assertEquals(
                List.of("", ""), rows(file).stream().map(row -> row.get(USER)).toList());
        assertEquals(2, file.problems().size());
    }

    @Test
    void aUserNameIsSharedOnlyByThoseWhoAreSent() {
        PatronFile file = new PatronFile(
                settings().userName(UserName.NID).build().layout(),
                List.of(
                        student(1, e -> e.setNetworkLogin("alee")),
                        student(2, e -> e.setNetworkLogin("alee")),
                        staff(2, e -> {})));
        assertEquals(
                List.of("alee"), rows(file).stream().map(row -> row.get(USER)).toList());
        assertEquals(
                List.of(
                        "student/2 duplicate-district-id District ID row left out",
                        "staff/2 duplicate-district-id District ID row left out"),
                report(file));
    }

    @Test
    void brokenRulesLeaveRowsOutAndSayWhichField() {
        List<FeedEntry> people = List.of(
                student(1, e -> e.setLastName(" \t ")),
                student(2, e -> e.setPrimary(enrollment(s -> s.setSchoolCode(99)))),
                student(3, e -> {}));
        DestinyLayoutSettings longBarcodes = settings()
                .identifiers(new Identifiers("EAGLE-{id:%09d}", "T{id}", "{id}", "{id}"))
                .build();
        PatronFile file = new PatronFile(settings().build().layout(), people);
        assertEquals(
                List.of("3"),
                rows(file).stream().map(row -> row.get(DISTRICT_ID)).toList());
        assertEquals(
                List.of(
                        "student/1 missing-last-name Last Name row left out",
                        "student/2 missing-site Site Short Name row left out"),
                report(file));
        assertEquals(
                List.of("student/3 barcode-too-long Barcode row left out"),
                report(new PatronFile(longBarcodes.layout(), people.subList(2, 3))));
    }

    @Test
    void longValuesAreCutWithoutTearingACharacter() {
        String emoji = "\uD83D\uDE00";
        PatronFile file = new PatronFile(
                settings().build().layout(), List.of(student(1, e -> e.setFirstName("x".repeat(41) + emoji + "y")
                        .setMiddleName("m".repeat(42)))));
        List<String> row = rows(file).get(0);
        assertEquals("x".repeat(41) + emoji, row.get(FIRST));
        assertEquals("m".repeat(42), row.get(MIDDLE));
        assertEquals(List.of("student/1 value-too-long First Name cut to 42 characters"), report(file));
    }

    @Test
    void controlCharactersInsideAValueBecomeOneSpace() {
        PatronFile file = new PatronFile(
                settings().build().layout(),
                List.of(student(1, e -> e.setLastName("de la\r\nCruz\u2028X").setFirstName(" Ann \n"))));
        assertEquals(List.of("de la Cruz X", "Ann"), rows(file).get(0).subList(LAST, MIDDLE));
        assertEquals(List.of("student/1 control-character Last Name replaced by a space"), report(file));
    }

    @Test
    void whatNobodySeesIsTakenOutAndReported() {
        PatronFile file = new PatronFile(
                settings().build().layout(),
                List.of(
                        student(1, e -> e.setLastName("\uFEFFLee\u200B").setFirstName("\u00A0Ann\u00A0Marie\u00A0")),
                        student(2, e -> e.setLastName("\u00A0")),
                        student(3, e -> e.setLastName("\u200B")),
                        student(4, e -> e.setLastName("Emoji\uD83D")),
                        student(5, e -> e.setEmail("ann\u00A0@example.org")),
                        student(6, e -> e.setEmail("ann@example.org\u00A0").setGender("F\u200B")),
                        student(7, e -> e.setEmail("ann\u2800lee@example.org")),
                        student(8, e -> e.setLastName("\uD834\uDD59"))));
        assertEquals(
                List.of(
                        "student/1 invisible-character Last Name taken out",
                        "student/2 missing-last-name Last Name row left out",
                        "student/3 invisible-character Last Name taken out",
                        "student/3 missing-last-name Last Name row left out",
                        "student/4 lost-character Last Name sent as it is",
                        "student/5 invalid-email Email 1 sent as it is",
                        "student/7 invalid-email Email 1 sent as it is",
                        "student/8 invisible-character Last Name taken out",
                        "student/8 missing-last-name Last Name row left out"),
                report(file));
        List<List<String>> rows = rows(file);
        assertEquals(List.of("Lee", "Ann\u00A0Marie"), rows.get(0).subList(LAST, MIDDLE));
        assertEquals("Emoji\uFFFD", rows.get(1).get(LAST));
        assertEquals("ann@example.org", rows.get(3).get(rows.get(3).size() - 1));
        assertEquals("F", rows.get(3).get(GENDER));
    }

    @Test
    void anIdThatIsNoneKeepsTheRowBackAndNamesTheRowsOfAeries() {
        PatronFile file = new PatronFile(
                settings().build().layout(),
                List.of(
                        student(-5, e -> {}),
                        student(0, e -> e.setPrimary(
                                        enrollment(s -> s.setSchoolCode(10).setStudentNumber(30)))
                                .setOthers(List.of(
                                        enrollment(s -> s.setSchoolCode(10).setStudentNumber(31)),
                                        enrollment(s -> s.setSchoolCode(20).setStudentNumber(32))))),
                        student(1, e -> e.setPrimary(enrollment(s -> s.setStudentNumber(0)))),
                        student(2, e -> e.setPrimary(
                                        enrollment(s -> s.setSchoolCode(10).setStudentNumber(40)))
                                .setOthers(List.of(enrollment(s ->
                                        s.setSchoolCode(20).setStudentNumber(41).setOtherPerson(true))))),
                        staff(0, e -> {})));
        assertEquals(List.of(), rows(file));
        List<String> report = report(file);
        assertTrue(report.contains("student/0 not-an-id ID of STU 10/30, 10/31, 20/32 row left out"), report::toString);
        assertTrue(
                report.contains("student/2 two-people-one-id ID of STU 10/40, 20/41 row left out"), report::toString);
        assertTrue(report.contains("staff/0 not-an-id ID of STF row left out"), report::toString);
        assertEquals(5, file.problems().stream().map(Problem::key).distinct().count(), report::toString);
    }

    @Test
    void oneIdWithTwoFirstNamesIsSentAndReported() {
        PatronFile file = new PatronFile(
                settings().build().layout(),
                List.of(
                        student(
                                1,
                                e -> e.setOthers(List.of(
                                        enrollment(s -> s.setSchoolCode(20)),
                                        enrollment(s -> s.setSchoolCode(30).setOtherFirstName(true))))),
                        student(
                                2,
                                e -> e.setOthers(List.of(enrollment(s ->
                                        s.setSchoolCode(20).setOtherPerson(true).setOtherFirstName(true)))))));
        assertEquals(
                List.of(
                        "student/1 two-first-names-one-id ID of STU 10/7, 20/7, 30/7 sent as it is",
                        "student/2 two-people-one-id ID of STU 10/7, 20/7 row left out"),
                report(file));
        assertEquals(1, rows(file).size());
    }

    @Test
    void aLetterThatTheEncodingLacksIsReportedAndNeverBecomesAQuestionMark() throws IOException {
        DestinyLayoutSettings western =
                settings().encoding(TextEncoding.WINDOWS_1252).build();
        List<FeedEntry> people = List.of(
                student(1, e -> e.setLastName("Łukasz")),
                student(2, e -> e.setLastName("Zoe\u0308")),
                student(3, e -> e.setLastName("\u20ac")));
        PatronFile file = new PatronFile(western.layout(), people);
        assertEquals(List.of("student/1 not-in-encoding Last Name row left out"), report(file));
        assertEquals(
                List.of("Zoë", "€"),
                rows(file).stream().map(row -> row.get(LAST)).toList());
        byte[] bytes = csv(western, people);
        String text = new String(bytes, java.nio.charset.Charset.forName("windows-1252"));
        assertFalse(text.contains("?"));
        assertTrue(text.contains("Zoë") && text.contains("€"), text);
    }

    @Test
    void theProblemReportNamesRulesAndNoValue() throws IOException {
        PatronFile file = new PatronFile(
                settings().build().layout(), List.of(student(1, e -> e.setLastName("Secret\u0000Name"))));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PatronCsv.problems(file.problems(), out);
        assertEquals(
                "key,rule,field,done\r\nstudent/1,control-character,Last Name,replaced by a space\r\n",
                out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void theHeaderRowCanBeSwitchedOff() throws IOException {
        String text =
                new String(csv(settings().header(false).build(), List.of(student(1, e -> {}))), StandardCharsets.UTF_8);
        assertEquals("EAGLEHS,1,1,Lee,Ann,,,Student,A,F,,5,F,2034,,\r\n", text);
    }

    @Test
    void everyWrongSettingIsNamedWithItsPath() {
        DestinyLayoutSettings wrong = DestinyLayoutBuilder.of(Map.of(10, "EAGLEHIGHSCHOOL"), 26)
                .identifiers(new Identifiers("{ID}", "T{id", "{id:%7d}", "id"))
                .homeroom(new Homeroom(Set.of(99), "CU"))
                .genders(Map.of("N", "X"))
                .grades(Map.of(19, "19"))
                .staffPatronType(new StaffColumnMap("PS", Map.of("A", "F"), ""))
                .omit(Map.of("Barcode", true))
                .build();
        assertEquals(
                List.of(
                        "sites.20",
                        "sites.10",
                        "identifiers.barcode.student",
                        "identifiers.barcode.staff",
                        "identifiers.district-id.student",
                        "identifiers.district-id.staff",
                        "grades.19",
                        "genders.N",
                        "school-year",
                        "homeroom.schools",
                        "staff.patron-type.otherwise",
                        "staff.patron-type.map.A",
                        "omit.Barcode"),
                wrong.problems(Set.of(10, 20)).stream()
                        .map(problem -> problem.path())
                        .toList());
        assertEquals(List.of(), settings().build().problems(Set.of(10, 20)));
    }

    @Test
    void staffTakeTheirTypeFromAnyColumn() {
        FeedEntry coach = staff(
                7, e -> e.setGender("F").setExtra(Map.of("TI", "Coach ")).setPrimary(position(p -> p.setSchoolCode(20)
                        .setStatusTag(null))));
        for (Map.Entry<String, String> column :
                Map.of("TI", "Coach", "PSC", "20", "GN", "F", "ID", "7").entrySet()) {
            DestinyLayoutSettings mapped = settings()
                    .staffPatronType(new StaffColumnMap(column.getKey(), Map.of(column.getValue(), "Found"), "Faculty"))
                    .build();
            assertEquals("Found", row(mapped, coach).get(TYPE), column.getKey());
            assertEquals("Faculty", row(mapped, staff(8, e -> {})).get(TYPE), column.getKey());
        }
        DestinyLayoutSettings byTemplate = settings()
                .columns(Map.of("Patron Type", "{kind|map:types}{STF.TI|before:' '}"))
                .maps(Map.of("types", Map.of("student", "Student", "staff", "Staff")))
                .build();
        assertEquals("Staff Coach", row(byTemplate, coach).get(TYPE));
        assertEquals("Student", row(byTemplate, student(1, e -> {})).get(TYPE));
    }

    private static DestinyLayoutBuilder settings() {
        return DestinyLayoutBuilder.of(Map.of(10, "EAGLEHS", 20, "EAGLEMS"), 2026);
    }

    private static List<String> row(DestinyLayoutSettings settings, FeedEntry person) {
        List<List<String>> rows = rows(new PatronFile(settings.layout(), List.of(person)));
        assertEquals(1, rows.size());
        return rows.get(0);
    }

    private static List<List<String>> rows(PatronFile file) {
        List<List<String>> rows = new java.util.ArrayList<>();
        file.forEach(row -> rows.add(row.values()));
        return rows;
    }

    private static List<String> report(PatronFile file) {
        return file.problems().stream()
                .map(problem ->
                        problem.key() + " " + problem.rule().id() + " " + problem.field() + " " + problem.done())
                .toList();
    }

    private static byte[] csv(DestinyLayoutSettings settings, List<FeedEntry> people) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PatronCsv.csv(new PatronFile(settings.layout(), people), List.of(out));
        return out.toByteArray();
    }

    private static byte[] golden(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(DestinyFileTest.class.getResourceAsStream("/golden/" + name))) {
            return Optional.of(in.readAllBytes()).get();
        }
    }
}
