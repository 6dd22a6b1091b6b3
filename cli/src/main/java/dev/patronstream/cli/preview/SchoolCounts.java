package dev.patronstream.cli.preview;

import dev.patronstream.cli.preview.Movement.Gone;
import dev.patronstream.cli.preview.Movement.Place;
import dev.patronstream.cli.preview.Movement.There;

/**
 * How many of a school's patrons do what. Immutable.
 *
 * @param now in the feed now
 * @param stay stay at the school
 * @param come come from another school of the feed
 * @param go go to another school of the feed
 * @param arrive are new in the feed
 * @param leave leave the feed
 * @param otherGrade of those who stay or come: in another grade than now
 */
public record SchoolCounts(long now, long stay, long come, long go, long arrive, long leave, long otherGrade) {

    /** Nobody. */
    public static final SchoolCounts NOBODY = new SchoolCounts(0, 0, 0, 0, 0, 0, 0);

    /** Returns how many the school will have. */
    public long then() {
        return stay + come + arrive;
    }

    /** Returns the sum of two schools. */
    public SchoolCounts plus(SchoolCounts other) {
        return new SchoolCounts(
                now + other.now,
                stay + other.stay,
                come + other.come,
                go + other.go,
                arrive + other.arrive,
                leave + other.leave,
                otherGrade + other.otherGrade);
    }

    /** What the movement of a patron means for the school the patron is at now. */
    static SchoolCounts ofSchoolBefore(Movement movement, Place before) {
        if (movement.after() instanceof Gone) {
            return new SchoolCounts(1, 0, 0, 0, 0, 1, 0);
        }
        Place after = ((There) movement.after()).place();
        return after.school().equals(before.school())
                ? new SchoolCounts(1, 1, 0, 0, 0, 0, otherGrade(before, after))
                : new SchoolCounts(1, 0, 0, 1, 0, 0, 0);
    }

    /** What the movement of a patron means for the school the patron comes to from elsewhere. */
    static SchoolCounts ofSchoolAfter(Movement movement, Place after) {
        return movement.before()
                .map(before -> before.school().equals(after.school())
                        ? NOBODY
                        : new SchoolCounts(0, 0, 1, 0, 0, 0, otherGrade(before, after)))
                .orElse(new SchoolCounts(0, 0, 0, 0, 1, 0, 0));
    }

    private static long otherGrade(Place before, Place after) {
        return before.grade().equals(after.grade()) ? 0 : 1;
    }
}
