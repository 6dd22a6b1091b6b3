package dev.patronstream.cli.config;

import dev.patronstream.cli.config.setting.Section;
import dev.patronstream.cli.config.setting.Values;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.snapshotter.layout.FileFormat;
import dev.patronstream.snapshotter.layout.TextEncoding;
import dev.patronstream.snapshotter.layout.free.FreeColumn;
import dev.patronstream.snapshotter.layout.free.FreeFile;
import dev.patronstream.snapshotter.layout.free.FreeLayoutSettings;
import dev.patronstream.snapshotter.layout.template.TemplateContext;
import dev.patronstream.snapshotter.rules.Rules;
import dev.patronstream.snapshotter.settings.SettingProblem;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the layouts for other vendors; each can be used by several feeds. */
final class LayoutsReader {

    private static final Map<String, Character> DELIMITERS =
            Map.of("comma", ',', "semicolon", ';', "tab", '\t', "pipe", '|');

    private final int schoolYear;

    LayoutsReader(int schoolYear) {
        this.schoolYear = schoolYear;
    }

    /**
     * Returns the layouts by name, still without a feed's sites and rules; those that cannot work are reported, and
     * empty.
     */
    Map<String, Optional<FreeLayoutSettings>> read(Section top) {
        Map<String, Optional<FreeLayoutSettings>> layouts = new LinkedHashMap<>();
        Section all = top.section("layouts");
        for (String name : all.names()) {
            if (name.equals("destiny")) {
                all.wrong(all.at(name), "is the name of the layout for Destiny; choose another");
            }
            layouts.put(name, layout(all.section(name)));
        }
        return layouts;
    }

    private Optional<FreeLayoutSettings> layout(Section section) {
        FileFormat format = new FileFormat(
                section.choice("headers", Values.constant(FileFormat.Headers.class)),
                section.choice("encoding", Values.constant(TextEncoding.class)),
                section.choice("line-end", Values.constant(FileFormat.LineEnd.class)),
                section.choice("delimiter", DELIMITERS::get),
                section.choice("quotes", Values.constant(FileFormat.Quotes.class)));
        boolean zip = section.flag("zip");
        Map<String, Map<String, String>> maps = LayoutReader.maps(section);
        List<FreeFile> files = new ArrayList<>();
        if (section.has("columns")) {
            files.add(new FreeFile(
                    section.optionalText("file").orElse(""), false, EnumSet.allOf(PatronKind.class), columns(section)));
        }
        Section below = section.section("files");
        for (String name : below.names()) {
            files.add(file(name, below.section(name)));
        }
        if (section.has("columns") == !below.names().isEmpty()) {
            section.wrong(section.path(), "needs either columns, or files with columns each");
        }
        section.finish();
        return section.build(() -> new FreeLayoutSettings(
                        files,
                        zip,
                        format,
                        new TemplateContext(Map.of(), Optional.empty(), schoolYear, maps),
                        Rules.USUAL))
                .filter(layout -> isSound(layout, section));
    }

    /** Problems have paths that begin with the feed's key {@code layout}; here it has its name. */
    private static boolean isSound(FreeLayoutSettings layout, Section section) {
        List<SettingProblem> problems = layout.problems(Set.of());
        problems.forEach(problem ->
                section.wrong(section.path() + problem.path().substring("layout".length()), problem.message()));
        return problems.isEmpty();
    }

    private static FreeFile file(String name, Section section) {
        String file = section.optionalText("file").orElse(name + ".csv");
        boolean schools = section.choice("rows", "schools"::equals);
        Set<PatronKind> kinds = section.choices("patrons", FeedReader.KINDS::get);
        List<FreeColumn> columns = columns(section);
        section.finish();
        return new FreeFile(file, schools, kinds, columns);
    }

    private static List<FreeColumn> columns(Section section) {
        List<FreeColumn> columns = new ArrayList<>();
        Section below = section.section("columns");
        for (String header : below.names()) {
            Optional<String> template = below.singleText(header);
            if (template.isPresent()) {
                columns.add(FreeColumn.of(header, template.get()));
            } else {
                Section column = below.section(header);
                columns.add(new FreeColumn(
                        header,
                        column.optionalText("key").orElse(header),
                        column.anyText("template").orElseGet(() -> column.text("template")),
                        column.optionalInteger("length").orElse(Integer.MAX_VALUE),
                        column.flag("required"),
                        column.flag("unique"),
                        column.flag("email")));
                column.finish();
            }
        }
        return columns;
    }
}
