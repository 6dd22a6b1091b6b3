package dev.patronstream.benchmarks.endurance.judge;

import dev.patronstream.benchmarks.endurance.judge.Findings.Kind;
import dev.patronstream.schemas.EpochCause;
import dev.patronstream.schemas.Progress;
import dev.patronstream.standin.SourceHistory.Change;
import dev.patronstream.standin.SourceHistory.Operation;
import dev.patronstream.standin.SourceHistory.Transaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Holds one contract topic against what was committed in its table, epoch by epoch.
 *
 * <p>An epoch of changes has to show, for every transaction after the last epoch's watermark and up to its own, the state
 * in which the transaction left each row that it touched: once, in the order of the commits. A transaction above the bound
 * of a Kafka transaction may show a row several times, each time in another state. An epoch of a snapshot has to end with
 * the table at its watermark, and on the way there no row may repeat a state or go back in time. Where the topic lost
 * records, what they held is not asked for, but whatever the topic shows afterwards is. Not thread-safe.
 */
final class ContractJudge {

    private final SourceTable table;
    private final int maxRows;
    private final Findings findings;
    private final Reel<Published> reel;
    private final List<Instant> progressLosses;
    private final Map<Long, List<Published>> byEpoch;
    private final Map<String, String> shown = new HashMap<>();
    private final Map<String, String> committed = new HashMap<>();
    private final Map<String, String> atLastEpoch = new HashMap<>();
    private final Map<String, List<Commit>> sinceLastEpoch = new LinkedHashMap<>();
    private final Map<String, List<Commit>> lostCommits = new HashMap<>();
    private long offsetOfEpoch;
    private int passed;
    private boolean awaitsRepair;
    private boolean startsAgain;

    /** The state in which a transaction left a row. */
    private record Commit(String lsn, String state, boolean large) {}

    /**
     * Takes what a reader of the topic saw.
     *
     * @param progressLosses when the topic of progress lost records: an epoch before may have no end
     */
    ContractJudge(
            SourceTable table, int maxRows, Reel<Published> reel, List<Instant> progressLosses, Findings findings) {
        this.table = table;
        this.maxRows = maxRows;
        this.findings = findings;
        this.reel = reel;
        this.progressLosses = List.copyOf(progressLosses);
        this.byEpoch = reel.values().stream()
                .collect(Collectors.groupingBy(Published::epoch, TreeMap::new, Collectors.toList()));
    }

    /** The database was put back to an earlier point: what was committed is published again from its first transaction. */
    void newHistory() {
        committed.clear();
        atLastEpoch.clear();
        sinceLastEpoch.clear();
        lostCommits.clear();
        startsAgain = true;
    }

    void committed(Transaction transaction) {
        Map<String, String> left = new LinkedHashMap<>();
        for (Change change : transaction.changes()) {
            if (change.table().equals(table.sourceName())) {
                left.put(
                        table.key(change.key()),
                        change.operation() == Operation.DELETE ? SourceTable.ABSENT : table.state(change.after()));
            }
        }
        boolean large = transaction.changes().size() > maxRows;
        left.forEach((key, state) -> {
            committed.put(key, state);
            sinceLastEpoch
                    .computeIfAbsent(key, k -> new ArrayList<>())
                    .add(new Commit(transaction.lsn(), state, large));
        });
    }

