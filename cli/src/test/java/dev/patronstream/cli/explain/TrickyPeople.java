package dev.patronstream.cli.explain;

import static dev.patronstream.cli.explain.TrickyFeed.at;
import static dev.patronstream.cli.explain.TrickyFeed.row;

import dev.patronstream.sandbox.oracle.FeedRules;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.schemas.feed.FeedSelection;
import dev.patronstream.schemas.feed.PatronRules;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** People whose rows have gone wrong in other systems, or could. */
final class TrickyPeople {

    private static final int SCHOOL_YEAR = 2026;
    private static final Map<Integer, String> SITES = Map.of(10, "EAGLEHS", 20, "EAGLEMS", 80, "SUMMER");
    private static final PatronRules RULES =
            new PatronRules(PatronRules.DEFAULT.statusByTag(), Set.of("Z"), Set.of(80), List.of());
    static final String GRINNING = "\uD83D\uDE00";

    private TrickyPeople() {}

    static List<TrickyFeed> feeds() {
        return List.of(usual(), switches(), everyStatus(), windows(), strictRules(), mildRules(), furtherColumns());
    }

    private static FeedSelection selection(PatronRules rules, Set<PatronStatus> statuses) {
        return new FeedSelection("destiny", SITES.keySet(), statuses, EnumSet.allOf(PatronKind.class), rules);
    }

    private static FeedSelection usualSelection() {
        return selection(RULES, EnumSet.of(PatronStatus.ACTIVE, PatronStatus.PRE_ENROLLED));
    }

    private static TrickyFeed usual() {
        TrickyFeed feed = new TrickyFeed(
                "With the defaults",
                1,
                """
                concurrent-programs: [Z]
                never-primary: [80]
                feeds:
                  destiny:
                    schools: [10, 20, 80]
                    sites: {10: EAGLEHS, 20: EAGLEMS, 80: SUMMER}
                """,
                usualSelection(),
                Optional.of(oracle(Set.of("active", "pre-enrolled"), List.of(), Optional.empty(), false, false)));
        statuses(feed);
        enrollments(feed);
        TrickyNames.of(feed);
        values(feed);
        staff(feed);
        return feed;
    }

    private static void statuses(TrickyFeed feed) {
        feed.student("a usual student", at(10));
        feed.student("DEL is NULL, as in rows from an import", at(10, "DEL", null));
        feed.student("the only row is soft-deleted", at(10, "DEL", true));
        feed.student("TG is NULL", at(10, "TG", null));
        feed.student("TG is the empty text", at(10, "TG", ""));
        feed.student("pre-enrolled, next grade known", at(10, "TG", "*", "GR", 8, "NG", 9));
        feed.student("pre-enrolled, next grade missing", at(10, "TG", "*", "GR", 8, "NG", null));
        feed.student("the tag is padded with blanks", at(10, "TG", " * ", "NG", 6));
        feed.student("a no-show", at(10, "TG", "N"));
        feed.student("inactive, padded tag", at(10, "TG", "I "));
        feed.student("a tag that nobody mapped", at(10, "TG", "Q"));
    }

    private static void enrollments(TrickyFeed feed) {
        LocalDate later = LocalDate.of(2026, 10, 5);
        feed.student("takes one class at the high school", at(10, "SP", "Z", "ED", later), at(20, "GR", 8));
        feed.student("transferred during the year", at(10, "TG", "I"), at(20, "ED", later));
        feed.student(
                "left: copied to the inactive school, old row soft-deleted",
                at(10, "TG", "I", "DEL", true),
                at(999, "TG", "I"));
        feed.student("left: only the row in the inactive school is there", at(999, "TG", "I"));
        feed.student("left and came back to the same school", at(10, "TG", "I"), at(10, "ED", later));
        feed.student("attends a school of another vendor, inactive here", at(40), at(10, "TG", "I"));
        feed.student("only in a school that the feed does not take", at(40));
        feed.student("active here, pre-enrolled at the next school", at(10, "TG", "*", "NG", 9), at(20, "GR", 8));
        feed.student("at summer school beside the middle school", at(80, "ED", later), at(20));
        feed.student("only at summer school", at(80));
        feed.student("two active rows, one entered later", at(10), at(20, "ED", later));
        feed.student("two active rows of the same day", at(20), at(10));
        feed.student("two active rows in one school", at(10), at(10));
        feed.student("two active rows, one without an enter date", at(10, "ED", null), at(20));
        feed.student("the active row is soft-deleted, an inactive one remains", at(10, "DEL", true), at(20, "TG", "I"));
    }

