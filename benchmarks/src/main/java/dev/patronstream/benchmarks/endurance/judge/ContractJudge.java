package dev.patronstream.benchmarks.endurance.judge;

import dev.patronstream.benchmarks.endurance.judge.Findings.Kind;
import dev.patronstream.sandbox.sqlserver.SourceHistory.Change;
import dev.patronstream.sandbox.sqlserver.SourceHistory.Operation;
import dev.patronstream.sandbox.sqlserver.SourceHistory.Transaction;
import dev.patronstream.schemas.EpochCause;
import dev.patronstream.schemas.Progress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Holds one contract topic against what was committed in its table, epoch by epoch.
 *
 * <p>An epoch of changes has to show, for every transaction after the last epoch's watermark and up to its own, the state
 * in which the transaction left each row that it touched: once, in the order of the commits. A transaction above the bound
 * of a Kafka transaction may show a row several times, each time in another state. An epoch of a snapshot has to end with
 * the table at its watermark, and on the way there no row may repeat a state or go back in time. Not thread-safe.
 */
final class ContractJudge {

    private final SourceTable table;
    private final int maxRows;
    private final Findings findings;
    private final Map<Long, List<Published>> byEpoch;
    private final Map<String, String> shown = new HashMap<>();
    private final Map<String, String> committed = new HashMap<>();
    private final Map<String, List<Commit>> sinceLastEpoch = new LinkedHashMap<>();
    private long offsetOfEpoch;

    /** The state in which a transaction left a row. */
    private record Commit(String lsn, String state, boolean large) {}

    ContractJudge(SourceTable table, int maxRows, List<Published> records, Findings findings) {
        this.table = table;
        this.maxRows = maxRows;
        this.findings = findings;
        this.byEpoch = records.stream().collect(Collectors.groupingBy(Published::epoch, Collectors.toList()));
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
        List<Published> records = byEpoch.getOrDefault(epoch.getEpoch(), List.of());
        byEpoch.remove(epoch.getEpoch());
        long next = epoch.getNextOffsets().getOrDefault(table.topic(), 0L);
        records.stream()
                .filter(seen -> seen.offset() < offsetOfEpoch || seen.offset() >= next)
                .forEach(seen -> add(Kind.TORN, seen, "is outside of the offsets of its epoch"));
        offsetOfEpoch = next;
        Map<String, List<Published>> byKey = records.stream()
                .collect(Collectors.groupingBy(Published::key, LinkedHashMap::new, Collectors.toList()));
        if (epoch.getCause() == EpochCause.SNAPSHOT) {
            snapshot(epoch.getEpoch(), byKey);
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
        sinceLastEpoch.clear();
    }

    /** Called after the last epoch: nothing may be left over. */
    void end() {
        byEpoch.values()
                .forEach(
                        records -> records.forEach(seen -> add(Kind.TORN, seen, "belongs to an epoch without an end")));
        sinceLastEpoch.forEach((key, commits) -> commits.forEach(
                commit -> add(Kind.LOST, key, commit.lsn(), "is committed after the last epoch's watermark")));
    }

    private void snapshot(long epoch, Map<String, List<Published>> byKey) {
        Set<String> keys = new HashSet<>(byKey.keySet());
        keys.addAll(committed.keySet());
        keys.addAll(shown.keySet());
        for (String key : keys) {
            String before = shown.getOrDefault(key, SourceTable.ABSENT);
            List<Published> records = byKey.getOrDefault(key, List.of());
            List<String> states = new ArrayList<>(List.of(before));
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
