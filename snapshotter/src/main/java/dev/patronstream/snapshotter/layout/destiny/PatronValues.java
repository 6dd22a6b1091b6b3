package dev.patronstream.snapshotter.layout.destiny;

import dev.patronstream.schemas.Text;
import dev.patronstream.schemas.feed.PatronField;
import dev.patronstream.snapshotter.layout.destiny.DestinyLayoutSettings.Names;
import dev.patronstream.snapshotter.layout.destiny.DestinyLayoutSettings.UserName;
import dev.patronstream.snapshotter.settings.SettingProblem;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is sent of people.
 *
 * @param names which of a person's names are sent
 * @param grades by grade: what Destiny calls it; those that are not given have their usual names
 * @param genders by what the SIS has: {@code M} or {@code F}, which also stand for themselves; all else is {@code U}
 * @param homeroom where homerooms come from; empty leaves the column blank
 * @param userName where user names come from
 * @param userNameKey key of the user name in the properties file; public files spell it in two ways
 * @param staffPatronType patron type of staff by a column of theirs; empty for {@code Faculty}
 * @param staffIsTeacher Is Teacher of staff by a column of theirs; empty leaves it blank
 */
public record PatronValues(
        Names names,
        Map<Integer, String> grades,
        Map<String, String> genders,
        Optional<Homeroom> homeroom,
        UserName userName,
        String userNameKey,
        Optional<StaffColumnMap> staffPatronType,
        Optional<StaffColumnMap> staffIsTeacher) {

    private static final int LOWEST_GRADE = -2;
    private static final int HIGHEST_GRADE = 18;

    /** By header of a usual column: the fields that it always reads. */
    private static final Map<String, Set<PatronField>> READ = Map.of(
            "Last Name", Set.of(PatronField.LAST_NAME),
            "First Name", Set.of(PatronField.FIRST_NAME),
            "Middle Name", Set.of(PatronField.MIDDLE_NAME),
            "Gender", Set.of(PatronField.GENDER),
            "Grade Level", Set.of(PatronField.GRADE),
            "Graduation Year", Set.of(PatronField.GRADE, PatronField.NEXT_GRADE),
            "Email 1", Set.of(PatronField.EMAIL));

    private static final Map<String, PatronField> PREFERRED = Map.of(
            "Last Name", PatronField.PREFERRED_LAST_NAME,
            "First Name", PatronField.PREFERRED_FIRST_NAME,
            "Middle Name", PatronField.PREFERRED_MIDDLE_NAME);

    /** Kindergarten and below by letters, all others by number. */
    private static final Map<Integer, String> DEFAULT_GRADES = defaultGrades();

    private static final Map<String, String> DEFAULT_GENDERS = Map.of("M", "M", "F", "F");

    /** The spelling in Follett's help. */
    private static final String DEFAULT_USER_NAME_KEY = "field_username";

    static final PatronValues DEFAULT = new PatronValues(
            Names.RECORD,
            Map.of(),
            Map.of(),
            Optional.empty(),
            UserName.NONE,
            DEFAULT_USER_NAME_KEY,
            Optional.empty(),
            Optional.empty());

    /** Adds the usual names of grades and genders. */
    public PatronValues {
        grades = changed(DEFAULT_GRADES, grades);
        genders = changed(DEFAULT_GENDERS, genders);
    }

    private static <K> Map<K, String> changed(Map<K, String> usual, Map<K, String> changes) {
        Map<K, String> all = new LinkedHashMap<>(usual);
        all.putAll(changes);
        return Map.copyOf(all);
    }

    /** Returns the fields and own columns that the usual columns read, but those whose values templates give. */
    Set<String> fields(Set<String> templates) {
        Set<PatronField> fields = EnumSet.noneOf(PatronField.class);
        READ.forEach((header, read) -> {
            if (!templates.contains(header)) {
                fields.addAll(read);
                if (names == Names.PREFERRED) {
                    Optional.ofNullable(PREFERRED.get(header)).ifPresent(fields::add);
                }
            }
        });
        if (userName == UserName.NID) {
            fields.add(PatronField.NETWORK_LOGIN);
        }
        return Stream.of(
                        fields.stream().map(PatronField::id),
                        homeroom.stream().flatMap(from -> from.fields().stream()),
                        staffPatronType.stream().map(StaffColumnMap::field),
                        staffIsTeacher.stream().map(StaffColumnMap::field))
                .flatMap(Function.identity())
                .collect(Collectors.toSet());
    }

    /** Returns the setting that gives the values of a column, if it is configured. */
    Optional<String> settingOf(String header) {
        return switch (header) {
            case "User Name" -> userName == UserName.NONE ? Optional.empty() : Optional.of("user-name");
            case "Homeroom" -> homeroom.map(set -> "homeroom");
            case "Patron Type" -> staffPatronType.map(set -> "staff.patron-type");
            case "Is Teacher" -> staffIsTeacher.map(set -> "staff.is-teacher");
            default -> Optional.empty();
        };
    }

    void checkCodes(List<SettingProblem> problems) {
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
    }

    void checkColumns(Set<Integer> schools, List<SettingProblem> problems) {
        if (!Set.of(DEFAULT_USER_NAME_KEY, "field_userName").contains(userNameKey)) {
            problems.add(new SettingProblem(
                    "user-name-key", "'" + userNameKey + "' is neither field_username nor field_userName"));
        }
        homeroom.ifPresent(from -> problems.addAll(from.problems(schools)));
        staffPatronType.ifPresent(map -> map.check(
                "staff.patron-type",
                problems,
                type -> Text.isBlank(type)
                                || type.length() > DestinyLayout.TYPE_LENGTH
                                || Set.of("S", "F").contains(type)
                        ? Optional.of("'" + type + "' is not a patron type that Destiny takes: 1 to "
                                + DestinyLayout.TYPE_LENGTH + " characters, and neither S nor F")
                        : Optional.empty()));
        staffIsTeacher.ifPresent(map -> map.check(
                "staff.is-teacher",
                problems,
                flag -> Set.of("T", "F", "").contains(flag) ? Optional.empty() : Optional.of("use T, F or nothing")));
    }

    private static Map<Integer, String> defaultGrades() {
        Map<Integer, String> grades = new LinkedHashMap<>(Map.of(-2, "PK", -1, "TK", 0, "K"));
        for (int grade = 1; grade <= HIGHEST_GRADE; grade++) {
            grades.put(grade, Integer.toString(grade));
        }
        return Map.copyOf(grades);
    }
}
