package dev.patronstream.connector.capture;

import dev.patronstream.connector.check.Source;
import dev.patronstream.connector.database.LogEntry;
import dev.patronstream.connector.epoch.Note;
import dev.patronstream.connector.epoch.Outgoing;
import dev.patronstream.connector.epoch.Position;
import dev.patronstream.connector.epoch.Position.Unfinished;
import dev.patronstream.connector.epoch.Publisher;
import dev.patronstream.connector.epoch.Publisher.Ending;
import dev.patronstream.connector.epoch.StreamAssembly.Split;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.connector.status.StatusBoard;
import dev.patronstream.schemas.EpochCause;
import dev.patronstream.schemas.Lsn;
import dev.patronstream.schemas.Progress;
import dev.patronstream.schemas.SnapshotTaken;
import dev.patronstream.schemas.table.JoinedTable;
import dev.patronstream.schemas.topic.Topics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Numbers the epochs and writes them, whole or in parts, with the position that follows. Not thread-safe. */
final class EpochWriter {

    /** How far a look's freshness goes back where no clock was wrong: an hour in autumn, and some minutes. */
    private static final Duration MOST_BACK = Duration.ofHours(2);

    private final Publisher publisher;
    private final InstantSource clock;
    private final ZoneId zone;
    private final StatusBoard status;
    private final Topics topics;
    private final Supplier<Note> history;
    private Position position;
    private @Nullable SnapshotTaken lastSnapshot;
    private @Nullable LocalDate businessDate;
    private @Nullable Instant freshAsOf;
    private @Nullable Instant readUntil;
    private Instant lastEnd;

    /**
     * What ends an epoch.
     *
     * @param watermark everything up to here is in; where the tables are polled, the time of reading
     * @param logEntry an entry of the log at or before the watermark
     * @param freshAsOf everything committed before this time is in, if that is known
     * @param readUntil when a reading of the tables ended that was not as of one moment
     * @param snapshot the snapshot that comes to its end with it, if one does
     */
    record End(
            EpochCause cause,
            Lsn watermark,
            Optional<LogEntry> logEntry,
            long sourceTransactions,
            Optional<Instant> freshAsOf,
            Optional<Instant> readUntil,
            Optional<SnapshotEnd> snapshot) {}

    /** The end of a snapshot: why it was taken, and how many rows it removed from the topics. */
    record SnapshotEnd(String reason, long removed) {}

    /** Makes a writer; {@code history} tells what the history of the tables' definitions ends with. */
    EpochWriter(
            Publisher publisher,
            Position position,
            Optional<Progress> last,
            Topics topics,
            Supplier<Note> history,
            InstantSource clock,
            ZoneId zone,
            StatusBoard status) {
        this.publisher = publisher;
        this.position = position;
        this.topics = topics;
        this.history = history;
        this.lastSnapshot = last.flatMap(Progress::getLastSnapshot).orElse(null);
        this.businessDate = last.map(Progress::getBusinessDate).orElse(null);
        Optional<Progress> ofThisLog = last.filter(
                epoch -> epoch.getIncarnation().equals(position.incarnation().id()));
        this.freshAsOf = ofThisLog.flatMap(Progress::getFreshAsOf).orElse(null);
        this.readUntil = ofThisLog.flatMap(Progress::getReadUntil).orElse(null);
        this.clock = clock;
        this.zone = zone;
        this.status = status;
        this.lastEnd = Instant.EPOCH;
    }

    /** Where capture stands. */
    Position position() {
        return position;
    }

    /** Whether an epoch is published in part. */
    boolean isUnfinished() {
        return position.unfinished() != null;
    }

    /** Whether the calendar has moved on since the last epoch, or was more than a day ahead then: a clock was wrong. */
    boolean isNewDay() {
        return businessDate == null || today().isAfter(businessDate) || today().isBefore(businessDate.minusDays(1));
    }

    /** When the last epoch was ended here. */
    Instant lastEnd() {
        return lastEnd;
    }

    /** Every change before this time is published, if that is known. */
    Optional<Instant> freshAsOf() {
        return Optional.ofNullable(freshAsOf);
    }

    /** Whether a look tells another freshness than the last epoch stated. */
    boolean changesFreshness(Optional<Instant> seen) {
        return !Objects.equals(freshest(freshAsOf, seen), freshAsOf);
    }

    /** Publishes a part of a snapshot, which may remove the approved numbers of rows. */
    void snapshotPart(String reason, Map<SourceTable, Long> approved, List<Outgoing> rows) {
        @Nullable Map<SourceTable, Long> allowed = approved.isEmpty() ? null : approved;
        part(rows, new Unfinished(reason, null, Map.of(), rowsSoFar() + rows.size(), transactionsSoFar() + 1, allowed));
    }

