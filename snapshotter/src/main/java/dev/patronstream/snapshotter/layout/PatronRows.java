package dev.patronstream.snapshotter.layout;

import java.util.function.Consumer;

/** The rows of a file, in order; the same ones each time they are asked for. */
public interface PatronRows {

    /** Returns the layout of the rows. */
    Layout layout();

    /** Gives out the rows, students first, then staff, each by ID. */
    void rows(Consumer<PatronRow> sink);
}
