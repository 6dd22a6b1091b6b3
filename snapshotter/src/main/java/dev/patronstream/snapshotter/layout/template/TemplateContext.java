package dev.patronstream.snapshotter.layout.template;

import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.snapshotter.rules.Rule;
import java.util.Map;
import java.util.Optional;

/**
 * What templates know besides the patron.
 *
 * @param sites by school code: the vendor's name of the school
 * @param noSchoolSite the vendor's name for staff of no school
 * @param schoolYear the year in which the school year begins
 * @param maps by name: what the function {@code map} turns values into
 */
public record TemplateContext(
        Map<Integer, String> sites,
        Optional<String> noSchoolSite,
        int schoolYear,
        Map<String, Map<String, String>> maps) {

    public TemplateContext {
        sites = Map.copyOf(sites);
        maps = Map.copyOf(maps);
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