    private static void values(TrickyFeed feed) {
        feed.student("gender blank", at(10, "GN", " "));
        feed.student("gender X", at(10, "GN", "X"));
        feed.student("gender in lower case", at(10, "GN", "f"));
        feed.student("preschool", at(10, "GR", -2));
        feed.student("transitional kindergarten", at(10, "GR", -1));
        feed.student("kindergarten", at(10, "GR", 0));
        feed.student("adult school", at(10, "GR", 18));
        feed.student("a grade that Aeries does not have", at(10, "GR", 19));
        feed.student("no grade", at(10, "GR", null));
        feed.student("an e-mail address without a domain", at(10, "SEM", "ann.lee@"));
        feed.student("two e-mail addresses in one column", at(10, "SEM", "ann@example.org; lee@example.org"));
        feed.student("a no-break space behind the e-mail address", at(10, "SEM", "ann@example.org\u00A0"));
        feed.student("a no-break space inside the e-mail address", at(10, "SEM", "ann\u00A0@example.org"));
        feed.student("a zero-width space inside the e-mail address", at(10, "SEM", "ann@\u200Bexample.org"));
        feed.student("blanks around the e-mail address", at(10, "SEM", " ann@example.org "));
        feed.student("counselor and network login are filled, and not asked for", at(10, "CU", 33, "NID", "alee"));
        feed.together("a very short ID", SourceRow.student(10, 900, 7, row()));
        feed.together(
                "children whose ID is 0",
                SourceRow.student(10, 904, 0, row("LN", "Zero", "FN", "One")),
                SourceRow.student(10, 905, 0, row("LN", "Zero", "FN", "Two")),
                SourceRow.student(20, 906, 0, row("LN", "Zero", "FN", "Three")));
        feed.together("an ID below 0", SourceRow.student(10, 907, -5, row()));
        feed.together(
                "two children under one ID",
                SourceRow.student(10, 908, 3010, row()),
                SourceRow.student(20, 909, 3010, row("LN", "Park", "FN", "Kim")));
        feed.together(
                "a brother and a sister under one ID: one row, and a line in the report",
                SourceRow.student(10, 912, 3012, row("FN", "Ann")),
                SourceRow.student(20, 913, 3012, row("FN", "Bob")));
        feed.together(
                "one child whose name is written in two ways",
                SourceRow.student(10, 910, 3011, row("LN", "Nunez-Lee", "FN", "Zoe")),
                SourceRow.student(20, 911, 3011, row("LN", "N\u00FA\u00F1ez Lee", "FN", "Zo\u00EB Ann")));
    }

    private static void staff(TrickyFeed feed) {
        feed.staff("a usual teacher", row("EM", "kim@example.org"));
        feed.staff("inactive by tag", row("TG", "I"));
        feed.staff("left yesterday", row("LD", TrickyFeed.BUSINESS_DATE.minusDays(1)));
        feed.staff("leaves today", row("LD", TrickyFeed.BUSINESS_DATE));
        feed.staff("leaves next year", row("LD", LocalDate.of(2027, 6, 11)));
        feed.staff("district office: school 0", row("PSC", 0));
        feed.staff("no school at all", row("PSC", null));
        feed.together("a staff ID of 0", SourceRow.staff(0, row()));
        feed.staff("inactive by an invisible tag: active", row("TG", "\u200B"));
        feed.staff("at a school that the feed does not take", row("PSC", 40));
        feed.staff("soft-deleted", row("DEL", true));
        feed.together(
                "a student and a teacher with one ID",
                SourceRow.student(10, 901, 3001, row()),
                SourceRow.staff(3001, row()));
        feed.together(
                "one ID, and the teacher is left out for another reason",
                SourceRow.student(10, 902, 3002, row()),
                SourceRow.staff(3002, row("PSC", 0)));
        feed.together(
                "one ID, and the student has left",
                SourceRow.student(10, 903, 3003, row("TG", "I")),
                SourceRow.staff(3003, row()));
    }

