package dev.patronstream.snapshotter.layout;

import static dev.patronstream.snapshotter.layout.Entries.enrollment;
import static dev.patronstream.snapshotter.layout.Entries.position;
import static dev.patronstream.snapshotter.layout.Entries.staff;
import static dev.patronstream.snapshotter.layout.Entries.student;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.snapshotter.layout.free.FreeColumn;
import dev.patronstream.snapshotter.layout.free.FreeFile;
import dev.patronstream.snapshotter.layout.free.FreeLayoutSettings;
import dev.patronstream.snapshotter.layout.template.TemplateContext;
import dev.patronstream.snapshotter.rules.Problem;
import dev.patronstream.snapshotter.rules.Rule;
import dev.patronstream.snapshotter.rules.RuleAction;
import dev.patronstream.snapshotter.rules.Rules;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a feed does about values that break a rule. */
class RulesTest {

    @Test
    void whatHasANameInTheConfigurationIsFoundByIt() {
        for (Rule rule : Rule.values()) {
            assertEquals(rule, rule(rule.id()));
        }
        assertEquals(
                List.of("reject-row", "blank-field", "warn", "hold-delivery", "off"),
                Arrays.stream(RuleAction.values()).map(RuleAction::id).toList());
        for (RuleAction action : RuleAction.values()) {
            assertEquals(action, action(action.id()));
        }
    }

