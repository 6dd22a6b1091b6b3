package dev.patronstream.benchmarks.endurance.judge;

import dev.patronstream.benchmarks.endurance.judge.Findings.Kind;
import dev.patronstream.sandbox.oracle.ExpectedFile;
import dev.patronstream.sandbox.oracle.FeedRules;
import dev.patronstream.sandbox.oracle.Oracle;
import dev.patronstream.sandbox.oracle.TablesAsOf;
import dev.patronstream.schemas.EpochApplied;
import dev.patronstream.schemas.FeedEntry;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Holds a feed's topic against the oracle at every epoch that is announced as applied: who is in it, and every value that
 * a file takes from an entry. Between two announcements nobody may go and come back, and nothing may be written that was
 * there before. Not thread-safe.
 */
final class FeedJudge {

    /**
     * So shortly before a loss there may have been records, and announcements of them, that nobody read; and so soon after
     * the topic is back, the loss must be noticed.
     */
    private static final Duration UNSEEN = Duration.ofSeconds(20);

    /** Records and the announcement of one transaction reach the broker within this. */
    private static final Duration COMMIT = Duration.ofSeconds(2);

    /** More than this undoes nothing that was lost unread: it is the feed written again. */
    private static final int MOST_UNDONE = 10;

    private final String feed;
    private final Findings findings;
    private final Reel<Written> reel;
    private final Map<String, Written> entries = new HashMap<>();
    private final Set<String> known = new HashSet<>();
    private final Set<String> writtenSinceLoss = new HashSet<>();
    private Instant back = Instant.MIN;
    private int undone;
    private int place;
    private long records;
    private long epochs;

    /**
     * A record of the feed.
     *
     * @param entry null for a tombstone
     * @param digest of the value as it was sent, which announcements add up
     */
    record Written(String person, long epoch, @Nullable FeedEntry entry, long digest) {}

    /** The feed as it stood when an epoch was announced. */
    record Shown(EpochApplied applied, List<FeedEntry> entries) {}

    FeedJudge(String feed, Reel<Written> reel, Findings findings) {
        this.feed = feed;
        this.reel = reel;
        this.findings = findings;
    }

    /**
     * Returns the feed at an epoch that it was followed to; nothing if records of it were lost unread, so that nobody can
     * tell.
     *
     * @param announced when the epoch was announced
     */
    Optional<Shown> shown(EpochApplied applied, Instant announced) {
        boolean isUnseen = reel.damageAfter(announced)
                .filter(damage -> damage.at().isBefore(announced.plus(UNSEEN)))
                .isPresent();
        return isUnseen || isContradicted(applied, announced)
                ? Optional.empty()
                : Optional.of(new Shown(
                        applied,
                        entries.values().stream()
                                .flatMap(written -> Stream.ofNullable(written.entry()))
                                .toList()));
    }

    /**
     * Judges the feed at an epoch.
     *
     * @param tables the source at the epoch's watermark
     */
    void judge(Shown shown, TablesAsOf tables, FeedRules rules) {
        long epoch = shown.applied().getEpoch();
        LocalDate day = shown.applied().getBusinessDate();
        ExpectedFile oracle = Oracle.expected(tables, rules, day);
        epochs++;
        Map<String, List<String>> expected = byPerson(oracle);
        Map<String, List<String>> found = byPerson(Oracle.expected(new FeedTables(shown.entries()), rules, day));
        expected.forEach((person, row) -> {
            if (!found.containsKey(person)) {
                wrong(epoch, person, "is not in the feed");
            } else if (!row.equals(found.get(person))) {
                wrong(epoch, person, "has another value than the source in " + columns(oracle, row, found.get(person)));
            }
        });
        found.keySet().stream()
                .filter(person -> !expected.containsKey(person))
                .forEach(person -> wrong(epoch, person, "does not belong into the feed"));
    }

    /**
     * An announcement made before the loss was noticed tells of entries that are not there, by their number or their
     * digest. Readers are asked to compare both, so it deceives none; but the loss must be noticed soon.
     */
    private boolean isContradicted(EpochApplied applied, Instant announced) {
        long digest = entries.values().stream().mapToLong(Written::digest).sum();
        boolean tellsOfOthers = applied.getFeedEntries().getOrDefault(feed, 0L) != entries.size()
                || applied.getFeedDigests().getOrDefault(feed, digest) != digest;
        return tellsOfOthers
                && reel.damages().stream()
                        .anyMatch(damage -> !damage.at().isAfter(announced)
                                && announced.minus(UNSEEN).isBefore(damage.back()));
    }

