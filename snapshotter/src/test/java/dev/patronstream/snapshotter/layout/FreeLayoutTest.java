package dev.patronstream.snapshotter.layout;

import static dev.patronstream.snapshotter.layout.Entries.enrollment;
import static dev.patronstream.snapshotter.layout.Entries.staff;
import static dev.patronstream.snapshotter.layout.Entries.student;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.schemas.Affiliation;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.snapshotter.layout.free.FreeColumn;
import dev.patronstream.snapshotter.layout.free.FreeFile;
import dev.patronstream.snapshotter.layout.free.FreeLayoutSettings;
import dev.patronstream.snapshotter.layout.template.Template;
import dev.patronstream.snapshotter.layout.template.TemplateContext;
import dev.patronstream.snapshotter.layout.template.TemplateException;
import dev.patronstream.snapshotter.rules.Problem;
import dev.patronstream.snapshotter.rules.Rule;
import dev.patronstream.snapshotter.rules.RuleAction;
import dev.patronstream.snapshotter.rules.Rules;
import dev.patronstream.snapshotter.settings.SettingProblem;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;

class FreeLayoutTest {

    private static final TemplateContext CONTEXT = new TemplateContext(
            Map.of(10, "EHS"), Optional.of("DO"), 2026, Map.of("grades", Map.of("0", "KG", "5", "Grade 5")));

    private static String value(String template, FeedEntry entry) throws TemplateException {
        return Template.parse(template, CONTEXT).of(entry).text();
    }

    @Test
    void templatesPutValuesTogether() throws TemplateException {
        FeedEntry ann = student(42, e -> e.setEmail("Ann@Example.ORG")
                .setBirthDate(LocalDate.of(2015, 2, 28))
                .setTelephone("(555) 010-7"));
        assertEquals("0000042", value("{id:%07d}", ann));
        assertEquals("Lee, Ann", value("{lastName}, {firstName}", ann));
        assertEquals("ann@example.org", value("{email|lower}", ann));
        assertEquals("Ann", value("{nickname|else:firstName}", ann));
        assertEquals("none", value("{nickname|else:'none'}", ann));
        assertEquals("Grade 5", value("{grade|map:grades}", ann));
        assertEquals("02/28/2015", value("{birthDate|date:MM/dd/yyyy}", ann));
        assertEquals("2015-02-28", value("{birthDate}", ann));
        assertEquals("5550107", value("{telephone|digits}", ann));
        assertEquals("A. LEE", value("{firstName|first:1}. {lastName|upper}", ann));
        assertEquals("Ann Lee", value("{firstName|after:' '}{middleName|after:' '}{lastName}", ann));
        assertEquals("", value("{middleName|before:'M '}", ann));
        assertEquals("EHS 2034 2026 student", value("{site} {graduationYear} {schoolYear} {kind}", ann));
        assertEquals("{id} 42}", value("{{id}} {id}}}", ann));
        assertEquals("A|B}", value("{middleName|else:'A|B}'}", ann));
        assertEquals("constant", value("constant", ann));
        assertEquals("", value("", ann));
        FeedEntry own = student(1, e -> e.setExtra(Map.of("U5", "BUS")));
        assertEquals("BUS/", value("{STU.U5}/{STF.U5}", own));
        FeedEntry homeroom = student(
                1,
                e -> e.setPrimary(enrollment(s -> s.setCounselorName("Ms. Park").setCounselorNumber(7))));
        assertEquals("Ms. Park", value("{counselorName|else:counselorNumber}", homeroom));
    }

    @Test
    void whatAnEnrollmentIsForFollowsFromItsStatus() throws TemplateException {
        TemplateContext two = new TemplateContext(Map.of(10, "EHS", 20, "EMS"), Optional.empty(), 2026, Map.of());
        Template template =
                Template.parse("{forSchoolYear} {forGrade} {forSchool} {forSite} {forSchoolYear|plus:1}", two);
        FeedEntry active =
                student(1, e -> e.setPrimary(enrollment(s -> s.setNextGrade(6).setNextSchool(20))));
        assertEquals("2026 5 10 EHS 2027", template.of(active).text());
        FeedEntry next = student(
                1,
                e -> e.setPrimary(enrollment(s ->
                        s.setStatus(PatronStatus.PRE_ENROLLED).setNextGrade(6).setNextSchool(20))));
        assertEquals("2027 6 20 EMS 2028", template.of(next).text());
        FeedEntry unnamed = student(
                1,
                e -> e.setPrimary(
                        enrollment(s -> s.setStatus(PatronStatus.PRE_ENROLLED).setNextSchool(0))));
        assertEquals("2027  10 EHS 2028", template.of(unnamed).text());
        FeedEntry elsewhere = student(
                1,
                e -> e.setPrimary(
                        enrollment(s -> s.setStatus(PatronStatus.PRE_ENROLLED).setNextSchool(77))));
        assertEquals(
                Optional.of(Rule.MISSING_SITE),
                Template.parse("{forSite}", two).of(elsewhere).broken());
        assertEquals(
                Set.of("status", "nextGrade", "grade", "nextSchool", "schoolCode"),
                Template.fieldsOf("{forSchoolYear} {forGrade} {forSite}", two));
    }

