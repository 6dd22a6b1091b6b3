package dev.patronstream.connector.row;

import dev.patronstream.schemas.Enrollment;
import dev.patronstream.schemas.Source;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * A row as its contract has it.
 *
 * @param live the contract record, still without its source; empty when the row is deleted or soft-deleted
 */
public record ContractRow(SourceTable table, String key, Optional<SpecificRecordBase> live) {

    public RowKey rowKey() {
        return new RowKey(table, key);
    }

    /** Returns whose row of STU it is; empty for another table's, and for one that is deleted or soft-deleted. */
    public OptionalInt student() {
        return student(live);
    }

    /** Returns the same of a contract record. */
    public static OptionalInt student(Optional<SpecificRecordBase> live) {
        return live.filter(Enrollment.class::isInstance).isPresent()
                ? OptionalInt.of(((Enrollment) live.get()).getStudentId())
                : OptionalInt.empty();
    }

    /** Returns the contract record with its source; empty when the row is deleted or soft-deleted. */
    public Optional<SpecificRecordBase> live(Source source) {
        live.ifPresent(row -> row.put(row.getSchema().getField("source").pos(), source));
        return live;
    }
}
