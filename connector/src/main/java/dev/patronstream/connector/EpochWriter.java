package dev.patronstream.connector;

import dev.patronstream.connector.ConnectorStatus.Counters;
import dev.patronstream.connector.epoch.Outgoing;
import dev.patronstream.connector.epoch.Position;
import dev.patronstream.connector.epoch.Position.Unfinished;
import dev.patronstream.connector.epoch.Publisher;
import dev.patronstream.connector.epoch.Publisher.Ending;
import dev.patronstream.connector.epoch.StreamAssembly.Split;
import dev.patronstream.connector.source.LogEntry;
import dev.patronstream.connector.source.Source;
import dev.patronstream.schemas.EpochCause;
import dev.patronstream.schemas.Lsn;
import dev.patronstream.schemas.Progress;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Numbers the epochs and writes them, whole or in parts, with the position that follows. Not thread-safe.
 */
final class EpochWriter {

    private final Publisher publisher;
    private final InstantSource clock;
    private final ZoneId zone;
    private final StatusBoard status;
    private Position position;
    private @Nullable LocalDate businessDate;
    private @Nullable Instant freshAsOf;
    private Instant lastEnd;

    /**
     * What ends an epoch.
     *
     * @param cause why it is published
     * @param watermark everything up to here is in
     * @param logEntry an entry of the log at or before the watermark
     * @param sourceTransactions how many source transactions it holds
     * @param freshAsOf everything committed before this time is in, if that is known
     */
    record End(
            EpochCause cause,
            Lsn watermark,
            Optional<LogEntry> logEntry,
            long sourceTransactions,
            Optional<Instant> freshAsOf) {}

    /**
     * @param position where capture stands
     * @param last the last complete epoch, if it is of the same incarnation
     */
    EpochWriter(
            Publisher publisher,
            Position position,
            Optional<Progress> last,
            InstantSource clock,
            ZoneId zone,
            StatusBoard status) {
        this.publisher = publisher;
        this.position = position;
        this.businessDate = last.map(Progress::getBusinessDate).orElse(null);
        this.freshAsOf = last.filter(epoch ->
                        epoch.getIncarnation().equals(position.incarnation().id()))
                .flatMap(Progress::getFreshAsOf)
                .orElse(null);
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

    /** Whether the district's calendar has moved on since the last epoch. */
    boolean isNewDay() {
        return businessDate == null || today().isAfter(businessDate);
    }

    /** When the last epoch was ended here. */
    Instant lastEnd() {
        return lastEnd;
    }

    /** The freshness the last epoch stated. */
    Optional<Instant> freshAsOf() {
        return Optional.ofNullable(freshAsOf);
    }

    /** Publishes a part of a snapshot. */
    void snapshotPart(String reason, List<Outgoing> rows) {
        part(rows, Optional.of(reason), Optional.empty());
    }

    /** Publishes a part of a source transaction that is too large for one Kafka transaction. */
    void transactionPart(List<Outgoing> rows, Split split) {
        part(rows, Optional.empty(), Optional.of(split));
    }

    private void part(List<Outgoing> rows, Optional<String> snapshot, Optional<Split> split) {
        Unfinished unfinished = new Unfinished(
                snapshot.orElse(null),
                split.map(transaction -> transaction.lsn().text()).orElse(null),
                split.map(Split::published).orElse(Map.of()),
                rowsSoFar() + rows.size(),
                transactionsSoFar() + 1);
        publish(rows, nextOffsets -> new Ending(positionWith(nextOffsets, unfinished), Optional.empty()));
        status.count(now -> counted(now, rows.size(), 0, 0, 0));
    }

    /** Publishes the rest of an epoch with its end. */
    void finish(List<Outgoing> rows, Source source, End end) {
        Instant now = clock.instant();
        LocalDate date = isNewDay() ? today() : businessDate;
        Instant fresh = later(freshAsOf, end.freshAsOf());
        int transactions = transactionsSoFar() + 1;
        Progress.Builder progress = Progress.newBuilder()
                .setEpoch(position.epoch() + 1)
                .setIncarnation(source.incarnation().id())
                .setDatabase(source.incarnation().database())
                .setWatermark(end.watermark().text())
                .setBusinessDate(date)
                .setFreshAsOf(fresh)
                .setPublishedAt(now)
                .setCause(end.cause())
                .setRows(rowsSoFar() + rows.size())
                .setSourceTransactions(end.sourceTransactions())
                .setKafkaTransactions(transactions);
        publish(rows, nextOffsets -> {
            Position next = new Position(
                    position.epoch() + 1,
                    source.incarnation(),
                    end.watermark().text(),
                    end.logEntry().orElse(position.logEntry()),
                    source.columnsFingerprint(),
                    source.instances(),
                    nextOffsets,
                    null);
            return new Ending(
                    next, Optional.of(progress.setNextOffsets(nextOffsets).build()));
        });
        businessDate = date;
        freshAsOf = fresh;
        lastEnd = now;
        status.epoch(position.epoch(), end.watermark(), Optional.of(now));
        status.count(counters -> counted(counters, rows.size(), end.sourceTransactions(), 1, transactions > 1 ? 1 : 0));
    }

    private void publish(List<Outgoing> rows, Function<Map<String, Long>, Ending> ending) {
        position = publisher
                .publish(position.epoch() + 1, position.incarnation().id(), rows, position.nextOffsets(), ending)
                .position();
        status.goesOn();
    }

    private Position positionWith(Map<String, Long> nextOffsets, Unfinished unfinished) {
        return new Position(
                position.epoch(),
                position.incarnation(),
                position.watermark(),
                position.logEntry(),
                position.columns(),
                position.instances(),
                nextOffsets,
                unfinished);
    }

    private long rowsSoFar() {
        return position.unfinished() == null ? 0 : position.unfinished().rows();
    }

    private int transactionsSoFar() {
        return position.unfinished() == null ? 0 : position.unfinished().kafkaTransactions();
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), zone);
    }

    private static @Nullable Instant later(@Nullable Instant known, Optional<Instant> other) {
        return other.filter(time -> known == null || time.isAfter(known)).orElse(known);
    }

    private static Counters counted(Counters now, long rows, long transactions, long epochs, long splits) {
        return new Counters(
                now.rows() + rows,
                now.sourceTransactions() + transactions,
                now.kafkaTransactions() + 1,
                now.epochs() + epochs,
                now.splits() + splits,
                now.repeated(),
                now.problems(),
                now.retries());
    }
}
