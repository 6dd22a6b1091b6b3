package dev.patronstream.snapshotter.safety.check;

import java.util.Optional;

/** Patrons that would get another site. */
record TransferredAbove(Optional<Double> limit) implements Check.OfChange {

    private static final String KEY = "transferred-above";

    TransferredAbove(Limits limits) {
        this(limits.part(KEY));
    }

    @Override
    public void ask(Comparison change, Holds holds) {
        holds.above(KEY, limit, change.count(Comparison.Change.TRANSFERRED), change, "would get another site");
    }
}
