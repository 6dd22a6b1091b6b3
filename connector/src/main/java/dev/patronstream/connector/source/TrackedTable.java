package dev.patronstream.connector.source;

import dev.patronstream.schemas.Lsn;
import java.util.Map;

/**
 * A capture instance with what it captures.
 *
 * @param table name of the source table, in upper case
 * @param name name of the instance
 * @param startLsn the lowest LSN it has changes of
 * @param createdAt when it was made, in the server's local time, as text
 * @param columns the captured columns, each with the number it has in the source table
 */
public record TrackedTable(String table, String name, Lsn startLsn, String createdAt, Map<String, Integer> columns) {

    /** Returns it as the position remembers it. */
    public CaptureInstance asInstance() {
        return new CaptureInstance(table, name, startLsn.text(), createdAt);
    }
}
