package dev.patronstream.connector.epoch;

import dev.patronstream.connector.row.Captured.Change;
import dev.patronstream.connector.row.Captured.Mark;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.schemas.Lsn;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
     * @param lsn its commit LSN
     * @param published by table: how many of its changes, from the first
     */
    public record Split(Lsn lsn, Map<SourceTable, Long> published) {}

    /**
     * Whole source transactions.
     *
     * @param changes their changes, in order
     * @param first commit LSN of the first of them
     * @param last commit LSN of the last of them
     * @param transactions how many they are
     */
    public record Whole(List<Change> changes, Lsn first, Lsn last, int transactions) {}

    /**
     * Part of a source transaction that is larger than a Kafka transaction should be.
     *
     * @param changes its changes
     * @param split where the part ends
     */
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
     * @param lsn its commit LSN
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
}
