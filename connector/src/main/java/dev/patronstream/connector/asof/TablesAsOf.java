package dev.patronstream.connector.asof;

import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.schemas.Lsn;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.generic.IndexedRecord;

/**
 * The tables as they were when the transaction of an LSN, and all before it, had committed, and none after it.
 *
 * @param rows by table and key: the row in the form of its contract, with an empty {@code source}; deleted and
 *     soft-deleted rows are absent
 * @param readAt when the reading of the tables began, by the database's clock
 * @param atOneMoment whether the tables were read under snapshot isolation; else each row was read when its turn came
 * @param capturedUpTo changes up to here were looked through, which covers the whole time of reading
 * @param rolledBack how many rows had changed between the LSN and the reading, or during it
 */
public record TablesAsOf(
        Lsn lsn,
        Map<SourceTable, Map<String, IndexedRecord>> rows,
        Instant readAt,
        boolean atOneMoment,
        Lsn capturedUpTo,
        long rolledBack,
        List<String> warnings) {

    /** Copies the outer map and the list; the rows themselves are shared, there may be half a million. */
    public TablesAsOf {
        Map<SourceTable, Map<String, IndexedRecord>> shared = new EnumMap<>(SourceTable.class);
        rows.forEach((table, byKey) -> shared.put(table, Collections.unmodifiableMap(byKey)));
        rows = Collections.unmodifiableMap(shared);
        warnings = List.copyOf(warnings);
    }

    /** Without the rows, which hold students. */
    @Override
    public String toString() {
        return "TablesAsOf[" + lsn + "]";
    }
}
