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
        Affiliation enrollment = entry.getPrimary();
        boolean nextYear = enrollment.getStatus() == PatronStatus.PRE_ENROLLED;
        return (nextYear ? enrollment.getNextGrade() : enrollment.getGrade())
                .filter(grade -> entry.getKind() == PatronKind.STUDENT)
                .filter(grade -> grade >= LOWEST_GRADE && grade <= GRADE_OF_GRADUATION)
                .map(grade -> Integer.toString(schoolYear + (nextYear ? 2 : 1) + GRADE_OF_GRADUATION - grade));
    }

    /** Returns what the vendor calls a patron's school, or the rule that speaks against there being none. */
    public Cell site(FeedEntry entry) {
        Optional<Integer> school = entry.getPrimary().getSchoolCode().filter(code -> code != 0);
        Rule missing =
                school.isEmpty() && entry.getKind() == PatronKind.STAFF ? Rule.STAFF_WITHOUT_SCHOOL : Rule.MISSING_SITE;
        return (school.isEmpty() ? noSchoolSite : school.map(sites::get))
                .map(Cell::of)
                .orElse(Cell.breaking(missing));
    }
}
