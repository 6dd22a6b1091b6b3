package dev.patronstream.connector;

import dev.patronstream.connector.source.Source;
import dev.patronstream.connector.source.SourceDatabase;
import dev.patronstream.connector.source.TrackedTable;
import dev.patronstream.schemas.Lsn;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What the phases of a capture share: the database, the writer, the settings. One thread uses it. */
final class Session {

    private final ConnectorSettings settings;
    private final SourceDatabase database;
    private final EpochWriter writer;
    private final StatusBoard status;
    private final InstantSource clock;
    private final Horizon horizon = new Horizon();
    private Source source;

    Session(
            ConnectorSettings settings,
            SourceDatabase database,
            Source source,
            EpochWriter writer,
            StatusBoard status,
            InstantSource clock) {
        this.settings = settings;
        this.database = database;
        this.source = source;
        this.writer = writer;
        this.status = status;
        this.clock = clock;
    }

    ConnectorSettings settings() {
        return settings;
    }

    SourceDatabase database() {
        return database;
    }

    Source source() {
        return source;
    }

    EpochWriter writer() {
        return writer;
    }

    StatusBoard status() {
        return status;
    }

    InstantSource clock() {
        return clock;
    }

    Horizon horizon() {
        return horizon;
    }

    /**
     * Makes sure that the change tables still held everything after the watermark when it was read: asked after reading,
     * because only the clean-up and a new instance take changes away, and both leave their mark here.
     */
    void requireNothingLost(Lsn watermark) throws SQLException {
        List<TrackedTable> now = database.trackedTables();
        Retention.lost(source.instances(), now, watermark).ifPresent(reason -> {
            throw new SnapshotNeededException(reason);
        });
        source = source.tracking(now);
    }

    /** Returns the commit times of transactions by LSN, and an entry that is in the log at the last. */
    CommitTimes commitTimes(Lsn from, Lsn upTo) throws SQLException {
        ZoneOffset offset = database.now().getOffset();
        var entries = database.entries(from, upTo);
        Map<String, Instant> times = entries.stream()
                .collect(Collectors.toMap(
                        entry -> entry.lsn(), entry -> entry.committedAt(offset), (first, second) -> first));
        return new CommitTimes(
                times::get,
                entries.isEmpty()
                        ? java.util.Optional.empty()
                        : java.util.Optional.of(entries.get(entries.size() - 1)));
    }

    /** Commit times by LSN, null where the log has no entry any more, and the log's last entry among them. */
    record CommitTimes(
            Function<String, Instant> byLsn, java.util.Optional<dev.patronstream.connector.source.LogEntry> last) {

        Instant of(Lsn lsn, Instant otherwise) {
            Instant time = byLsn.apply(lsn.text());
            return time == null ? otherwise : time;
        }
    }
}