    private static TrickyFeed switches() {
        TrickyFeed feed = new TrickyFeed(
                "With optional switches",
                201,
                """
                school-order: [20, 10]
                feeds:
                  destiny:
                    schools: [10, 20, 80]
                    sites: {10: EAGLEHS, 20: EAGLEMS, 80: SUMMER}
                    identifiers:
                      barcode: {student: "{id:%07d}", staff: "EAGLE-T-{id:%06d}"}
                    names: preferred
                    user-name: nid
                    homeroom: {schools: [20], source: CU}
                    grades: {18: Adult}
                    staff:
                      no-school: SUMMER
                      patron-type: {column: PS, map: {A: Administrator}, otherwise: Faculty}
                      is-teacher: {column: PS, map: {T: T}, otherwise: F}
                """,
                selection(
                        new PatronRules(RULES.statusByTag(), Set.of(), Set.of(), List.of(20, 10)),
                        EnumSet.of(PatronStatus.ACTIVE, PatronStatus.PRE_ENROLLED)),
                Optional.empty());
        LocalDate later = LocalDate.of(2026, 10, 5);
        feed.student("a preferred first name", at(10, "FNA", "Alex"));
        feed.student("a preferred name of blanks", at(10, "FNA", "  "));
        feed.student("school-order decides before the enter date", at(10, "ED", later), at(20, "CU", 33));
        feed.student("a homeroom number in a school without homerooms", at(10, "CU", 33));
        feed.student("counselor 0 means none", at(20, "CU", 0));
        feed.student("adult school has a text of its own", at(10, "GR", 18));
        feed.student("a user name", at(10, "NID", "alee1"));
        feed.together(
                "two students with one user name",
                SourceRow.student(10, 910, 3101, row("NID", "alee")),
                SourceRow.student(20, 911, 3102, row("NID", "alee")));
        feed.student("a user name of 51 characters", at(10, "NID", "a".repeat(51)));
        feed.staff("a teacher by position status", row("PS", "T"));
        feed.staff("an administrator", row("PS", "A "));
        feed.staff("school 0 gets the configured site", row("PSC", 0));
        feed.together("a barcode of 15 characters", SourceRow.staff(1_234_567, row()));
        return feed;
    }

    private static TrickyFeed everyStatus() {
        TrickyFeed feed = new TrickyFeed(
                "With every status",
                301,
                """
                feeds:
                  destiny:
                    schools: [10, 20, 80]
                    statuses: [active, pre-enrolled, inactive]
                    sites: {10: EAGLEHS, 20: EAGLEMS, 80: SUMMER}
                """,
                selection(PatronRules.DEFAULT, EnumSet.allOf(PatronStatus.class)),
                Optional.of(oracle(
                        Set.of("active", "pre-enrolled", "inactive"), List.of(), Optional.empty(), false, true)));
        feed.student("inactive: sent as I", at(10, "TG", "I"));
        feed.student("no-show: sent as I", at(10, "TG", "N"));
        feed.student("moved away, last in two schools", at(10, "TG", "I"), at(20, "TG", "I"));
        feed.staff("inactive by tag: sent as I", row("TG", "R"));
        feed.staff("left: sent as I", row("LD", LocalDate.of(2026, 6, 12)));
        return feed;
    }

    private static TrickyFeed windows() {
        TrickyFeed feed =
                new TrickyFeed("With the encoding windows-1252", 401, """
                feeds:
                  destiny:
                    schools: [10, 20, 80]
                    sites: {10: EAGLEHS, 20: EAGLEMS, 80: SUMMER}
                    encoding: windows-1252
                """, usualSelection(), Optional.empty());
        feed.student("accents that the encoding has", at(10, "LN", "Núñez"));
        feed.student("an accent behind its letter becomes one letter", at(10, "LN", "Nu\u0301n\u0303ez"));
        feed.student("a curly apostrophe is in the encoding", at(10, "LN", "O’Neil"));
        feed.student("a letter that the encoding lacks", at(10, "LN", "Łukasz"));
        return feed;
    }

