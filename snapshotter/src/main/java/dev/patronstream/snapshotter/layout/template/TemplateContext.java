package dev.patronstream.snapshotter.layout.template;

import dev.patronstream.schemas.Affiliation;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.snapshotter.rules.Rule;
import java.util.Map;
import java.util.Optional;

/**
 * What templates know besides the patron: the vendor's names of the schools by code and for staff of no school, the
 * year in which the school year begins, and by name what the function {@code map} turns values into.
 */
public record TemplateContext(
        Map<Integer, String> sites,
        Optional<String> noSchoolSite,
        int schoolYear,
        Map<String, Map<String, String>> maps) {

    private static final int GRADE_OF_GRADUATION = 12;
    private static final int LOWEST_GRADE = -1;

    public TemplateContext {
        sites = Map.copyOf(sites);
        maps = Map.copyOf(maps);
    }

    /**
     * Returns the year in which a student finishes twelfth grade. A pre-enrolled student's row describes next year: the next
     * grade, one school year later.
     */
    public Optional<String> graduationYear(FeedEntry entry) {
        return forGrade(entry)
                .filter(grade -> entry.getKind() == PatronKind.STUDENT)
                .filter(grade -> grade >= LOWEST_GRADE && grade <= GRADE_OF_GRADUATION)
                .map(grade -> Integer.toString(forSchoolYear(entry) + 1 + GRADE_OF_GRADUATION - grade));
    }

    /** Returns the school year that the enrollment is for: of a pre-enrolled student the next one. */
    int forSchoolYear(FeedEntry entry) {
        return schoolYear + (isForNextYear(entry) ? 1 : 0);
    }

    /** Returns the grade in that year; of a pre-enrolled student the next grade, if Aeries has one. */
    static Optional<Integer> forGrade(FeedEntry entry) {
        Affiliation enrollment = entry.getPrimary();
        return isForNextYear(entry) ? enrollment.getNextGrade() : enrollment.getGrade();
    }

    /** Returns the school of that year; of a pre-enrolled student the next school where Aeries names one. */
    static Optional<Integer> forSchool(FeedEntry entry) {
        Affiliation enrollment = entry.getPrimary();
        Optional<Integer> next = enrollment.getNextSchool().filter(code -> code != 0 && isForNextYear(entry));
        return next.or(enrollment::getSchoolCode);
    }

    private static boolean isForNextYear(FeedEntry entry) {
        return entry.getPrimary().getStatus() == PatronStatus.PRE_ENROLLED;
    }

    /** Returns what the vendor calls a patron's school, or the rule that speaks against there being none. */
    public Cell site(FeedEntry entry) {
        return site(entry, entry.getPrimary().getSchoolCode());
    }

    /** Returns what the vendor calls the school of the year that the enrollment is for, or that rule. */
    Cell forSite(FeedEntry entry) {
        return site(entry, forSchool(entry));
    }

    private Cell site(FeedEntry entry, Optional<Integer> code) {
        Optional<Integer> school = code.filter(number -> number != 0);
        Rule missing =
                school.isEmpty() && entry.getKind() == PatronKind.STAFF ? Rule.STAFF_WITHOUT_SCHOOL : Rule.MISSING_SITE;
        return (school.isEmpty() ? noSchoolSite : school.map(sites::get))
                .map(Cell::of)
                .orElse(Cell.breaking(missing));
    }
}
