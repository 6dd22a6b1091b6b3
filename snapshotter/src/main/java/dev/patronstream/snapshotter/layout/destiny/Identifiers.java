package dev.patronstream.snapshotter.layout.destiny;

import dev.patronstream.schemas.feed.PatronField;
import dev.patronstream.snapshotter.layout.template.Template;
import dev.patronstream.snapshotter.layout.template.TemplateContext;
import dev.patronstream.snapshotter.layout.template.TemplateException;
import dev.patronstream.snapshotter.settings.SettingProblem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How barcodes and District IDs are written, as templates: {@code {id}}, {@code T{id}}, {@code {STU.U1|pad:7}}. IDs of
 * staff may equal those of students; Destiny matches by District ID.
 */
public record Identifiers(
        String studentBarcode, String staffBarcode, String studentDistrictId, String staffDistrictId) {

    /** Fields that tell classes of patrons apart, and no two patrons. */
    private static final Set<String> SHARED = Set.of(
            "site",
            "schoolYear",
            "graduationYear",
            "forSchoolYear",
            "forGrade",
            "forSchool",
            "forSite",
            PatronField.KIND.id(),
            PatronField.SCHOOL_CODE.id(),
            PatronField.SCHOOL_NAME.id(),
            PatronField.GRADE.id());

    /** The ID as text; barcodes of staff with a T before it. */
    public static final Identifiers DEFAULT = new Identifiers("{id}", "T{id}", "{id}", "{id}");

    /** Returns the templates by the path of their setting, relative to the feed. */
    Map<String, String> byPath() {
        Map<String, String> templates = new LinkedHashMap<>();
        templates.put("identifiers.barcode.student", studentBarcode);
        templates.put("identifiers.barcode.staff", staffBarcode);
        templates.put("identifiers.district-id.student", studentDistrictId);
        templates.put("identifiers.district-id.staff", staffDistrictId);
        return templates;
    }

    /** Returns the templates that cannot tell patrons apart, with paths relative to the feed. */
    List<SettingProblem> problems(TemplateContext context) {
        List<SettingProblem> problems = new ArrayList<>();
        byPath().forEach((path, text) -> {
            try {
                Template template = Template.parse(text, context);
                if (SHARED.containsAll(template.fields())) {
                    problems.add(new SettingProblem(
                            path,
                            "'" + text + "' is the same for "
                                    + (template.fields().isEmpty() ? "everyone" : "many")
                                    + "; name a field, like \"{id}\" or \"{STU.U1}\""));
                }
                if (template.tellsStatus()) {
                    problems.add(new SettingProblem(
                            path,
                            "'" + text + "' changes with the patron's " + PatronField.STATUS.id()
                                    + ", so Destiny would make another patron"));
                }
            } catch (TemplateException e) {
                problems.add(new SettingProblem(path, e.getMessage()));
            }
        });
        return problems;
    }
}
