package dev.patronstream.snapshotter.safety.check;

import dev.patronstream.schemas.DeliveryDifference;
import dev.patronstream.schemas.DifferenceGroup;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.snapshotter.cut.PersonNumber;
import dev.patronstream.snapshotter.layout.PatronRow;
import dev.patronstream.snapshotter.ledger.HeldPatrons;
import dev.patronstream.snapshotter.ledger.HeldPatrons.Held;
import dev.patronstream.snapshotter.ledger.RowFingerprint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Counts what a file would change for the vendor, row by row as the file is written. For one file and one thread.
 *
 * <p>A patron is <em>there</em> while not inactive. Somebody who was there and is inactive or missing is removed, or
 * transferred when another feed of the same system has the person now. Who is there under another identifier, or under
 * another ID of Aeries and else the same, is somebody new to the vendor.
 */
public final class Comparison {

    /** How many keys of each kind are kept to look up. */
    static final int SAMPLES = 10;

    private final HeldPatrons held;
    private final Optional<Set<String>> compared;
    private final Set<String> identifiers;
    private final LongPredicate movedToOtherFeed;
    private final Set<Long> seen = new HashSet<>();
    private final Map<String, SiteCount> sites = new TreeMap<>();
    private final Map<Group, GroupCount> groups =
            new TreeMap<>(Comparator.comparing(Group::site).thenComparing(Group::status));
    private final Map<Change, Long> counts = new EnumMap<>(Change.class);
    private final Map<Change, List<Long>> samples = new EnumMap<>(Change.class);
    private final List<Long> removedRows = new ArrayList<>();
    private final Map<Long, Integer> addedRows = new HashMap<>();

    /** What a file can change for a patron. */
    enum Change {
        ADDED,
        CHANGED,
        REMOVED,
        TRANSFERRED,
        WITH_OTHER_IDENTIFIERS;

        /** Returns the word for it in receipts: {@code with other identifiers}. */
        private String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    /** The patrons of one site who are there. */
    static final class SiteCount {
        long before;
        long after;
        long removed;
        long studentsBefore;
        long studentsAfter;

        private void countBefore(long person) {
            before++;
            studentsBefore += PersonNumber.kind(person) == PatronKind.STUDENT ? 1 : 0;
        }

        private void countAfter(long person) {
            after++;
            studentsAfter += PersonNumber.kind(person) == PatronKind.STUDENT ? 1 : 0;
        }
    }

    private record Group(String site, String status) {}

    private static final class GroupCount {
        private long before;
        private long after;
        private long added;
        private long removed;
        private long changed;
    }

    /** Begins to compare; {@code compared} are headers of the columns that count, as {@code held} was read with. */
    public Comparison(
            HeldPatrons held, Optional<Set<String>> compared, Set<String> identifiers, LongPredicate movedToOtherFeed) {
        this.held = held;
        this.compared = compared;
        this.identifiers = Set.copyOf(identifiers);
        this.movedToOtherFeed = movedToOtherFeed;
    }

    public void take(PatronRow row) {
        long person = PersonNumber.of(row.kind(), row.id());
        seen.add(person);
        Held before = held.of(person).orElse(null);
        RowFingerprint now = RowFingerprint.of(row.filled(), compared, identifiers);
        boolean differs = before != null && !before.compared().equals(now);
        countGroups(before, row, differs);
        boolean isThere = !row.statusCode().equals(HeldPatrons.INACTIVE);
        // Who may be there is not counted on: an addition that broke off is measured again.
        boolean wasThere = before != null && before.isThere() && !(isThere && held.isInDoubt(person));
        if (isThere) {
            site(row.siteName()).countAfter(person);
        }
        if (before != null && wasThere) {
            site(before.site()).countBefore(person);
        }
        if (isThere && before != null && wasThere) {
            if (!before.site().equals(row.siteName())) {
                count(Change.TRANSFERRED, person);
            }
            if (before.compared().high() != now.high()) {
                count(Change.WITH_OTHER_IDENTIFIERS, person);
            }
            if (differs) {
                count(Change.CHANGED, person);
            }
        } else if (isThere) {
            count(Change.ADDED, person);
            addedRows.merge(now.low(), 1, Integer::sum);
        } else if (before != null && wasThere) {
            remove(person, before);
        }
    }

