package dev.patronstream.snapshotter.layout.destiny;

import dev.patronstream.schemas.Text;
import dev.patronstream.snapshotter.layout.Layout;
import dev.patronstream.snapshotter.layout.LayoutSettings;
import dev.patronstream.snapshotter.layout.TextEncoding;
import dev.patronstream.snapshotter.layout.template.Template;
import dev.patronstream.snapshotter.layout.template.TemplateContext;
import dev.patronstream.snapshotter.layout.template.TemplateException;
import dev.patronstream.snapshotter.rules.Rules;
import dev.patronstream.snapshotter.settings.SettingProblem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The layout {@code destiny}, as configured.
 *
 * @param sites by school code: Destiny's short name of the site
 * @param identifiers how barcodes and District IDs are written
 * @param names which of a person's names are sent
 * @param grades by grade: what Destiny calls it
 * @param genders by what the SIS has: {@code M} or {@code F}; all else is {@code U}
 * @param schoolYear the year in which the school year begins: 2026 is 2026-27
 * @param homeroom where homerooms come from; empty leaves the column blank
 * @param userName where user names come from
 * @param userNameKey key of the user name in the properties file; public files spell it in two ways
 * @param noSchoolSite site of staff without a school; empty leaves them out
 * @param staffPatronType patron type of staff by a column of theirs; empty for {@code Faculty}
 * @param staffIsTeacher Is Teacher of staff by a column of theirs; empty leaves it blank
 * @param header whether the first row names the columns
 * @param encoding encoding of the file
 * @param encodingName what Destiny calls that encoding in the properties file; empty for its usual name
 * @param omit by header: whether a blank value leaves alone what Destiny has stored (true) or clears it (false);
 *     columns that are not named leave it alone
 * @param columns by header: the template of a further column of Destiny's, after the usual ones
 * @param maps by name: the maps that templates can use
 * @param rules what is done about bad data
 */