    @Test
    void functionsChangeWhatIsThereAndNothingElse() throws TemplateException {
        FeedEntry ann = student(
                42,
                e -> e.setLastName("O'BRIEN-LEE 3RD").setTelephone("555").setExtra(Map.of("U1", "4711", "U2", "a'b")));
        assertEquals("O'Brien-Lee 3rd", value("{lastName|title}", ann));
        assertEquals("O'BRIEN LEE 3RD", value("{lastName|replace:'-',' '}", ann));
        assertEquals("obrien-lee3rd", value("{lastName|replace:'''',''|replace:' ',''|lower}", ann));
        assertEquals("ab", value("{STU.U2|replace:'''',''}", ann));
        assertEquals("0004711", value("{STU.U1|pad:7}", ann));
        assertEquals("4711", value("{STU.U1|pad:3}", ann));
        assertEquals("2027 2025", value("{schoolYear|plus:1} {schoolYear|plus:-1}", ann));
        assertEquals("06 2035", value("{grade|plus:1|pad:2} {graduationYear|plus:1}", ann));
        for (String function :
                List.of("title", "replace:'x','y'", "pad:7", "upper", "digits", "first:3", "before:'a'", "after:'b'")) {
            assertEquals("", value("{middleName|" + function + "}", ann), function);
        }
        assertEquals("", value("{grade|plus:1}", staff(7, e -> {})));
        String decomposed = "JOSE\u0301";
        assertEquals("Jose\u0301", value("{lastName|title}", student(1, e -> e.setLastName(decomposed))));
    }

    @Test
    void aWrongTemplateIsRefusedWithThePosition() {
        assertEquals(
                "at character 11: plus must come right behind a field that is a number, like schoolYear",
                message("{lastName|plus:1}"));
        assertTrue(message("{id:%07d|plus:1}").startsWith("at character 10: plus must come right behind a field"));
        assertTrue(message("{schoolYear|plus}").endsWith(": plus needs a whole number, like plus:1"));
        assertTrue(message("{schoolYear|plus:x}").startsWith("at character 18: plus needs a whole number"));
        assertTrue(
                message("{STU.U1|pad:0}").startsWith("at character 13: pad needs a number of characters, like pad:7"));
        assertTrue(message("{city|title:x}").startsWith("at character 7: title takes nothing"));
        assertEquals(
                "at character 15: replace needs two texts in single quotes, like replace:'-',' '",
                message("{city|replace:'-'}"));
        assertTrue(message("{city|replace:'-',' '").startsWith("at character 22: something stands between"));
        assertTrue(message("{city|replace:'',' '}").startsWith("at character 15: replace needs two texts"));
        assertTrue(message("{lastname}").startsWith("at character 2: there is no field 'lastname'"));
        assertTrue(message("{lastName} {email|lowr}").startsWith("at character 19: there is no function 'lowr'"));
        assertTrue(message("{id").startsWith("at character 2: a { that is not closed"), message("{id"));
        assertTrue(message("a}b").startsWith("at character 2: a } that closes nothing"), message("a}b"));
        assertTrue(message("{id:%7d}").startsWith("at character 5: '%7d' is not a format"), message("{id:%7d}"));
        assertTrue(message("{lastName:%07d}").startsWith("at character 11: 'lastName' is not a number"));
        assertTrue(message("{grade|map:colors}").startsWith("at character 12: there is no map 'colors'"));
        assertTrue(message("{lastName|date:MM}").startsWith("at character 11: date must come right behind"));
        assertTrue(message("{birthDate|date:QQQQQQQ}").startsWith("at character 17: 'QQQQQQQ' is not the pattern"));
        assertTrue(message("{id|else:nobody}").startsWith("at character 10: there is no field 'nobody'"));
        assertTrue(message("{id|else:'x}").startsWith("at character 10: a quoted text that is not closed"));
        assertTrue(message("{STU.LN}").startsWith("at character 2: STU.LN is the field lastName"));
        assertTrue(message("{STU.TG}").startsWith("at character 2: STU.TG is the field statusTag"));
        assertTrue(message("{id|first:0}").startsWith("at character 11: first needs a number"));
        assertTrue(message("{id|lower:x}").startsWith("at character 5: lower takes nothing"));
    }

