package dev.patronstream.snapshotter.layout;

import static dev.patronstream.snapshotter.layout.Entries.staff;
import static dev.patronstream.snapshotter.layout.Entries.student;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.schemas.PatronKind;
import dev.patronstream.snapshotter.layout.destiny.DestinyLayoutSettings;
import dev.patronstream.snapshotter.layout.destiny.Homeroom;
import dev.patronstream.snapshotter.layout.destiny.Identifiers;
import dev.patronstream.snapshotter.layout.destiny.StaffColumnMap;
import dev.patronstream.snapshotter.layout.free.FreeColumn;
import dev.patronstream.snapshotter.layout.free.FreeFile;
import dev.patronstream.snapshotter.layout.free.FreeLayoutSettings;
import dev.patronstream.snapshotter.layout.template.Cell;
import dev.patronstream.snapshotter.layout.template.Template;
import dev.patronstream.snapshotter.layout.template.TemplateContext;
import dev.patronstream.snapshotter.layout.template.TemplateException;
import dev.patronstream.snapshotter.rules.Problem;
import dev.patronstream.snapshotter.rules.Rule;
import dev.patronstream.snapshotter.rules.Rules;
import dev.patronstream.snapshotter.settings.SettingProblem;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What settings of a layout are refused, at the ends of what is taken. */
class LayoutSettingsTest {

    @ParameterizedTest
    @CsvSource({
        "1989, school-year",
        "1990, ''",
        "2089, ''",
        "2090, school-year",
    })
    void aSchoolYearIsOneOfAHundred(int year, String paths) {
        assertEquals(paths, paths(DestinyLayoutBuilder.of(Map.of(), year).build()));
    }

    @ParameterizedTest
    @CsvSource({
        "1234567890, ''",
        "12345678901, sites.10 staff.no-school",
        "' X', sites.10 staff.no-school",
        "' ', sites.10 staff.no-school"
    })
    void aSiteShortNameIsAsDestinyHasIt(String site, String paths) {
        assertEquals(
                paths,
                paths(DestinyLayoutBuilder.of(Map.of(10, site), 2026)
                        .noSchoolSite(site)
                        .build()));
    }

    @ParameterizedTest
    @CsvSource({
        "123456789012345678901234567890,  T,  ''",
        "1234567890123456789012345678901, '', staff.patron-type.otherwise staff.patron-type.map.A",
        "' ', F, staff.patron-type.otherwise staff.patron-type.map.A",
        "S,   T, staff.patron-type.otherwise staff.patron-type.map.A",
        "Faculty, Yes, staff.is-teacher.otherwise staff.is-teacher.map.A",
    })
    void typesAndTeacherFlagsAreThoseThatDestinyTakes(String type, String flag, String paths) {
        assertEquals(
                paths,
                paths(usual().staffPatronType(new StaffColumnMap("PS", Map.of("A", type), type))
                        .staffIsTeacher(new StaffColumnMap("U3", Map.of("A", flag), flag))
                        .build()));
    }

    @ParameterizedTest
    @CsvSource({"-3, grades.-3", "-2, ''", "18, ''", "19, grades.19"})
    void gradesAreThoseOfAeries(int grade, String paths) {
        assertEquals(paths, paths(usual().grades(Map.of(grade, "X")).build()));
    }

    @Test
    void theKeyOfTheUserNameHasTwoSpellings() {
        assertEquals("", paths(usual().userNameKey("field_userName").build()));
        assertEquals("user-name-key", paths(usual().userNameKey("field_user").build()));
    }

