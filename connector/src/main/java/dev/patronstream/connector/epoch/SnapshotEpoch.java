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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
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

    /** Rows that the topics hold, and that were read as deleted softly. */
    private final Set<RowKey> dead = new HashSet<>();

    private record Waiting(Outgoing row, Optional<Fingerprint> fingerprint, OptionalInt student) {}

    public SnapshotEpoch(String incarnation, TopicContent content) {
        this.incarnation = incarnation;
        this.content = content;
        content.forgetSeen();
    }

    /**
     * Takes a row of the snapshot; those of one reading have one source. One that is softly deleted counts as not there.
     * Whether it differs from what the topics hold.
     */
    public boolean add(SnapshotRow row) {
        if (ofSnapshot == null || !row.stamp().equals(stamp)) {
            stamp = row.stamp();
            ofSnapshot = row.source(incarnation);
        }
        read.merge(row.row().table(), 1L, Long::sum);
        RowKey key = row.row().rowKey();
        if (row.row().live().isEmpty()) {
            boolean held = content.holds(key);
            notThere(key);
            if (held) {
                dead.add(key);
            }
            return held;
        }
        dead.remove(key);
        return add(row.row(), ofSnapshot, stamp);
    }

    /** Takes a change that came after the snapshot's stamp. */
    public void add(Change change, Instant committedAt) {
        add(change.row(), change.source(incarnation, committedAt), change.commitLsn());
    }

    private boolean add(ContractRow row, Source source, Lsn lsn) {
        RowKey key = row.rowKey();
        Optional<Fingerprint> fingerprint = row.live().map(Fingerprint::of);
        boolean waits = pending.remove(key) != null;
        if (content.matches(key, fingerprint) && !waits) {
            return false;
        }
        pending.put(key, new Waiting(new Outgoing(key, row.live(source), lsn), fingerprint, row.student()));
        return true;
    }

    /** A row is not there, whatever was read of it before. */
    public void notThere(RowKey key) {
        pending.remove(key);
        content.unsee(key);
    }

    /** Whether a row of the table was read as one that is not to be published: softly deleted, or not fit to be read. */
    public boolean isDead(RowKey key) {
        return dead.contains(key);
    }

    /** Returns the rows of STU that wait to be written. */
    public Stream<RowKey> waitingStudents() {
        return pending.keySet().stream().filter(key -> key.table() == SourceTable.STU);
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
                content.put(key, waiting.fingerprint(), waiting.student());
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
        gone.forEach(key -> content.put(key, Optional.empty(), OptionalInt.empty()));
        return gone.stream()
                .map(key -> new Outgoing(key, Optional.empty(), stamp))
                .toList();
    }
}
