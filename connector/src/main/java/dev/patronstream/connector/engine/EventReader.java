package dev.patronstream.connector.engine;

import dev.patronstream.connector.row.Captured;
import dev.patronstream.connector.row.ColumnValues;
import dev.patronstream.connector.row.ContractRow;
import dev.patronstream.connector.row.RowMapper;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.schemas.Lsn;
import io.debezium.engine.RecordChangeEvent;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads Debezium's records, rows and marks of the stream (heartbeats, schema changes), and hands them over one by one.
 * The engine's thread reads, and waits when publishing is slower; another one takes what has been read, any closes.
 *
 * @see <a href="https://debezium.io/documentation/reference/stable/connectors/sqlserver.html#sqlserver-change-event-values">Debezium:
 *     change events of SQL Server</a>
 */
public final class EventReader implements AutoCloseable {

    private static final String NO_LSN = "NULL";
    private static final long LOOK_MILLIS = 100;

    private final RowMapper rows;
    private final BlockingQueue<Captured> captured;
    private volatile boolean closed;

    /**
     * Makes a reader.
     *
     * @param room how many records may wait to be taken
     */
    public EventReader(RowMapper rows, int room) {
        this.rows = rows;
        this.captured = new LinkedBlockingQueue<>(room);
    }

    /** Returns what has been read and not taken yet, in order. */
    public BlockingQueue<Captured> captured() {
        return captured;
    }

    /** Reads records and hands them over; waits while there is no room. */
    void take(List<RecordChangeEvent<SourceRecord>> events) throws InterruptedException {
        for (RecordChangeEvent<SourceRecord> event : events) {
            handOver(read(event.record()));
        }
    }

    /** Hands over what was read; waits while there is no room. */
    public void handOver(Captured read) throws InterruptedException {
        boolean taken = false;
        while (!taken) {
            if (closed) {
                throw new InterruptedException("Capture is closed");
            }
            taken = captured.offer(read, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Takes nothing more from the engine; its thread is sent away where it waits. */
    @Override
    public void close() {
        closed = true;
    }

    /**
     * Returns what a record says.
     *
     * @throws IllegalArgumentException if the record cannot be understood
     */
    Captured read(SourceRecord event) {
        if (!(event.value() instanceof Struct value) || value.schema().field("op") == null) {
            return mark(event.sourceOffset());
        }
        Struct source = value.getStruct("source");
        SourceTable table = table(source.getString("table"));
        char operation = value.getString("op").charAt(0);
        boolean deleted = operation == 'd';
        ContractRow row = rows.map(table, ColumnValues.row(value.getStruct(deleted ? "before" : "after")), deleted);
        Optional<ContractRow> left = operation == 'u'
                ? rows.other(table, ColumnValues.row(value.getStruct("before")), row)
                : Optional.empty();
        Instant at = Instant.ofEpochMilli(source.getInt64("ts_ms"));
        Lsn commitLsn = lsn(source.getString("commit_lsn"));
        return switch (operation) {
            case 'c', 'u', 'd' ->
                new Captured.Change(row, commitLsn, lsn(source.getString("change_lsn")), operation, at, left);
            default ->
                throw new IllegalArgumentException(
                        "Got an event of operation '" + operation + "' of table " + table + ", which no rule covers");
        };
    }

    /**
     * Only an offset without a change LSN says that nothing of the commit is missing; one with it repeats the position
     * of the last row, and more rows of the same transaction may follow.
     */
    private static Captured.Mark mark(Map<String, ?> offset) {
        return new Captured.Mark(
                lsn((String) offset.get("commit_lsn")),
                isNone((String) offset.get("change_lsn")),
                offset.containsKey("snapshot"));
    }

    private static SourceTable table(String name) {
        return SourceTable.valueOf(name.toUpperCase(Locale.ROOT));
    }

    private static Lsn lsn(@Nullable String text) {
        return isNone(text) ? Lsn.NONE : new Lsn(text);
    }

    private static boolean isNone(@Nullable String text) {
        return text == null || text.equals(NO_LSN);
    }
}
