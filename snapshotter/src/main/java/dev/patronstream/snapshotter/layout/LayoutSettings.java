package dev.patronstream.snapshotter.layout;

import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.feed.PatronField;
import dev.patronstream.snapshotter.layout.template.Template;
import dev.patronstream.snapshotter.layout.template.TemplateContext;
import dev.patronstream.snapshotter.layout.template.TemplateException;
import dev.patronstream.snapshotter.settings.SettingProblem;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a feed's file looks like, as configured. Immutable. */
public interface LayoutSettings {

    /** Returns everything that is wrong for a feed of these schools, with paths relative to the feed. */
    List<SettingProblem> problems(Set<Integer> schools);

    /** Returns what cannot be said of patrons who left and are sent as inactive, with paths relative to the feed. */
    default List<SettingProblem> problemsOfLeavers() {
        return List.of();
    }

    /** Returns what is wrong with the template of a column that has no value for the status of those who left. */
    static Optional<SettingProblem> problemOfLeavers(
            String path, String text, TemplateContext context, Set<PatronKind> kinds) {
        try {
            Template template = Template.parse(text, context);
            boolean canNameThem = !template.tellsStatus()
                    || kinds.stream()
                            .map(kind -> template.of(PatronFile.Leaver.entry(kind, 0)))
                            .allMatch(cell -> cell.broken().isEmpty());
            return canNameThem
                    ? Optional.empty()
                    : Optional.of(new SettingProblem(
                            path,
                            "has no value for the status inactive, which patrons who left are sent with for a while."
                                    + " Give the map a value for it, or set leavers: omit for the feed"));
        } catch (TemplateException e) {
            // A problem of its own.
            return Optional.empty();
        }
    }

    /**
     * Returns the names that the files have at the vendor by the layout, in the order in which they are delivered; empty
     * where there is one file, which the destination names.
     */
    default List<String> fileNames() {
        return List.of();
    }

    /** Returns the name of the only file where neither layout nor destination names it. */
    String usualFile();

    /**
     * Returns what the columns and rules read of a patron, besides what every entry of a feed has: ids of {@link
     * PatronField} like {@code birthDate}, and the district's own columns like {@code STU.U5}.
     */
    Set<String> fields();

    /** Returns those of the {@linkplain #fields() fields} that a person named, in a template. */
    default Set<String> named() {
        return fields();
    }

    /** Returns what the columns know besides the patron, such as the vendor's names of the schools. */
    TemplateContext context();

    /** Returns the layout; there must be no {@link #problems}. */
    Layout layout();
}
