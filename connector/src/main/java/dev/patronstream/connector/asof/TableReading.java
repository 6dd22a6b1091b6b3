package dev.patronstream.connector.asof;

import com.microsoft.sqlserver.jdbc.ISQLServerConnection;
import dev.patronstream.connector.row.ContractRow;
import dev.patronstream.connector.row.RowMapper;
import dev.patronstream.connector.row.RowProblem;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.connector.row.TableColumns;
import dev.patronstream.connector.source.DatabaseSettings;
import dev.patronstream.connector.source.JdbcRows;
import dev.patronstream.connector.source.Source;
import dev.patronstream.connector.source.SourceConnection;
import dev.patronstream.connector.source.TransactSql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.avro.generic.IndexedRecord;

/**
 * Reads the tables as they are, all in one snapshot transaction where the database allows it, else as committed row by
 * row. Never as uncommitted, and never with locks that outlast a row.
 */
final class TableReading {

    private final DatabaseSettings settings;
    private final Source source;
    private final Consumer<RowProblem> problems;

    TableReading(DatabaseSettings settings, Source source, Consumer<RowProblem> problems) {
        this.settings = settings;
        this.source = source;
        this.problems = problems;
    }

    Map<SourceTable, Map<String, IndexedRecord>> read() throws SQLException {
        Map<SourceTable, Map<String, IndexedRecord>> tables = new EnumMap<>(SourceTable.class);
        try (Connection connection = SourceConnection.open(settings)) {
            connection.setTransactionIsolation(
                    source.snapshotIsolation()
                            ? ISQLServerConnection.TRANSACTION_SNAPSHOT
                            : Connection.TRANSACTION_READ_COMMITTED);
            connection.setAutoCommit(!source.snapshotIsolation());
            for (TableColumns layout : source.tables()) {
                tables.put(layout.table(), read(connection, layout));
            }
            if (source.snapshotIsolation()) {
                connection.rollback();
            }
        }
        return tables;
    }

    private Map<String, IndexedRecord> read(Connection connection, TableColumns layout) throws SQLException {
        Map<String, IndexedRecord> rows = new HashMap<>();
        RowMapper mapper = new RowMapper(List.of(layout), problems);
        try (Statement statement = connection.createStatement()) {
            // A large table takes its time; the socket's timeout still notices a server that is gone.
            statement.setQueryTimeout(0);
            try (ResultSet cursor = statement.executeQuery("SELECT "
                    + TransactSql.names(layout.all()) + " FROM "
                    + TransactSql.name(settings.database()) + "."
                    + TransactSql.name(settings.schema(), layout.table().name()))) {
                JdbcRows reader = new JdbcRows(cursor);
                while (cursor.next()) {
                    ContractRow row = mapper.map(layout.table(), reader.row(), false);
                    row.live().ifPresent(live -> rows.put(row.key(), live));
                }
            }
        }
        return rows;
    }
}
