package dev.patronstream.connector.asof;

import com.microsoft.sqlserver.jdbc.ISQLServerConnection;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.connector.row.TableColumns;
import dev.patronstream.connector.source.DatabaseSettings;
import dev.patronstream.connector.source.Source;
import dev.patronstream.connector.source.SourceConnection;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.avro.generic.IndexedRecord;

/**
 * Reads the tables as they are, all in one snapshot transaction where the database allows it, else as committed row by
 * row. Never as uncommitted, and never with locks that outlast a row.
 */
final class TableReading {

    private final DatabaseSettings settings;
    private final Source source;

    TableReading(DatabaseSettings settings, Source source) {
        this.settings = settings;
        this.source = source;
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
        PlainRows reader = new PlainRows(layout);
        try (Statement statement = connection.createStatement()) {
            // A large table takes its time; the socket's timeout still notices a server that is gone.
            statement.setQueryTimeout(0);
            try (ResultSet cursor = statement.executeQuery("SELECT "
                    + layout.all().stream().map(Names::quoted).collect(Collectors.joining(", ")) + " FROM "
                    + Names.quoted(settings.database()) + "." + Names.quoted(settings.schema()) + "."
                    + Names.quoted(layout.table().name()))) {
                while (cursor.next()) {
                    PlainRows.Row row = reader.read(cursor);
                    row.live().ifPresent(live -> rows.put(row.key(), live));
                }
            }
        }
        return rows;
    }
}
