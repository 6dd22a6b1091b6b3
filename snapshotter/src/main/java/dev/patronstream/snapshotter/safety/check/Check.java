package dev.patronstream.snapshotter.safety.check;

/**
 * A question that every file is asked before it leaves. Those with a limit are records of it, so that checks of equal
 * limits are equal; each reads its own from {@link Limits} and stands in the list of {@link Thresholds}.
 */
interface Check {

    void ask(Candidate file, Holds holds);

    /** A question about what the file would change for the vendor; the first file of a feed is not asked it. */
    interface OfChange extends Check {

        void ask(Comparison change, Holds holds);

        @Override
        default void ask(Candidate file, Holds holds) {
            if (file.lastDelivered().isPresent()) {
                ask(file.comparison(), holds);
            }
        }
    }
}
