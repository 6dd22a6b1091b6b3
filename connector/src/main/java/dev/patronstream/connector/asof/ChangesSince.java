package dev.patronstream.connector.asof;

import dev.patronstream.connector.database.DatabaseSettings;
import dev.patronstream.connector.database.JdbcRows;
import dev.patronstream.connector.database.SourceConnection;
import dev.patronstream.connector.database.TrackedTable;
import dev.patronstream.connector.database.TransactSql;
import dev.patronstream.connector.row.ContractRow;
import dev.patronstream.connector.row.RowMapper;
import dev.patronstream.connector.row.TableColumns;
import dev.patronstream.schemas.Lsn;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.generic.IndexedRecord;

/**
 * Reads from the change tables what each row was before its first change after an LSN: the image that an update or a
 * delete replaced, or nothing where the first change is an insert.
 *
 * <p>The order is that of the commits and, within one, of its commands; sequence values alone do not follow the order of
 * execution.
 *
 * @see <a href="https://learn.microsoft.com/sql/relational-databases/system-tables/cdc-capture-instance-ct-transact-sql">
 *     Microsoft: cdc.&lt;capture_instance&gt;_CT</a>
 */
final class ChangesSince {

    private static final int DELETE = 1;
    private static final int INSERT = 2;
    private static final int UPDATE_BEFORE = 3;

    private final DatabaseSettings settings;

    ChangesSince(DatabaseSettings settings) {
        this.settings = settings;
    }

    /** Returns, by key, the row as it was at {@code after}, of every row that was changed after it and up to {@code upTo}. */
    Map<String, Optional<IndexedRecord>> before(TableColumns layout, TrackedTable instance, Lsn after, Lsn upTo)
            throws SQLException {
        Map<String, Optional<IndexedRecord>> before = new HashMap<>();
        RowMapper mapper = new RowMapper(List.of(layout), problem -> {});
        String columns = TransactSql.names(layout.all());
        String sql = "SELECT [__$operation], " + columns + " FROM " + TransactSql.name(settings.database()) + ".cdc."
                + TransactSql.name(instance.name() + "_CT") + " WHERE [__$start_lsn] > ? AND [__$start_lsn] <= ?"
                + " ORDER BY [__$start_lsn], [__$command_id], [__$seqval], [__$operation]";
        try (Connection connection = SourceConnection.open(settings);
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setQueryTimeout(0);
            statement.setBytes(1, after.bytes());
            statement.setBytes(2, upTo.bytes());
            try (ResultSet cursor = statement.executeQuery()) {
                JdbcRows reader = new JdbcRows(cursor);
                while (cursor.next()) {
                    int operation = cursor.getInt(1);
                    ContractRow row = mapper.map(layout.table(), reader.row(), false);
                    switch (operation) {
                        case DELETE, UPDATE_BEFORE ->
                            before.putIfAbsent(row.key(), row.live().map(live -> live));
                        case INSERT -> before.putIfAbsent(row.key(), Optional.empty());
                        default -> {
                            // The image after an update follows the one before it, which has said it all.
                        }
                    }
                }
            }
        }
        return before;
    }
}
