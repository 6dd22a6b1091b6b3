package dev.patronstream.sandbox.nextyear;

import dev.patronstream.sandbox.district.AeriesTable;
import dev.patronstream.sandbox.district.SchoolPlan;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** The schools of a year that teach, by their rows, and where their students go on to. */
final class TeachingSchools {

    private record Grades(int low, int high) {
        boolean has(int grade) {
            return grade >= low && grade <= high;
        }
    }

    private final Map<Integer, Grades> schools = new TreeMap<>();

    TeachingSchools(SchoolYearTables tables) {
        Iterator<Object[]> rows = tables.rows(AeriesTable.LOC);
        while (rows.hasNext()) {
            TableRow row = new TableRow(AeriesTable.LOC, rows.next());
            int code = row.number("CD");
            if (code != SchoolPlan.OFFICE && code != SchoolPlan.INACTIVE && row.isMissing("TG") && !row.isDeleted()) {
                schools.put(code, new Grades(row.number("LO"), row.number("HI")));
            }
        }
    }

    List<Integer> codes() {
        return List.copyOf(schools.keySet());
    }

    boolean teaches(int school, int grade) {
        Grades grades = schools.get(school);
        return grades != null && grades.has(grade);
    }

    /** The school after: all students of a school go on together. The school itself where nobody teaches the grade. */
    int after(int school, int grade) {
        List<Integer> next = teaching(grade);
        return next.isEmpty() ? school : next.get(Math.floorMod(school, next.size()));
    }

    /** Some other school with the grade; the school itself if there is none. */
    int other(int school, int grade, SplittableRandom random) {
        List<Integer> others = new ArrayList<>(teaching(grade));
        others.removeIf(code -> code == school);
        return others.isEmpty() ? school : others.get(random.nextInt(others.size()));
    }

    private List<Integer> teaching(int grade) {
        return schools.keySet().stream().filter(code -> teaches(code, grade)).toList();
    }
}