    @Test
    void thePatternOfADateHasNoLetterThatMeansAnythingElse() throws TemplateException {
        FeedEntry born = student(1, e -> e.setBirthDate(LocalDate.of(2012, 12, 31)));
        assertEquals("12/31/2012", value("{birthDate|date:MM/dd/yyyy}", born));
        assertEquals("Mon, December 31, 12", value("{birthDate|date:'E, MMMM d, yy'}", born));
        assertEquals("2012 DY 31", value("{birthDate|date:uuuu 'DY' dd}", born));
        String start = "at character 17: 'MM/DD/YYYY' is not the pattern of a date: ";
        assertEquals(
                start + "D is the day of the year; write dd for the day of the month",
                message("{birthDate|date:MM/DD/YYYY}"));
        assertTrue(message("{birthDate|date:MM/dd/YYYY}").endsWith("another one around New Year; write yyyy"));
        assertTrue(message("{birthDate|date:mm/dd/yyyy}").endsWith("m is the minute; write MM for the month"));
        for (char c = 'A'; c <= 'z'; c++) {
            if (Character.isLetter(c) && "yuMLdE".indexOf(c) < 0) {
                String template = "{birthDate|date:yyyy " + c + "}";
                assertTrue(message(template).contains(" is not the pattern of a date: " + c + " is "), template);
            }
        }
    }

    private static String message(String template) {
        return String.valueOf(assertThrows(TemplateException.class, () -> Template.parse(template, CONTEXT))
                .getMessage());
    }

    @Test
    void oneFileIsWrittenInItsOwnFormat() throws IOException {
        FileFormat format = new FileFormat(
                FileFormat.Headers.KEYS,
                TextEncoding.WINDOWS_1252,
                FileFormat.LineEnd.LF,
                ';',
                FileFormat.Quotes.ALWAYS);
        FreeLayoutSettings settings = settings(
                List.of(file(
                        "",
                        false,
                        EnumSet.of(PatronKind.STUDENT),
                        new FreeColumn("ID", "sis_id", "{id:%05d}", 20, true, true, false),
                        FreeColumn.of("Name", "{lastName}"))),
                false,
                format);
        assertEquals(List.of(), settings.problems(Set.of(10)));
        PatronFile file =
                new PatronFile(settings.layout(), List.of(student(7, e -> e.setLastName("Núñez")), staff(8, e -> {})));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PatronCsv.Written written = PatronCsv.csv(file, List.of(out));
        assertArrayEquals(
                "\"sis_id\";\"Name\"\n\"00007\";\"Núñez\"\n".getBytes(Charset.forName("windows-1252")),
                out.toByteArray());
        assertEquals(new PatronCsv.Written(1, Map.of("EHS", 1L)), written);
        assertEquals(Optional.empty(), settings.layout().properties());
    }

    @Test
    void severalFilesGoInAZipWithTheSameBytesForTheSameRows() throws IOException {
        FreeLayoutSettings settings = roster();
        assertEquals(List.of(), settings.problems(Set.of(10)));
        List<FeedEntry> people = List.of(
                student(1, e -> {}),
                student(
                        2,
                        e -> e.setPrimary(
                                enrollment(s -> s.setGrade(0).setSchoolCode(20).setSchoolName("Middle")))),
                staff(3, e -> {}));
        byte[] zip = zip(settings, people);
        Map<String, String> files = unzipped(zip);
        assertEquals(
                Map.of(
                        "students.csv", "ID,Grade\r\n1,Grade 5\r\n2,KG\r\n",
                        "staff.csv", "ID,Name\r\n3,Park\r\n",
                        "schools.csv", "Code,Name\r\n10,Eagle High\r\n20,Middle\r\n"),
                files);
        assertEquals(List.of("students.csv", "staff.csv", "schools.csv"), List.copyOf(files.keySet()));
        assertArrayEquals(zip, zip(settings, people));
    }

