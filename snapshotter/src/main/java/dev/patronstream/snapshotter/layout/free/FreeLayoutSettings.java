package dev.patronstream.snapshotter.layout.free;

import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.snapshotter.layout.Column;
import dev.patronstream.snapshotter.layout.FileFormat;
import dev.patronstream.snapshotter.layout.Layout;
import dev.patronstream.snapshotter.layout.LayoutFile;
import dev.patronstream.snapshotter.layout.LayoutSettings;
import dev.patronstream.snapshotter.layout.RowsWithLeavers;
import dev.patronstream.snapshotter.layout.template.Cell;
import dev.patronstream.snapshotter.layout.template.Template;
import dev.patronstream.snapshotter.layout.template.TemplateContext;
import dev.patronstream.snapshotter.layout.template.TemplateException;
import dev.patronstream.snapshotter.rules.Rule;
import dev.patronstream.snapshotter.rules.Rules;
import dev.patronstream.snapshotter.settings.FileName;
import dev.patronstream.snapshotter.settings.SettingProblem;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A layout for another vendor, as configured: files of columns, each a header and a template.
 *
 * @param files the files, in the order in which they are delivered
 * @param zipped whether they are delivered as one, in a zip
 * @param format how they are written
 * @param sites by school code: what the vendor calls the school, for the place of that name in templates
 * @param noSchoolSite likewise for staff of no school
 * @param schoolYear the year in which the school year begins
 * @param maps by name: the maps that templates can use
 * @param rules what is done about bad data
 */
