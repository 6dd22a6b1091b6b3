package dev.patronstream.snapshotter.safety.check;

import java.util.Optional;

/**
 * Patrons whom the vendor would lose: those that would be inactive or missing, and those that would get another identifier,
 * each counted for itself.
 */
record RemovedAbove(Optional<Double> limit) implements Check.OfChange {

    private static final String KEY = "removed-above";

    RemovedAbove(Limits limits) {
        this(limits.part(KEY));
    }

    @Override
    public void ask(Comparison change, Holds holds) {
        holds.above(KEY, limit, change.count(Comparison.Change.REMOVED), change, "would be removed");
        long renumbered = change.renumbered();
        holds.above(
                "identifiers-changed",
                limit,
                change.count(Comparison.Change.WITH_OTHER_IDENTIFIERS) + renumbered,
                change,
                "would get other identifiers"
                        + (renumbered == 0
                                ? ""
                                : ", " + renumbered + " of them as new people of Aeries who are else the same")
                        + ": the vendor would make new patrons of them, without their loans, beside the old ones");
    }
}
