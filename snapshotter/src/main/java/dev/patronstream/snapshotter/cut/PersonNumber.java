package dev.patronstream.snapshotter.cut;

import dev.patronstream.schemas.PatronKind;

/**
 * A person's key as a number: half a million keys as texts would take most of the memory of a cut. Numbers are in the
 * order of a delivered file: students by ID, then staff by ID.
 */
public final class PersonNumber {

    private static final String STUDENT = "student/";
    private static final String STAFF = "staff/";
    private static final long STAFF_OFFSET = 1L << 33;

    private PersonNumber() {}

    public static long of(PatronKind kind, int id) {
        return (kind == PatronKind.STAFF ? STAFF_OFFSET : 0) + id;
    }

    /** Returns the key of a number, as in the topics. */
    public static String key(long person) {
        return person >= STAFF_OFFSET ? STAFF + (person - STAFF_OFFSET) : STUDENT + person;
    }

    public static PatronKind kind(long person) {
        return person >= STAFF_OFFSET ? PatronKind.STAFF : PatronKind.STUDENT;
    }

    /** Returns the ID of the person that a number is, unique within the kind. */
    public static int id(long person) {
        return (int) (person >= STAFF_OFFSET ? person - STAFF_OFFSET : person);
    }

    /** Returns the number of a key as in the topics, which must be that of a person. */
    public static long ofKey(String key) {
        try {
            if (key.startsWith(STUDENT)) {
                return of(PatronKind.STUDENT, Integer.parseInt(key.substring(STUDENT.length())));
            }
            if (key.startsWith(STAFF)) {
                return of(PatronKind.STAFF, Integer.parseInt(key.substring(STAFF.length())));
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + key + "' is not the key of a person", e);
        }
        throw new IllegalArgumentException("'" + key + "' is not the key of a person");
    }
}
