package dev.patronstream.snapshotter.layout;

import dev.patronstream.schemas.FeedEntry;
import java.util.Optional;
import java.util.Set;

/**
 * Where homerooms come from. Destiny creates a homeroom that it does not know, and the counsellor number is the homeroom
 * teacher's in some schools only, so the schools are named.
 *
 * @param schools school codes whose students have a homeroom
 * @param source {@value #COUNSELLOR} for the number in STU.CU, else one of the district's own STU columns in upper case
 */
public record Homeroom(Set<Integer> schools, String source) {

    /** The counsellor number. */
    public static final String COUNSELLOR = "CU";

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
        if (!source.equals(COUNSELLOR)) {
            return Optional.ofNullable(student.getExtra().get(source));
        }
        // Aeries writes 0 where no counsellor is assigned.
        return student.getPrimary()
                .getCounsellorNumber()
                .filter(number -> number != 0)
                .map(String::valueOf);
    }
}
