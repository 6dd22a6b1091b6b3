package dev.patronstream.snapshotter.layout.destiny;

import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Text;
import dev.patronstream.schemas.feed.PatronField;
import dev.patronstream.snapshotter.settings.SettingProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where homerooms come from. Destiny creates a homeroom that it does not know, and schools have their homeroom teachers in
 * different places of Aeries, so the schools are named.
 *
 * @param schools school codes whose students have a homeroom
 * @param source {@value #COUNSELOR} for the number in STU.CU, {@value #TEACHER} for the name of the teacher whose number
 *     that is, {@value #STAFF_ID} for the staff ID in STU.CNS, {@value #STAFF} for last and first name of that staff
 *     member, else one of the district's own STU columns in upper case
 * @param bySchool by school code: another source, or {@value #NONE} for none there
 */
public record Homeroom(Set<Integer> schools, String source, Map<Integer, String> bySchool) {

    /** The counselor number. */
    public static final String COUNSELOR = "CU";

    /** The name of the teacher whose number is the counselor number. */
    public static final String TEACHER = "TCH.TE";

    /** The counselor's staff ID. */
    public static final String STAFF_ID = "CNS";

    /** Last and first name of the staff member with the counselor's staff ID. */
    public static final String STAFF = "STF";

    /** No homerooms at a school. */
    public static final String NONE = "NONE";

    public Homeroom {
        schools = Set.copyOf(schools);
        bySchool = Map.copyOf(bySchool);
    }

    /** One source for all schools. */
    public Homeroom(Set<Integer> schools, String source) {
        this(schools, source, Map.of());
    }

    /** Returns the source at a school; {@value #NONE} where there is none. */
    public String sourceAt(int school) {
        return bySchool.getOrDefault(school, schools.contains(school) ? source : NONE);
    }

    private String sourceFor(FeedEntry student) {
        return student.getPrimary().getSchoolCode().map(this::sourceAt).orElse(NONE);
    }

    Optional<String> of(FeedEntry student) {
        String from = sourceFor(student);
        return switch (from) {
            case NONE -> Optional.empty();
            case TEACHER -> student.getPrimary().getCounselorName();
            // Aeries writes 0 where no counselor is assigned.
            case COUNSELOR ->
                student.getPrimary()
                        .getCounselorNumber()
                        .filter(number -> number != 0)
                        .map(String::valueOf);
            case STAFF_ID ->
                student.getPrimary()
                        .getCounselorStaffId()
                        .filter(number -> number != 0)
                        .map(String::valueOf);
            case STAFF ->
                Optional.of(Stream.of(
                                        PatronField.COUNSELOR_LAST_NAME.text(student),
                                        PatronField.COUNSELOR_FIRST_NAME.text(student))
                                .flatMap(Optional::stream)
                                .collect(Collectors.joining(", ")))
                        .filter(name -> !name.isEmpty());
            default -> Optional.ofNullable(student.getExtra().get(from));
        };
    }

    /** Returns the fields and own columns that it reads. */
    Set<String> fields() {
        return Stream.concat(schools.isEmpty() ? Stream.of() : Stream.of(source), bySchool.values().stream())
                .flatMap(from -> switch (from) {
                    case NONE -> Stream.of();
                    case TEACHER -> Stream.of(PatronField.COUNSELOR_NAME.id());
                    case COUNSELOR -> Stream.of(PatronField.COUNSELOR_NUMBER.id());
                    case STAFF_ID -> Stream.of(PatronField.COUNSELOR_STAFF_ID.id());
                    case STAFF ->
                        Stream.of(PatronField.COUNSELOR_LAST_NAME.id(), PatronField.COUNSELOR_FIRST_NAME.id());
                    default -> Stream.of("STU." + from);
                })
                .collect(Collectors.toSet());
    }

    /** Returns in words where a student's comes from. */
    String inWords(FeedEntry student) {
        String from = sourceFor(student);
        return switch (from) {
            case NONE -> "homeroom.schools does not name the school";
            case TEACHER -> TEACHER + " of the teacher numbered STU." + COUNSELOR;
            case STAFF -> "STF.LN, STF.FN of the staff member in STU." + STAFF_ID;
            default -> "STU." + from;
        };
    }

    /** Returns what is wrong, with paths relative to the feed, which has these schools. */
    List<SettingProblem> problems(Set<Integer> ofFeed) {
        List<SettingProblem> problems = new ArrayList<>();
        if (schools.isEmpty() && bySchool.isEmpty()) {
            problems.add(new SettingProblem("homeroom.schools", "name the schools whose students have a homeroom"));
        }
        for (int school : new TreeSet<>(schools)) {
            if (!ofFeed.contains(school)) {
                problems.add(new SettingProblem("homeroom.schools", "school " + school + " is not in the feed"));
            }
        }
        check("homeroom.source", source, problems);
        new TreeMap<>(bySchool).forEach((school, from) -> {
            String path = "homeroom.by-school." + school;
            if (!ofFeed.contains(school)) {
                problems.add(new SettingProblem(path, "school " + school + " is not in the feed"));
            }
            check(path, from, problems);
        });
        return problems;
    }

    private static void check(String path, String from, List<SettingProblem> problems) {
        if (Text.isBlank(from)) {
            problems.add(new SettingProblem(path, "name the STU column, like " + COUNSELOR));
        } else if (from.contains(".") && !from.equals(TEACHER)) {
            problems.add(new SettingProblem(
                    path,
                    "'" + from + "' is neither " + COUNSELOR + " (the counselor's number) nor " + TEACHER
                            + " (the name of the teacher of that number) nor " + STAFF
                            + " (the name of the staff member in "
                            + STAFF_ID + ") nor a column of STU"));
        }
    }
}