    @Test
    void severalFilesAreWrittenSideBySideInTheOrderOfTheLayout() throws IOException {
        FreeLayoutSettings settings = settings(roster().files(), false, FileFormat.USUAL);
        assertEquals(List.of(), settings.problems(Set.of(10)));
        assertEquals(List.of("students.csv", "staff.csv", "schools.csv"), settings.fileNames());
        assertEquals(List.of(), roster().fileNames());
        List<ByteArrayOutputStream> outs =
                List.of(new ByteArrayOutputStream(), new ByteArrayOutputStream(), new ByteArrayOutputStream());
        PatronCsv.Written written =
                PatronCsv.csv(new PatronFile(settings.layout(), List.of(student(1, e -> {}), staff(3, e -> {}))), outs);
        assertEquals(
                List.of("ID,Grade\r\n1,Grade 5\r\n", "ID,Name\r\n3,Park\r\n", "Code,Name\r\n10,Eagle High\r\n"),
                outs.stream().map(out -> out.toString(StandardCharsets.UTF_8)).toList());
        assertEquals(2, written.rows());
    }

    @Test
    void aSchoolWithoutANameHasARowAndNobodysSchoolHasNone() throws IOException {
        FreeLayoutSettings settings = settings(
                List.of(
                        file(
                                "users.csv",
                                false,
                                EnumSet.allOf(PatronKind.class),
                                FreeColumn.of("School", "{schoolCode}")),
                        file(
                                "schools.csv",
                                true,
                                EnumSet.allOf(PatronKind.class),
                                FreeColumn.of("Name", "{schoolName}"),
                                FreeColumn.of("Code", "{schoolCode}"))),
                false,
                FileFormat.USUAL);
        assertEquals(List.of(), settings.problems(Set.of(10)));
        List<ByteArrayOutputStream> outs = List.of(new ByteArrayOutputStream(), new ByteArrayOutputStream());
        PatronCsv.csv(
                new PatronFile(
                        settings.layout(),
                        List.of(
                                student(1, e -> e.setPrimary(Entries.position(s -> {}))),
                                student(2, e -> {}),
                                staff(
                                        3,
                                        e -> e.setPrimary(Affiliation.newBuilder()
                                                .setStatus(PatronStatus.ACTIVE)
                                                .build())))),
                outs);
        assertEquals("Name,Code\r\n,10\r\n", outs.get(1).toString(StandardCharsets.UTF_8));
    }

    /** One file of everybody, with a map named flags. */
    private static FreeLayoutSettings withFlags(Map<String, String> flags, FreeColumn... columns) {
        return new FreeLayoutSettings(
                List.of(file("", false, EnumSet.allOf(PatronKind.class), columns)),
                false,
                FileFormat.USUAL,
                new TemplateContext(CONTEXT.sites(), Optional.empty(), 2026, Map.of("flags", flags)),
                Rules.USUAL);
    }

    @Test
    void aMapThatHasNoValueForWhoLeftIsFoundAtStart() {
        FreeLayoutSettings settings = withFlags(
                Map.of("active", "Y", "pre-enrolled", "P"),
                FreeColumn.of("ID", "{id}"),
                FreeColumn.of("Flag", "{status|map:flags}"));
        assertEquals(List.of(), settings.problems(Set.of()));
        assertEquals(
                List.of("layout.columns.Flag"),
                settings.problemsOfLeavers().stream().map(SettingProblem::path).toList());
    }

    @Test
    void whoLeftIsInactiveInEveryColumnThatSaysTheStatus() {
        FreeLayoutSettings settings = withFlags(
                Map.of("active", "Y", "inactive", "N"),
                FreeColumn.of("ID", "{id}"),
                FreeColumn.of("Name", "{lastName}"),
                FreeColumn.of("Status", "{status}"),
                FreeColumn.of("Flag", "{kind}: {status|map:flags}"),
                FreeColumn.of("Tag", "{statusTag}"));
        assertEquals(List.of(), settings.problems(Set.of()));
        PatronFile rows = new PatronFile(settings.layout(), List.of(student(2, e -> {})))
                .withLeavers(List.of(new PatronFile.Leaver(
                        PatronKind.STUDENT,
                        1,
                        Map.of("ID", "1", "Name", "Kim", "Status", "active", "Flag", "student: Y", "(status)", "A"))));
        List<List<String>> written = new ArrayList<>();
        rows.forEach(row -> written.add(row.values().subList(3, 8)));
        assertEquals(
                List.of(
                        List.of("1", "Kim", "inactive", "student: N", ""),
                        List.of("2", "Lee", "active", "student: Y", "")),
                written);
        List<String> codes = new ArrayList<>();
        rows.forEach(row -> codes.add(row.statusCode()));
        assertEquals(List.of("I", "A"), codes);
        assertTrue(message("{lastName} ({status})")
                .startsWith("at character 14: status can stand beside id, kind, schoolYear only"));
    }

