package dev.patronstream.snapshotter.safety.check;

import java.util.Optional;

/** Patrons that would be new. There can be more of them than the vendor holds. */
record AddedAbove(Optional<Double> limit) implements Check.OfChange {

    private static final String KEY = "added-above";

    AddedAbove(Limits limits) {
        this(limits.share(KEY));
    }

    @Override
    public void ask(Comparison change, Holds holds) {
        String words = " patrons would be added to the " + change.before() + " that the vendor holds";
        holds.above(KEY, limit, change.count(Comparison.Change.ADDED), change.before(), words);
    }
}
