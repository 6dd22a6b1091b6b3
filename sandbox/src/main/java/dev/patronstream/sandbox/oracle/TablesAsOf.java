package dev.patronstream.sandbox.oracle;

import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The source tables as they were at one moment. */
@FunctionalInterface
public interface TablesAsOf {

    /**
     * Reads all rows of a table, deleted-for-good ones excepted, soft-deleted ones not.
     *
     * @param table STU or STF
     * @param reader gets every row: column name in upper case to value; the map is only valid during the call
     */
    void read(String table, Consumer<Map<String, @Nullable Object>> reader);
}
