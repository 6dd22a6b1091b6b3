package dev.patronstream.connector.capture;

import dev.patronstream.connector.row.ContractRow;
import dev.patronstream.connector.row.RowKey;
import dev.patronstream.connector.row.SourceTable;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The students whose rows are read a second time, where committed rows are read one after the other: a reading passes a
 * row by that moves behind it, and meets one again that moves ahead of it. Either way a row of the student seems new,
 * changed or gone. What the second reading says of such a student counts. Not thread-safe.
 */
final class MovedStudents {

    private final Set<Integer> students = new HashSet<>();
    private final Set<RowKey> seenAgain = new HashSet<>();
    private boolean again;

    /**
     * A row is read.
     *
     * @param before whose row the topics hold under its key
     * @param differs whether the topics hold another row under its key, or none
     */
    void read(ContractRow row, OptionalInt before, boolean differs) {
        if (row.table() != SourceTable.STU) {
            return;
        }
        if (again) {
            seenAgain.add(row.rowKey());
        } else if (differs) {
            before.ifPresent(students::add);
            row.student().ifPresent(students::add);
        }
    }

    /** The first reading is over; returns whose rows are to be read again. */
    Set<Integer> toReadAgain(Stream<OptionalInt> gone) {
        again = true;
        gone.forEach(student -> student.ifPresent(students::add));
        return Set.copyOf(students);
    }

    /** Returns which of some rows the second reading has not seen. */
    Stream<RowKey> notSeenAgain(Stream<RowKey> rows) {
        return rows.filter(row -> !seenAgain.contains(row)).distinct();
    }
}
