package dev.patronstream.connector.asof;

import dev.patronstream.connector.check.CaptureCheck;
import dev.patronstream.connector.check.CaptureSettings;
import dev.patronstream.connector.check.Source;
import dev.patronstream.connector.database.SourceDatabase;
import dev.patronstream.connector.database.TableReader;
import dev.patronstream.connector.epoch.Position;
import dev.patronstream.connector.row.RowMapper;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.connector.row.TableColumns;
import dev.patronstream.schemas.Lsn;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.generic.IndexedRecord;

/**
 * Reads the tables of a polled district as they are now: without change data capture nothing takes them back to the time
 * of the last reading. Reads only. Not thread-safe.
 */
public final class TablesNow {

    private final CaptureSettings settings;

    public TablesNow(CaptureSettings settings) {
        this.settings = settings;
    }

    /**
     * Reads the tables.
     *
     * @param position where capture stands: tells whether this is its database
     * @param lsn the time of reading that the result is to be compared with
     * @throws UnreachableLsnException if the topics hold another database, or were not filled by polling
     * @throws dev.patronstream.connector.status.CaptureException if the database cannot be captured as configured
     */
    public TablesAsOf read(Position position, Lsn lsn) throws SQLException, UnreachableLsnException {
        try (SourceDatabase database = settings.connect()) {
            Source source = CaptureCheck.check(database, settings);
            if (!position.incarnation().isSameAs(source.incarnation())
                    || lsn.readAt().isEmpty()) {
                throw new UnreachableLsnException("The topics hold "
                        + position.incarnation().id() + " up to " + lsn.inWords()
                        + ", which is not what is polled now: "
                        + source.incarnation().id()
                        + ". Let the connector run until it has read the tables, and audit again");
            }
            RowMapper mapper = new RowMapper(source.tables(), problem -> {});
            Instant readAt = database.now().toInstant();
            Map<SourceTable, Map<String, IndexedRecord>> rows = new EnumMap<>(SourceTable.class);
            TableReader reader = database.tables();
            reader.atOneMoment(source.snapshotIsolation(), () -> {
                for (TableColumns layout : source.tables()) {
                    Map<String, IndexedRecord> table = new HashMap<>();
                    reader.contractRows(
                            layout, mapper, row -> row.live().ifPresent(live -> table.put(row.key(), live)));
                    rows.put(layout.table(), table);
                }
            });
            List<String> warnings = new ArrayList<>(source.warnings());
            warnings.add("The tables are polled: what was changed since they were " + lsn.inWords()
                    + " differs until the next reading, and is a difference only if it still does then");
            return new TablesAsOf(lsn, rows, readAt, source.snapshotIsolation(), lsn, 0, warnings);
        }
    }
}
