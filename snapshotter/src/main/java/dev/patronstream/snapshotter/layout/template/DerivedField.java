package dev.patronstream.snapshotter.layout.template;

import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.feed.PatronField;
import dev.patronstream.schemas.feed.PatronField.Kind;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * What a template can name that no column holds: it follows from the configuration and some fields. Those that begin with
 * {@code for} are of the year that an enrollment is for, which of a pre-enrolled student is the next one.
 */
enum DerivedField {
    SITE("site", Kind.TEXT, (context, entry) -> context.site(entry).text(), PatronField.SCHOOL_CODE),
    GRADUATION_YEAR(
            "graduationYear",
            Kind.NUMBER,
            (context, entry) -> context.graduationYear(entry).orElse(""),
            PatronField.STATUS,
            PatronField.GRADE,
            PatronField.NEXT_GRADE),
    SCHOOL_YEAR("schoolYear", Kind.NUMBER, (context, entry) -> Integer.toString(context.schoolYear())),
    FOR_SCHOOL_YEAR(
            "forSchoolYear",
            Kind.NUMBER,
            (context, entry) -> Integer.toString(context.forSchoolYear(entry)),
            PatronField.STATUS),
    FOR_GRADE(
            "forGrade",
            Kind.NUMBER,
            (context, entry) ->
                    TemplateContext.forGrade(entry).map(String::valueOf).orElse(""),
            PatronField.STATUS,
            PatronField.GRADE,
            PatronField.NEXT_GRADE),
    FOR_SCHOOL(
            "forSchool",
            Kind.NUMBER,
            (context, entry) ->
                    TemplateContext.forSchool(entry).map(String::valueOf).orElse(""),
            PatronField.STATUS,
            PatronField.SCHOOL_CODE,
            PatronField.NEXT_SCHOOL),
    FOR_SITE(
            "forSite",
            Kind.TEXT,
            (context, entry) -> context.forSite(entry).text(),
            PatronField.STATUS,
            PatronField.SCHOOL_CODE,
            PatronField.NEXT_SCHOOL);

    private final String id;
    private final Kind kind;

    @SuppressWarnings("ImmutableEnumChecker") // Functions without state.
    private final BiFunction<TemplateContext, FeedEntry, String> value;

    @SuppressWarnings("ImmutableEnumChecker") // Set.of.
    private final Set<PatronField> follows;

    DerivedField(String id, Kind kind, BiFunction<TemplateContext, FeedEntry, String> value, PatronField... follows) {
        this.id = id;
        this.kind = kind;
        this.value = value;
        this.follows = Set.of(follows);
    }

    static Optional<DerivedField> of(String id) {
        return Arrays.stream(values()).filter(field -> field.id.equals(id)).findFirst();
    }

    /** Returns its name in templates. */
    String id() {
        return id;
    }

    Kind kind() {
        return kind;
    }

    /** Returns the fields that it follows from, besides the configuration. */
    Set<PatronField> follows() {
        return follows;
    }

    /** Returns the value of a patron; nothing where there is none. */
    String text(TemplateContext context, FeedEntry entry) {
        return value.apply(context, entry);
    }
}
