package dev.patronstream.snapshotter.safety;

import dev.patronstream.schemas.HeldDelivery;
import dev.patronstream.schemas.Hold;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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

    private static final String COLUMNS = "columns-changed";

    private final Thresholds thresholds;
    private final boolean sendsFirst;

    /** Makes the checks of a feed. */
    public Checks(Safeguards safeguards) {
        this.thresholds = safeguards.thresholds();
        this.sendsFirst = safeguards.sendsFirst();
    }

    /**
     * A file that is ready, and what is known of it.
     *
     * @param selected patrons in the feed
     * @param rows rows of patrons in the feed; leavers are not counted
     * @param withProblems patrons of the feed with a line in the problem report
     * @param columns headers of the file
     * @param description hash of what the vendor's job knows of the files
     * @param hasProperties whether that is a properties file
     * @param asOf every change committed in the SIS before this time is in the file
     * @param now the moment of the check
     * @param pausedUntil until when deliveries are paused
     * @param rollOver the move to another database that is not complete yet
     * @param comparison the file next to what the vendor holds
     * @param lastDelivered the delivery that the vendor holds
     */
    public record Candidate(
            long selected,
            long rows,
            long withProblems,
            List<String> columns,
            String description,
            boolean hasProperties,
            Instant asOf,
            Instant now,
            Optional<Instant> pausedUntil,
            Optional<RollOver> rollOver,
            Comparison comparison,
            Optional<HeldDelivery> lastDelivered) {}

    /**
     * A move from one database to another.
     *
     * @param from the database that the feed is of
     * @param to the configured database
     */
    public record RollOver(String from, String to) {}

    /** Returns why the file is held; empty when it may leave. */
    public List<Hold> holds(Candidate file) {
        List<Hold> holds = new ArrayList<>();
        if (file.rows() == 0) {
            hold(
                    holds,
                    EMPTY,
                    "the file would hold no patron (the feed has " + file.selected() + ", the problem report says why "
                            + (file.selected() == 0 ? "none" : "they were left out")
                            + "); check the feed's schools and statuses");
            return holds;
        }
        file.pausedUntil().ifPresent(until -> hold(holds, "pause", "deliveries of the feed are paused until " + until));
        file.rollOver()
                .ifPresent(move -> hold(
                        holds,
                        ROLL_OVER,
                        "the feed is still of database " + move.from() + ", and the configured one is " + move.to()
                                + ": nothing is delivered until " + move.to() + " has been read in full"));
        if (file.lastDelivered().isEmpty()) {
            if (!sendsFirst) {
                hold(
                        holds,
                        "first",
                        "it is the first file of the feed, with " + count(file.rows(), "patron")
                                + "; compare it with what the vendor has before it overwrites years of cards and log-ins");
            }
        } else {
            columns(holds, file, file.lastDelivered().get());
            shares(holds, file.comparison());
        }
        amounts(holds, file);
        return holds;
    }

    /** What a vendor's job knows of the columns is given to it by hand, so they change only when a person says that it was. */
    private static void columns(List<Hold> holds, Candidate file, HeldDelivery last) {
        List<String> now = file.columns();
        List<String> before = last.getColumns();
        if (!before.isEmpty() && !now.equals(before)) {
            List<String> words = new ArrayList<>();
            missing(now, before).ifPresent(names -> words.add("new: " + names));
            missing(before, now).ifPresent(names -> words.add("gone: " + names));
            hold(
                    holds,
                    COLUMNS,
                    "the columns are not those of the last file ("
                            + (words.isEmpty() ? "another order" : String.join("; ", words)) + ")" + whatToDo(file));
        } else if (last.getDescription()
                .filter(known -> !known.equals(file.description()))
                .isPresent()) {
            hold(
                    holds,
                    COLUMNS,
                    (file.hasProperties()
                                    ? "the description of the columns in patronimport.properties is not that of the last"
                                            + " file (another header row, encoding, key, treatment of blanks, or"
                                            + " name of the file), and Destiny's job would misread the file or miss it"
                                    : "the files are not written as the last ones were (another header row, encoding,"
                                            + " delimiter, quotes, line end, or name of a file)")
                            + whatToDo(file));
        }
    }

    private static String whatToDo(Candidate file) {
        return file.hasProperties()
                ? "; upload the new patronimport.properties by hand in Destiny's job, then approve"
                : "; tell the vendor, then approve";
    }

    private static Optional<String> missing(List<String> in, List<String> from) {
        Set<String> known = new HashSet<>(from);
        List<String> names =
                in.stream().filter(header -> !known.contains(header)).toList();
        return names.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", names));
    }

    private void shares(List<Hold> holds, Comparison file) {
        long before = file.before();
        String whole = " of the " + count(before, "patron") + " that the vendor holds ";
        share(holds, "removed-above", thresholds.removed(), file.removed(), before, whole + "would be removed");
        long renumbered = file.renumbered();
        share(
                holds,
                "identifiers-changed",
                thresholds.removed(),
                file.identifiersChanged() + renumbered,
                before,
                whole + "would get other identifiers"
                        + (renumbered == 0
                                ? ""
                                : ", " + renumbered + " of them as new" + " people of Aeries who are else the same")
                        + ": the vendor would make new patrons of them,"
                        + " without their loans, beside the old ones");
        share(
                holds,
                "added-above",
                thresholds.added(),
                file.added(),
                before,
                " patrons would be added to the " + before + " that the vendor holds");
        share(
                holds,
                "transferred-above",
                thresholds.transferred(),
                file.transferred(),
                before,
                whole + "would get another site");
        share(holds, "changed-above", thresholds.changed(), file.changed(), before, whole + "would change");
        file.sites().forEach((site, count) -> {
            share(
                    holds,
                    "per-site-removed-above",
                    thresholds.removedPerSite(),
                    count.removed,
                    count.before,
                    " of the " + count(count.before, "patron") + " of " + site + " would be removed");
            if (thresholds.schoolGone()) {
                schoolGone(holds, site, count);
            }
        });
    }

    /** A school without students is gone, no matter which staff is left. */
    private static void schoolGone(List<Hold> holds, String site, Comparison.SiteCount count) {
        if (count.before > 0 && count.after == 0) {
            hold(holds, "school-gone", "no patron of " + site + " would be left, of " + count.before);
        } else if (count.studentsBefore > 0 && count.studentsAfter == 0) {
            hold(holds, "school-gone", "no student of " + site + " would be left, of " + count.studentsBefore);
        }
    }

    private void amounts(List<Hold> holds, Candidate file) {
        if (file.rows() < thresholds.rowsBelow()) {
            hold(
                    holds,
                    "rows-below",
                    "the file would hold " + count(file.rows(), "patron") + ", fewer than " + thresholds.rowsBelow());
        }
        share(
                holds,
                "problems-above",
                thresholds.problems(),
                file.withProblems(),
                file.selected(),
                " of the " + count(file.selected(), "patron") + " of the feed are in the problem report");
        Duration age = Duration.between(file.asOf(), file.now());
        thresholds
                .maxAge()
                .filter(limit -> age.compareTo(limit) > 0)
                .ifPresent(limit -> hold(
                        holds,
                        "max-age",
                        "the file says how things stood " + hours(age) + " ago, at " + file.asOf()
                                + ", and nothing newer has come from Aeries; older than " + hours(limit)
                                + " is held. Is capture running?"));
    }

    private static void share(
            List<Hold> holds, String check, Optional<Double> limit, long part, long whole, String words) {
        if (limit.isPresent() && part > limit.get() * whole) {
            String percent = whole == 0 ? "all of them new" : percent((double) part / whole);
            hold(holds, check, part + words + " (" + percent + ", above " + percent(limit.get()) + ")");
        }
    }

    private static void hold(List<Hold> holds, String check, String message) {
        holds.add(Hold.newBuilder().setCheck(check).setMessage(message).build());
    }

    private static String count(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    private static String percent(double share) {
        String text = String.format(Locale.ROOT, "%.1f", share * 100);
        return (text.endsWith(".0") ? text.substring(0, text.length() - 2) : text) + " %";
    }

    private static String hours(Duration time) {
        return time.compareTo(Duration.ofHours(48)) >= 0
                ? time.toDays() + " days"
                : time.compareTo(Duration.ofHours(2)) >= 0 ? time.toHours() + " hours" : time.toMinutes() + " minutes";
    }
}
