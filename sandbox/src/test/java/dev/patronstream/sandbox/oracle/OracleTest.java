package dev.patronstream.sandbox.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OracleTest {

    private static final LocalDate TODAY = LocalDate.of(2026, 11, 24);
    private static final Instant NOON = Instant.parse("2026-11-24T20:00:00Z");
    private static final FeedRules USUAL = FeedRules.usual(2026, Map.of(10, "EAGLEHS", 20, "EAGLEMS"));

    private static ExpectedFile expected(HandmadeTables tables) {
        return Oracle.expected(tables, USUAL, TODAY);
    }

    private static List<String> people(ExpectedFile file) {
        return file.rows().stream().map(ExpectedFile.Row::person).toList();
    }

    /** The value of a column for the only person in the file. */
    private static String value(String header, HandmadeTables tables, FeedRules rules) {
        ExpectedFile file = Oracle.expected(tables, rules, TODAY);
        assertEquals(1, file.rows().size(), file.leftOut()::toString);
        return file.rows().get(0).values().get(file.header().indexOf(header));
    }

    @Test
    void fileIsWrittenByteForByte() {
        HandmadeTables tables = new HandmadeTables()
                .staff(1203, 20, "LN", "Peña  ", "FN", "Ana", "MN", null, "EM", "ana@eagle.example   ", "GN", "F")
                .student(
                        10,
                        34,
                        99400002,
                        "LN",
                        "O'Brien, Jr.",
                        "FN",
                        "William \"Bill\"",
                        "MN",
                        " ",
                        "SEM",
                        "bill@eagle.example",
                        "GN",
                        "M",
                        "GR",
                        12)
                .student(20, 7, 99400001, "LN", "Łódź", "FN", "李", "MN", "Q", "GR", 7, "GN", "X", "SEM", null);

        assertEquals(
                String.join(
                        "\r\n",
                        "Site Short Name,Barcode,District ID,Last Name,First Name,Middle Name,Nickname,Patron Type,Status,"
                                + "Gender,Homeroom,Grade Level,Is Teacher,Graduation Year,User Name,Email 1",
                        "EAGLEMS,99400001,99400001,Łódź,李,Q,,Student,A,U,,7,F,2032,,",
                        "EAGLEHS,99400002,99400002,\"O'Brien, Jr.\",\"William \"\"Bill\"\"\",,,Student,A,M,,12,F,2027,,"
                                + "bill@eagle.example",
                        "EAGLEMS,T1203,1203,Peña,Ana,,,Faculty,A,F,,,,,,ana@eagle.example",
                        ""),
                new String(expected(tables).csv(), StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "NULL",
            value = {"NULL,true", "'',true", "' ',true", "*,true", "I,false", "N,false", "R,false"})
    void tagDecidesWhoIsSent(@Nullable String tag, boolean sent) {
        assertEquals(
                sent,
                !people(expected(new HandmadeTables().student(10, 1, 1, "TG", tag)))
                        .isEmpty());
    }

    @Test
    void softDeletedRowsAreNotThere() {
        HandmadeTables tables = new HandmadeTables()
                .student(10, 1, 1, "DEL", true)
                .student(10, 2, 2, "DEL", false)
                .student(10, 3, 3, "DEL", null)
                .student(10, 4, 4, "DEL", 1)
                .staff(5, 10, "DEL", true);
        assertEquals(List.of("student/2", "student/3"), people(expected(tables)));
    }

    @Test
    void personIsSentOnceByTheFirstStepOfTheOrderThatTells() {
        LocalDateTime august = LocalDateTime.of(2026, 8, 12, 0, 0);
        assertEquals("EAGLEMS", site(new HandmadeTables().student(30, 1, 1).student(20, 1, 1, "TG", "*")));
        assertEquals(
                "EAGLEMS",
                site(new HandmadeTables().student(10, 1, 1, "TG", "*").student(20, 1, 1)));
        assertEquals(
                "EAGLEHS",
                site(new HandmadeTables().student(10, 1, 1, "TG", "*").student(20, 1, 1, "TG", "I")));
        assertEquals(
                "EAGLEMS",
                site(new HandmadeTables().student(10, 1, 1, "ED", august).student(20, 1, 1, "ED", august.plusDays(1))),
                "latest enter date");
        assertEquals(
                "EAGLEMS",
                site(new HandmadeTables().student(10, 1, 1, "ED", null).student(20, 1, 1, "ED", august)),
                "any enter date before none");
        assertEquals("EAGLEHS", site(new HandmadeTables().student(20, 1, 1).student(10, 9, 1)), "lowest school");
        assertEquals(
                "first",
                value(
                        "First Name",
                        new HandmadeTables().student(10, 2, 1, "FN", "second").student(10, 1, 1, "FN", "first"),
                        USUAL),
                "lowest number");
    }

    @Test
    void districtsOwnOrderComesBeforeTheDates() {
        HandmadeTables eighthGrader = new HandmadeTables()
                .student(20, 1, 1, "SP", " ", "ED", LocalDateTime.of(2026, 8, 1, 0, 0))
                .student(10, 1, 1, "SP", "C", "ED", LocalDateTime.of(2026, 9, 1, 0, 0));
        assertEquals("EAGLEHS", site(eighthGrader));
        assertEquals("EAGLEMS", value("Site Short Name", eighthGrader, rules(Set.of("C"), Set.of(), List.of())));
        assertEquals("EAGLEMS", value("Site Short Name", eighthGrader, rules(Set.of(), Set.of(10), List.of())));
        assertEquals("EAGLEMS", value("Site Short Name", eighthGrader, rules(Set.of(), Set.of(), List.of(20))));
        assertEquals(
                "EAGLEHS",
                value("Site Short Name", eighthGrader, rules(Set.of(), Set.of(20), List.of(20))),
                "never-primary is asked before the order of schools");
    }

    private static String site(HandmadeTables tables) {
        return value("Site Short Name", tables, USUAL);
    }

    private static FeedRules rules(Set<String> concurrent, Set<Integer> neverPrimary, List<Integer> order) {
        return new FeedRules(
                2026,
                new FeedRules.People(
                        USUAL.people().schools(),
                        USUAL.people().primaryAmong(),
                        USUAL.people().statuses(),
                        true,
                        true,
                        USUAL.people().sites(),
                        Optional.empty()),
                new FeedRules.Enrollments(USUAL.enrollments().statusByTag(), concurrent, neverPrimary, order),
                new FeedRules.Columns(
                        false,
                        USUAL.columns().identifiers(),
                        Set.of(),
                        false,
                        USUAL.columns().gradeTexts(),
                        true));
    }

    @ParameterizedTest
    @CsvSource({"-2,PK,''", "-1,TK,2040", "0,K,2039", "1,1,2038", "8,8,2031", "12,12,2027", "13,13,''", "18,18,''"})
    void gradeAndGraduationYearFollowTheGrade(int grade, String text, String year) {
        HandmadeTables tables = new HandmadeTables().student(10, 1, 1, "GR", grade);
        assertEquals(text, value("Grade Level", tables, USUAL));
        assertEquals(year, value("Graduation Year", tables, USUAL));
    }

    @Test
    void preEnrolledStudentsGraduateByTheirNextGradeAYearLater() {
        HandmadeTables known = new HandmadeTables().student(10, 1, 1, "TG", "*", "GR", 8, "NG", 9);
        assertEquals("2031", value("Graduation Year", known, USUAL));
        assertEquals("8", value("Grade Level", known, USUAL));
        HandmadeTables unknown = new HandmadeTables().student(10, 1, 1, "TG", "*", "GR", 8, "NG", null);
        assertEquals("", value("Graduation Year", unknown, USUAL));
    }

    @Test
    void whoBreaksARuleIsLeftOutAndNamed() {
        HandmadeTables tables = new HandmadeTables()
                .student(10, 1, 1, "LN", null)
                .student(10, 2, 2, "LN", " \t ")
                .student(10, 3, 1203)
                .staff(1203, 10)
                .staff(7, 0)
                .staff(8, null)
                .staff(9, 99)
                .student(10, 4, 1_000);
        ExpectedFile file = expected(tables);
        assertEquals(List.of("student/1000"), people(file));
        assertEquals(
                Map.of(
                        "student/1", "missing-last-name",
                        "student/2", "missing-last-name",
                        "student/1203", "duplicate-district-id",
                        "staff/1203", "duplicate-district-id",
                        "staff/7", "staff-without-school",
                        "staff/8", "staff-without-school"),
                file.leftOut());
    }

    @Test
    void personWhoIsNotSentCollidesWithNobody() {
        HandmadeTables tables =
                new HandmadeTables().student(10, 1, 1203, "LN", "").staff(1203, 10);
        assertEquals(List.of("staff/1203"), people(expected(tables)));
    }

    @Test
    void staffLeavesTheDayAfterTheLeaveDate() {
        HandmadeTables tables = new HandmadeTables()
                .staff(1, 10, "LD", TODAY.minusDays(1).atStartOfDay())
                .staff(2, 10, "LD", TODAY.atStartOfDay())
                .staff(3, 10, "LD", TODAY.plusDays(1).atStartOfDay())
                .staff(4, 10, "TG", "I");
        assertEquals(List.of("staff/2", "staff/3"), people(expected(tables)));
        assertEquals(List.of("staff/3"), people(Oracle.expected(tables, USUAL, TODAY.plusDays(1))));
    }

    @Test
    void valuesAreTidiedAndCut() {
        String sixtyLetters = "abcdefghij".repeat(6);
        HandmadeTables tables = new HandmadeTables()
                .student(10, 1, 1, "LN", " two\r\nlines\t", "FN", sixtyLetters, "MN", "a".repeat(41) + " b");
        assertEquals("two lines", value("Last Name", tables, USUAL));
        assertEquals(sixtyLetters.substring(0, 42), value("First Name", tables, USUAL));
        assertEquals("a".repeat(41), value("Middle Name", tables, USUAL), "no blank at the cut");
        HandmadeTables beyondTheBasicPlane = new HandmadeTables().student(10, 1, 1, "LN", "😀".repeat(43));
        assertEquals("😀".repeat(42), value("Last Name", beyondTheBasicPlane, USUAL));
    }

    @Test
    void identifiersAreNeverCut() {
        FeedRules.Identifiers tooLong = new FeedRules.Identifiers("P {id:%013d}", "T{id}", "{id:%07d}", "{id:%041d}");
        FeedRules rules = withIdentifiers(tooLong);
        ExpectedFile file =
                Oracle.expected(new HandmadeTables().student(10, 1, 1).staff(2, 10), rules, TODAY);
        assertEquals(Map.of("student/1", "barcode-too-long", "staff/2", "district-id-too-long"), file.leftOut());
        FeedRules padded = withIdentifiers(new FeedRules.Identifiers("P {id}", "T{id}", "{id:%07d}", "{id}"));
        assertEquals("0000042", value("District ID", new HandmadeTables().student(10, 1, 42), padded));
        assertEquals("P 42", value("Barcode", new HandmadeTables().student(10, 1, 42), padded));
    }

    private static FeedRules withIdentifiers(FeedRules.Identifiers identifiers) {
        return new FeedRules(
                2026,
                new FeedRules.People(
                        USUAL.people().schools(),
                        USUAL.people().primaryAmong(),
                        USUAL.people().statuses(),
                        true,
                        true,
                        USUAL.people().sites(),
                        Optional.empty()),
                new FeedRules.Enrollments(USUAL.enrollments().statusByTag(), Set.of(), Set.of(), List.of()),
                new FeedRules.Columns(
                        false, identifiers, Set.of(), false, USUAL.columns().gradeTexts(), true));
    }

    @Test
    void switchesOfADistrictApply() {
        FeedRules rules = new FeedRules(
                2026,
                new FeedRules.People(
                        Set.of(10, 30),
                        Set.of(10, 30),
                        Set.of("inactive"),
                        true,
                        true,
                        Map.of(10, "EAGLEHS"),
                        Optional.of("EAGLEDO")),
                new FeedRules.Enrollments(Map.of("", "inactive", "R", "active"), Set.of(), Set.of(), List.of()),
                new FeedRules.Columns(true, FeedRules.Identifiers.USUAL, Set.of(10), true, Map.of(9, "Ninth"), false));
        HandmadeTables tables = new HandmadeTables()
                .student(10, 1, 1, "LNA", "Chosen", "FNA", " ", "CU", 117, "NID", "login", "TG", "")
                .student(10, 2, 2, "TG", "R")
                .student(30, 1, 3)
                .staff(4, 0, "TG", "I");
        ExpectedFile file = Oracle.expected(tables, rules, TODAY);
        assertEquals(
                String.join(
                        "\r\n",
                        "EAGLEHS,1,1,Chosen,First,,,Student,I,F,117,Ninth,F,2030,login,",
                        "EAGLEDO,T4,4,Last,First,,,Faculty,I,M,,,,,,",
                        ""),
                new String(file.csv(), StandardCharsets.UTF_8));
        assertEquals(Map.of("student/3", "missing-site"), file.leftOut());
        assertFalse(people(file).contains("student/2"));
    }

    @Test
    void whoLeftIsSentAsInactiveWithTheLastRowUntilTheTimeIsOver() {
        VendorMemory nothing = VendorMemory.empty(Duration.ofDays(90));
        ExpectedFile both = expected(new HandmadeTables().student(10, 1, 1).staff(2, 20));
        ExpectedFile one = expected(new HandmadeTables().student(10, 1, 1, "FN", "Other"));
        VendorMemory.Delivery first = nothing.next(both, NOON);
        assertEquals(both, first.file());

        VendorMemory.Delivery second = first.memory().next(one, NOON.plus(Duration.ofDays(1)));
        assertEquals(
                List.of(
                        "EAGLEHS,1,1,Last,Other,,,Student,A,F,,9,F,2030,,",
                        "EAGLEMS,T2,2,Last,First,,,Faculty,I,M,,,,,,"),
                second.file().rows().stream()
                        .map(row -> String.join(",", row.values()))
                        .toList());
        VendorMemory.Delivery third = second.memory().next(one, NOON.plus(Duration.ofDays(90)));
        assertEquals(second.file(), third.file());
        assertEquals(
                one, third.memory().next(one, NOON.plus(Duration.ofDays(91))).file());
        assertEquals(
                both, third.memory().next(both, NOON.plus(Duration.ofDays(91))).file());
    }

    @Test
    void whoIsLeftOutForAFaultIsSentAsInactiveLikeWhoHasLeft() {
        ExpectedFile sent = expected(new HandmadeTables().student(10, 1, 1));
        ExpectedFile nameless = expected(new HandmadeTables().student(10, 1, 1, "LN", " "));
        VendorMemory memory =
                VendorMemory.empty(Duration.ofDays(90)).next(sent, NOON).memory();
        List<ExpectedFile.Row> rows = memory.next(nameless, NOON).file().rows();
        assertEquals(1, rows.size());
        assertEquals("I", rows.get(0).values().get(sent.header().indexOf("Status")));
    }

    @Test
    void aLeaverWhoseBarcodeSomebodyElseHasIsNotSent() {
        ExpectedFile sent = expected(new HandmadeTables().student(10, 1, 1));
        VendorMemory memory =
                VendorMemory.empty(Duration.ofDays(90)).next(sent, NOON).memory();
        FeedRules plain = new FeedRules(
                USUAL.schoolYear(),
                new FeedRules.People(
                        USUAL.people().schools(),
                        USUAL.people().primaryAmong(),
                        USUAL.people().statuses(),
                        true,
                        true,
                        USUAL.people().sites(),
                        Optional.empty()),
                new FeedRules.Enrollments(USUAL.enrollments().statusByTag(), Set.of(), Set.of(), List.of()),
                new FeedRules.Columns(
                        false,
                        new FeedRules.Identifiers("{id}", "{id}", "{id}", "S{id}"),
                        Set.of(),
                        false,
                        USUAL.columns().gradeTexts(),
                        true));
        ExpectedFile other = Oracle.expected(new HandmadeTables().staff(1, 10), plain, TODAY);
        assertEquals(List.of("staff/1"), people(memory.next(other, NOON).file()));
    }
}
