package dev.patronstream.cli.config;

import dev.patronstream.cli.config.setting.Section;
import dev.patronstream.cli.config.setting.Values;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.feed.CarriedFields;
import dev.patronstream.schemas.feed.PatronField;
import dev.patronstream.snapshotter.layout.FileFormat;
import dev.patronstream.snapshotter.layout.LayoutSettings;
import dev.patronstream.snapshotter.layout.TextEncoding;
import dev.patronstream.snapshotter.layout.destiny.DestinyLayoutSettings;
import dev.patronstream.snapshotter.layout.destiny.Homeroom;
import dev.patronstream.snapshotter.layout.destiny.Identifiers;
import dev.patronstream.snapshotter.layout.destiny.PatronValues;
import dev.patronstream.snapshotter.layout.destiny.StaffColumnMap;
import dev.patronstream.snapshotter.layout.destiny.WrittenForm;
import dev.patronstream.snapshotter.layout.free.FreeColumn;
import dev.patronstream.snapshotter.layout.free.FreeFile;
import dev.patronstream.snapshotter.layout.free.FreeLayoutSettings;
import dev.patronstream.snapshotter.layout.template.TemplateContext;
import dev.patronstream.snapshotter.rules.Rule;
import dev.patronstream.snapshotter.rules.RuleAction;
import dev.patronstream.snapshotter.rules.Rules;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads what a feed's file looks like. */
final class LayoutReader {

    private static final Map<String, RuleAction> ACTIONS = Arrays.stream(RuleAction.values())
            .collect(Collectors.toMap(RuleAction::id, Function.identity(), (one, other) -> one, LinkedHashMap::new));
    private static final String DESTINY = "destiny";

    /** What a feed says of its file that only a layout has a use for. */
    private static final List<String> KEYS_OF_LAYOUTS = List.of(
            "sites",
            "identifiers",
            "names",
            "grades",
            "genders",
            "homeroom",
            "user-name",
            "user-name-key",
            "header",
            "encoding",
            "encoding-name",
            "omit",
            "columns",
            "maps");

    private final int schoolYear;
    private final Map<String, Optional<FreeLayoutSettings>> layouts;

    LayoutReader(int schoolYear, Map<String, Optional<FreeLayoutSettings>> layouts) {
        this.schoolYear = schoolYear;
        this.layouts = layouts;
    }

    Optional<LayoutSettings> read(Section feed) {
        String name = feed.text("layout");
        if (name.equals(DESTINY)) {
            return destiny(feed);
        }
        Optional<FreeLayoutSettings> preset = PresetLayouts.of(name, schoolYear);
        if (!layouts.containsKey(name) && preset.isEmpty()) {
            Set<String> known = new LinkedHashSet<>(List.of(DESTINY));
            known.addAll(layouts.keySet());
            known.addAll(PresetLayouts.NAMES);
            feed.wrong(feed.at("layout"), "'" + name + "' is not a layout; there are: " + String.join(", ", known));
            return destiny(feed);
        }
        return free(feed, layouts.getOrDefault(name, preset));
    }

    /** Returns a layout with a column per field, for a feed that names its fields and no layout. */
    Optional<LayoutSettings> ofFields(Section feed, CarriedFields carried) {
        List<String> useless = KEYS_OF_LAYOUTS.stream().filter(feed::has).toList();
        if (!useless.isEmpty()) {
            feed.wrong(
                    feed.at("fields"),
                    "without layout makes a file with a column for each field, which has no use for "
                            + String.join(", ", useless)
                            + "; add layout: destiny to keep Destiny's file, or leave them out");
            return destiny(feed);
        }
        List<FreeColumn> columns = Stream.concat(
                        carried.fields().stream()
                                .map(PatronField::id)
                                .filter(id -> !carried.everything()
                                        || NeededColumns.group(id).isEmpty()),
                        carried.columns().stream())
                .map(field -> FreeColumn.of(field, "{" + field + "}"))
                .toList();
        return free(
                feed,
                Optional.of(new FreeLayoutSettings(
                        List.of(new FreeFile("", false, EnumSet.allOf(PatronKind.class), columns)),
                        false,
                        FileFormat.USUAL,
                        new TemplateContext(Map.of(), Optional.empty(), schoolYear, Map.of()),
                        Rules.USUAL)));
    }