    @Test
    void furtherColumnsAreThoseOfDestinyAndReadable() {
        DestinyLayoutSettings settings = usual().columns(Map.of(
                        "Email 2", "{email|lower}",
                        "Birth Date", "{birthDate",
                        "Shoe Size", "{STU.U5} {id}"))
                .omit(Map.of("Email 2", true, "Shoe Size", false, "Grade Level", false))
                .build();
        assertEquals("columns.Birth Date columns.Shoe Size omit.Shoe Size", paths(settings));
        String message = settings.problems(Set.of()).get(1).message();
        assertTrue(
                message.startsWith(
                        "is not a column of Destiny's that a template can give; these are: Last Name, First Name, "),
                message);
        Set<String> usualFields =
                Set.of("lastName", "firstName", "middleName", "gender", "grade", "nextGrade", "email");
        assertEquals(usualFields, usual().build().fields());
        assertEquals(with(usualFields, "STU.U5"), settings.fields());
        assertEquals(
                with(
                        usualFields,
                        "preferredLastName",
                        "preferredFirstName",
                        "preferredMiddleName",
                        "networkLogin",
                        "counselorName",
                        "positionStatus",
                        "STF.U3",
                        "birthDate"),
                usual().names(DestinyLayoutSettings.Names.PREFERRED)
                        .userName(DestinyLayoutSettings.UserName.NID)
                        .homeroom(new Homeroom(Set.of(10), Homeroom.TEACHER))
                        .staffPatronType(new StaffColumnMap("PS", Map.of(), "Faculty"))
                        .staffIsTeacher(new StaffColumnMap("U3", Map.of(), "T"))
                        .columns(Map.of("Birth Date", "{birthDate}"))
                        .build()
                        .fields());
        assertEquals(
                with(usualFields, "STU.U7"),
                usual().homeroom(new Homeroom(Set.of(10), "U7")).build().fields());
        assertEquals("patrons.csv", settings.usualFile());
    }

    @Test
    void whatATemplateTakesThePlaceOfIsNotRead() {
        assertEquals(
                Set.of("firstName", "preferredFirstName", "middleName", "preferredMiddleName", "grade", "STU.U5"),
                usual().names(DestinyLayoutSettings.Names.PREFERRED)
                        .columns(Map.of(
                                "Email 1", "{STU.U5}@eagle.example",
                                "Gender", "U",
                                "Graduation Year", "",
                                "Last Name", "{firstName}"))
                        .build()
                        .fields());
        assertEquals(
                Set.of("lastName", "firstName", "middleName", "gender", "grade", "nextGrade"),
                usual().columns(Map.of("Grade Level", "", "Email 1", ""))
                        .build()
                        .fields());
    }

    @ParameterizedTest
    @CsvSource({
        "{birthDate|date:MM/dd/yyyy}, ''",
        "{leaveDate|date:MM/dd/yyyy|else:'06/30/2027'}, ''",
        "06/30/2027, ''",
        "06/30/{schoolYear}, ''",
        "{STU.U5}, ''",
        "'', ''",
        "{birthDate}, columns.Birth Date columns.Card Expires",
        "{birthDate|date:dd/MM/yyyy}, columns.Birth Date columns.Card Expires",
        "{leaveDate|date:MM/dd/yyyy|else:enterDate}, columns.Birth Date columns.Card Expires",
        "2027-06-30, columns.Birth Date columns.Card Expires",
        "never, columns.Birth Date columns.Card Expires",
    })
    void datesAreOfTheFormThatThePropertiesFilePromises(String template, String paths) {
        DestinyLayoutSettings settings = usual().columns(
                        Map.of("Birth Date", template, "Card Expires", template, "User Defined 1", template))
                .build();
        assertEquals(paths, paths(settings));
        if (!paths.isEmpty()) {
            assertEquals(
                    "the properties file promises dates as MM/dd/yyyy; write them so, like {birthDate|date:MM/dd/yyyy}",
                    settings.problems(Set.of()).get(0).message());
        }
    }

