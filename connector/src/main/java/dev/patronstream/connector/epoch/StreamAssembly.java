package dev.patronstream.connector.epoch;

import dev.patronstream.connector.row.Captured.Change;
import dev.patronstream.connector.row.Captured.Mark;
import dev.patronstream.connector.row.ContractRow;
import dev.patronstream.connector.row.RowKey;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.schemas.Lsn;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts the changes that arrive one by one together to whole source transactions.
 *
 * <p>A transaction is whole when a change of a later commit has arrived, when a mark says that everything up to its
 * commit was handed over, or when as many of its changes have arrived as the change tables hold ({@link #proven}).
 * Changes at or below the watermark were published before and are dropped. Not thread-safe.
 */
public final class StreamAssembly {

    private final int maxRows;
    private final Deque<SourceTransaction> whole = new ArrayDeque<>();
    private Optional<Split> split;
    private Lsn watermark;
    private @Nullable SourceTransaction open;
    private int buffered;
    private long repeated;

    /**
     * A source transaction of which a part is published already.
     *
     * @param published by table: how many of its changes, from the first
     */
    public record Split(Lsn lsn, Map<SourceTable, Long> published) {}

    /**
     * Whole source transactions.
     *
     * @param changes their changes, in order
     */
    public record Whole(List<Change> changes, Lsn first, Lsn last, int transactions) {}

    /** Part of a source transaction that is larger than a Kafka transaction should be, and where the part ends. */
    public record Part(List<Change> changes, Split split) {}

    /**
     * @param watermark everything up to here is published
     * @param split the transaction after it of which a part is published too
     * @param maxRows how many changes may wait
     */
    public StreamAssembly(Lsn watermark, Optional<Split> split, int maxRows) {
        this.watermark = watermark;
        this.split = split;
        this.maxRows = maxRows;
    }

    /** Whether {@link #takeWhole} or {@link #takePart} has to make room before the next change. */
    public boolean isFull() {
        return buffered >= maxRows;
    }

    /**
     * Takes a change.
     *
     * @throws SnapshotNeededException if a transaction that is published in part does not come again
     * @throws IllegalStateException if changes do not arrive in the order of their commits
     */
    public void add(Change change) {
        Lsn lsn = change.commitLsn();
        if (!lsn.isAfter(watermark)) {
            repeated++;
            return;
        }
        if (open != null && lsn.isAfter(open.lsn())) {
            close(open);
        }
        if (open == null) {
            open = open(lsn);
        } else if (!lsn.equals(open.lsn())) {
            throw new IllegalStateException("A change of commit " + lsn + " arrived after changes of commit "
                    + open.lsn() + "; the order of commits is what everything rests on");
        }
        int before = open.buffered();
        open.add(change);
        buffered += open.buffered() - before;
    }

    /** Takes note of a mark in the stream. */
    public void mark(Mark mark) {
        if (open != null && mark.betweenTransactions() && !open.lsn().isAfter(mark.commitLsn())) {
            close(open);
        }
    }

    /** Returns the transaction that is not known to be whole, with the number of its changes that have arrived. */
    public Optional<Unproven> unproven() {
        return Optional.ofNullable(open).map(last -> new Unproven(last.lsn(), last.arrived()));
    }

    /**
     * A transaction that is not known to be whole.
     *
     * @param arrived how many of its changes have arrived, an update counted once
     */
    public record Unproven(Lsn lsn, long arrived) {}

    /** Takes note that all changes of the unproven transaction have arrived. */
    public void proven() {
        if (open != null) {
            close(open);
        }
    }

    /** Whether a transaction is whole. */
    public boolean hasWhole() {
        return !whole.isEmpty();
    }

    /** Whether a part of the unproven transaction was taken. */
    public boolean hasPart() {
        return open != null && open.buffered() < open.arrived();
    }

    /** Returns whole transactions of up to the configured number of changes; empty when none is whole. */
    public Optional<Whole> takeWhole() {
        List<Change> changes = new ArrayList<>();
        int transactions = 0;
        Lsn first = watermark;
        Lsn last = watermark;
        while (!whole.isEmpty()
                && (transactions == 0 || changes.size() + whole.getFirst().buffered() <= maxRows)) {
            SourceTransaction next = whole.removeFirst();
            buffered -= next.buffered();
            changes.addAll(next.drain());
            first = transactions == 0 ? next.lsn() : first;
            last = next.lsn();
            transactions++;
        }
        if (transactions == 0) {
            return Optional.empty();
        }
        watermark = last;
        return Optional.of(new Whole(changes, first, last, transactions));
    }

    /** Returns the changes of the transaction that has grown too large; to be asked when nothing is whole. */
    public Part takePart() {
        if (open == null || !whole.isEmpty()) {
            throw new IllegalStateException("Only a single transaction that is not whole is published in parts");
        }
        buffered -= open.buffered();
        return new Part(open.drain(), new Split(open.lsn(), open.arrivedByTable()));
    }

    /** Everything up to the LSN is published; changes at or below it are dropped from now on. */
    public void advance(Lsn published) {
        if (published.isAfter(watermark)) {
            watermark = published;
        }
    }

    /** Returns how many changes were dropped because they had been published before, since this was asked last. */
    public long takeRepeated() {
        long dropped = repeated;
        repeated = 0;
        return dropped;
    }

    /** The first transaction after the watermark is the one that is published in part, if one is. */
    private SourceTransaction open(Lsn lsn) {
        if (split.isEmpty()) {
            return new SourceTransaction(lsn, Map.of());
        }
        Split expected = split.get();
        if (!expected.lsn().equals(lsn)) {
            throw new SnapshotNeededException("Commit " + expected.lsn()
                    + " was published in part, but the change tables go on with commit " + lsn);
        }
        split = Optional.empty();
        return new SourceTransaction(lsn, expected.published());
    }

    private void close(SourceTransaction transaction) {
        whole.addLast(transaction);
        open = null;
    }

    /**
     * The changes of one source transaction that have arrived, the last one of each row.
     *
     * <p>Within a transaction only its end was ever true for anyone else, so a row that changed several times is one
     * record. The last change of a row is the one that arrives last, because the engine reads each change table in the
     * order of command, sequence value and operation ({@code data.query.mode=direct}).
     */
    private static final class SourceTransaction {

        private final Lsn lsn;
        /** By table: how many changes, from the first, an earlier Kafka transaction has published. */
        private final Map<SourceTable, Long> alreadyPublished;

        private final Map<SourceTable, Long> arrivals = new EnumMap<>(SourceTable.class);
        private final Map<RowKey, Change> latest = new LinkedHashMap<>();
        private final Set<Long> distinct = new HashSet<>();
        private int buffered;

        SourceTransaction(Lsn lsn, Map<SourceTable, Long> alreadyPublished) {
            this.lsn = lsn;
            this.alreadyPublished = alreadyPublished;
        }

        Lsn lsn() {
            return lsn;
        }

        /** Takes a change; one that has arrived before, or that was published before, adds nothing. */
        void add(Change change) {
            if (!distinct.add(identity(change))) {
                return;
            }
            SourceTable table = change.row().table();
            long ordinal = arrivals.merge(table, 1L, Long::sum);
            if (ordinal <= alreadyPublished.getOrDefault(table, 0L)) {
                return;
            }
            buffered++;
            change.left().filter(this::isStillThere).ifPresent(left -> put(change.with(gone(left), 'd')));
            put(change);
        }

        private void put(Change change) {
            RowKey key = change.row().rowKey();
            latest.remove(key);
            latest.put(key, change);
        }

        /** Where rows swap their keys in one statement, the key that one has left has been another's since. */
        private boolean isStillThere(ContractRow left) {
            Change arrived = latest.get(left.rowKey());
            return arrived == null || arrived.row().live().equals(left.live());
        }

        private static ContractRow gone(ContractRow left) {
            return new ContractRow(left.table(), left.key(), Optional.empty());
        }

        /** Number of distinct changes that have arrived, an update counted once. */
        long arrived() {
            return distinct.size();
        }

        /** By table: number of distinct changes that have arrived. */
        Map<SourceTable, Long> arrivedByTable() {
            return Map.copyOf(arrivals);
        }

        /** Number of changes that wait to be published. */
        int buffered() {
            return buffered;
        }

        /** Returns the changes that wait, in the order of their arrival, and forgets them. */
        List<Change> drain() {
            List<Change> changes = new ArrayList<>(latest.values());
            latest.clear();
            buffered = 0;
            return changes;
        }

        /**
         * 64 bits that stand for table, change LSN, operation and key. Should two changes ever share them, the count
         * comes out too low and the transaction is proven whole by what comes after it.
         */
        private static long identity(Change change) {
            long hash = change.row().table().name().hashCode() * 31L + change.operation();
            for (byte octet : change.changeLsn().bytes()) {
                hash = hash * 0x100000001b3L ^ octet;
            }
            String key = change.row().key();
            for (int i = 0; i < key.length(); i++) {
                hash = hash * 0x100000001b3L ^ key.charAt(i);
            }
            return hash;
        }
    }
}
