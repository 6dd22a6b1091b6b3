package dev.patronstream.sandbox.nextyear;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.sandbox.district.AeriesTable;
import dev.patronstream.sandbox.district.District;
import dev.patronstream.sandbox.district.DistrictSettings;
import dev.patronstream.sandbox.district.DistrictSql;
import dev.patronstream.standin.SqlServerStandIn;
import dev.patronstream.standin.StandInDatabase;
import dev.patronstream.standin.StandInSettings;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NextSchoolYearTest {

    private static final int STUDENTS = 3_000;
    private static final District THIS_YEAR =
            new District(new DistrictSettings(3, STUDENTS, 2025, LocalDate.of(2026, 6, 1)));
    private static final NextSchoolYear NEXT_YEAR = new NextSchoolYear(THIS_YEAR::rows, 3, 2026);

    @TempDir
    Path directory;

    private static List<TableRow> rows(SchoolYearTables tables, AeriesTable table) {
        List<TableRow> rows = new ArrayList<>();
        Iterator<Object[]> all = tables.rows(table);
        while (all.hasNext()) {
            rows.add(new TableRow(table, all.next()));
        }
        return rows;
    }

    private static Map<Integer, List<TableRow>> students(SchoolYearTables tables) {
        return rows(tables, AeriesTable.STU).stream()
                .collect(Collectors.groupingBy(row -> row.number("ID"), TreeMap::new, Collectors.toList()));
    }

    private static boolean isActive(TableRow row) {
        return !row.isDeleted() && row.isMissing("TG") && row.number("SC") != 999;
    }

    private static boolean has(List<TableRow> rows, Predicate<TableRow> wanted) {
        return rows.stream().anyMatch(wanted);
    }

    private static List<String> text(SchoolYearTables tables) {
        return Arrays.stream(AeriesTable.values())
                .flatMap(table -> rows(tables, table).stream()
                        .map(row -> table + " "
                                + table.columns().stream().map(row::text).toList()))
                .sorted()
                .toList();
    }

    /** Tells the first row that differs, rather than thousands. */
    private static void assertSame(List<String> expected, List<String> actual) {
        List<String> missing = new ArrayList<>(expected);
        missing.removeAll(new HashSet<>(actual));
        List<String> unexpected = new ArrayList<>(actual);
        unexpected.removeAll(new HashSet<>(expected));
        assertEquals(
                List.of(),
                Stream.concat(missing.stream().limit(2), unexpected.stream().limit(2))
                        .toList());
        assertEquals(expected.size(), actual.size());
    }

    @Test
    void studentsAreTheSameAGradeHigherAndTheirKeysAreNotUsedTwice() {
        Map<Integer, List<TableRow>> before = students(THIS_YEAR::rows);
        Map<Integer, List<TableRow>> after = students(NEXT_YEAR);
        Set<List<Integer>> keys = new HashSet<>();
        int older = 0;
        int moved = 0;
        int graduated = 0;
        int left = 0;
        int arrived = 0;
        for (Map.Entry<Integer, List<TableRow>> student : after.entrySet()) {
            assertEquals(1, student.getValue().size(), "one row per student: " + student.getKey());
            TableRow row = student.getValue().get(0);
            assertTrue(keys.add(List.of(row.number("SC"), row.number("SN"))), "a key twice: " + student.getKey());
            List<TableRow> earlier = before.getOrDefault(student.getKey(), List.of());
            if (earlier.isEmpty()) {
                arrived++;
            } else if (row.number("SC") == 999) {
                assertEquals("I", row.text("TG"));
                boolean finished = has(earlier, old -> isActive(old) && old.number("GR") == 12);
                graduated += finished ? 1 : 0;
                left += finished ? 0 : 1;
            } else {
                assertTrue(isActive(row), "who goes on is active: " + student.getKey());
                int grade = row.number("GR");
                assertTrue(
                        has(earlier, old -> old.number("GR") + 1 == grade || old.number("NG") == grade)
                                || grade > 12
                                || has(earlier, old -> old.text("TG").equals("*") && old.isMissing("NG")),
                        "a grade higher: " + student.getKey());
                older++;
                moved += has(earlier, old -> old.number("SC") == row.number("SC")) ? 0 : 1;
            }
        }
        String counts = older + " older, " + moved + " moved, " + graduated + " graduated, " + left + " left, "
                + arrived + " new";
        assertTrue(older > STUDENTS * 3 / 4, counts);
        assertTrue(moved > STUDENTS / 12 && moved < STUDENTS / 4, counts);
        assertTrue(graduated > STUDENTS / 20, counts);
        assertTrue(left > 10, counts);
        assertTrue(arrived > STUDENTS / 20, counts);
        assertTrue(has(rows(NEXT_YEAR, AeriesTable.STU), row -> row.text("TG").equals("*")), "some come later");
    }

    @Test
    void whoWasPreEnrolledOrHasANextSchoolIsActiveThere() {
        Map<Integer, List<TableRow>> after = students(NEXT_YEAR);
        int seen = 0;
        for (Map.Entry<Integer, List<TableRow>> student :
                students(THIS_YEAR::rows).entrySet()) {
            List<TableRow> live =
                    student.getValue().stream().filter(row -> !row.isDeleted()).toList();
            List<TableRow> expected =
                    live.stream().filter(row -> row.text("TG").equals("*")).toList();
            if (!expected.isEmpty()) {
                TableRow row = after.get(student.getKey()).get(0);
                assertEquals(expected.get(0).number("SC"), row.number("SC"), "student " + student.getKey());
                assertEquals(expected.get(0).number("SN"), row.number("SN"), "student " + student.getKey());
                assertTrue(isActive(row), "student " + student.getKey());
                seen++;
            } else if (has(live, row -> isActive(row) && !row.isMissing("NS") && row.number("GR") < 12)) {
                TableRow row = after.get(student.getKey()).get(0);
                assertTrue(
                        row.number("SC") == 999 || has(live, old -> old.number("NS") == row.number("SC")),
                        "student " + student.getKey());
                seen++;
            }
        }
        assertTrue(seen > STUDENTS / 40, "seen " + seen);
    }

    @Test
    void theSameTablesGiveTheSameRowsFromTheGeneratorAndFromADatabase() throws SQLException {
        assertSame(text(NEXT_YEAR), text(new NextSchoolYear(THIS_YEAR::rows, 3, 2026)));
        assertTrue(!text(NEXT_YEAR).equals(text(new NextSchoolYear(THIS_YEAR::rows, 4, 2026))), "the seed counts");

        try (SqlServerStandIn server =
                SqlServerStandIn.start(StandInSettings.in(directory).withDatabase("DST25000EAGLE"))) {
            try (Connection connection = connect(server, server.jdbcUrl())) {
                run(connection, DistrictSql.createTables());
                THIS_YEAR.load(server::bulkLoad);
                assertSame(text(NEXT_YEAR), text(new NextSchoolYear(new DatabaseTables(connection), 3, 2026)));

                StandInDatabase next = server.createDatabase(NextSchoolYear.databaseAfter(server.database()));
                assertEquals("DST26000EAGLE", next.name());
                try (Connection there = connect(server, next.jdbcUrl())) {
                    run(there, DistrictSql.createTables());
                    new NextSchoolYear(new DatabaseTables(connection), 3, 2026).load(next::bulkLoad);
                    assertSame(text(NEXT_YEAR), text(new DatabaseTables(there)));
                }
            }
        }
    }

    private static Connection connect(SqlServerStandIn server, String url) throws SQLException {
        return DriverManager.getConnection(url, server.user(), server.password());
    }

    private static void run(Connection connection, List<String> batches) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String batch : batches) {
                statement.execute(batch);
            }
        }
    }
}