    /** What the layout of today makes of a leaver whose row was delivered by that of yesterday. */
    private static List<String> leaver(
            Map<Rule, RuleAction> rules, TextEncoding encoding, Map<String, String> delivered, FreeColumn... columns) {
        FreeLayoutSettings settings = new FreeLayoutSettings(
                List.of(file("", false, EnumSet.allOf(PatronKind.class), columns)),
                false,
                new FileFormat(
                        FileFormat.Headers.NAMES, encoding, FileFormat.LineEnd.LF, ',', FileFormat.Quotes.NEEDED),
                new TemplateContext(CONTEXT.sites(), Optional.empty(), 2026, Map.of()),
                new Rules(rules));
        assertEquals(List.of(), settings.problems(Set.of()));
        PatronFile rows = new PatronFile(settings.layout(), List.of(student(2, e -> {})))
                .withLeavers(List.of(new PatronFile.Leaver(PatronKind.STUDENT, 1, delivered)));
        List<Problem> ofLeaver = rows.problems().stream()
                .filter(problem -> problem.key().equals("student/1"))
                .toList();
        List<String> lines = new ArrayList<>(ofLeaver.stream()
                .map(problem -> problem.rule().id() + " " + problem.field() + " " + problem.done())
                .toList());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            PatronCsv.csv(rows, List.of(out));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        out.toString(encoding.charset()).lines().skip(1).forEach(lines::add);
        RowExplanation explained = rows.explain(PatronKind.STUDENT, 1).orElseThrow();
        assertEquals(rows.leavers() == 1, explained.sent());
        assertEquals(ofLeaver, explained.problems());
        assertEquals(Map.of(), explained.sharedWith());
        return lines;
    }

    private static final FreeColumn UNIQUE_ID = new FreeColumn("ID", "ID", "{id}", 5, true, true, false);

    @Test
    void whoLeftMeetsTheEncodingOfToday() {
        Map<String, String> delivered = Map.of("ID", "1", "Name", "Wałęsa");
        FreeColumn name = FreeColumn.of("Name", "{lastName}");
        assertEquals(List.of("1,Wałęsa", "2,Lee"), leaver(Map.of(), TextEncoding.UTF_8, delivered, UNIQUE_ID, name));
        assertEquals(
                List.of("not-in-encoding Name row left out", "2,Lee"),
                leaver(Map.of(), TextEncoding.WINDOWS_1252, delivered, UNIQUE_ID, name));
        assertEquals(
                List.of("not-in-encoding Name field left blank", "1,", "2,Lee"),
                leaver(
                        Map.of(Rule.NOT_IN_ENCODING, RuleAction.BLANK_FIELD),
                        TextEncoding.WINDOWS_1252,
                        delivered,
                        UNIQUE_ID,
                        name));
    }

    @Test
    void whoLeftMeetsTheColumnsOfToday() {
        Map<String, String> delivered = Map.of("ID", "123456", "Name", "Lee");
        FreeColumn name = FreeColumn.of("Name", "{lastName}");
        // The column has another name by now, so that nothing is known of its value.
        assertEquals(
                List.of("missing-value Student row left out", "2,Lee"),
                leaver(
                        Map.of(),
                        TextEncoding.UTF_8,
                        delivered,
                        new FreeColumn("Student", "Student", "{id}", 20, true, true, false),
                        name));
        assertEquals(
                List.of("identifier-too-long ID row left out", "2,Lee"),
                leaver(Map.of(), TextEncoding.UTF_8, delivered, UNIQUE_ID, name));
        assertEquals(
                List.of("value-too-long Name cut to 2 characters", "1,Le", "2,Le"),
                leaver(
                        Map.of(),
                        TextEncoding.UTF_8,
                        Map.of("ID", "1", "Name", "Lee"),
                        UNIQUE_ID,
                        new FreeColumn("Name", "Name", "{lastName}", 2, false, false, false)));
    }

