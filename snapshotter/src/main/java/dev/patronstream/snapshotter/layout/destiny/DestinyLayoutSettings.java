package dev.patronstream.snapshotter.layout.destiny;

import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.Text;
import dev.patronstream.schemas.feed.PatronField;
import dev.patronstream.snapshotter.layout.Layout;
import dev.patronstream.snapshotter.layout.LayoutSettings;
import dev.patronstream.snapshotter.layout.template.Template;
import dev.patronstream.snapshotter.layout.template.TemplateContext;
import dev.patronstream.snapshotter.layout.template.TemplateException;
import dev.patronstream.snapshotter.rules.Rules;
import dev.patronstream.snapshotter.settings.SettingProblem;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The layout {@code destiny}, as configured.
 *
 * @param context sites, the site of staff without a school (without one they are left out), the school year, and the maps
 * @param identifiers how barcodes and District IDs are written
 * @param people what is sent of people
 * @param form how the file is written
 * @param omit by header: whether a blank value leaves alone what Destiny has stored (true) or clears it (false);
 *     columns that are not named leave it alone
 * @param columns by header: the template of a usual column, in its place, or of a further one of Destiny's, after those
 * @param rules what is done about bad data
 */
public record DestinyLayoutSettings(
        TemplateContext context,
        Identifiers identifiers,
        PatronValues people,
        WrittenForm form,
        Map<String, Boolean> omit,
        Map<String, String> columns,
        Rules rules)
        implements LayoutSettings {

    private static final int SITE_LENGTH = 10;
    private static final int FIRST_SCHOOL_YEAR = 1990;
    private static final int LAST_SCHOOL_YEAR = 2089;

    public DestinyLayoutSettings {
        omit = Map.copyOf(omit);
        columns = Map.copyOf(columns);
    }

    /** Which of a person's names are sent; never both, since that can out a student. */
    public enum Names {
        /** LN, FN, MN. */
        RECORD,
        /** LNA, FNA, MNA where filled. */
        PREFERRED
    }

    /** Where Destiny's user names come from. */
    public enum UserName {
        /** Nowhere: single sign-on names in Destiny must not be overwritten by surprise. */
        NONE,
        /** The network login (NID). */
        NID
    }

    public static DestinyLayoutSettings usual(Map<Integer, String> sites, int schoolYear) {
        return new DestinyLayoutSettings(
                new TemplateContext(sites, Optional.empty(), schoolYear, Map.of()),
                Identifiers.DEFAULT,
                PatronValues.DEFAULT,
                WrittenForm.DEFAULT,
                Map.of(),
                Map.of(),
                Rules.USUAL);
    }

    @Override
    public Layout layout() {
        return DestinyLayout.of(this);
    }

    @Override
    public List<SettingProblem> problems(Set<Integer> schools) {
        List<SettingProblem> problems = new ArrayList<>();
        for (int school : new TreeSet<>(schools)) {
            if (!context.sites().containsKey(school)) {
                problems.add(new SettingProblem(
                        "sites." + school,
                        "school " + school + " has no site; give the short name that Destiny has for it"));
            }
        }
        new TreeMap<>(context.sites()).forEach((school, site) -> checkSite("sites." + school, site, problems));
        context.noSchoolSite().ifPresent(site -> checkSite("staff.no-school", site, problems));
        problems.addAll(identifiers.problems(context));
        people.checkCodes(problems);
        if (context.schoolYear() < FIRST_SCHOOL_YEAR || context.schoolYear() > LAST_SCHOOL_YEAR) {
            problems.add(new SettingProblem(
                    "school-year",
                    context.schoolYear() + " is not the year in which a school year begins, like 2026 for 2026-27"));
        }
        people.checkColumns(schools, problems);
        checkColumns(problems);
        checkOmit(problems);
        problems.addAll(rules.problems());
        return problems;
    }

    @Override
    public List<SettingProblem> problemsOfLeavers() {
        return new TreeMap<>(columns)
                .entrySet().stream()
                        .flatMap(column -> LayoutSettings.problemOfLeavers(
                                "columns." + column.getKey(),
                                column.getValue(),
                                context,
                                EnumSet.allOf(PatronKind.class))
                                .stream())
                        .toList();
    }

    private static void checkSite(String path, String site, List<SettingProblem> problems) {
        if (Text.isBlank(site) || site.length() > SITE_LENGTH || !site.equals(Text.strip(site))) {
            problems.add(new SettingProblem(
                    path,
                    "'" + site + "' is not a site short name of Destiny: 1 to " + SITE_LENGTH
                            + " characters without blanks around them"));
        }
    }

    /** The name in Aeries' and Follett's guides. */
    @Override
    public String usualFile() {
        return "patrons.csv";
    }

    @Override
    public Set<String> fields() {
        Set<String> fields = new TreeSet<>(people.fields(columns.keySet()));
        fields.addAll(named());
        return PatronField.withoutThoseOfEveryEntry(fields);
    }

    @Override
    public Set<String> named() {
        return Stream.concat(columns.values().stream(), identifiers.byPath().values().stream())
                .flatMap(template -> Template.fieldsOf(template, context).stream())
                .collect(Collectors.toSet());
    }

    private void checkColumns(List<SettingProblem> problems) {
        List<String> usual = DestinyLayout.changeableHeaders();
        for (Map.Entry<String, String> column : new TreeMap<>(columns).entrySet()) {
            String path = "columns." + column.getKey();
            Optional<RequestedColumn> requested = RequestedColumn.of(column.getKey());
            Optional.ofNullable(DestinyLayout.GUARDED.get(column.getKey()))
                    .or(() -> people.settingOf(column.getKey()))
                    .ifPresent(setting ->
                            problems.add(new SettingProblem(path, "is set by " + setting + "; keep one of them")));
            if (requested.isEmpty()
                    && !usual.contains(column.getKey())
                    && !DestinyLayout.GUARDED.containsKey(column.getKey())) {
                problems.add(new SettingProblem(
                        path,
                        "is not a column of Destiny's that a template can give; these are: " + String.join(", ", usual)
                                + ", " + String.join(", ", RequestedColumn.headers())));
            }
            try {
                Template template = Template.parse(column.getValue(), context);
                if (requested.filter(RequestedColumn::isDate).isPresent()
                        && !template.writesDatesAs(Layout.DATE_FORM)) {
                    problems.add(new SettingProblem(
                            path,
                            "the properties file promises dates as " + Layout.DATE_FORM
                                    + "; write them so, like {birthDate|date:" + Layout.DATE_FORM + "}"));
                }
            } catch (TemplateException e) {
                problems.add(new SettingProblem(path, e.getMessage()));
            }
        }
    }

    private void checkOmit(List<SettingProblem> problems) {
        List<String> optional = new ArrayList<>(DestinyLayout.optionalHeaders());
        optional.addAll(
                RequestedColumn.headers().stream().filter(columns::containsKey).toList());
        for (String header : new TreeSet<>(omit.keySet())) {
            if (!optional.contains(header)) {
                problems.add(new SettingProblem(
                        "omit." + header,
                        "is not a column that can be blank; these can: " + String.join(", ", optional)));
            }
        }
    }
}
