package dev.patronstream.sandbox.nextyear;

import dev.patronstream.sandbox.district.AeriesTable;
import dev.patronstream.sandbox.district.RowSink;
import java.util.Iterator;

/** The tables of one school year: of a generated district, or of a database. */
@FunctionalInterface
public interface SchoolYearTables {

    /**
     * The rows of a table from the beginning: values in the order of {@link AeriesTable#columns()}, of the types that {@link
     * RowSink} takes. Rows of STU come student by student, in the order of the student IDs. Only one table is read at a
     * time.
     */
    Iterator<Object[]> rows(AeriesTable table);
}
