package dev.patronstream.benchmarks.endurance.judge;

import dev.patronstream.schemas.Progress;
import dev.patronstream.standin.SourceHistory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The lives of a database that was put back to an earlier point. */
final class Lives {

    private Lives() {}

    /**
     * Returns the histories of the lives from which something was published that the next one does not have. A connector
     * that published nothing after the backup goes on in the next life, and nobody can see the one between.
     */
    static List<SourceHistory> published(List<SourceHistory> histories, List<Progress> epochs) {
        List<SourceHistory> published = new ArrayList<>();
        for (int life = 0; life < histories.size(); life++) {
            boolean last = life == histories.size() - 1;
            if (last || isPublished(commits(histories.get(life)), commits(histories.get(life + 1)), epochs)) {
                published.add(histories.get(life));
            }
        }
        return published;
    }

    /**
     * Whether an epoch shows what only a life has.
     *
     * @param life times of its commits by LSN
     * @param next those of the life after it
     */
    static boolean isPublished(
            NavigableMap<String, Instant> life, NavigableMap<String, Instant> next, List<Progress> epochs) {
        String common = "";
        for (Map.Entry<String, Instant> commit : life.entrySet()) {
            if (!commit.getValue().equals(next.get(commit.getKey()))) {
                break;
            }
            common = commit.getKey();
        }
        Map.Entry<String, Instant> first = next.higherEntry(common);
        Instant begun = first == null ? Instant.MAX : first.getValue();
        NavigableMap<String, Instant> own = life.tailMap(common, false);
        return !own.isEmpty()
                && epochs.stream()
                        .anyMatch(epoch -> epoch.getPublishedAt().isBefore(begun)
                                && epoch.getWatermark().compareTo(own.firstKey()) >= 0);
    }

    private static NavigableMap<String, Instant> commits(SourceHistory history) {
        NavigableMap<String, Instant> commits = new TreeMap<>();
        history.transactionsAfter("", transaction -> commits.put(transaction.lsn(), transaction.commitTime()));
        return commits;
    }
}