    private static TrickyFeed strictRules() {
        TrickyFeed feed = new TrickyFeed("With strict rules", 501, """
                feeds:
                  destiny:
                    schools: [10, 20, 80]
                    sites: {10: EAGLEHS, 20: EAGLEMS, 80: SUMMER}
                    rules:
                      missing-last-name: hold-delivery
                      value-too-long: reject-row
                      control-character: blank-field
                      invalid-email: blank-field
                      unknown-grade: reject-row
                      formula-like: hold-delivery
                """, usualSelection(), Optional.empty());
        feed.student("no last name: left out, and the delivery waits", at(10, "LN", null));
        feed.student("43 characters", at(10, "LN", "x".repeat(43)));
        feed.student("a line break in a name that may be blank", at(10, "FN", "Ann\nMarie"));
        feed.student("a line break in the last name: blank is not allowed", at(10, "LN", "Lee\nSmith"));
        feed.student("an e-mail address without a domain", at(10, "SEM", "ann.lee@"));
        feed.student("a grade that Aeries does not have", at(10, "GR", 19));
        feed.student("would run as a formula: guarded, and the delivery waits", at(10, "LN", "@lee"));
        return feed;
    }

    private static TrickyFeed mildRules() {
        TrickyFeed feed = new TrickyFeed(
                "With mild rules, for people who open the file in a spreadsheet",
                601,
                """
                feeds:
                  destiny:
                    schools: [10, 20, 80]
                    sites: {10: EAGLEHS, 20: EAGLEMS, 80: SUMMER}
                    rules: {formula-like: warn, unknown-grade: warn, blanks-trimmed: warn, not-in-encoding: blank-field}
                    encoding: windows-1252
                """,
                usualSelection(),
                Optional.empty());
        feed.student("a name that begins with =", at(10, "LN", "=cmd|'/c calc'!A1"));
        feed.student("a name that begins with a hyphen", at(10, "LN", "-Smith"));
        feed.student("a grade that Aeries does not have: the number is sent", at(10, "GR", 19));
        feed.student("blanks before a name are worth a line", at(10, "FN", "  Ann"));
        feed.student("a letter that the encoding lacks, in the first name", at(10, "FN", "Łucja"));
        feed.student("a letter that the encoding lacks, in the last name", at(10, "LN", "Łukasz"));
        return feed;
    }

    private static TrickyFeed furtherColumns() {
        TrickyFeed feed = new TrickyFeed("With further columns", 701, """
                feeds:
                  destiny:
                    schools: [10, 20, 80]
                    sites: {10: EAGLEHS, 20: EAGLEMS, 80: SUMMER}
                    maps: {access: {student: Patron, staff: Library Aide}}
                    columns:
                      Access Level: "{kind|map:access}"
                      User Defined 1: "{STU.U1|else:'none'}"
                      Birth Date: "{birthDate|date:MM/dd/yyyy}"
                      Address 1 City: "{city|upper}"
                """, usualSelection(), Optional.empty());
        feed.student("everything is there", at(10, "U1", "BUS 7", "BD", LocalDate.of(2015, 2, 28), "CY", "Eagle Rock"));
        feed.student("everything is blank", at(10));
        feed.student("31 characters in a column of 30", at(10, "U1", "x".repeat(31)));
        feed.staff("staff have other columns", row("BD", LocalDate.of(1980, 2, 29)));
        return feed;
    }

    private static FeedRules oracle(
            Set<String> statuses,
            List<Integer> schoolOrder,
            Optional<String> noSchoolSite,
            boolean preferredNames,
            boolean plainRules) {
        FeedRules usual = FeedRules.usual(SCHOOL_YEAR, SITES);
        FeedRules.People who = usual.people();
        return new FeedRules(
                SCHOOL_YEAR,
                new FeedRules.People(who.schools(), who.primaryAmong(), statuses, true, true, SITES, noSchoolSite),
                new FeedRules.Enrollments(
                        usual.enrollments().statusByTag(),
                        plainRules ? Set.of() : Set.of("Z"),
                        plainRules ? Set.of() : Set.of(80),
                        schoolOrder),
                new FeedRules.Columns(
                        preferredNames,
                        usual.columns().identifiers(),
                        Set.of(),
                        false,
                        usual.columns().gradeTexts(),
                        true));
    }
}