public record DestinyLayoutSettings(
        Map<Integer, String> sites,
        Identifiers identifiers,
        Names names,
        Map<Integer, String> grades,
        Map<String, String> genders,
        int schoolYear,
        Optional<Homeroom> homeroom,
        UserName userName,
        String userNameKey,
        Optional<String> noSchoolSite,
        Optional<StaffColumnMap> staffPatronType,
        Optional<StaffColumnMap> staffIsTeacher,
        boolean header,
        TextEncoding encoding,
        Optional<String> encodingName,
        Map<String, Boolean> omit,
        Map<String, String> columns,
        Map<String, Map<String, String>> maps,
        Rules rules)
        implements LayoutSettings {

    /** Kindergarten and below by letters, all others by number. */
    public static final Map<Integer, String> DEFAULT_GRADES = defaultGrades();

    /** M and F as they are. */
    public static final Map<String, String> DEFAULT_GENDERS = Map.of("M", "M", "F", "F");

    /** The spelling in Follett's help. */
    public static final String DEFAULT_USER_NAME_KEY = "field_username";

    private static final int LOWEST_GRADE = -2;
    private static final int HIGHEST_GRADE = 18;
    private static final int SITE_LENGTH = 10;
    private static final int FIRST_SCHOOL_YEAR = 1990;
    private static final int LAST_SCHOOL_YEAR = 2089;

    /** Copies the maps. */
    public DestinyLayoutSettings {
        sites = Map.copyOf(sites);
        grades = Map.copyOf(grades);
        genders = Map.copyOf(genders);
        omit = Map.copyOf(omit);
        columns = Map.copyOf(columns);
        maps = Map.copyOf(maps);
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

    /** Starts from the defaults with what has none. */
    public static Builder builder(Map<Integer, String> sites, int schoolYear) {
        return new Builder(sites, schoolYear);
    }

    @Override
    public Layout layout() {
        return DestinyLayout.of(this);
    }

    @Override
    public List<SettingProblem> problems(Set<Integer> schools) {
        List<SettingProblem> problems = new ArrayList<>();
        for (int school : new TreeSet<>(schools)) {
            if (!sites.containsKey(school)) {
                problems.add(new SettingProblem(
                        "sites." + school,
                        "school " + school + " has no site; give the short name that Destiny has for it"));
            }
        }
        new TreeMap<>(sites).forEach((school, site) -> checkSite("sites." + school, site, problems));
        noSchoolSite.ifPresent(site -> checkSite("staff.no-school", site, problems));
        identifiers.problems().forEach(problem -> problems.add(problem.below("identifiers")));
        for (int grade : new TreeSet<>(grades.keySet())) {
            if (grade < LOWEST_GRADE || grade > HIGHEST_GRADE) {
                problems.add(new SettingProblem("grades." + grade, "Aeries has grades -2 to 18"));
            }
        }
        new TreeMap<>(genders).forEach((from, to) -> {
            if (!Set.of("M", "F", "U").contains(to)) {
                problems.add(new SettingProblem("genders." + from, "'" + to + "' is none of M, F, U"));
            }
        });
        if (schoolYear < FIRST_SCHOOL_YEAR || schoolYear > LAST_SCHOOL_YEAR) {
            problems.add(new SettingProblem(
                    "school-year",
                    schoolYear + " is not the year in which a school year begins, like 2026 for 2026-27"));
        }
        if (!Set.of(DEFAULT_USER_NAME_KEY, "field_userName").contains(userNameKey)) {
            problems.add(new SettingProblem(
                    "user-name-key", "'" + userNameKey + "' is neither field_username nor field_userName"));
        }
        homeroom.ifPresent(from -> problems.addAll(from.problems(schools)));
        staffPatronType.ifPresent(map -> checkPatronTypes(map, problems));
        staffIsTeacher.ifPresent(map -> checkIsTeacher(map, problems));
        checkColumns(problems);
        checkOmit(problems);
        problems.addAll(rules.problems());
        return problems;
    }

    private static void checkSite(String path, String site, List<SettingProblem> problems) {
        if (Text.isBlank(site) || site.length() > SITE_LENGTH || !site.equals(Text.strip(site))) {
            problems.add(new SettingProblem(
                    path,
                    "'" + site + "' is not a site short name of Destiny: 1 to " + SITE_LENGTH
                            + " characters without blanks around them"));
        }
    }

    private static void checkPatronTypes(StaffColumnMap map, List<SettingProblem> problems) {
        checkPatronType("staff.patron-type.otherwise", map.otherwise(), problems);
        new TreeMap<>(map.values())
                .forEach((from, type) -> checkPatronType("staff.patron-type.map." + from, type, problems));
    }

    private static void checkPatronType(String path, String type, List<SettingProblem> problems) {
        if (Text.isBlank(type)
                || type.length() > DestinyLayout.TYPE_LENGTH
                || Set.of("S", "F").contains(type)) {
            problems.add(new SettingProblem(
                    path,
                    "'" + type + "' is not a patron type that Destiny takes: 1 to " + DestinyLayout.TYPE_LENGTH
                            + " characters, and neither S nor F"));
        }
    }

    private static void checkIsTeacher(StaffColumnMap map, List<SettingProblem> problems) {
        Set<String> allowed = Set.of("T", "F", "");
        if (!allowed.contains(map.otherwise())) {
            problems.add(new SettingProblem("staff.is-teacher.otherwise", "use T, F or nothing"));
        }
        new TreeMap<>(map.values()).forEach((from, to) -> {
            if (!allowed.contains(to)) {
                problems.add(new SettingProblem("staff.is-teacher.map." + from, "use T, F or nothing"));
            }
        });
    }

    /** The name in Aeries' and Follett's guides. */
    @Override
    public String usualFile() {
        return "patrons.csv";
    }

    @Override
    public Set<String> fields() {
        Set<String> fields = new TreeSet<>();
        for (String template : columns.values()) {
            fields.addAll(Template.fieldsOf(template, templateContext()));
        }
        return fields;
    }

    TemplateContext templateContext() {
        return new TemplateContext(sites, noSchoolSite, schoolYear, maps);
    }

    private void checkColumns(List<SettingProblem> problems) {
        for (Map.Entry<String, String> column : new TreeMap<>(columns).entrySet()) {
            String path = "columns." + column.getKey();
            Optional<RequestedColumn> requested = RequestedColumn.of(column.getKey());
            if (requested.isEmpty()) {
                problems.add(new SettingProblem(
                        path,
                        "is not a further column of Destiny's; these are: "
                                + String.join(", ", RequestedColumn.headers())));
            }
            try {
                Template template = Template.parse(column.getValue(), templateContext());
                if (requested.filter(RequestedColumn::isDate).isPresent()
                        && !template.writesDatesAs(Layout.DATE_FORM)) {
                    problems.add(new SettingProblem(
                            path,
                            "Destiny is told that dates here are " + Layout.DATE_FORM
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

    private static Map<Integer, String> defaultGrades() {
        Map<Integer, String> grades = new LinkedHashMap<>(Map.of(-2, "PK", -1, "TK", 0, "K"));
        for (int grade = 1; grade <= HIGHEST_GRADE; grade++) {
            grades.put(grade, Integer.toString(grade));
        }
        return Map.copyOf(grades);
    }

    /**
     * The settings, with everything that is not set at its default: each method sets what {@link DestinyLayoutSettings} says
     * of its name. Not thread-safe.
     */
    public static final class Builder {

        private final Map<Integer, String> sites;
        private final int schoolYear;
        private Identifiers identifiers = Identifiers.DEFAULT;
        private Names names = Names.RECORD;
        private Map<Integer, String> grades = DEFAULT_GRADES;
        private Map<String, String> genders = DEFAULT_GENDERS;
        private Optional<Homeroom> homeroom = Optional.empty();
        private UserName userName = UserName.NONE;
        private String userNameKey = DEFAULT_USER_NAME_KEY;
        private Optional<String> noSchoolSite = Optional.empty();
        private Optional<StaffColumnMap> staffPatronType = Optional.empty();
        private Optional<StaffColumnMap> staffIsTeacher = Optional.empty();
        private boolean header = true;
        private TextEncoding encoding = TextEncoding.UTF_8;
        private Optional<String> encodingName = Optional.empty();
        private Map<String, Boolean> omit = Map.of();
        private Map<String, String> columns = Map.of();
        private Map<String, Map<String, String>> maps = Map.of();
        private Rules rules = Rules.USUAL;

        private Builder(Map<Integer, String> sites, int schoolYear) {
            this.sites = sites;
            this.schoolYear = schoolYear;
        }

        public Builder identifiers(Identifiers value) {
            identifiers = value;
            return this;
        }

        public Builder names(Names value) {
            names = value;
            return this;
        }

        /** Changes the names of some grades; the others keep theirs. */
        public Builder grades(Map<Integer, String> changes) {
            Map<Integer, String> all = new LinkedHashMap<>(DEFAULT_GRADES);
            all.putAll(changes);
            grades = all;
            return this;
        }

        /** Adds to the genders that are sent as they are. */
        public Builder genders(Map<String, String> changes) {
            Map<String, String> all = new LinkedHashMap<>(DEFAULT_GENDERS);
            all.putAll(changes);
            genders = all;
            return this;
        }

        public Builder homeroom(Homeroom value) {
            homeroom = Optional.of(value);
            return this;
        }

        public Builder userName(UserName value) {
            userName = value;
            return this;
        }

        public Builder userNameKey(String value) {
            userNameKey = value;
            return this;
        }

        public Builder noSchoolSite(String value) {
            noSchoolSite = Optional.of(value);
            return this;
        }

        public Builder staffPatronType(StaffColumnMap value) {
            staffPatronType = Optional.of(value);
            return this;
        }

        public Builder staffIsTeacher(StaffColumnMap value) {
            staffIsTeacher = Optional.of(value);
            return this;
        }

        public Builder header(boolean value) {
            header = value;
            return this;
        }

        public Builder encoding(TextEncoding value) {
            encoding = value;
            return this;
        }

        public Builder encodingName(String value) {
            encodingName = Optional.of(value);
            return this;
        }

        public Builder omit(Map<String, Boolean> value) {
            omit = value;
            return this;
        }

        public Builder columns(Map<String, String> value) {
            columns = value;
            return this;
        }

        public Builder maps(Map<String, Map<String, String>> value) {
            maps = value;
            return this;
        }

        public Builder rules(Rules value) {
            rules = value;
            return this;
        }

        /** Returns the settings, unchecked; see {@link DestinyLayoutSettings#problems}. */
        public DestinyLayoutSettings build() {
            return new DestinyLayoutSettings(
                    sites,
                    identifiers,
                    names,
                    grades,
                    genders,
                    schoolYear,
                    homeroom,
                    userName,
                    userNameKey,
                    noSchoolSite,
                    staffPatronType,
                    staffIsTeacher,
                    header,
                    encoding,
                    encodingName,
                    omit,
                    columns,
                    maps,
                    rules);
        }
    }
}
