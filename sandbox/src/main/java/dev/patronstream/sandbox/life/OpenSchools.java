package dev.patronstream.sandbox.life;

import dev.patronstream.sandbox.district.Population;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** The schools that teach, as the database has them. */
final class OpenSchools {

    private final Map<Integer, Grades> grades = new TreeMap<>();
    private final List<Integer> codes;

    private record Grades(int low, int high) {

        /** Elementary schools, the schools after them, and adult schools do not exchange students. */
        int stage() {
            return high <= 5 ? 0 : high <= 12 ? 1 : 2;
        }
    }

    OpenSchools(Desk desk) throws SQLException {
        String where = " FROM [dbo].[LOC] WHERE [CD] NOT IN (0, 999) AND " + Population.ACTIVE;
        for (int code : desk.numbers("SELECT [CD]" + where + " ORDER BY [CD]")) {
            int low = desk.number("SELECT [LO] FROM [dbo].[LOC] WHERE [CD] = ?", code)
                    .orElse(0);
            int high = desk.number("SELECT [HI] FROM [dbo].[LOC] WHERE [CD] = ?", code)
                    .orElse(low);
            grades.put(code, new Grades(low, Math.max(low, high)));
        }
        codes = List.copyOf(grades.keySet());
    }

    List<Integer> all() {
        return codes;
    }

    int some(SplittableRandom random) {
        return codes.get(random.nextInt(codes.size()));
    }

    /** Another school that students of this one may go to. */
    Optional<Integer> someOther(int school, SplittableRandom random) {
        List<Integer> others = new ArrayList<>(codes);
        int stage = of(school).stage();
        others.removeIf(code -> code == school || of(code).stage() != stage);
        return some(others, random);
    }

    Optional<Integer> someForGrade(int grade, SplittableRandom random) {
        List<Integer> fitting = new ArrayList<>(codes);
        fitting.removeIf(code -> grade < of(code).low() || grade > of(code).high());
        return some(fitting, random);
    }

    int someGrade(int school, SplittableRandom random) {
        Grades taught = of(school);
        return taught.low() + random.nextInt(taught.high() - taught.low() + 1);
    }

    private Grades of(int school) {
        return grades.getOrDefault(school, new Grades(0, 0));
    }

    private static Optional<Integer> some(List<Integer> candidates, SplittableRandom random) {
        return candidates.isEmpty() ? Optional.empty() : Optional.of(candidates.get(random.nextInt(candidates.size())));
    }
}
