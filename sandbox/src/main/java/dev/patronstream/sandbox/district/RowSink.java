package dev.patronstream.sandbox.district;

import java.util.Iterator;
import java.util.List;

/** Takes the generated rows of a table, one after the other. */
@FunctionalInterface
public interface RowSink {

    /**
     * Takes all rows of a table.
     *
     * @param table the table's name
     * @param columns the columns' names, in the order of each row's values
     * @param rows the rows: {@link Integer}, {@link String}, {@link java.time.LocalDateTime}, {@link Boolean} or null
     */
    void accept(String table, List<String> columns, Iterator<Object[]> rows);
}