    /**
     * Takes everything up to an epoch, and the losses before its announcement; to be called for each, in the order of the
     * announcements. After lost progress an earlier epoch is announced again: its records come after the announcement of
     * the later one, and count for the second.
     *
     * @param someUnseen whether announcements between the one before and this one may be lost, and people may have gone
     *     and come back in epochs of their own
     */
    void follow(long epoch, Instant announced, boolean someUnseen) {
        Set<String> removed = new HashSet<>();
        while (place < reel.items().size()) {
            Reel.Item<Written> item = reel.items().get(place);
            if (item instanceof Reel.Damage<Written> damage) {
                if (damage.at().isAfter(announced)) {
                    return;
                }
                lose(damage.back());
                removed.clear();
            } else if (item instanceof Reel.Seen<Written> seen) {
                long of = seen.value().epoch();
                if (of > epoch || (of < epoch && seen.at().isAfter(announced.plus(COMMIT)))) {
                    return;
                }
                take(seen.at(), seen.value(), someUnseen ? new HashSet<>() : removed);
            }
            place++;
        }
    }

    private void lose(Instant until) {
        back = until;
        writtenSinceLoss.clear();
        undone = 0;
        entries.clear();
        known.clear();
        new Reel<>(reel.items().subList(0, place + 1)).left().forEach(seen -> put(seen.value()));
    }

    private void take(Instant at, Written written, Set<String> removed) {
        records++;
        String person = written.person();
        // It may undo a record that was lost before anybody read it.
        boolean mayRepeat = writtenSinceLoss.add(person) && at.minus(UNSEEN).isBefore(back);
        Optional<FeedEntry> before = Optional.ofNullable(entries.get(person)).map(Written::entry);
        Optional<FeedEntry> now = Optional.ofNullable(written.entry());
        boolean isFirst = before.isEmpty() && !known.contains(person);
        boolean repeats = !isFirst && content(before).equals(content(now));
        if (repeats && !(mayRepeat && ++undone <= MOST_UNDONE)) {
            wrong(written.epoch(), person, "was written again though nothing had changed");
        }
        if (now.isEmpty()) {
            removed.add(person);
        } else if (removed.contains(person)) {
            wrong(written.epoch(), person, "left the feed and came back, and nobody had removed the row");
        }
        put(written);
    }

    private void put(Written written) {
        known.add(written.person());
        if (written.entry() == null) {
            entries.remove(written.person());
        } else {
            entries.put(written.person(), written);
        }
    }

    /** All but the epoch that wrote it. */
    private static Optional<String> content(Optional<FeedEntry> entry) {
        return entry.map(one ->
                FeedEntry.newBuilder(one).setEpoch(0).setWatermark("").build().toString());
    }

    /** The rows of a file, and the rule by which somebody is left out. */
    private static Map<String, List<String>> byPerson(ExpectedFile file) {
        Map<String, List<String>> rows = file.rows().stream()
                .collect(Collectors.toMap(
                        ExpectedFile.Row::person, ExpectedFile.Row::values, (one, other) -> one, TreeMap::new));
        file.leftOut().forEach((person, rule) -> rows.put(person, List.of(rule)));
        return rows;
    }

    private static String columns(ExpectedFile oracle, List<String> expected, List<String> found) {
        if (expected.size() != found.size()) {
            return "what keeps it out of the file";
        }
        return java.util.stream.IntStream.range(0, expected.size())
                .filter(i -> !expected.get(i).equals(found.get(i)))
                .mapToObj(i -> i < oracle.header().size() ? oracle.header().get(i) : "rule")
                .collect(Collectors.joining(", "));
    }

    private void wrong(long epoch, String person, String what) {
        findings.add(Kind.WRONG_FEED, feed + ", epoch " + epoch + ": " + person + " " + what);
    }

    long records() {
        return records;
    }

    long epochs() {
        return epochs;
    }

    int size() {
        return entries.size();
    }
}
