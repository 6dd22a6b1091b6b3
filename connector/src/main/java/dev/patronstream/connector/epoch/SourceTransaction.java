package dev.patronstream.connector.epoch;

import dev.patronstream.connector.row.Captured.Change;
import dev.patronstream.connector.row.ContractRow;
import dev.patronstream.connector.row.RowKey;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.schemas.Lsn;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The changes of one source transaction that have arrived, the last one of each row.
 *
 * <p>Within a transaction only its end was ever true for anyone else, so a row that changed several times is one record.
 * Which change of a row is the last: that which arrives last, because the engine reads each change table in the order
 * of command, sequence value and operation ({@code data.query.mode=direct}).
 */
final class SourceTransaction {

    private final Lsn lsn;
    private final Map<SourceTable, Long> alreadyPublished;
    private final Map<SourceTable, Long> arrivals = new EnumMap<>(SourceTable.class);
    private final Map<RowKey, Change> latest = new LinkedHashMap<>();
    private final Set<Long> distinct = new HashSet<>();
    private int buffered;

    /**
     * @param alreadyPublished by table: how many changes, from the first, an earlier Kafka transaction has published
     */
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
     * 64 bits that stand for table, change LSN, operation and key. Should two changes ever share them, the count comes
     * out too low and the transaction is proven whole by what comes after it.
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