    /** Called in the order of the epochs, when just the transactions up to the epoch's watermark are committed. */
    void epoch(Progress epoch) {
        pass(epoch.getPublishedAt());
        withoutEnd(epoch);
        List<Published> records = byEpoch.getOrDefault(epoch.getEpoch(), List.of());
        byEpoch.remove(epoch.getEpoch());
        long next = epoch.getNextOffsets().getOrDefault(table.topic(), 0L);
        boolean lost = reel.damageAfter(epoch.getPublishedAt())
                .filter(damage -> next > damage.from())
                .isPresent();
        if (lost) {
            // What is missing may have been there before anybody read it; what comes after is judged.
            records.forEach(seen -> shown.put(seen.key(), seen.state()));
            sinceLastEpoch.forEach((key, commits) ->
                    lostCommits.computeIfAbsent(key, k -> new ArrayList<>()).addAll(commits));
            startEpoch();
            offsetOfEpoch = next;
            return;
        }
        boolean repairs = awaitsRepair && epoch.getCause() == EpochCause.SNAPSHOT;
        awaitsRepair &= !repairs;
        if (!awaitsRepair) {
            records.stream()
                    .filter(seen -> seen.offset() < offsetOfEpoch || seen.offset() >= next)
                    .forEach(seen -> add(Kind.TORN, seen, "is outside of the offsets of its epoch"));
            // Until the repair, the connector may count on from the offsets of what was lost.
            offsetOfEpoch = next;
        }
        Map<String, List<Published>> byKey = records.stream()
                .collect(Collectors.groupingBy(Published::key, LinkedHashMap::new, Collectors.toList()));
        if (epoch.getCause() == EpochCause.SNAPSHOT) {
            snapshot(epoch.getEpoch(), byKey, repairs);
            lostCommits.clear();
            startsAgain = false;
        } else {
            Set<String> keys = new HashSet<>(byKey.keySet());
            keys.addAll(sinceLastEpoch.keySet());
            keys.forEach(key -> changes(
                    epoch.getEpoch(),
                    key,
                    sinceLastEpoch.getOrDefault(key, List.of()),
                    byKey.getOrDefault(key, List.of())));
        }
        records.forEach(seen -> shown.put(seen.key(), seen.state()));
        startEpoch();
    }

    private void startEpoch() {
        sinceLastEpoch.keySet().forEach(key -> atLastEpoch.put(key, committed.getOrDefault(key, SourceTable.ABSENT)));
        sinceLastEpoch.clear();
    }

    /** Passes the losses up to a time: the topic holds what is left of it. */
    private void pass(Instant time) {
        List<Reel.Item<Published>> items = reel.items();
        List<Reel.Damage<Published>> damages = reel.damages();
        while (passed < damages.size() && !damages.get(passed).at().isAfter(time)) {
            Reel.Damage<Published> damage = damages.get(passed++);
            List<Reel.Item<Published>> before = items.subList(0, items.indexOf(damage) + 1);
            shown.clear();
            new Reel<>(before)
                    .left()
                    .forEach(left -> shown.put(left.value().key(), left.value().state()));
            offsetOfEpoch = damage.all() ? 0 : Math.min(offsetOfEpoch, damage.from());
            awaitsRepair = true;
        }
    }

    /**
     * Epochs that a snapshot replaced in their middle, or whose end was lost with a part of the topic of progress: their
     * records are there all the same.
     */
    private void withoutEnd(Progress epoch) {
        if (epoch.getCause() != EpochCause.SNAPSHOT
                && progressLosses.stream().noneMatch(loss -> !loss.isAfter(epoch.getPublishedAt()))) {
            return;
        }
        List<Long> before = byEpoch.keySet().stream()
                .filter(number -> number < epoch.getEpoch())
                .toList();
        before.forEach(number -> {
            List<Published> records = byEpoch.getOrDefault(number, List.of());
            byEpoch.remove(number);
            Set<Published> left = reel.left(epoch.getPublishedAt());
            records.stream().filter(left::contains).forEach(seen -> {
                shown.put(seen.key(), seen.state());
                if (epoch.getCause() != EpochCause.SNAPSHOT) {
                    sinceLastEpoch
                            .getOrDefault(seen.key(), new ArrayList<>())
                            .removeIf(commit -> commit.lsn().equals(seen.lsn())
                                    && commit.state().equals(seen.state()));
                }
            });
        });
    }

    /** Called after the last epoch: nothing may be left over, and the topic holds what the table does. */
    void end() {
        pass(Instant.MAX);
        Set<String> keys = new HashSet<>(committed.keySet());
        keys.addAll(shown.keySet());
        keys.stream()
                .filter(key -> !committed
                        .getOrDefault(key, SourceTable.ABSENT)
                        .equals(shown.getOrDefault(key, SourceTable.ABSENT)))
                .forEach(key -> add(Kind.WRONG_STATE, key, "the end", "is not in the topic as it is in the table"));
        byEpoch.values()
                .forEach(
                        records -> records.forEach(seen -> add(Kind.TORN, seen, "belongs to an epoch without an end")));
        sinceLastEpoch.forEach((key, commits) -> commits.forEach(
                commit -> add(Kind.LOST, key, commit.lsn(), "is committed after the last epoch's watermark")));
    }

