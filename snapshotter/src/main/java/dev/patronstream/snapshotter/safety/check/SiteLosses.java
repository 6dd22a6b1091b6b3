package dev.patronstream.snapshotter.safety.check;

import static dev.patronstream.snapshotter.safety.check.Holds.count;

import java.util.Optional;

/**
 * What each site would lose: the share of its patrons that would be inactive or missing, and whether it would have none
 * any more.
 */
record SiteLosses(Optional<Double> removed, boolean schoolGone) implements Check.OfChange {

    private static final String REMOVED = "per-site-removed-above";
    private static final String SCHOOL_GONE = "school-gone";

    SiteLosses(Limits limits) {
        this(limits.part(REMOVED), limits.flag(SCHOOL_GONE));
    }

    @Override
    public void ask(Comparison change, Holds holds) {
        change.sites().forEach((site, count) -> {
            holds.above(
                    REMOVED,
                    removed,
                    count.removed,
                    count.before,
                    " of the " + count(count.before, "patron") + " of " + site + " would be removed");
            if (schoolGone) {
                schoolGone(holds, site, count);
            }
        });
    }

    /** A school without students is gone, no matter which staff is left. */
    private static void schoolGone(Holds holds, String site, Comparison.SiteCount count) {
        if (count.before > 0 && count.after == 0) {
            holds.add(SCHOOL_GONE, "no patron of " + site + " would be left, of " + count.before);
        } else if (count.studentsBefore > 0 && count.studentsAfter == 0) {
            holds.add(SCHOOL_GONE, "no student of " + site + " would be left, of " + count.studentsBefore);
        }
    }
}
