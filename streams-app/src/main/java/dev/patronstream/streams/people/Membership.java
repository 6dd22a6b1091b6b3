package dev.patronstream.streams.people;

/** Whether a patron belongs to a feed, and what keeps out one who does not. */
public enum Membership {
    /** Belongs to the feed. */
    IN,
    /** The feed does not take students, or not staff. */
    OTHER_KIND,
    /** The school, by the primary enrollment that the feed chooses, is none of the feed's. */
    OTHER_SCHOOL,
    /** The status is none of the feed's. */
    OTHER_STATUS,
    /** A condition of the feed keeps out what the row holds. */
    EXCLUDED
}
