package dev.patronstream.benchmarks.endurance.judge;

import dev.patronstream.sandbox.oracle.TablesAsOf;
import dev.patronstream.standin.SourceHistory;
import dev.patronstream.standin.SourceHistory.Change;
import dev.patronstream.standin.SourceHistory.Operation;
import dev.patronstream.standin.SourceHistory.Transaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the source's whole history once, in the order of the commits, and keeps the tables as they were at each
 * moment. Not thread-safe.
 */
final class HistoryReplay implements TablesAsOf {

    private final Map<String, Map<Map<String, @Nullable Object>, Map<String, @Nullable Object>>> tables =
            new HashMap<>();
    private final TreeMap<String, List<Runnable>> moments = new TreeMap<>();
    private String lastChange = "";
    private long transactions;
    private long changes;

    /** Has something done when all transactions up to an LSN have been replayed, and none after it. */
    void at(String lsn, Runnable what) {
        moments.computeIfAbsent(lsn, l -> new ArrayList<>()).add(what);
    }

    /**
     * Replays.
     *
     * @param each sees every transaction after it has been applied to the tables
     */
    void run(SourceHistory history, Consumer<Transaction> each) {
        history.transactionsAfter("", transaction -> {
            pass(moments.headMap(transaction.lsn(), false));
            transaction.changes().forEach(this::apply);
            lastChange = transaction.changes().isEmpty() ? lastChange : transaction.lsn();
            transactions++;
            each.accept(transaction);
        });
        pass(moments);
    }

    private void pass(Map<String, List<Runnable>> due) {
        due.values().forEach(list -> list.forEach(Runnable::run));
        due.clear();
    }

    private void apply(Change change) {
        changes++;
        Map<Map<String, @Nullable Object>, Map<String, @Nullable Object>> table =
                tables.computeIfAbsent(change.table(), name -> new LinkedHashMap<>());
        if (change.operation() == Operation.DELETE) {
            table.remove(change.key());
        } else {
            table.put(change.key(), change.after());
        }
    }

    @Override
    public void read(String table, Consumer<Map<String, @Nullable Object>> reader) {
        Objects.requireNonNull(tables.getOrDefault("dbo." + table, Map.of()))
                .values()
                .forEach(reader);
    }

    /** LSN of the last transaction that changed a row. */
    String lastChange() {
        return lastChange;
    }

    /** How many transactions have been replayed. */
    long transactions() {
        return transactions;
    }

    /** How many changes of rows have been replayed. */
    long changes() {
        return changes;
    }
}