    @Test
    void aHeaderThatTheEncodingLacksIsFoundAtStart() {
        FileFormat western = new FileFormat(
                FileFormat.Headers.NAMES,
                TextEncoding.WINDOWS_1252,
                FileFormat.LineEnd.LF,
                ',',
                FileFormat.Quotes.NEEDED);
        FreeFile file = file("", false, EnumSet.allOf(PatronKind.class), FreeColumn.of("Imię", "{firstName}"));
        assertEquals(
                List.of("layout.columns.Imię: has a character that the encoding windows-1252 lacks"),
                settings(List.of(file), false, western).problems(Set.of()).stream()
                        .map(String::valueOf)
                        .toList());
        assertEquals(List.of(), settings(List.of(file), false, FileFormat.USUAL).problems(Set.of()));
    }

    @Test
    void aSharedValueThatMustNotBeBlankLeavesTheRowOutWhateverTheRuleSays() {
        FreeColumn required = new FreeColumn("Login", "Login", "{networkLogin}", 20, true, true, false);
        FreeColumn optional = new FreeColumn("Mail", "Mail", "{email}", 200, false, true, false);
        FreeLayoutSettings settings = new FreeLayoutSettings(
                List.of(file("", false, EnumSet.allOf(PatronKind.class), required, optional)),
                false,
                FileFormat.USUAL,
                new TemplateContext(CONTEXT.sites(), Optional.empty(), 2026, Map.of()),
                new Rules(Map.of(Rule.DUPLICATE_VALUE, RuleAction.BLANK_FIELD)));
        PatronFile file = new PatronFile(
                settings.layout(),
                List.of(
                        student(2, e -> e.setNetworkLogin("alee")),
                        student(3, e -> e.setNetworkLogin("alee").setEmail("a@b.org")),
                        student(4, e -> e.setNetworkLogin("kim").setEmail("a@b.org")),
                        student(5, e -> e.setNetworkLogin("cho").setEmail("c@b.org")),
                        student(6, e -> e.setNetworkLogin("park").setEmail("c@b.org"))));
        PatronFile rows = file.withLeavers(List.of(
                new PatronFile.Leaver(PatronKind.STUDENT, 1, Map.of("Login", "kim", "Mail", "k@b.org")),
                new PatronFile.Leaver(PatronKind.STUDENT, 7, Map.of("Login", "bo", "Mail", "a@b.org"))));
        List<String> problems = rows.problems().stream()
                .map(problem -> problem.key() + " " + problem.field() + " " + problem.done())
                .toList();
        assertEquals(
                List.of(
                        "student/2 Login row left out",
                        "student/3 Login row left out",
                        "student/5 Mail field left blank",
                        "student/6 Mail field left blank",
                        "student/1 Login row left out",
                        "student/7 Mail field left blank"),
                problems);
        List<String> written = new ArrayList<>();
        rows.forEach(row -> written.add(String.join(",", row.values().subList(3, 5))));
        assertEquals(List.of("kim,a@b.org", "cho,", "park,", "bo,"), written);
    }

    @Test
    void rulesGuardFreeColumnsToo() {
        FreeLayoutSettings settings = settings(
                List.of(file(
                        "",
                        false,
                        EnumSet.allOf(PatronKind.class),
                        new FreeColumn("ID", "ID", "{networkLogin}", 4, true, true, false),
                        FreeColumn.of("Grade", "{grade|map:grades}"),
                        new FreeColumn("Mail", "Mail", "{email}", 200, false, false, true))),
                false,
                FileFormat.USUAL);
        PatronFile file = new PatronFile(
                settings.layout(),
                List.of(
                        student(1, e -> {}),
                        student(2, e -> e.setNetworkLogin("alee")),
                        student(3, e -> e.setNetworkLogin("alee")),
                        student(4, e -> e.setNetworkLogin("alee5")),
                        student(5, e -> e.setNetworkLogin("kim")
                                .setEmail("kim")
                                .setPrimary(enrollment(s -> s.setGrade(6))))));
        assertEquals(
                List.of(
                        "student/1 missing-value ID row left out",
                        "student/4 identifier-too-long ID row left out",
                        "student/5 not-in-map Grade field left blank",
                        "student/5 invalid-email Mail sent as it is",
                        "student/2 duplicate-value ID row left out",
                        "student/3 duplicate-value ID row left out"),
                file.problems().stream()
                        .map(problem -> problem.key() + " " + problem.rule().id() + " " + problem.field() + " "
                                + problem.done())
                        .toList());
    }

