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
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A reading of the tables as one epoch: of what is read only the differences to the topics are published, in parts where
 * they are many, and what is gone is removed at its end, unless that would be too much. One thread uses it.
 */
final class ReadingEpoch {

    private final Session session;
    private final PermittedReading permitted;
    private final TopicContent content;
    private final SnapshotEpoch epoch;

    /** Whose rows may have moved while they were read; present where the tables cannot be read as of one moment. */
    private final Optional<MovedStudents> moved;

    private final Map<SourceTable, Integer> heldBefore = new EnumMap<>(SourceTable.class);
    private final Set<Integer> missing;

    /**
     * What a reading came to.
     *
     * @param written rows that differed from the topics, those that are gone among them
     * @param removed rows that are gone
     */
    record Outcome(long written, int removed) {}

    /** Begins; nothing is published yet. */
    ReadingEpoch(Session session, PermittedReading permitted) {
        this.session = session;
        this.permitted = permitted;
        this.moved = session.source().polled() && !session.source().snapshotIsolation()
                ? Optional.of(new MovedStudents())
                : Optional.empty();
        this.missing =
                new HashSet<>(permitted.rollOver().map(RollOver::enrolled).orElse(Set.of()));
        this.content = permitted.content().get();
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
        RowKey key = row.row().rowKey();
        OptionalInt before = content.student(key);
        boolean differs = epoch.add(row);
        moved.ifPresent(students -> students.read(row.row(), before, differs));
    }

    /**
     * Returns the students whose rows may have been missed, or read twice, because they moved while they were read: of
     * each a row seems new, changed or gone. Empty where the tables were read as of one moment. Their rows are to be read
     * once more.
     */
    Set<Integer> toReadAgain() {
        return moved.map(students -> students.toReadAgain(leftOverStudents())).orElse(Set.of());
    }

    private Stream<OptionalInt> leftOverStudents() {
        return content.leftOver().get(SourceTable.STU).stream().map(content::student);
    }

    /** Those students are read once more: returns the rows that only the first reading has seen, to be looked up. */
    List<RowKey> toLookUp(Set<Integer> students) {
        return moved.orElseThrow()
                .notSeenAgain(Stream.concat(content.ofStudents(students), epoch.waitingStudents()))
                .toList();
    }

    /** All of those that are still there have been looked up. */
    void lookedUp(List<RowKey> rows) {
        moved.orElseThrow().notSeenAgain(rows.stream()).forEach(epoch::notThere);
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
        gone.putAll(epoch.leftOverAfter(last::addAll));
        requireNotTooMany(gone);
        gone.values().forEach(rows -> {
            last.addAll(epoch.delete(rows));
            rows.stream().filter(row -> !epoch.isDead(row)).forEach(session.status()::mapped);
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
                String reason = permitted.tooMany(Removals.words(Map.of(table.name(), removal)));
                // No restart may forget it: what holds it stands before a first reading only.
                session.writer().snapshotPart(reason, Map.of(), List.of());
                throw new SnapshotNeededException(reason);
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
