package dev.patronstream.snapshotter.layout.destiny;

import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Text;
import dev.patronstream.schemas.feed.PatronField;
import dev.patronstream.snapshotter.settings.SettingProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where homerooms come from. Destiny creates a homeroom that it does not know, and the counselor number is the homeroom
 * teacher's in some schools only, so the schools are named.
 *
 * @param schools school codes whose students have a homeroom
 * @param source {@value #COUNSELOR} for the number in STU.CU, {@value #TEACHER} for the name of the teacher whose number
 *     that is, else one of the district's own STU columns in upper case
 */
public record Homeroom(Set<Integer> schools, String source) {

    /** The counselor number. */
    public static final String COUNSELOR = "CU";

    /** The name of the teacher whose number is the counselor number. */
    public static final String TEACHER = "TCH.TE";

    public Homeroom {
        schools = Set.copyOf(schools);
    }

    boolean isFor(FeedEntry student) {
        return student.getPrimary().getSchoolCode().map(schools::contains).orElse(false);
    }

    Optional<String> of(FeedEntry student) {
        if (!isFor(student)) {
            return Optional.empty();
        }
        return switch (source) {
            case TEACHER -> student.getPrimary().getCounselorName();
            // Aeries writes 0 where no counselor is assigned.
            case COUNSELOR ->
                student.getPrimary()
                        .getCounselorNumber()
                        .filter(number -> number != 0)
                        .map(String::valueOf);
            default -> Optional.ofNullable(student.getExtra().get(source));
        };
    }

    /** Returns the field or own column that it reads. */
    String field() {
        return switch (source) {
            case TEACHER -> PatronField.COUNSELOR_NAME.id();
            case COUNSELOR -> PatronField.COUNSELOR_NUMBER.id();
            default -> "STU." + source;
        };
    }

    /** Returns in words where it comes from. */
    String inWords() {
        return source.equals(TEACHER) ? TEACHER + " of the teacher numbered STU." + COUNSELOR : "STU." + source;
    }

    /** Returns what is wrong, with paths relative to the feed, which has these schools. */
    List<SettingProblem> problems(Set<Integer> ofFeed) {
        List<SettingProblem> problems = new ArrayList<>();
        if (schools.isEmpty()) {
            problems.add(new SettingProblem("homeroom.schools", "name the schools whose students have a homeroom"));
        }
        for (int school : new TreeSet<>(schools)) {
            if (!ofFeed.contains(school)) {
                problems.add(new SettingProblem("homeroom.schools", "school " + school + " is not in the feed"));
            }
        }
        if (Text.isBlank(source)) {
            problems.add(new SettingProblem("homeroom.source", "name the STU column, like " + COUNSELOR));
        } else if (source.contains(".") && !source.equals(TEACHER)) {
            problems.add(new SettingProblem(
                    "homeroom.source",
                    "'" + source + "' is neither " + COUNSELOR + " (the counselor's number) nor " + TEACHER
                            + " (the name of the teacher of that number) nor a column of STU"));
        }
        return problems;
    }
}
