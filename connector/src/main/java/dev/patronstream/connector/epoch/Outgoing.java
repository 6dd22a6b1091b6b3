package dev.patronstream.connector.epoch;

import dev.patronstream.connector.row.Captured.Change;
import dev.patronstream.connector.row.ContractRow;
import dev.patronstream.connector.row.RowKey;
import dev.patronstream.schemas.Lsn;
import dev.patronstream.schemas.Phase;
import dev.patronstream.schemas.Source;
import java.time.Instant;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * A record for a contract topic.
 *
 * @param value its content; empty for a tombstone
 * @param lsn commit LSN it comes from
 */
public record Outgoing(RowKey row, Optional<SpecificRecordBase> value, Lsn lsn) {

    /** Returns the record of a change. */
    public static Outgoing of(Change change, String incarnation, Instant committedAt) {
        return of(change.row(), source(change, incarnation, committedAt));
    }

    static Outgoing of(ContractRow row, Source source) {
        return new Outgoing(row.rowKey(), row.live(source), new Lsn(source.getCommitLsn()));
    }

    static Source source(Change change, String incarnation, Instant committedAt) {
        return Source.newBuilder()
                .setIncarnation(incarnation)
                .setCommitLsn(change.commitLsn().text())
                .setChangeLsn(change.changeLsn().text())
                .setCommittedAt(committedAt)
                .setPhase(Phase.STREAM)
                .build();
    }
}