    @Test
    void furtherMailsAreJudgedAsMails() {
        Layout layout = usual().columns(Map.of("Email 2", "{email}", "User Defined 1", "{email}"))
                .build()
                .layout();
        PatronFile file = new PatronFile(layout, List.of(student(1, e -> e.setEmail("none"))));
        assertEquals(
                List.of("Email 1", "Email 2"),
                file.problems().stream().map(Problem::field).toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "id      | 'id' is the same for everyone; name a field, like \"{id}\" or \"{STU.U1}\"",
                "{kind}-{site} {schoolYear} | '{kind}-{site} {schoolYear}' is the same for many; name a field, like \"{id}\" or \"{STU.U1}\"",
                "T {x    | at character 4: a { that is not closed; write {{ for a brace in the value",
                "T}{id}  | at character 2: a } that closes nothing; write }} for a brace in the value",
                "{id:%7d} | at character 5: '%7d' is not a format of a number; write %07d for seven digits",
                "{id}-{status} | '{id}-{status}' changes with the patron's status, so Destiny would make another patron",
            })
    void whatCannotTellPatronsApartIsNoIdentifier(String text, String message) {
        assertEquals(
                List.of(new SettingProblem("identifiers.barcode.staff", message)),
                usual().identifiers(new Identifiers("{id}", text, "{id}", "{id}"))
                        .build()
                        .problems(Set.of(10)));
    }

    @Test
    void aTemplateThatHasNoValueForThoseWhoLeftIsRefusedWhereTheyAreSent() {
        DestinyLayoutSettings settings = usual().columns(Map.of(
                        "Patron Type",
                        "{status|map:types}",
                        "Nickname",
                        "{status}",
                        "User Defined 1",
                        "{kind|map:types}"))
                .maps(Map.of("types", Map.of("active", "Student", "pre-enrolled", "New")))
                .build();
        assertEquals(
                List.of("columns.Patron Type"),
                settings.problemsOfLeavers().stream().map(SettingProblem::path).toList());
    }

    @Test
    void aColumnHasItsValuesFromOneSetting() {
        DestinyLayoutSettings settings = usual().userName(DestinyLayoutSettings.UserName.NID)
                .columns(Map.of(
                        "User Name", "{STU.U5}",
                        "Barcode", "{id}",
                        "Nickname", "{nickname}",
                        "Status", "A"))
                .build();
        assertEquals(
                List.of(
                        "columns.Barcode: is set by identifiers.barcode; keep one of them",
                        "columns.Status: is set by statuses; keep one of them",
                        "columns.User Name: is set by user-name; keep one of them"),
                settings.problems(Set.of(10)).stream().map(String::valueOf).toList());
        assertEquals(
                List.of(),
                usual().columns(Map.of("User Name", "{STU.U5}")).build().problems(Set.of(10)));
    }

    @Test
    void placesOfATemplateAreJudgedEachByItself() throws TemplateException {
        TemplateContext context = new TemplateContext(Map.of(10, "EHS"), Optional.empty(), 2026, Map.of());
        // A last name that is there does not make a middle name a last name.
        assertEquals(
                Cell.of("Lee "),
                Template.parse("{lastName} {middleName}", context).of(student(1, e -> {})));
        assertEquals(
                Cell.of(" "), Template.parse("{middleName} {city}", context).of(student(1, e -> {})));
        assertEquals(
                Optional.of(Rule.MISSING_LAST_NAME),
                Template.parse("{lastName}", context)
                        .of(student(1, e -> e.setLastName(null)))
                        .broken());
        assertEquals(
                Optional.of(Rule.MISSING_SITE),
                Template.parse("{schoolCode}", context)
                        .of(student(1, e -> e.setPrimary(Entries.enrollment(s -> s.setSchoolCode(null)))))
                        .broken());
        assertEquals(
                "X",
                Template.parse("{middleName|else:'x'|upper}", context)
                        .of(student(1, e -> {}))
                        .text());
        assertEquals(
                "",
                Template.parse("{graduationYear}", context)
                        .of(staff(1, e -> {}))
                        .text());
        for (Map.Entry<String, String> wrong : Map.of(
                        "{id|else:'x'y}",
                        "at character 13: something stands between the quoted text and the next | or }",
                        "{id|else:'x'",
                        "at character 13: something stands between the quoted text and the next | or }",
                        "{id|map:flags}",
                        "at character 9: there is no map 'flags'; the layout has none below maps")
                .entrySet()) {
            assertEquals(
                    wrong.getValue(),
                    assertThrows(TemplateException.class, () -> Template.parse(wrong.getKey(), context))
                            .getMessage());
        }
        TemplateContext two =
                new TemplateContext(Map.of(), Optional.empty(), 2026, Map.of("b", Map.of(), "a", Map.of()));
        assertEquals(
                "at character 9: there is no map 'flags'; there are: a, b",
                assertThrows(TemplateException.class, () -> Template.parse("{id|map:flags}", two))
                        .getMessage());
        assertEquals(Set.of(), Template.fieldsOf("{id", context));
    }