    private void snapshot(long epoch, Map<String, List<Published>> byKey, boolean repairs) {
        Set<String> keys = new HashSet<>(byKey.keySet());
        keys.addAll(committed.keySet());
        keys.addAll(shown.keySet());
        for (String key : keys) {
            String before = shown.getOrDefault(key, SourceTable.ABSENT);
            List<Published> records = byKey.getOrDefault(key, List.of());
            List<String> states = new ArrayList<>(List.of(before));
            if (startsAgain) {
                // The database was put back to where nobody has ever heard of the row.
                states.add(SourceTable.ABSENT);
            }
            lostCommits.getOrDefault(key, List.of()).forEach(commit -> states.add(commit.state()));
            if (repairs) {
                // The row may not have changed since, and only its record was lost.
                states.add(atLastEpoch.getOrDefault(key, SourceTable.ABSENT));
            }
            sinceLastEpoch.getOrDefault(key, List.of()).forEach(commit -> states.add(commit.state()));
            int place = 0;
            String last = before;
            for (Published seen : records) {
                if (seen.state().equals(last)) {
                    add(Kind.DUPLICATED, seen, "repeats the state before it");
                }
                last = seen.state();
                int found = states.subList(place, states.size()).indexOf(last);
                if (found < 0) {
                    add(
                            states.contains(last) ? Kind.OUT_OF_ORDER : Kind.WRONG_STATE,
                            seen,
                            "is no state that the row had, or an earlier one");
                } else {
                    place += found;
                }
            }
            if (!last.equals(committed.getOrDefault(key, SourceTable.ABSENT))) {
                add(
                        records.isEmpty() ? Kind.LOST : Kind.WRONG_STATE,
                        key,
                        "epoch " + epoch,
                        "is not as the table was at the snapshot's watermark");
            }
        }
    }

    private void changes(long epoch, String key, List<Commit> expected, List<Published> records) {
        Map<String, List<Published>> byLsn = records.stream()
                .collect(Collectors.groupingBy(Published::lsn, LinkedHashMap::new, Collectors.toList()));
        for (Commit commit : expected) {
            List<Published> seen = byLsn.getOrDefault(commit.lsn(), List.of());
            byLsn.remove(commit.lsn());
            if (seen.isEmpty()) {
                add(Kind.LOST, key, commit.lsn(), "of epoch " + epoch + " is not in the topic");
                continue;
            }
            long states = seen.stream().map(Published::state).distinct().count();
            if (commit.large() ? states < seen.size() : seen.size() > 1) {
                add(Kind.DUPLICATED, seen.get(seen.size() - 1), "is there " + seen.size() + " times");
            }
            if (!seen.get(seen.size() - 1).state().equals(commit.state())) {
                add(Kind.WRONG_STATE, seen.get(seen.size() - 1), "is not what was committed");
            }
        }
        byLsn.values()
                .forEach(more ->
                        more.forEach(seen -> add(Kind.DUPLICATED, seen, "was not committed between the two epochs")));
        for (int i = 1; i < records.size(); i++) {
            if (records.get(i).lsn().compareTo(records.get(i - 1).lsn()) < 0) {
                add(Kind.OUT_OF_ORDER, records.get(i), "comes after a later commit");
            }
        }
    }

    private void add(Kind kind, Published seen, String what) {
        add(
                kind,
                seen.key(),
                seen.lsn(),
                what + " (epoch " + seen.epoch() + ", offset " + seen.offset() + " of " + table.topic() + ")");
    }

    private void add(Kind kind, String key, String lsn, String what) {
        findings.add(kind, table.sourceName() + " " + key + " of " + lsn + " " + what);
    }
}
