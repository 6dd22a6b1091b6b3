package dev.patronstream.snapshotter.safety;

import dev.patronstream.snapshotter.settings.SettingProblem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Above what a file is held for a person ({@code hold-when}). Shares are of the patrons that the vendor holds, 0.1 is
 * 10 %; an empty one is never held for. Immutable.
 *
 * @param removed share of patrons that would be inactive or missing
 * @param added share of patrons that would be new
 * @param transferred share of patrons that would get another site
 * @param changed share of patrons of whom any value would change
 * @param removedPerSite share of a single site's patrons that would be inactive or missing
 * @param rowsBelow fewest patrons that a file must have, leavers not counted
 * @param problems share of the feed's patrons with a line in the problem report
 * @param maxAge how old what the file says may be
 * @param schoolGone whether a site that would have no patron any more holds the file
 */
public record Thresholds(
        Optional<Double> removed,
        Optional<Double> added,
        Optional<Double> transferred,
        Optional<Double> changed,
        Optional<Double> removedPerSite,
        int rowsBelow,
        Optional<Double> problems,
        Optional<Duration> maxAge,
        boolean schoolGone) {

    /** What careful roster systems use. */
    public static final Thresholds DEFAULT = new Thresholds(
            Optional.of(0.10),
            Optional.of(0.10),
            Optional.of(0.10),
            Optional.of(0.75),
            Optional.of(0.20),
            1,
            Optional.of(0.10),
            Optional.of(Duration.ofHours(24)),
            true);

    /** Nothing is held for but an empty file. */
    public static final Thresholds NONE = new Thresholds(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            1,
            Optional.empty(),
            Optional.empty(),
            false);

    List<SettingProblem> findProblems() {
        List<SettingProblem> found = new ArrayList<>();
        notAboveOne("removed-above", removed, found);
        notAboveOne("transferred-above", transferred, found);
        notAboveOne("changed-above", changed, found);
        notAboveOne("per-site-removed-above", removedPerSite, found);
        notAboveOne("problems-above", problems, found);
        if (rowsBelow < 1) {
            found.add(new SettingProblem("rows-below", "must be 1 or more: an empty file is never sent"));
        }
        return found;
    }

    private static void notAboveOne(String key, Optional<Double> share, List<SettingProblem> found) {
        if (share.filter(value -> value > 1).isPresent()) {
            found.add(new SettingProblem(
                    key, "is more than all of them and would never hold; write off to switch the check off"));
        }
    }
}