    /** Reads the keys also where the layout itself cannot work, so that they are known. */
    private Optional<LayoutSettings> free(Section feed, Optional<FreeLayoutSettings> sound) {
        Map<Integer, String> sites = feed.keyed("sites", Values.SCHOOL);
        Optional<String> noSchool = feed.optionalSection("staff").flatMap(section -> {
            Optional<String> site = section.optionalText("no-school");
            section.finish();
            return site;
        });
        Rules rules = rules(feed);
        return sound.flatMap(layout -> feed.build(() -> new FreeLayoutSettings(
                layout.files(),
                layout.zipped(),
                layout.format(),
                new TemplateContext(
                        sites,
                        noSchool,
                        layout.context().schoolYear(),
                        layout.context().maps()),
                rules)));
    }

    private Optional<LayoutSettings> destiny(Section feed) {
        Map<Integer, String> sites = feed.keyed("sites", Values.SCHOOL);
        Identifiers identifiers = identifiers(feed.section("identifiers"));
        DestinyLayoutSettings.Names names = feed.choice("names", Values.constant(DestinyLayoutSettings.Names.class));
        Map<Integer, String> grades = feed.keyed("grades", Values.whole(Integer.MIN_VALUE, Integer.MAX_VALUE));
        Map<String, String> genders = feed.map("genders");
        Optional<Homeroom> homeroom = feed.optionalSection("homeroom").map(LayoutReader::homeroom);
        DestinyLayoutSettings.UserName userName =
                feed.choice("user-name", Values.constant(DestinyLayoutSettings.UserName.class));
        String userNameKey = feed.text("user-name-key");
        Section staff = feed.section("staff");
        Optional<String> noSchool = staff.optionalText("no-school");
        Optional<StaffColumnMap> patronType =
                staff.optionalSection("patron-type").map(below -> columnMap(below, "Faculty"));
        Optional<StaffColumnMap> isTeacher = staff.optionalSection("is-teacher").map(below -> columnMap(below, ""));
        staff.finish();
        PatronValues people =
                new PatronValues(names, grades, genders, homeroom, userName, userNameKey, patronType, isTeacher);
        WrittenForm form = new WrittenForm(
                feed.flag("header"),
                feed.choice("encoding", Values.constant(TextEncoding.class)),
                feed.optionalText("encoding-name"));
        Map<String, Boolean> omit = feed.chosenMap("omit", Values.FLAG);
        Map<String, String> furtherColumns = feed.map("columns");
        TemplateContext context = new TemplateContext(sites, noSchool, schoolYear, maps(feed));
        Rules rules = rules(feed);
        return feed.build(
                () -> new DestinyLayoutSettings(context, identifiers, people, form, omit, furtherColumns, rules));
    }

    static Map<String, Map<String, String>> maps(Section section) {
        Section below = section.section("maps");
        Map<String, Map<String, String>> maps = new LinkedHashMap<>();
        below.names().forEach(name -> maps.put(name, below.map(name)));
        return maps;
    }

    private static Rules rules(Section feed) {
        Map<Rule, RuleAction> chosen = new EnumMap<>(Rule.class);
        feed.optionalSection("rules").ifPresent(section -> {
            for (Rule rule : Rule.values()) {
                if (section.has(rule.id())) {
                    chosen.put(rule, section.orUsual(rule.id(), Values.choice(ACTIONS)));
                }
            }
            section.finish();
        });
        return new Rules(chosen);
    }

    private static Identifiers identifiers(Section section) {
        Section barcode = section.section("barcode");
        Section districtId = section.section("district-id");
        Identifiers identifiers = new Identifiers(
                barcode.text("student"), barcode.text("staff"), districtId.text("student"), districtId.text("staff"));
        barcode.finish();
        districtId.finish();
        section.finish();
        return identifiers;
    }

    private static Homeroom homeroom(Section section) {
        Set<Integer> schools = Set.copyOf(section.schools("schools"));
        String source = section.text("source").toUpperCase(Locale.ROOT);
        Map<Integer, String> bySchool = new HashMap<>();
        section.keyed("by-school", Values.SCHOOL)
                .forEach((school, from) -> bySchool.put(school, from.toUpperCase(Locale.ROOT)));
        section.finish();
        return new Homeroom(schools, source, bySchool);
    }

    private static StaffColumnMap columnMap(Section section, String usual) {
        String column = section.text("column").toUpperCase(Locale.ROOT);
        Map<String, String> map = section.map("map");
        String otherwise = section.anyText("otherwise").orElse(usual);
        section.finish();
        return new StaffColumnMap(column, map, otherwise);
    }
}
