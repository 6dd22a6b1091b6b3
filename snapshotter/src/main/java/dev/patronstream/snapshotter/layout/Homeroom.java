package dev.patronstream.snapshotter.layout;

import dev.patronstream.schemas.FeedEntry;
import java.util.Optional;
import java.util.Set;

/**
 * Where homerooms come from. Destiny creates a homeroom that it does not know, and the counsellor number is the homeroom
 * teacher's in some schools only, so the schools are named.
 *
 * @param schools school codes whose students have a homeroom
 * @param source {@value #COUNSELLOR} for the number in STU.CU, {@value #TEACHER} for the name of the teacher whose number
 *     that is, else one of the district's own STU columns in upper case
 */
public record Homeroom(Set<Integer> schools, String source) {

    /** The counsellor number. */
    public static final String COUNSELLOR = "CU";

    /** The name of the teacher whose number is the counsellor number. */
    public static final String TEACHER = "TCH.TE";

    /** Copies the schools. */
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
            case TEACHER -> student.getPrimary().getCounsellorName();
            // Aeries writes 0 where no counsellor is assigned.
            case COUNSELLOR ->
                student.getPrimary()
                        .getCounsellorNumber()
                        .filter(number -> number != 0)
                        .map(String::valueOf);
            default -> Optional.ofNullable(student.getExtra().get(source));
        };
    }

    /** Returns in words where it comes from. */
    String inWords() {
        return source.equals(TEACHER) ? TEACHER + " of the teacher numbered STU." + COUNSELLOR : "STU." + source;
    }
}
