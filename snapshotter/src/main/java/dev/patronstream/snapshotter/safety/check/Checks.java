package dev.patronstream.snapshotter.safety.check;

import dev.patronstream.schemas.Hold;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Says what speaks against sending a file, each in numbers. Immutable.
 *
 * <p>Judges the file next to what the vendor holds, never next to an earlier file that did not arrive: many small steps
 * that are held add up to one that is.
 */
public final class Checks {

    /** The check that no approval overrules. */
    public static final String EMPTY = "empty";

    /**
     * The check that the file is of the configured database. No approval overrules it either: such a file would have last
     * year's students in this year's grades.
     */
    public static final String ROLL_OVER = "roll-over";

    /** The check of the rules that hold a delivery. */
    public static final String RULES = "rules";

    /** What no person can overrule. */
    public static final Set<String> NEVER = Set.of(EMPTY, ROLL_OVER);

    private final List<Check> checks;

    /**
     * Makes the checks of a feed; {@code sendsFirst} if the first file ever is sent without a person having looked at
     * it.
     */
    public Checks(Thresholds thresholds, boolean sendsFirst) {
        checks = new ArrayList<>(List.of(Checks::pause, Checks::rollOver));
        if (!sendsFirst) {
            checks.add(Checks::first);
        }
        checks.add(new ColumnsChanged());
        checks.addAll(thresholds.checks());
    }

    /** Returns why the file is held; empty when it may leave. */
    public List<Hold> holds(Candidate file) {
        Holds holds = new Holds();
        if (file.counts().rows() == 0) {
            long selected = file.counts().selected();
            holds.add(
                    EMPTY,
                    "the file would hold no patron (the feed has " + selected + ", the problem report says why "
                            + (selected == 0 ? "none" : "they were left out")
                            + "); check the feed's schools and statuses");
        } else {
            checks.forEach(check -> check.ask(file, holds));
        }
        return holds.list();
    }

    /** Returns whether a person may send a file that is held for these reasons. */
    public static boolean mayBeApproved(List<Hold> holds) {
        return holds.stream().noneMatch(hold -> NEVER.contains(hold.getCheck()));
    }

    private static void pause(Candidate file, Holds holds) {
        file.pausedUntil().ifPresent(until -> holds.add("pause", "deliveries of the feed are paused until " + until));
    }

    private static void rollOver(Candidate file, Holds holds) {
        file.rollOver()
                .ifPresent(move -> holds.add(
                        ROLL_OVER,
                        "the feed is still of database " + move.from() + ", and the configured one is " + move.to()
                                + ": nothing is delivered until " + move.to() + " has been read in full"));
    }

    private static void first(Candidate file, Holds holds) {
        if (file.lastDelivered().isEmpty()) {
            holds.add(
                    "first",
                    "it is the first file of the feed, with "
                            + Holds.count(file.counts().rows(), "patron")
                            + "; compare it with what the vendor has before it overwrites years of cards and log-ins");
        }
    }
}
