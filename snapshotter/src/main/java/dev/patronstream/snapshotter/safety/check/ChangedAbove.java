package dev.patronstream.snapshotter.safety.check;

import java.util.Optional;

/** Patrons of whom any value would change. */
record ChangedAbove(Optional<Double> limit) implements Check.OfChange {

    private static final String KEY = "changed-above";

    ChangedAbove(Limits limits) {
        this(limits.part(KEY));
    }

    @Override
    public void ask(Comparison change, Holds holds) {
        holds.above(KEY, limit, change.count(Comparison.Change.CHANGED), change, "would change");
    }
}
