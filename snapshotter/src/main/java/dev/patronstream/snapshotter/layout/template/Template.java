package dev.patronstream.snapshotter.layout.template;

import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.feed.PatronField;
import dev.patronstream.snapshotter.rules.Rule;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How the value of a column is put together: literal text and places like {@code {lastName}}, {@code {id:%07d}} or
 * {@code {nickname|else:firstName}}.
 *
 * <p>A place names a field, the district's own columns as {@code STU.U5}, may give a number a format, and may pass the
 * value through functions; a doubled brace stands for a brace. Immutable.
 */
public record Template(String text, List<Function<FeedEntry, Cell>> parts, Set<String> fields, Set<String> dateForms) {

    /** The form of a date without a pattern. */
    static final String ISO_DATE = "yyyy-MM-dd";

    public Template {
        parts = List.copyOf(parts);
        fields = Set.copyOf(fields);
        dateForms = Set.copyOf(dateForms);
    }

    public static Template parse(String text, TemplateContext context) throws TemplateException {
        return new TemplateParser(text, context).template();
    }

    /**
     * Returns the fields and own columns that a text reads as a template, also those from which a value follows; none if it
     * cannot be understood, which others report.
     */
    public static Set<String> fieldsOf(String text, TemplateContext context) {
        try {
            return parse(text, context).fields().stream()
                    .flatMap(name -> DerivedField.of(name)
                            .map(derived -> derived.follows().stream().map(PatronField::id))
                            .orElseGet(() -> Stream.of(name)))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (TemplateException reportedAtStart) {
            return Set.of();
        }
    }

    /** Returns the value of a patron; the first rule that is broken on the way counts. */
    public Cell of(FeedEntry entry) {
        StringBuilder value = new StringBuilder();
        Optional<Rule> broken = Optional.empty();
        for (Function<FeedEntry, Cell> part : parts) {
            Cell cell = part.apply(entry);
            value.append(cell.text());
            broken = broken.or(cell::broken);
        }
        return new Cell(value.toString(), broken);
    }

    public boolean tellsStatus() {
        return fields.contains(PatronField.STATUS.id());
    }

    /** Whether a date that it writes is in this form, as far as the template says it. */
    public boolean writesDatesAs(String form) {
        boolean always = fields.isEmpty() && !text.isEmpty();
        return dateForms.stream().allMatch(form::equals)
                && (!always || text.matches(form.replaceAll("[A-Za-z]", "[0-9]")));
    }

    /** Returns where a patron's value comes from: the template, and the columns it reads. */
    public String source(FeedEntry entry) {
        return fields.isEmpty() ? "always this text" : "template " + text + " of " + columns(entry);
    }

    /** Returns the columns that a patron's value is read from: {@code STU.LN, STU.U1}. */
    public String columns(FeedEntry entry) {
        Set<String> columns = new TreeSet<>();
        for (String name : fields) {
            columns.add(PatronField.of(name).map(field -> field.source(entry)).orElse(name));
        }
        return String.join(", ", columns);
    }
}
