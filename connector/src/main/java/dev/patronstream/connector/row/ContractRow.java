package dev.patronstream.connector.row;

import dev.patronstream.schemas.Source;
import java.util.Optional;
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

    /** Returns the contract record with its source; empty when the row is deleted or soft-deleted. */
    public Optional<SpecificRecordBase> live(Source source) {
        live.ifPresent(row -> row.put(row.getSchema().getField("source").pos(), source));
        return live;
    }
}
