package dev.patronstream.connector.capture;

import dev.patronstream.connector.capture.EpochWriter.End;
import dev.patronstream.connector.epoch.Outgoing;
import dev.patronstream.connector.epoch.SnapshotEpoch;
import dev.patronstream.connector.epoch.SnapshotNeededException;
import dev.patronstream.connector.epoch.TopicContent;
import dev.patronstream.connector.row.Captured.Change;
import dev.patronstream.connector.row.Captured.SnapshotRow;
import dev.patronstream.connector.row.ContractRow;
import dev.patronstream.connector.row.RowKey;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.connector.start.MassDelete;
import dev.patronstream.connector.start.RollOver;
import dev.patronstream.schemas.Counted;
import dev.patronstream.schemas.Enrollment;
import dev.patronstream.schemas.Removal;
import dev.patronstream.schemas.feed.Removals;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A reading of the tables as one epoch: of what is read only the differences to the topics are published, in parts where
 * they are many, and what is gone is removed at its end, unless that would be too much. One thread uses it.
 */
final class ReadingEpoch {

    private final Session session;
    private final PermittedReading permitted;
    private final SnapshotEpoch epoch;
    private final Map<SourceTable, Integer> heldBefore = new EnumMap<>(SourceTable.class);
    private final Set<Integer> missing;

    /**
     * What a reading came to.
     *
     * @param written rows that differed from the topics, those that are gone among them
     * @param removed rows that are gone
     */
    record Outcome(long written, int removed) {}

    /** What two readings have seen, where the tables cannot be read as of one moment; empty where they can. */
    private final Optional<MovedRows> moved;

    /** Begins; nothing is published yet. */
    ReadingEpoch(Session session, PermittedReading permitted) {
        this.session = session;
        this.permitted = permitted;
        this.moved = session.source().polled() && !session.source().snapshotIsolation()
                ? Optional.of(new MovedRows())
                : Optional.empty();
        this.missing =
                new HashSet<>(permitted.rollOver().map(RollOver::enrolled).orElse(Set.of()));
        TopicContent content = permitted.content().get();
        this.epoch = new SnapshotEpoch(session.source().incarnation().id(), content);
        for (SourceTable table : SourceTable.values()) {
            heldBefore.put(table, content.rows(table));
        }
    }

    /** Notes the reading in the position: from here on a restart reads again, whatever it would decide by itself. */
    void note() {
        publishPart(List.of());
    }

    /** Takes a row that was read. */
    void read(SnapshotRow row) {
        seen(row.row());
        epoch.add(row);
        moved.ifPresent(rows -> rows.read(row.row()));
    }

    /**
     * Whether a row may have been missed or read twice because it moved while it was read: then all has to be read once
     * more, and it is asked once.
     */
    boolean mustReadAgain() {
        if (moved.isEmpty() || !epoch.hasOtherRows()) {
            return false;
        }
        epoch.readAgain();
        moved.get().readAgain();
        return true;
    }

    /** Takes a change that came while the tables were read. */
    void changed(Change change, Instant committedAt) {
        epoch.add(change, committedAt);
    }

    /** A row is there, so its student has not left. */
    void seen(ContractRow row) {
        if (!missing.isEmpty() && row.live().orElse(null) instanceof Enrollment enrollment) {
            missing.remove(enrollment.getStudentId());
        }
    }

    /** By table: how many rows were read. */
    Map<SourceTable, Long> read() {
        return epoch.read();
    }

    /** How many rows wait to be published. */
    int waiting() {
        return epoch.waiting();
    }

    /** Publishes what differs by now, before the end of the epoch. */
    void publishDifferences() {
        publishParts(epoch.takeDifferences());
    }

    /**
     * Everything that was there is read: removes what is gone, and ends the epoch. Nothing of the last rows is published
     * where too much would be removed.
     *
     * @param end makes the end of what the reading came to
     * @throws SnapshotNeededException if too much would be removed: then a person has to look
     */
    Outcome finish(Function<Outcome, End> end) {
        List<Outgoing> last = new ArrayList<>();
        Map<SourceTable, List<RowKey>> gone = new EnumMap<>(SourceTable.class);
        epoch.leftOverAfter(last::addAll).forEach((table, rows) -> gone.put(table, new ArrayList<>(rows)));
        moved.ifPresent(rows -> rows.left().filter(epoch::holds).forEach(row -> gone.get(row.table())
                .add(row)));
        requireNotTooMany(gone);
        gone.values().forEach(rows -> {
            last.addAll(epoch.delete(rows));
            rows.forEach(session.status()::mapped);
        });
        int removed = gone.values().stream().mapToInt(List::size).sum();
        int most = session.settings().limits().maxRows();
        int from = 0;
        for (; last.size() - from > most; from += most) {
            publishPart(last.subList(from, from + most));
        }
        Outcome outcome = new Outcome(session.writer().rowsSoFar() + last.size() - from, removed);
        session.writer().finish(last.subList(from, last.size()), session.source(), end.apply(outcome));
        return outcome;
    }

    /** The tables were found to hold enough rows before the reading; should they not any more, a person has to look. */
    private void requireNotTooMany(Map<SourceTable, List<RowKey>> leftOver) {
        double most = session.settings().limits().massDeleteAbove();
        leftOver.forEach((table, rows) -> {
            Removal removal = table == SourceTable.STU && permitted.rollOver().isPresent()
                    ? permitted.rollOver().get().removal(missing.size())
                    : new Removal((long) rows.size(), (long) heldBefore.get(table), Counted.ROWS);
            long approved = permitted.approved().getOrDefault(table, 0L);
            if (MassDelete.isAbove(removal.getRows(), removal.getHeld(), most, approved)) {
                throw new SnapshotNeededException(permitted.tooMany(Removals.words(Map.of(table.name(), removal))));
            }
        });
    }

    private void publishParts(List<Outgoing> rows) {
        int most = session.settings().limits().maxRows();
        for (int from = 0; from < rows.size(); from += most) {
            publishPart(rows.subList(from, Math.min(rows.size(), from + most)));
        }
    }

    private void publishPart(List<Outgoing> rows) {
        session.writer().snapshotPart(permitted.reason(), permitted.approved(), rows);
    }
}
