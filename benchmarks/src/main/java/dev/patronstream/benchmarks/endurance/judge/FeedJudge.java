package dev.patronstream.benchmarks.endurance.judge;

import dev.patronstream.benchmarks.endurance.judge.Findings.Kind;
import dev.patronstream.sandbox.oracle.ExpectedFile;
import dev.patronstream.schemas.FeedEntry;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Holds a feed's topic against the oracle at the last epoch: who is in it. What their entries hold is proved by the file
 * of that epoch, which is made of them. Not thread-safe.
 */
final class FeedJudge {

    private final Findings findings;
    private final Map<String, String> entries = new HashMap<>();
    private final Set<String> known = new HashSet<>();
    private long records;

    FeedJudge(Findings findings) {
        this.findings = findings;
    }

    /** Takes the topic's records in their order; null for a tombstone. */
    void record(String person, @Nullable FeedEntry entry) {
        records++;
        String before = entries.get(person);
        String now = entry == null ? null : content(entry);
        if (now == null ? before == null && known.contains(person) : now.equals(before)) {
            findings.add(Kind.WRONG_FEED, person + " was written again though nothing had changed");
        }
        known.add(person);
        if (now == null) {
            entries.remove(person);
        } else {
            entries.put(person, now);
        }
    }

    /** All but the epoch that wrote it. */
    private static String content(FeedEntry entry) {
        return FeedEntry.newBuilder(entry).setEpoch(0).setWatermark("").build().toString();
    }

    /** Compares with the oracle at the last epoch. */
    void judge(ExpectedFile oracle) {
        Set<String> expected = new HashSet<>(oracle.leftOut().keySet());
        oracle.rows().forEach(row -> expected.add(row.person()));
        expected.stream()
                .filter(person -> !entries.containsKey(person))
                .forEach(person -> findings.add(Kind.WRONG_FEED, person + " is not in the feed"));
        entries.keySet().stream()
                .filter(person -> !expected.contains(person))
                .forEach(person -> findings.add(Kind.WRONG_FEED, person + " does not belong into the feed"));
    }

    long records() {
        return records;
    }

    int size() {
        return entries.size();
    }
}