public record FreeLayoutSettings(
        List<FreeFile> files,
        boolean zipped,
        FileFormat format,
        Map<Integer, String> sites,
        Optional<String> noSchoolSite,
        int schoolYear,
        Map<String, Map<String, String>> maps,
        Rules rules)
        implements LayoutSettings {

    private static final Set<String> FIELDS_OF_SCHOOLS = Set.of("schoolCode", "schoolName", "site", "schoolYear");

    /** Copies the collections. */
    public FreeLayoutSettings {
        files = List.copyOf(files);
        sites = Map.copyOf(sites);
        maps = Map.copyOf(maps);
    }

    @Override
    public List<SettingProblem> problems(Set<Integer> schools) {
        List<SettingProblem> problems = new ArrayList<>(rules.problems());
        if (files.isEmpty() || files.stream().allMatch(FreeFile::perSchool)) {
            problems.add(new SettingProblem("layout", "has no file with a row per patron"));
        }
        Set<String> names = new HashSet<>();
        for (FreeFile file : files) {
            if (isNamedHere(file) && (!FileName.isPlain(file.name()) || !names.add(file.name()))) {
                problems.add(new SettingProblem("layout", "'" + file.name() + "' is not a file name of its own"));
            }
            if (file.columns().isEmpty()) {
                problems.add(new SettingProblem("layout", "the file " + file.name() + " has no columns"));
            }
            check(file, problems);
        }
        return problems;
    }

    /** The only file can have its name from the destination, unless it is put in a zip. */
    private boolean isNamedHere(FreeFile file) {
        return zipped || files.size() > 1 || !file.name().isEmpty();
    }

    @Override
    public List<String> fileNames() {
        return zipped
                ? List.of()
                : files.stream().filter(this::isNamedHere).map(FreeFile::name).toList();
    }

    @Override
    public String usualFile() {
        return zipped ? "patrons.zip" : "patrons.csv";
    }

    private void check(FreeFile file, List<SettingProblem> problems) {
        int number = 0;
        for (FreeColumn column : file.columns()) {
            number++;
            String path = "layout.columns." + column.header();
            String title = format.headers() == FileFormat.Headers.KEYS ? column.key() : column.header();
            if (format.headers() != FileFormat.Headers.NONE
                    && !format.encoding().charset().newEncoder().canEncode(title)) {
                problems.add(new SettingProblem(
                        path,
                        "has a character that the encoding " + format.encoding().id() + " lacks"));
            }
            String where = (file.name().isEmpty() ? "" : "file " + file.name() + ", ") + "column " + number + ", ";
            try {
                Set<String> fields =
                        Template.parse(column.template(), context()).fields();
                if (file.perSchool() && !FIELDS_OF_SCHOOLS.containsAll(fields)) {
                    problems.add(new SettingProblem(
                            path,
                            where + "a row per school has no such fields; there are: "
                                    + String.join(", ", new TreeSet<>(FIELDS_OF_SCHOOLS))));
                }
            } catch (TemplateException e) {
                problems.add(new SettingProblem(path, where + e.getMessage()));
            }
        }
    }

    @Override
    public List<SettingProblem> problemsOfLeavers() {
        List<SettingProblem> problems = new ArrayList<>();
        for (FreeFile file : files) {
            for (FreeColumn column : file.columns()) {
                if (!file.perSchool() && !canNameLeavers(column.template(), file.kinds())) {
                    problems.add(new SettingProblem(
                            "layout.columns." + column.header(),
                            "has no value for the status inactive, which patrons who left are sent with for a while. Give"
                                    + " the map a value for it, or set leavers: omit for the feed"));
                }
            }
        }
        return problems;
    }

    /** A template that cannot be read is a problem of its own. */
    private boolean canNameLeavers(String text, Set<PatronKind> kinds) {
        try {
            Template template = Template.parse(text, context());
            return !template.tellsStatus()
                    || kinds.stream()
                            .map(kind -> template.of(RowsWithLeavers.gone(kind, 0)))
                            .allMatch(cell -> cell.broken().isEmpty());
        } catch (TemplateException e) {
            return true;
        }
    }

    @Override
    public Set<String> fields() {
        Set<String> fields = new TreeSet<>();
        for (FreeFile file : files) {
            for (FreeColumn column : file.columns()) {
                fields.addAll(Template.fieldsOf(column.template(), context()));
            }
        }
        return fields;
    }

    @Override
    public Layout layout() {
        TemplateContext context = context();
        List<Column> columns = new ArrayList<>();
        columns.add(Column.text("(site)", Layout.SITE_KEY, Integer.MAX_VALUE, entry -> Cell.of(siteOrSchool(entry)))
                .from(entry -> "not in a file; for counts per school"));
        columns.add(Column.text("(status)", Layout.STATUS_KEY, 1, Layout::status)
                .tellingStatus(true)
                .from(entry -> "not in a file; for counts per status"));
        columns.add(Column.text(
                        "(school)",
                        "(school)",
                        Integer.MAX_VALUE,
                        entry -> Cell.of(entry.getPrimary()
                                .getSchoolCode()
                                .map(String::valueOf)
                                .orElse("")))
                .from(entry -> "not in a file; one row per school"));
        List<LayoutFile> made = new ArrayList<>();
        for (FreeFile file : files) {
            List<Integer> positions = new ArrayList<>();
            List<String> titles = new ArrayList<>();
            Set<PatronKind> kinds = file.perSchool() ? EnumSet.allOf(PatronKind.class) : file.kinds();
            for (FreeColumn column : file.columns()) {
                positions.add(columns.size());
                titles.add(format.headers() == FileFormat.Headers.KEYS ? column.key() : column.header());
                columns.add(column(column, files.size() > 1 ? file.name() + ": " : "", kinds, context));
            }
            made.add(new LayoutFile(
                    file.name(),
                    file.perSchool(),
                    kinds,
                    positions,
                    format.headers() == FileFormat.Headers.NONE ? List.of() : titles));
        }
        return Layout.free(columns, format, rules, made, zipped);
    }

    private static Column column(FreeColumn column, String prefix, Set<PatronKind> kinds, TemplateContext context) {
        Template template;
        try {
            template = Template.parse(column.template(), context);
        } catch (TemplateException e) {
            throw new IllegalArgumentException(column.header() + ": " + e.getMessage(), e);
        }
        Column made = Column.text(prefix + column.header(), column.key(), column.length(), template::of)
                .from(template::source)
                .tellingStatus(template.tellsStatus())
                .onlyFor(kinds);
        if (column.email()) {
            made = made.ofEmail();
        }
        if (column.required()) {
            made = made.required(Rule.MISSING_VALUE);
        }
        return column.unique() ? made.identifying(Rule.IDENTIFIER_TOO_LONG, Rule.DUPLICATE_VALUE) : made;
    }

    private String siteOrSchool(FeedEntry entry) {
        String site = context().site(entry).text();
        return site.isEmpty()
                ? entry.getPrimary().getSchoolCode().map(String::valueOf).orElse("")
                : site;
    }

    private TemplateContext context() {
        return new TemplateContext(sites, noSchoolSite, schoolYear, maps);
    }
}
