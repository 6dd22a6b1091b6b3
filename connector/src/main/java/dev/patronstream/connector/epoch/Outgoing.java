package dev.patronstream.connector.epoch;

import dev.patronstream.connector.row.RowKey;
import dev.patronstream.schemas.Lsn;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * A record for a contract topic.
 *
 * @param value its content; empty for a tombstone
 * @param lsn commit LSN it comes from
 */
public record Outgoing(RowKey row, Optional<SpecificRecordBase> value, Lsn lsn) {}
