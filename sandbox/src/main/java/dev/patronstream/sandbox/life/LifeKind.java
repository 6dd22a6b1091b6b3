package dev.patronstream.sandbox.life;

/** What happens in school offices, with how often it does in relation to the others. */
public enum LifeKind {
    NAME_CHANGED(160),
    EMAIL_CHANGED(160),
    GRADE_CHANGED(60),
    HOMEROOM_CHANGED(140),
    ENROLLED(60),
    TRANSFERRED(120),
    INACTIVATED(50),
    REACTIVATED(50),
    SOFT_DELETED(30),
    RESTORED(30),
    HARD_DELETED(20),
    /** The row goes to the inactive school under a new number. */
    LEFT(20),
    RETURNED(20),
    /** A student number, part of the key, is corrected. */
    KEY_CHANGED(20),
    /** A student gets another permanent ID. */
    STUDENT_ID_CHANGED(5),
    STAFF_HIRED(12),
    STAFF_LEFT(15),
    STAFF_RETURNED(15),
    STAFF_CHANGED(20),
    SCHOOL_RENAMED(3),
    /** Work that is undone before it is committed. */
    ROLLED_BACK(30),
    /** One transaction of a thousand rows. */
    MASS_CHANGE(1);

    private final int weight;

    LifeKind(int weight) {
        this.weight = weight;
    }

    /** The usual weight. */
    public int weight() {
        return weight;
    }
}