    /** Publishes a part of a source transaction that is too large for one Kafka transaction. */
    void transactionPart(List<Outgoing> rows, Split split) {
        String lsn = split.lsn().text();
        long written = rowsSoFar() + rows.size();
        part(rows, new Unfinished(null, lsn, split.published(), written, transactionsSoFar() + 1, null));
    }

    private void part(List<Outgoing> rows, Unfinished unfinished) {
        publish(rows, notes -> new Ending(position.inPart(notes, unfinished), Optional.empty()));
        status.written(rows.size(), 0, 0, 0);
    }

    /** Publishes the rest of an epoch with its end. */
    void finish(List<Outgoing> rows, Source source, End end) {
        Instant now = clock.instant();
        LocalDate date = isNewDay() ? today() : businessDate;
        // The time of a reading has its offset from UTC, so no hour of it comes twice.
        Instant fresh = end.watermark().readAt().isPresent()
                ? end.freshAsOf().orElse(freshAsOf)
                : freshest(freshAsOf, end.freshAsOf());
        boolean sameReading = end.cause() == EpochCause.MIDNIGHT;
        Instant until = end.readUntil().orElse(sameReading ? readUntil : null);
        int transactions = transactionsSoFar() + 1;
        long written = rowsSoFar() + rows.size();
        Optional<SnapshotTaken> taken = end.snapshot()
                .map(ended -> new SnapshotTaken(position.epoch() + 1, ended.reason(), now, written, ended.removed()));
        Progress.Builder progress = Progress.newBuilder()
                .setEpoch(position.epoch() + 1)
                .setIncarnation(source.incarnation().id())
                .setGeneration(publisher.generation(source.incarnation()))
                .setDatabase(source.incarnation().database())
                .setWatermark(end.watermark().text())
                .setBusinessDate(date)
                .setFreshAsOf(fresh)
                .setReadUntil(until)
                .setPublishedAt(now)
                .setCause(end.cause())
                .setColumns(source.fields())
                .setRows(written)
                .setSourceTransactions(end.sourceTransactions())
                .setKafkaTransactions(transactions)
                .setLastSnapshot(taken.orElse(lastSnapshot));
        Map<String, Note> read = taken.isPresent() ? Map.of(topics.schemaHistory(), history.get()) : Map.of();
        publish(rows, notes -> {
            Position next = new Position(
                    position.epoch() + 1,
                    source.incarnation(),
                    end.watermark().text(),
                    end.logEntry().orElse(position.logEntry()),
                    source.layout(),
                    notes,
                    null,
                    Map.of());
            return new Ending(
                    next.noting(read),
                    Optional.of(progress.setFirstOffsets(byContract(notes, Note::first))
                            .setNextOffsets(byContract(notes, Note::next))
                            .build()));
        });
        businessDate = date;
        freshAsOf = fresh;
        readUntil = until;
        lastSnapshot = taken.orElse(lastSnapshot);
        lastEnd = now;
        boolean split = transactions > 1 && end.cause() == EpochCause.CHANGES;
        if (split) {
            status.notice(
                    now,
                    "a source transaction of " + written + " rows was published in " + transactions
                            + " parts, as epoch " + position.epoch());
        }
        status.epoch(position.epoch(), end.watermark(), Optional.of(now));
        status.written(rows.size(), end.sourceTransactions(), 1, split ? 1 : 0);
        taken.ifPresent(status::snapshot);
    }

    /** By contract topic: the offset after the last row that was written. */
    Map<String, Long> ends() {
        return byContract(position.notes(), Note::next);
    }

    /** A topic of a table that is not captured at present keeps its place, for when it is again. */
    private Map<String, Long> byContract(Map<String, Note> notes, Function<Note, Long> offset) {
        return topics.with(JoinedTable.ALL).contracts().stream()
                .filter(notes::containsKey)
                .collect(Collectors.toMap(topic -> topic, topic -> offset.apply(notes.get(topic))));
    }

    private void publish(List<Outgoing> rows, Function<Map<String, Note>, Ending> ending) {
        position = publisher
                .publish(position.epoch() + 1, position.incarnation().id(), rows, position.notes(), notes -> {
                    Ending made = ending.apply(notes);
                    return new Ending(made.position().knowing(status.problems()), made.progress());
                })
                .position();
        status.goesOn();
    }

    /** How many rows of an epoch that is published in part are written. */
    long rowsSoFar() {
        return position.unfinished() == null ? 0 : position.unfinished().rows();
    }

    private int transactionsSoFar() {
        return position.unfinished() == null ? 0 : position.unfinished().kafkaTransactions();
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), zone);
    }

    /** The later one; but one that is hours beyond what a look tells now came from a clock that was ahead. */
    static @Nullable Instant freshest(@Nullable Instant known, Optional<Instant> seen) {
        return seen.filter(time -> known == null
                        || time.isAfter(known)
                        || time.plus(MOST_BACK).isBefore(known))
                .orElse(known);
    }
}
