package dev.patronstream.snapshotter.layout.free;

import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.feed.PatronField;
import dev.patronstream.snapshotter.file.FileFolder;
import dev.patronstream.snapshotter.layout.Column;
import dev.patronstream.snapshotter.layout.FileFormat;
import dev.patronstream.snapshotter.layout.Layout;
import dev.patronstream.snapshotter.layout.LayoutFile;
import dev.patronstream.snapshotter.layout.LayoutSettings;
import dev.patronstream.snapshotter.layout.Treatment;
import dev.patronstream.snapshotter.layout.template.Cell;
import dev.patronstream.snapshotter.layout.template.Template;
import dev.patronstream.snapshotter.layout.template.TemplateContext;
import dev.patronstream.snapshotter.layout.template.TemplateException;
import dev.patronstream.snapshotter.rules.Rule;
import dev.patronstream.snapshotter.rules.Rules;
import dev.patronstream.snapshotter.settings.SettingProblem;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * A layout for another vendor, as configured: files of columns, each a header and a template.
 *
 * @param files the files, in the order in which they are delivered
 * @param zipped whether they are delivered as one, in a zip
 * @param format how they are written
 * @param context what templates know besides the patron
 * @param rules what is done about bad data
 */
public record FreeLayoutSettings(
        List<FreeFile> files, boolean zipped, FileFormat format, TemplateContext context, Rules rules)
        implements LayoutSettings {

    private static final Set<String> FIELDS_OF_SCHOOLS = Set.of("schoolCode", "schoolName", "site", "schoolYear");

    public FreeLayoutSettings {
        files = List.copyOf(files);
    }

    @Override
    public List<SettingProblem> problems(Set<Integer> schools) {
        List<SettingProblem> problems = new ArrayList<>(rules.problems());
        if (files.isEmpty() || files.stream().allMatch(FreeFile::perSchool)) {
            problems.add(new SettingProblem("layout", "has no file with a row per patron"));
        }
        Set<String> names = new HashSet<>();
        for (FreeFile file : files) {
            if (isNamedHere(file) && (!FileFolder.isPlain(file.name()) || !names.add(file.name()))) {
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
                Set<String> fields = Template.parse(column.template(), context).fields();
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
        return files.stream()
                .filter(file -> !file.perSchool())
                .flatMap(file -> file.columns().stream()
                        .flatMap(column -> LayoutSettings.problemOfLeavers(
                                "layout.columns." + column.header(), column.template(), context, file.kinds())
                                .stream()))
                .toList();
    }

    @Override
    public Set<String> fields() {
        Set<String> fields = new TreeSet<>();
        for (FreeFile file : files) {
            for (FreeColumn column : file.columns()) {
                fields.addAll(Template.fieldsOf(column.template(), context));
            }
        }
        return PatronField.withoutThoseOfEveryEntry(fields);
    }

    @Override
    public Layout layout() {
        List<Column> columns = new ArrayList<>();
        columns.add(counted("(site)", Layout.SITE_KEY, this::siteOrSchool, "for counts per school"));
        columns.add(counted("(status)", Layout.STATUS_KEY, Layout::status, "for counts per status"));
        columns.add(counted("(school)", "(school)", entry -> Cell.of(schoolOf(entry)), "one row per school"));
        List<LayoutFile> made = new ArrayList<>();
        for (FreeFile file : files) {
            List<Integer> positions = new ArrayList<>();
            List<String> titles = new ArrayList<>();
            Set<PatronKind> kinds = file.perSchool() ? EnumSet.allOf(PatronKind.class) : file.kinds();
            for (FreeColumn column : file.columns()) {
                positions.add(columns.size());
                titles.add(format.headers() == FileFormat.Headers.KEYS ? column.key() : column.header());
                columns.add(column(column, files.size() > 1 ? file.name() + ": " : "", kinds));
            }
            made.add(new LayoutFile(
                    file.name(),
                    file.perSchool(),
                    kinds,
                    positions,
                    format.headers() == FileFormat.Headers.NONE ? List.of() : titles));
        }
        return new Layout(columns, format, format.encoding().id(), rules, made, zipped, false);
    }

    private Column column(FreeColumn column, String prefix, Set<PatronKind> kinds) {
        Template template;
        try {
            template = Template.parse(column.template(), context);
        } catch (TemplateException e) {
            throw new IllegalArgumentException(column.header() + ": " + e.getMessage(), e);
        }
        Treatment treatment = new Treatment(
                column.unique() ? Rule.IDENTIFIER_TOO_LONG : Rule.VALUE_TOO_LONG,
                column.required() ? Optional.of(Rule.MISSING_VALUE) : Optional.empty(),
                column.unique() ? Optional.of(Rule.DUPLICATE_VALUE) : Optional.empty(),
                !column.required(),
                column.email(),
                template.tellsStatus());
        return new Column(
                prefix + column.header(),
                column.key(),
                column.length(),
                treatment,
                kinds,
                template::of,
                template::source);
    }

    /** A column for what is not in a file. */
    private static Column counted(String header, String key, Function<FeedEntry, Cell> value, String purpose) {
        Treatment treatment = Treatment.TEXT.tellingStatus(key.equals(Layout.STATUS_KEY));
        return Column.of(header, key, Integer.MAX_VALUE, value)
                .treated(treatment)
                .from(entry -> "not in a file; " + purpose);
    }

    /** Staff of no school break the rule about them also where no column of a file names a school. */
    private Cell siteOrSchool(FeedEntry entry) {
        Cell site = context.site(entry);
        return site.broken().filter(Rule.MISSING_SITE::equals).isPresent() ? Cell.of(schoolOf(entry)) : site;
    }

    private static String schoolOf(FeedEntry entry) {
        return entry.getPrimary().getSchoolCode().map(String::valueOf).orElse("");
    }
}
