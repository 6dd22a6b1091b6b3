package dev.patronstream.connector.row;

/** What a contract field holds; a column of any type that can say it is accepted. */
public enum ValueKind {
    /** Text without trailing blanks; blank is null. */
    TEXT,
    /** Text without blanks on either side; blank is null. */
    TAG,
    /** A whole number. */
    INTEGER,
    /** A calendar date; a time of day is dropped. */
    DATE
}
