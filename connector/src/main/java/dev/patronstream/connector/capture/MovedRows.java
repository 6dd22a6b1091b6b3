package dev.patronstream.connector.capture;

import dev.patronstream.connector.row.ContractRow;
import dev.patronstream.connector.row.RowKey;
import dev.patronstream.schemas.Enrollment;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Tells, of two readings of committed rows, which rows have moved to another key between them. A reading passes a row by
 * that moves behind it, and meets one again that moves ahead of it; a row that keeps its key is read once.
 *
 * <p>A row that is in neither reading is gone. One that only the first has seen has moved if the second has seen its
 * student under another key; else it may have moved where the second had been already, and it stays until the next
 * reading. About 100 bytes per row. Not thread-safe.
 */
final class MovedRows {

    /** By row of the first reading that the second has not seen: its student. */
    private final Map<RowKey, Optional<Integer>> firstOnly = new HashMap<>();

    private final Set<Integer> students = new HashSet<>();
    private boolean again;

    /** A row is read. */
    void read(ContractRow row) {
        Optional<Integer> student = row.live()
                .filter(Enrollment.class::isInstance)
                .map(Enrollment.class::cast)
                .map(Enrollment::getStudentId);
        if (again) {
            firstOnly.remove(row.rowKey());
            student.ifPresent(students::add);
        } else {
            firstOnly.put(row.rowKey(), student);
        }
    }

    /** The second reading begins. */
    void readAgain() {
        again = true;
    }

    /** Returns the rows whose students are elsewhere now. */
    Stream<RowKey> left() {
        return again
                ? firstOnly.entrySet().stream()
                        .filter(row -> row.getValue().filter(students::contains).isPresent())
                        .map(Map.Entry::getKey)
                : Stream.empty();
    }
}