    /** Whether the file has a row of a person, as far as it was taken. */
    public boolean hasTaken(long person) {
        return seen.contains(person);
    }

    /** Counts those whom the file does not have; called once, after the last row. */
    public void end() {
        held.forEach((person, before) -> {
            if (seen.contains(person)) {
                return;
            }
            if (before.hasRow()) {
                GroupCount group = group(before.site(), before.status());
                group.before++;
                group.removed++;
            }
            if (before.isThere()) {
                site(before.site()).countBefore(person);
                if (movedToOtherFeed.test(person)) {
                    count(Change.TRANSFERRED, person);
                } else {
                    remove(person, before);
                }
            }
        });
    }

    /** Returns the result as it stands in receipts. */
    public DeliveryDifference difference(Optional<String> since) {
        List<DifferenceGroup> list = new ArrayList<>();
        groups.forEach((group, count) -> list.add(DifferenceGroup.newBuilder()
                .setSite(group.site())
                .setStatus(group.status())
                .setBefore(count.before)
                .setAfter(count.after)
                .setAdded(count.added)
                .setRemoved(count.removed)
                .setChanged(count.changed)
                .build()));
        Map<String, List<String>> keys = new TreeMap<>();
        samples.forEach((change, persons) -> keys.put(
                change.word(), persons.stream().sorted().map(PersonNumber::key).toList()));
        return DeliveryDifference.newBuilder()
                .setSince(since.orElse(null))
                .setBefore(before())
                .setAfter(after())
                .setAdded(count(Change.ADDED))
                .setRemoved(count(Change.REMOVED))
                .setTransferred(count(Change.TRANSFERRED))
                .setChanged(count(Change.CHANGED))
                .setGroups(list)
                .setSamples(keys)
                .build();
    }

    long before() {
        return sites.values().stream().mapToLong(site -> site.before).sum();
    }

    long after() {
        return sites.values().stream().mapToLong(site -> site.after).sum();
    }

    long count(Change change) {
        return counts.getOrDefault(change, 0L);
    }

    /** Returns how many of the removed were added under another ID of Aeries, and are else the same. */
    long renumbered() {
        Map<Long, Integer> left = new HashMap<>(addedRows);
        return removedRows.stream()
                .filter(row -> left.merge(row, -1, Integer::sum) >= 0)
                .count();
    }

    Map<String, SiteCount> sites() {
        return sites;
    }

    private void countGroups(@Nullable Held before, PatronRow row, boolean differs) {
        GroupCount now = group(row.siteName(), row.statusCode());
        now.after++;
        if (before == null || !before.hasRow()) {
            now.added++;
            return;
        }
        GroupCount then = group(before.site(), before.status());
        then.before++;
        if (then == now) {
            now.changed += differs ? 1 : 0;
        } else {
            then.removed++;
            now.added++;
        }
    }

    private void remove(long person, Held before) {
        count(Change.REMOVED, person);
        removedRows.add(before.compared().low());
        site(before.site()).removed++;
    }

    private void count(Change change, long person) {
        counts.merge(change, 1L, Long::sum);
        List<Long> persons = samples.computeIfAbsent(change, kind -> new ArrayList<>());
        if (persons.size() < SAMPLES) {
            persons.add(person);
        }
    }

    private SiteCount site(String name) {
        return sites.computeIfAbsent(name, n -> new SiteCount());
    }

    private GroupCount group(String site, String status) {
        return groups.computeIfAbsent(new Group(site, status), g -> new GroupCount());
    }
}