    @Test
    void aFreeLayoutNamesItsFilesAndFields() {
        FreeFile people = file("a.csv", false, FreeColumn.of("ID", "{id}"), FreeColumn.of("Bus", "{STU.U5|else:city}"));
        FreeFile schools = file("b.csv", true, FreeColumn.of("Code", "{schoolCode}"), FreeColumn.of("Bad", "{x"));
        assertEquals("patrons.csv", free(false, people).usualFile());
        assertEquals("patrons.zip", free(true, people).usualFile());
        assertEquals(Set.of("STU.U5", "city"), free(true, people, schools).fields());
        assertEquals(
                Set.of("grade", "nextGrade"),
                free(true, file("c.csv", false, FreeColumn.of("Of", "{site} {schoolYear} {graduationYear}")))
                        .fields());
        assertEquals("", paths(free(false, people)));
        assertEquals("layout", paths(free(false)));
        assertEquals("layout", paths(free(false, file("a.csv", true, FreeColumn.of("Code", "{schoolCode}")))));
        assertEquals("layout", paths(free(false, file("a.csv", false))));
        assertEquals(List.of(), free(false, file("", false)).fileNames());
        assertEquals("layout", paths(free(true, file("", false, FreeColumn.of("ID", "{id}")))));
        assertTrue(free(false, people).layout().headers().containsAll(List.of("ID", "Bus")));
        assertTrue(free(false, people, schools)
                .problems(Set.of())
                .get(0)
                .message()
                .startsWith("file b.csv, column 2, at character 2"));
        assertThrows(IllegalArgumentException.class, () -> free(false, people, schools)
                .layout());
    }

    /** What is read of the description is whether it is another one; nothing else reads it. */
    @Test
    void anotherWayOfWritingIsAnotherDescription() {
        FreeColumn id = FreeColumn.of("ID", "{id}");
        String usual = described(free(false, file("a.csv", false, id)).layout());
        assertEquals(usual, described(free(false, file("a.csv", false, id)).layout()));
        for (Layout other : List.of(
                free(true, file("a.csv", false, id)).layout(),
                free(false, file("b.csv", false, id)).layout(),
                free(false, file("a.csv", false, FreeColumn.of("Id", "{id}"))).layout(),
                free(false, file("a.csv", false, id), file("b.csv", false, id)).layout(),
                usual().build().layout())) {
            assertFalse(usual.equals(described(other)));
        }
        String destiny = described(usual().build().layout());
        assertTrue(destiny.startsWith("UTF-8\n") && destiny.contains("field_barcode={2}"), destiny);
    }

    private static Set<String> with(Set<String> names, String... more) {
        Set<String> all = new TreeSet<>(names);
        all.addAll(List.of(more));
        return all;
    }

    private static String described(Layout layout) {
        return new String(layout.description(), java.nio.charset.StandardCharsets.UTF_8);
    }

    private static FreeFile file(String name, boolean perSchool, FreeColumn... columns) {
        return new FreeFile(name, perSchool, EnumSet.allOf(PatronKind.class), List.of(columns));
    }

    private static FreeLayoutSettings free(boolean zipped, FreeFile... files) {
        return new FreeLayoutSettings(
                List.of(files),
                zipped,
                FileFormat.USUAL,
                new TemplateContext(Map.of(10, "EHS"), Optional.empty(), 2026, Map.of()),
                Rules.USUAL);
    }

    private static DestinyLayoutBuilder usual() {
        return DestinyLayoutBuilder.of(Map.of(10, "EAGLEHS"), 2026);
    }

    private static String paths(LayoutSettings settings) {
        return String.join(
                " ",
                settings.problems(Set.of()).stream().map(SettingProblem::path).toList());
    }
}