    private static Rule rule(String id) {
        return Arrays.stream(Rule.values())
                .filter(rule -> rule.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static RuleAction action(String id) {
        return Arrays.stream(RuleAction.values())
                .filter(action -> action.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatARuleDoesNotOfferIsNamed() {
        Rules rules = new Rules(Map.of(
                Rule.DUPLICATE_BARCODE, RuleAction.WARN,
                Rule.NOT_AN_ID, RuleAction.OFF,
                Rule.INVALID_EMAIL, RuleAction.REJECT_ROW));
        List<String> problems = List.of(
                "rules.not-an-id: off is not possible here; choose one of: reject-row, hold-delivery",
                "rules.duplicate-barcode: warn is not possible here; choose one of: reject-row, hold-delivery");
        assertEquals(problems, rules.problems().stream().map(String::valueOf).toList());
        assertEquals(
                problems,
                DestinyLayoutBuilder.of(Map.of(), 2026).rules(rules).build().problems(Set.of()).stream()
                        .map(String::valueOf)
                        .toList());
    }

    @Test
    void aHeldDeliveryIsOneThatCanBeSentAsItIs() {
        Rules rules = new Rules(Map.of(
                Rule.FORMULA_LIKE, RuleAction.HOLD_DELIVERY,
                Rule.MISSING_SITE, RuleAction.HOLD_DELIVERY,
                Rule.INVALID_EMAIL, RuleAction.BLANK_FIELD));
        assertEquals(RuleAction.WARN, rules.effectOf(Rule.FORMULA_LIKE));
        assertEquals(RuleAction.REJECT_ROW, rules.effectOf(Rule.MISSING_SITE));
        assertEquals(RuleAction.BLANK_FIELD, rules.effectOf(Rule.INVALID_EMAIL));
        assertEquals(RuleAction.OFF, rules.effectOf(Rule.BLANKS_TRIMMED));

        List<Problem> problems = List.of(
                new Problem("student/1", Rule.MISSING_SITE, "Site", ""),
                new Problem("student/1", Rule.MISSING_SITE, "Site", ""),
                new Problem("student/2", Rule.MISSING_SITE, "Site", ""),
                new Problem("student/2", Rule.FORMULA_LIKE, "Last Name", ""),
                new Problem("student/3", Rule.INVALID_EMAIL, "Email 1", ""));
        assertEquals(Map.of(Rule.MISSING_SITE, 2L, Rule.FORMULA_LIKE, 1L), rules.holding(problems));
        assertEquals(
                Optional.of(
                        "Rules with hold-delivery were broken: missing-site by 2 patrons, formula-like by 1 patrons."
                                + " The problem report names them"),
                rules.whyHeld(problems));
        assertEquals(Optional.empty(), rules.whyHeld(problems.subList(4, 5)));
    }

    /** Of a last name of ten characters, with the value sent and what the problem report says. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "formula-like    | warn          | =A1         | '''=A1'    | an apostrophe put before it",
                "formula-like    | warn          | @A1         | '''@A1'    | an apostrophe put before it",
                "formula-like    | warn          | A=1         | A=1        | -",
                "formula-like    | blank-field   | +A1         | ''         | field left blank",
                "formula-like    | off           | =A1         | =A1        | -",
                "value-too-long  | warn          | 1234567890  | 1234567890 | -",
                "value-too-long  | warn          | 12345678901 | 1234567890 | cut to 10 characters",
                "value-too-long  | warn          | 123456789 12 | 123456789 | cut to 10 characters",
                "value-too-long  | blank-field   | 12345678901 | ''         | field left blank",
                "lost-character  | warn          | Lee\uFFFD   | Lee\uFFFD  | sent as it is",
                "lost-character  | warn          | \uFFFD      | ''         | sent as it is",
                "not-in-map      | warn          | Lee         | Lee        | -",
            })
    void whatIsSentAndSaid(String rule, String action, String value, String sent, String said) {
        FreeLayoutSettings settings = free(
                new Rules(Map.of(rule(rule), action(action))),
                new FreeColumn("Name", "Name", "{firstName}", 10, false, false, false));
        PatronFile file = new PatronFile(settings.layout(), List.of(student(1, e -> e.setFirstName(value))));
        file.forEach(row -> assertEquals(sent, row.values().get(3)));
        assertEquals(
                Optional.ofNullable(said),
                file.problems().stream().map(Problem::done).findFirst());
    }

    /** Templates take blanks off without a word; Destiny's columns do so with one, if it is asked for. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "warn,          ' Lee ', blanks trimmed",
                "hold-delivery, ' Lee',  blanks trimmed; delivery held",
                "off,           'Lee ',  -",
                "warn,          Lee,     -",
                "warn,          L\u00E9, -",
            })
    void blanksAroundAName(String action, String name, String said) {
        Layout layout = DestinyLayoutBuilder.of(Map.of(10, "EHS"), 2026)
                .rules(new Rules(Map.of(Rule.BLANKS_TRIMMED, action(action))))
                .build()
                .layout();
        PatronFile file = new PatronFile(layout, List.of(student(1, e -> e.setLastName(name))));
        file.forEach(row -> assertEquals(name.strip(), row.values().get(3)));
        assertEquals(
                Optional.ofNullable(said),
                file.problems().stream().map(Problem::done).findFirst());
    }

    /** What begins like a formula and is how the vendor knows somebody is not changed. */
    @Test
    void anIdentifierIsNeverChanged() {
        FreeLayoutSettings settings = free(
                new Rules(Map.of(Rule.FORMULA_LIKE, RuleAction.WARN)),
                new FreeColumn("Login", "Login", "{networkLogin}", 20, true, true, false));
        PatronFile file = new PatronFile(settings.layout(), List.of(student(1, e -> e.setNetworkLogin("-lee"))));
        file.forEach(row -> assertEquals("-lee", row.values().get(3)));
        assertEquals(
                List.of("sent as it is"),
                file.problems().stream().map(Problem::done).toList());
    }

    @Test
    void anIdOrASchoolOfZeroIsNoneForStudents() {
        assertEquals(
                "not-an-id ID of STU 0/7",
                problems(student(1, e -> e.setPrimary(enrollment(s -> s.setSchoolCode(0))))));
        assertEquals(
                "not-an-id ID of STU 10/0",
                problems(student(1, e -> e.setPrimary(enrollment(s -> s.setStudentNumber(0))))));
        assertEquals("not-an-id ID of STU 10/7", problems(student(0, e -> {})));
        assertEquals("not-an-id ID of STF", problems(staff(0, e -> {})));
        assertEquals(
                "staff-without-school (site)",
                problems(staff(1, e -> e.setPrimary(position(s -> s.setSchoolCode(0))))));
        assertEquals("", problems(student(1, e -> e.setPrimary(enrollment(s -> s.setSchoolCode(null))))));
    }

    @Test
    void atMostFiveRowsOfAnIdAreNamed() {
        assertEquals("not-an-id ID of STU 10/7, 1/1, 2/2, 3/3, 4/4", problems(withOthers(4)));
        assertEquals("not-an-id ID of STU 10/7, 1/1, 2/2, 3/3, 4/4 and 1 more", problems(withOthers(5)));
        assertEquals("not-an-id ID of STU 10/7, 1/1, 2/2, 3/3, 4/4 and 3 more", problems(withOthers(7)));
    }

    private static FeedEntry withOthers(int count) {
        return student(
                0,
                e -> e.setOthers(IntStream.rangeClosed(1, count)
                        .mapToObj(i -> enrollment(s -> s.setSchoolCode(i).setStudentNumber(i)))
                        .toList()));
    }

    private static String problems(FeedEntry entry) {
        Layout layout = free(Rules.USUAL, FreeColumn.of("ID", "{id}")).layout();
        return new PatronFile(layout, List.of(entry))
                .problems().stream()
                        .map(problem -> problem.rule().id() + " " + problem.field())
                        .collect(Collectors.joining(", "));
    }

    private static FreeLayoutSettings free(Rules rules, FreeColumn column) {
        return new FreeLayoutSettings(
                List.of(new FreeFile("", false, EnumSet.allOf(PatronKind.class), List.of(column))),
                false,
                FileFormat.USUAL,
                new TemplateContext(Map.of(10, "EHS"), Optional.empty(), 2026, Map.of()),
                rules);
    }
}
