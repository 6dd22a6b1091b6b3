package dev.patronstream.connector.epoch;

import dev.patronstream.connector.row.Captured.Change;
import dev.patronstream.connector.row.Captured.SnapshotRow;
import dev.patronstream.connector.row.ContractRow;
import dev.patronstream.connector.row.Fingerprint;
import dev.patronstream.connector.row.RowKey;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.schemas.Lsn;
import dev.patronstream.schemas.Source;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The epoch of a snapshot: what was read, the changes up to the LSN that covers the time of reading, and what of it
 * differs from the topics' content.
 *
 * <p>Rows are compared with what the topics hold, so that an unchanged row is not written again. Of a row that was both
 * read and changed only the last state is written: the stream begins before the tables were read and repeats
 * changes that the reading has seen already. Rows that the topics hold and the table does not are left over at the end.
 *
 * <p>Needs about 200 bytes per row that the topics hold or the snapshot reads. Not thread-safe.
 */
public final class SnapshotEpoch {

    private final String incarnation;
    private final TopicContent content;
    private final Map<RowKey, Waiting> pending = new LinkedHashMap<>();
    private final Map<SourceTable, Long> read = new EnumMap<>(SourceTable.class);
    private Lsn stamp = Lsn.NONE;
    private @Nullable Source ofSnapshot;
    private boolean hasNewRows;

    private record Waiting(Outgoing row, Optional<Fingerprint> fingerprint) {}

    public SnapshotEpoch(String incarnation, TopicContent content) {
        this.incarnation = incarnation;
        this.content = content;
        content.forgetSeen();
    }

    /** Takes a row of the snapshot; those of one reading have one source. */
    public void add(SnapshotRow row) {
        if (ofSnapshot == null || !row.stamp().equals(stamp)) {
            stamp = row.stamp();
            ofSnapshot = row.source(incarnation);
        }
        read.merge(row.row().table(), 1L, Long::sum);
        add(row.row(), ofSnapshot, stamp);
    }

    /** Takes a change that came after the snapshot's stamp. */
    public void add(Change change, Instant committedAt) {
        add(change.row(), change.source(incarnation, committedAt), change.commitLsn());
    }

    private void add(ContractRow row, Source source, Lsn lsn) {
        RowKey key = row.rowKey();
        hasNewRows |= row.live().isPresent() && !content.holds(key);
        Optional<Fingerprint> fingerprint = row.live().map(Fingerprint::of);
        if (pending.remove(key) != null || !content.matches(key, fingerprint)) {
            pending.put(key, new Waiting(new Outgoing(key, row.live(source), lsn), fingerprint));
        }
    }

    /** Whether other rows are there than the topics held before, by their keys. */
    public boolean hasOtherRows() {
        return hasNewRows || content.leftOver().values().stream().anyMatch(rows -> !rows.isEmpty());
    }

    /** Begins a second reading, which counts over the first: of that one only which rows it has seen is kept. */
    public void readAgain() {
        pending.clear();
        read.clear();
    }

    /** Whether the topics hold a row, by what is written of this epoch. */
    public boolean holds(RowKey key) {
        return content.holds(key);
    }

    /** How many rows wait to be written. */
    public int waiting() {
        return pending.size();
    }

    /** By table: how many rows the snapshot has read. */
    public Map<SourceTable, Long> read() {
        return Map.copyOf(read);
    }

    /** Returns what differs from the topics' content, and holds it as written. */
    public List<Outgoing> takeDifferences() {
        List<Outgoing> differences = new ArrayList<>();
        pending.forEach((key, waiting) -> {
            if (!content.matches(key, waiting.fingerprint())) {
                content.put(key, waiting.fingerprint());
                differences.add(waiting.row());
            }
        });
        pending.clear();
        return differences;
    }

    /**
     * Hands the last differences over and returns, by table, the rows that the topics held and that neither the snapshot
     * nor the stream has shown.
     */
    public Map<SourceTable, List<RowKey>> leftOverAfter(Consumer<List<Outgoing>> lastDifferences) {
        lastDifferences.accept(takeDifferences());
        return content.leftOver();
    }

    /** Returns tombstones of rows that are gone, and holds them as written. */
    public List<Outgoing> delete(List<RowKey> gone) {
        gone.forEach(key -> content.put(key, Optional.empty()));
        return gone.stream()
                .map(key -> new Outgoing(key, Optional.empty(), stamp))
                .toList();
    }
}
