package dev.patronstream.connector.row;

/** Hears what is wrong with rows while they are read. */
@FunctionalInterface
public interface RowProblems {

    /** A row is read; what was wrong with it before is over, and what still is comes next. */
    default void read(RowKey row) {}

    /** A value cannot be carried. */
    void found(RowProblem problem);
}
