package dev.patronstream.streams.people;

/** The steps that choose a student's primary enrollment, in the order in which they are asked. */
public enum PrimaryStep {
    /** A school of the feed (or of the feeds that share one system) comes before all others. */
    FEED_SCHOOL,
    /** A row that the feed's conditions keep out comes after the others, where the feed chooses for itself. */
    CONDITION,
    /** Active before pre-enrolled before inactive. */
    STATUS,
    /** A row whose attendance program is a concurrent one comes after the others. */
    CONCURRENT_PROGRAM,
    /** A school that is never primary, like a summer school, comes after the others. */
    NEVER_PRIMARY,
    /** The district's order of schools; schools it does not name come last. */
    SCHOOL_ORDER,
    /** The latest enter date; a row without one comes last. */
    ENTER_DATE,
    /** The lowest school code. */
    SCHOOL_CODE,
    /** The lowest student number. */
    STUDENT_NUMBER
}