    @Test
    void settingsThatCannotWorkAreNamed() {
        FreeLayoutSettings alike = settings(
                List.of(
                        file("a.csv", false, EnumSet.allOf(PatronKind.class), FreeColumn.of("ID", "{id}")),
                        file("a.csv", true, Set.of(), FreeColumn.of("Code", "{schoolCode}")),
                        file("in/b.csv", true, Set.of(), FreeColumn.of("Code", "{schoolCode}")),
                        file("", true, Set.of(), FreeColumn.of("Code", "{schoolCode}"))),
                false,
                FileFormat.USUAL);
        assertEquals(
                List.of(
                        "layout: 'a.csv' is not a file name of its own",
                        "layout: 'in/b.csv' is not a file name of its own",
                        "layout: '' is not a file name of its own"),
                alike.problems(Set.of()).stream().map(String::valueOf).toList());
        FreeLayoutSettings perSchool = settings(
                List.of(
                        file("a.csv", false, EnumSet.allOf(PatronKind.class), FreeColumn.of("ID", "{id}")),
                        file("b.csv", true, Set.of(), FreeColumn.of("Name", "{lastName}"))),
                true,
                FileFormat.USUAL);
        assertEquals(
                List.of("layout.columns.Name: file b.csv, column 1, a row per school has no such fields; there are:"
                        + " schoolCode, schoolName, schoolYear, site"),
                perSchool.problems(Set.of()).stream().map(String::valueOf).toList());
        FreeLayoutSettings wrong = settings(
                List.of(file(
                        "",
                        false,
                        EnumSet.allOf(PatronKind.class),
                        FreeColumn.of("ID", "{id}"),
                        FreeColumn.of("X", "{x"))),
                false,
                FileFormat.USUAL);
        assertTrue(
                wrong.problems(Set.of()).toString().contains("column 2, at character 2"),
                wrong.problems(Set.of()).toString());
    }

    private static FreeLayoutSettings oneRoster(Optional<String> noSchool, Rules rules) {
        return new FreeLayoutSettings(
                List.of(
                        file(
                                "orgs.csv",
                                true,
                                Set.of(),
                                FreeColumn.of("sourcedId", "{schoolCode}"),
                                FreeColumn.of("name", "{schoolName}")),
                        file(
                                "users.csv",
                                false,
                                EnumSet.allOf(PatronKind.class),
                                FreeColumn.of("sourcedId", "{kind}-{id}"),
                                FreeColumn.of("orgSourcedIds", "{site}"),
                                FreeColumn.of("name", "{preferredLastName|else:lastName}, {firstName}"))),
                true,
                FileFormat.USUAL,
                new TemplateContext(CONTEXT.sites(), noSchool, 2026, Map.of()),
                rules);
    }

    @Test
    void rulesOfTheFeedHoldInEveryLayout() throws IOException {
        List<FeedEntry> people = List.of(
                student(0, e -> {}),
                student(1, e -> {}),
                student(2, e -> e.setPrimary(enrollment(s -> s.setSchoolCode(99)))),
                student(3, e -> e.setLastName("\u200B")),
                staff(7, e -> e.setPrimary(Entries.position(p -> p.setSchoolCode(null)))));
        FreeLayoutSettings usual = oneRoster(Optional.empty(), Rules.USUAL);
        PatronFile file = new PatronFile(usual.layout(), people);
        assertEquals(
                List.of(
                        "student/0 not-an-id",
                        "student/2 missing-site",
                        "student/3 missing-last-name",
                        "staff/7 staff-without-school"),
                file.problems().stream()
                        .map(problem -> problem.key() + " " + problem.rule().id())
                        .distinct()
                        .toList());
        assertEquals(
                Map.of(
                        "orgs.csv", "sourcedId,name\r\n10,Eagle High\r\n",
                        "users.csv", "sourcedId,orgSourcedIds,name\r\nstudent-1,EHS,\"Lee, Ann\"\r\n"),
                unzipped(zip(usual, people)));
        // Where the vendor takes staff without a school, the files of schools still have no row of theirs.
        for (FreeLayoutSettings mild : List.of(
                oneRoster(Optional.of("DO"), Rules.USUAL),
                oneRoster(Optional.empty(), new Rules(Map.of(Rule.STAFF_WITHOUT_SCHOOL, RuleAction.WARN))))) {
            Map<String, String> files = unzipped(zip(mild, people));
            assertEquals("sourcedId,name\r\n10,Eagle High\r\n", files.get("orgs.csv"));
            assertTrue(files.getOrDefault("users.csv", "").contains("staff-7,"), files::toString);
        }
    }

