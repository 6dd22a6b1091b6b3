package dev.patronstream.standin.cdc;

import dev.patronstream.standin.engine.ColumnInfo;
import dev.patronstream.standin.engine.Database;
import dev.patronstream.standin.engine.LogPosition;
import dev.patronstream.standin.engine.RowReader;
import dev.patronstream.standin.engine.Sql;
import dev.patronstream.standin.engine.TableInfo;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One scan of the log: up to {@value CaptureSettings#MAX_TRANSACTIONS} transactions after the last one scanned are
 * written into the change tables and {@code cdc.lsn_time_mapping}, in the order of their commits, as one commit.
 */
final class LogScan {
    private static final String CAPTURED_POSITION = "captured_position";

    /** What a scan found. */
    record Result(
            int transactions, int captured, long commands, Optional<Transaction> first, Optional<Transaction> last) {}

    /** A committed transaction of the log. */
    @SuppressWarnings("ArrayRecordComponent") // Passed on to the database only, never compared.
    record Transaction(
            long id, long firstPosition, byte[] commitLsn, OffsetDateTime beginTime, OffsetDateTime commitTime) {}

    private final Database database;
    private final Connection jdbc;
    private final CaptureSettings settings;
    private final Map<Integer, String> historyTables = new LinkedHashMap<>();

    LogScan(Database database, Connection jdbc, CaptureSettings settings) {
        this.database = database;
        this.jdbc = jdbc;
        this.settings = settings;
    }

    static long capturedPosition(Connection jdbc) throws SQLException {
        return Sql.number(jdbc, "SELECT \"value\" FROM \"standin\".\"settings\" WHERE \"name\" = ?", CAPTURED_POSITION);
    }

    /** Moves the scan past everything that is in the log: what was committed before CDC was enabled is not captured. */
    static void skipTo(Connection jdbc, long position) throws SQLException {
        Sql.update(
                jdbc,
                "MERGE INTO \"standin\".\"settings\" (\"name\", \"value\") KEY (\"name\") VALUES (?, ?)",
                CAPTURED_POSITION,
                Long.toString(position));
    }

    Result run() throws SQLException {
        List<CaptureInstance> instances = CaptureInstance.all(jdbc, this::columnsOf);
        for (CaptureInstance instance : instances) {
            historyTables.computeIfAbsent(instance.sourceObjectId(), this::historyTable);
        }
        Map<Long, Transaction> batch = new LinkedHashMap<>();
        Sql.query(
                jdbc,
                row -> batch.put(
                        row.getLong("commit_position"),
                        new Transaction(
                                row.getLong("tx_id"),
                                row.getLong("first_position"),
                                row.getBytes("commit_lsn"),
                                row.getObject("begin_time", OffsetDateTime.class),
                                row.getObject("commit_time", OffsetDateTime.class))),
                "SELECT * FROM \"standin_history\".\"transactions\" WHERE \"commit_position\" > ?"
                        + " ORDER BY \"commit_position\" FETCH FIRST " + CaptureSettings.MAX_TRANSACTIONS
                        + " ROWS ONLY",
                capturedPosition(jdbc));
        int captured = 0;
        long commands = 0;
        Transaction first = null;
        Transaction last = null;
        long lastPosition = 0;
        for (Map.Entry<Long, Transaction> entry : batch.entrySet()) {
            Transaction transaction = entry.getValue();
            long rows = capture(transaction, instances);
            if (rows > 0) {
                writeMapping(transaction);
                captured++;
                commands += rows;
            }
            first = first == null ? transaction : first;
            last = transaction;
            lastPosition = entry.getKey();
        }
        if (last != null) {
            skipTo(jdbc, lastPosition);
        }
        jdbc.commit();
        return new Result(batch.size(), captured, commands, Optional.ofNullable(first), Optional.ofNullable(last));
    }

    private List<ColumnInfo> columnsOf(int changeTable) {
        return database.catalog()
                .table(changeTable)
                .map(t -> t.columns().stream()
                        .filter(c -> !c.name().startsWith("__$"))
                        .toList())
                .orElse(List.of());
    }

    private String historyTable(int objectId) {
        try {
            return Sql.query(
                            jdbc,
                            row -> "\"standin_history\"." + Sql.quoted(row.getString(1)),
                            "SELECT \"history_table\" FROM \"standin_history\".\"tables\""
                                    + " WHERE \"object_id\" = ? AND \"dropped_lsn\" IS NULL",
                            objectId)
                    .get(0);
        } catch (SQLException e) {
            throw new IllegalStateException("The history of object " + objectId + " cannot be found.", e);
        }
    }

    private long capture(Transaction transaction, List<CaptureInstance> instances) throws SQLException {
        long[] ordinals = ordinals(transaction);
        if (ordinals.length == 0) {
            return 0;
        }
        int[] places = settings.shuffleSequenceValues()
                ? new SequenceShuffle(jdbc, database.catalog(), historyTables).places(transaction.id(), ordinals)
                : null;
        long rows = 0;
        for (CaptureInstance instance : instances) {
            if (Arrays.compareUnsigned(instance.startLsn(), transaction.commitLsn()) < 0) {
                rows += copy(transaction, instance, ordinals, places);
            }
        }
        return rows;
    }

    /** The ordinals of the transaction's changes of tracked tables, sorted: each change's index is its place. */
    private long[] ordinals(Transaction transaction) throws SQLException {
        long[] all = new long[16];
        int n = 0;
        for (String table : historyTables.values()) {
            try (PreparedStatement select =
                    jdbc.prepareStatement("SELECT DISTINCT \"__ordinal\" FROM " + table + " WHERE \"__tx\" = ?")) {
                select.setLong(1, transaction.id());
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        if (n == all.length) {
                            all = Arrays.copyOf(all, 2 * n);
                        }
                        all[n++] = rows.getLong(1);
                    }
                }
            }
        }
        long[] sorted = Arrays.copyOf(all, n);
        Arrays.sort(sorted);
        return sorted;
    }

    private long copy(Transaction transaction, CaptureInstance instance, long[] ordinals, int @Nullable [] places)
            throws SQLException {
        int columns = instance.columns().size();
        StringBuilder names = new StringBuilder();
        instance.columns().forEach(c -> names.append(", ").append(Sql.quoted(c.name())));
        String select = "SELECT \"__ordinal\", \"__operation\"" + names + " FROM "
                + historyTables.get(instance.sourceObjectId())
                + " WHERE \"__tx\" = ? ORDER BY \"__ordinal\", \"__operation\"";
        String insert = "INSERT INTO " + instance.changeTable()
                + " (\"__$start_lsn\", \"__$seqval\", \"__$operation\", \"__$update_mask\", \"__$command_id\"" + names
                + ") VALUES (?, ?, ?, ?, ?" + ", ?".repeat(columns) + ")";
        boolean[] computed = computed(instance);
        byte[] all = UpdateMask.all(columns);
        long count = 0;
        try (PreparedStatement read = jdbc.prepareStatement(select);
                PreparedStatement write = jdbc.prepareStatement(insert)) {
            read.setLong(1, transaction.id());
            try (ResultSet rows = read.executeQuery()) {
                @Nullable Object[] before = null;
                while (rows.next()) {
                    int place = Arrays.binarySearch(ordinals, rows.getLong(1));
                    int operation = rows.getInt(2);
                    @Nullable Object[] image = new Object[columns];
                    for (int i = 0; i < columns; i++) {
                        image[i] = computed[i]
                                ? null
                                : RowReader.value(
                                        rows, 3 + i, instance.columns().get(i).type());
                    }
                    if (operation == 3) {
                        before = image;
                        continue;
                    }
                    if (operation == 4 && before != null) {
                        byte[] mask = UpdateMask.changed(before, image);
                        write(write, transaction, place, places, 3, mask, before);
                        write(write, transaction, place, places, 4, mask, image);
                    } else {
                        write(write, transaction, place, places, operation, all, image);
                    }
                    count++;
                }
            }
        }
        return count;
    }

    /** Of computed columns the change tables hold NULL. */
    private boolean[] computed(CaptureInstance instance) {
        boolean[] computed = new boolean[instance.columns().size()];
        Optional<TableInfo> source = database.catalog().table(instance.sourceObjectId());
        for (int i = 0; i < computed.length; i++) {
            String name = instance.columns().get(i).name();
            computed[i] = source.flatMap(table -> table.column(name))
                    .filter(ColumnInfo::computed)
                    .isPresent();
        }
        return computed;
    }

    private static void write(
            PreparedStatement write,
            Transaction transaction,
            int place,
            int @Nullable [] places,
            int operation,
            byte[] mask,
            @Nullable Object[] image)
            throws SQLException {
        int sequencePlace = places == null ? place : places[place];
        write.setBytes(1, transaction.commitLsn());
        write.setBytes(2, LogPosition.lsn(transaction.firstPosition() + 1 + sequencePlace));
        write.setInt(3, operation);
        write.setBytes(4, mask);
        write.setInt(5, place + 1);
        for (int i = 0; i < image.length; i++) {
            write.setObject(6 + i, image[i]);
        }
        write.executeUpdate();
    }

    private void writeMapping(Transaction transaction) throws SQLException {
        Sql.update(
                jdbc,
                "INSERT INTO \"cdc\".\"lsn_time_mapping\" VALUES (?, ?, ?, ?, ?)",
                transaction.commitLsn(),
                database.localTime(transaction.beginTime().toInstant()),
                database.localTime(transaction.commitTime().toInstant()),
                ByteBuffer.allocate(10)
                        .putShort((short) 0)
                        .putLong(transaction.id())
                        .array(),
                LogPosition.lsn(transaction.firstPosition()));
    }
}
