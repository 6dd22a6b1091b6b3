package dev.patronstream.snapshotter.safety.check;

import static dev.patronstream.snapshotter.safety.check.Holds.count;

/** The fewest patrons that a file must have, leavers not counted. */
record RowsBelow(int fewest) implements Check {

    private static final String KEY = "rows-below";

    RowsBelow(Limits limits) {
        this(limits.number(KEY));
        if (fewest < 1) {
            limits.wrong(KEY, "must be 1 or more: an empty file is never sent");
        }
    }

    @Override
    public void ask(Candidate file, Holds holds) {
        long rows = file.counts().rows();
        if (rows < fewest) {
            holds.add(KEY, "the file would hold " + count(rows, "patron") + ", fewer than " + fewest);
        }
    }
}