    @Test
    void staffWithoutASchoolMeetOneRuleWhetherAColumnNamesSchoolsOrNot() {
        List<FeedEntry> people = List.of(
                staff(7, e -> e.setPrimary(Entries.position(p -> p.setSchoolCode(null)))),
                staff(8, e -> e.setPrimary(Entries.position(p -> p.setSchoolCode(0)))),
                staff(9, e -> e.setPrimary(Entries.position(p -> p.setSchoolCode(99)))));
        for (String template : List.of("{lastName}", "{schoolCode}", "{site}{schoolName}")) {
            PatronFile usual = new PatronFile(staffOnly(template, Optional.empty(), Rules.USUAL), people);
            assertEquals(
                    List.of(
                            "staff/7 staff-without-school (site) row left out",
                            "staff/8 staff-without-school (site) row left out"),
                    usual.problems().stream()
                            .filter(problem -> problem.rule() == Rule.STAFF_WITHOUT_SCHOOL)
                            .map(problem -> String.join(
                                    " ", problem.key(), problem.rule().id(), problem.field(), problem.done()))
                            .toList(),
                    template);
            assertFalse(usual.holds(PatronKind.STAFF, 7) || usual.holds(PatronKind.STAFF, 8), template);
            Rules warn = new Rules(Map.of(Rule.STAFF_WITHOUT_SCHOOL, RuleAction.WARN));
            for (Layout mild : List.of(
                    staffOnly(template, Optional.of("DO"), Rules.USUAL), staffOnly(template, Optional.empty(), warn))) {
                assertTrue(new PatronFile(mild, people).holds(PatronKind.STAFF, 7), template);
            }
        }
        assertTrue(new PatronFile(staffOnly("{lastName}", Optional.empty(), Rules.USUAL), people)
                .holds(PatronKind.STAFF, 9));
    }

    private static Layout staffOnly(String template, Optional<String> noSchool, Rules rules) {
        return new FreeLayoutSettings(
                        List.of(file("", false, EnumSet.allOf(PatronKind.class), FreeColumn.of("X", template))),
                        false,
                        FileFormat.USUAL,
                        new TemplateContext(CONTEXT.sites(), noSchool, 2026, Map.of()),
                        rules)
                .layout();
    }

    private static FreeLayoutSettings roster() {
        return settings(
                List.of(
                        file(
                                "students.csv",
                                false,
                                EnumSet.of(PatronKind.STUDENT),
                                new FreeColumn("ID", "ID", "{id}", 20, true, true, false),
                                FreeColumn.of("Grade", "{grade|map:grades}")),
                        file(
                                "staff.csv",
                                false,
                                EnumSet.of(PatronKind.STAFF),
                                FreeColumn.of("ID", "{id}"),
                                FreeColumn.of("Name", "{lastName}")),
                        file(
                                "schools.csv",
                                true,
                                Set.of(),
                                FreeColumn.of("Code", "{schoolCode}"),
                                FreeColumn.of("Name", "{schoolName}"))),
                true,
                FileFormat.USUAL);
    }

    private static FreeLayoutSettings settings(List<FreeFile> files, boolean zip, FileFormat format) {
        return new FreeLayoutSettings(files, zip, format, CONTEXT, Rules.USUAL);
    }

    private static FreeFile file(String name, boolean perSchool, Set<PatronKind> kinds, FreeColumn... columns) {
        return new FreeFile(name, perSchool, kinds, List.of(columns));
    }

    private static byte[] zip(FreeLayoutSettings settings, List<FeedEntry> people) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PatronCsv.csv(new PatronFile(settings.layout(), people), List.of(out));
        return out.toByteArray();
    }

    private static Map<String, String> unzipped(byte[] zip) throws IOException {
        Map<String, String> files = new LinkedHashMap<>();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                // A real time would make two equal deliveries differ.
                assertEquals(LocalDateTime.of(1980, 1, 1, 0, 0), entry.getTimeLocal());
                files.put(entry.getName(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return files;
    }
}
