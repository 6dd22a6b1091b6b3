package dev.patronstream.connector.database;

import dev.patronstream.schemas.Lsn;
import java.util.Comparator;
import java.util.Map;

/**
 * A capture instance with what it captures.
 *
 * @param table name of the source table, in upper case
 * @param startLsn the lowest LSN it has changes of
 * @param createdAt when it was made, in the server's local time, as text
 * @param columns the captured columns, each with the number it has in the source table
 */
public record TrackedTable(String table, String name, Lsn startLsn, String createdAt, Map<String, Integer> columns) {

    /** Of several instances of a table the newest, which is the last in this order, is the one to read. */
    public static final Comparator<TrackedTable> BY_AGE =
            Comparator.comparing(TrackedTable::startLsn).thenComparing(TrackedTable::createdAt);

    /** Whether it is the same instance, whatever the clean-up has removed from it since. */
    public boolean isSameAs(CaptureInstance before) {
        return name.equals(before.name()) && createdAt.equals(before.createdAt());
    }

    /** Returns it as the position remembers it. */
    public CaptureInstance asInstance() {
        return new CaptureInstance(table, name, startLsn.text(), createdAt);
    }
}
