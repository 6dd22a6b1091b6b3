package dev.patronstream.sandbox.district;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.sandbox.oracle.ExpectedFile;
import dev.patronstream.sandbox.oracle.FeedRules;
import dev.patronstream.sandbox.oracle.Oracle;
import dev.patronstream.sandbox.oracle.TablesAsOf;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DistrictTest {

    private static final LocalDate TODAY = LocalDate.of(2026, 11, 24);

    private static District district(long seed, int students) {
        return new District(new DistrictSettings(seed, students, 2026, TODAY));
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 2000})
    void everyKindOfMessIsThere(int students) {
        District district = district(7, students);
        List<GeneratedRow> rows = GeneratedRow.all(district, AeriesTable.STU);
        Map<Integer, List<GeneratedRow>> byStudent =
                rows.stream().collect(Collectors.groupingBy(row -> row.number("ID")));
        CharsetEncoder windows = Charset.forName("windows-1252").newEncoder();

        Map<Mess, Long> found = new LinkedHashMap<>();
        found.put(Mess.TRANSFERRED, students(byStudent, DistrictTest::isTransferred));
        found.put(Mess.CONCURRENT, students(byStudent, DistrictTest::isConcurrent));
        found.put(
                Mess.LEFT_AND_REMOVED,
                students(byStudent, s -> s.size() == 1 && s.get(0).number("SC") == 999));
        found.put(
                Mess.LEFT_AND_SOFT_DELETED,
                students(byStudent, s -> has(s, r -> r.number("SC") == 999) && has(s, r -> !r.isLive())));
        found.put(Mess.NO_SHOW, count(rows, r -> r.hasTag("N")));
        found.put(
                Mess.PRE_ENROLLED_ELSEWHERE,
                students(byStudent, s -> has(s, GeneratedRow::isActive) && has(s, r -> r.hasTag("*"))));
        found.put(
                Mess.PRE_ENROLLED_NEW,
                students(byStudent, s -> s.size() == 1 && s.get(0).hasTag("*")));
        found.put(Mess.PRE_ENROLLED_WITHOUT_NEXT_GRADE, count(rows, r -> r.hasTag("*") && r.get("NG") == null));
        found.put(
                Mess.INACTIVE,
                students(
                        byStudent,
                        s -> s.size() == 1 && s.get(0).hasTag("I") && s.get(0).number("SC") != 999));
        found.put(Mess.CAME_BACK, students(byStudent, DistrictTest::cameBack));
        found.put(Mess.OTHER_TAG, count(rows, r -> r.hasTag("R")));
        found.put(
                Mess.SOFT_DELETED,
                students(byStudent, s -> s.size() == 1 && !s.get(0).isLive()));
        found.put(Mess.DEL_NULL, count(rows, r -> r.get("DEL") == null));
        found.put(Mess.TAG_SPACE, count(rows, r -> " ".equals(r.get("TG"))));
        found.put(Mess.TAG_NULL, count(rows, r -> r.get("TG") == null));
        found.put(Mess.APOSTROPHE, count(rows, r -> r.text("LN").contains("'")));
        found.put(Mess.COMMA, count(rows, r -> r.text("LN").contains(",")));
        found.put(Mess.QUOTES, count(rows, r -> r.text("FN").contains("\"")));
        found.put(Mess.ACCENTS, count(rows, r -> r.text("LN").matches("(?s).*[ñéáüøç].*")));
        found.put(Mess.BEYOND_WINDOWS_1252, count(rows, r -> !windows.canEncode(r.text("LN"))));
        found.put(
                Mess.LEADING_AND_TRAILING_BLANKS,
                count(rows, r -> r.text("LN").startsWith(" ") && r.text("FN").endsWith(" ")));
        found.put(Mess.PREFERRED_NAMES, count(rows, r -> !r.isMissing("FNA")));
        found.put(Mess.NO_MIDDLE_NAME, count(rows, r -> r.isMissing("MN")));
        found.put(Mess.NO_EMAIL, count(rows, r -> r.isMissing("SEM")));
        found.put(Mess.LINE_BREAK, count(rows, r -> r.text("LN").matches("(?s).*[\r\n\t].*")));
        found.put(Mess.OVERLONG_NAME, count(rows, r -> r.text("LN").strip().length() > 42));
        found.put(Mess.NO_LAST_NAME, count(rows, r -> r.isMissing("LN")));
        found.put(Mess.GENDER_BLANK, count(rows, r -> r.isMissing("GN")));
        found.put(Mess.GENDER_OTHER, count(rows, r -> r.text("GN").matches("[XN]")));

        assertEquals(Set.of(Mess.values()), found.keySet(), "every kind is looked for");
        found.forEach((mess, count) -> assertTrue(count > 0, mess + " is missing: " + found));
        assertTrue(count(rows, r -> "".equals(r.get("TG"))) > 0, "empty tags");
        assertTrue(count(rows, r -> Boolean.FALSE.equals(r.get("DEL"))) > 0, "DEL 0");
        for (int grade = -2; grade <= 18; grade++) {
            int wanted = grade;
            assertTrue(count(rows, r -> r.number("GR") == wanted) > 0, "grade " + grade);
        }
        assertTrue(
                count(rows, r -> r.number("SC") >= 30 && r.number("SC") < 90 && r.number("CU") >= 100) > 0,
                "homeroom numbers in elementary schools");
        assertTrue(count(rows, r -> r.number("SN") == 1) > 3, "student numbers reused across schools");
    }

    private static boolean isTransferred(List<GeneratedRow> rows) {
        return has(
                rows,
                now -> now.isActive()
                        && has(
                                rows,
                                before -> before.hasTag("I")
                                        && before.number("SC") != now.number("SC")
                                        && before.number("SC") != 999
                                        && before.get("LD") != null));
    }

    private static boolean cameBack(List<GeneratedRow> rows) {
        return has(
                rows,
                now -> now.isActive()
                        && has(rows, before -> before.hasTag("I") && before.number("SC") == now.number("SC")));
    }

    private static boolean isConcurrent(List<GeneratedRow> rows) {
        return rows.stream()
                                .filter(GeneratedRow::isActive)
                                .map(r -> r.number("SC"))
                                .distinct()
                                .count()
                        > 1
                && has(rows, r -> "C".equals(r.get("SP")));
    }

    private static boolean has(List<GeneratedRow> rows, Predicate<GeneratedRow> wanted) {
        return rows.stream().anyMatch(wanted);
    }

    private static long count(List<GeneratedRow> rows, Predicate<GeneratedRow> wanted) {
        return rows.stream().filter(wanted).count();
    }

    private static long students(Map<Integer, List<GeneratedRow>> byStudent, Predicate<List<GeneratedRow>> wanted) {
        return byStudent.values().stream().filter(wanted).count();
    }

    @Test
    void staffIsAwkwardToo() {
        District district = district(7, 200);
        List<GeneratedRow> staff = GeneratedRow.all(district, AeriesTable.STF);
        Set<Integer> students = GeneratedRow.all(district, AeriesTable.STU).stream()
                .map(row -> row.number("ID"))
                .collect(Collectors.toSet());
        LocalDateTime midnight = TODAY.atStartOfDay();

        assertTrue(count(staff, r -> students.contains(r.number("ID"))) > 0, "an ID that is also a student's");
        assertTrue(count(staff, r -> r.number("PSC") == 0) > 0, "school 0");
        assertTrue(count(staff, r -> r.get("PSC") == null) > 0, "no school");
        assertTrue(count(staff, r -> r.number("PSC") == 98) > 0, "a closed school");
        assertTrue(count(staff, r -> r.hasTag("I")) > 0, "inactive by tag");
        assertTrue(count(staff, r -> r.get("LD") != null && ((LocalDateTime) r.get("LD")).isBefore(midnight)) > 0);
        assertTrue(count(staff, r -> midnight.equals(r.get("LD"))) > 0, "leaves today");
        assertTrue(count(staff, r -> midnight.plusDays(1).equals(r.get("LD"))) > 0, "leaves tomorrow");
        assertTrue(count(staff, r -> !r.isLive()) > 0, "soft-deleted");
        assertTrue(count(staff, r -> r.isMissing("EM")) > 0, "without e-mail");
        assertTrue(count(staff, r -> r.isMissing("LN")) > 0, "without last name");
        assertEquals(
                staff.size(), staff.stream().map(r -> r.number("ID")).distinct().count(), "IDs are unique among staff");
    }

    @Test
    void everyReasonForLeavingSomebodyOutIsInTheFeed() {
        District district = district(7, 200);
        TablesAsOf tables = (name, reader) -> {
            AeriesTable table = AeriesTable.valueOf(name);
            district.rows(table).forEachRemaining(values -> {
                Map<String, Object> row = new HashMap<>();
                for (int i = 0; i < values.length; i++) {
                    row.put(table.columns().get(i), values[i]);
                }
                reader.accept(row);
            });
        };
        ExpectedFile file = Oracle.expected(tables, FeedRules.usual(2026, district.sites()), TODAY);
        assertEquals(
                Set.of("missing-last-name", "duplicate-district-id", "staff-without-school"),
                Set.copyOf(file.leftOut().values()));
        assertTrue(file.rows().size() > 70, "rows: " + file.rows().size());
    }

    @Test
    void schoolsAreOfAllKinds() {
        Map<Integer, GeneratedRow> schools = new HashMap<>();
        GeneratedRow.all(district(7, 2000), AeriesTable.LOC).forEach(row -> schools.put(row.number("CD"), row));
        assertTrue(
                schools.keySet().containsAll(Set.of(0, 10, 20, 30, 31, 32, 90, 98, 999)), schools.keySet()::toString);
        assertFalse(schools.get(98).isMissing("TG"), "a closed school");
        assertTrue(schools.get(10).isMissing("TG"));
        assertEquals(Map.of(10, "EAGLEHS", 20, "EAGLEMS"), district(7, 2000).sites());
    }

    @Test
    void equalSettingsGiveEqualRowsAndOtherSeedsOthers() {
        for (AeriesTable table : AeriesTable.values()) {
            Iterator<Object[]> one = district(7, 500).rows(table);
            Iterator<Object[]> same = district(7, 500).rows(table);
            while (one.hasNext()) {
                assertArrayEquals(one.next(), same.next());
            }
            assertFalse(same.hasNext());
        }
        assertNotEquals(fingerprint(district(7, 500)), fingerprint(district(8, 500)));
    }

    private static int fingerprint(District district) {
        return GeneratedRow.all(district, AeriesTable.STU).stream()
                .map(row -> List.of(row.text("LN"), row.text("FN"), row.text("TG")))
                .toList()
                .hashCode();
    }

    @Test
    void noStudentsMeansEmptyTables() {
        District empty = district(7, 0);
        for (AeriesTable table : AeriesTable.values()) {
            assertFalse(empty.rows(table).hasNext(), table.name());
        }
        assertEquals(Map.of(10, "EAGLEHS", 20, "EAGLEMS"), empty.sites(), "a feed for what is written by hand");
    }

    @Test
    void aMillionStudentsAreMadeOneByOneInSchoolsOfUsualSize() {
        District large = district(7, DistrictSettings.MOST_STUDENTS);
        Map<Integer, Integer> perSchool = new HashMap<>();
        Set<Long> keys = new HashSet<>();
        Iterator<Object[]> rows = large.rows(AeriesTable.STU);
        int count = 0;
        while (rows.hasNext()) {
            Object[] row = rows.next();
            perSchool.merge((Integer) row[0], 1, Integer::sum);
            assertTrue(keys.add((Integer) row[0] * 10_000_000L + (Integer) row[1]), "key used twice");
            count++;
        }
        assertTrue(count > DistrictSettings.MOST_STUDENTS, "rows: " + count);
        perSchool.forEach((code, size) ->
                assertTrue(size < 4_000 || code == 90 || code == 999, "school " + code + " has " + size));
        List<GeneratedRow> schools = GeneratedRow.all(large, AeriesTable.LOC);
        assertEquals(
                schools.size(),
                schools.stream().map(r -> r.number("CD")).distinct().count());
        assertTrue(schools.size() > 500);
    }

    @ParameterizedTest
    @EnumSource(AeriesTable.class)
    void textsFitTheirColumns(AeriesTable table) {
        Map<String, Integer> lengths = new HashMap<>();
        Matcher texts = Pattern.compile("\\[(\\w+)] n?(?:var)?char\\((\\d+)\\)").matcher(table.createStatement());
        while (texts.find()) {
            lengths.put(texts.group(1), Integer.parseInt(texts.group(2)));
        }
        district(7, 100_000).rows(table).forEachRemaining(row -> {
            for (int i = 0; i < row.length; i++) {
                if (row[i] instanceof String text) {
                    String column = table.columns().get(i);
                    assertTrue(text.length() <= lengths.get(column), column);
                }
            }
        });
    }
}
