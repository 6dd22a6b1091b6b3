package dev.patronstream.snapshotter.safety.check;

import static dev.patronstream.snapshotter.safety.check.Holds.count;

import java.util.Optional;

/** Patrons of the feed with a line in the problem report. */
record ProblemsAbove(Optional<Double> limit) implements Check {

    private static final String KEY = "problems-above";

    ProblemsAbove(Limits limits) {
        this(limits.part(KEY));
    }

    @Override
    public void ask(Candidate file, Holds holds) {
        long selected = file.counts().selected();
        holds.above(
                KEY,
                limit,
                file.counts().withProblems(),
                selected,
                " of the " + count(selected, "patron") + " of the feed are in the problem report");
    }
}
