package dev.patronstream.connector.epoch;

import dev.patronstream.connector.row.Captured.Change;
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
 * @param row which row
 * @param value its content; empty for a tombstone
 * @param lsn commit LSN it comes from
 */
public record Outgoing(RowKey row, Optional<SpecificRecordBase> value, Lsn lsn) {

    /** Returns the record of a change. */
    public static Outgoing of(Change change, String incarnation, Instant committedAt) {
        return new Outgoing(
                change.row().rowKey(), change.row().live(source(change, incarnation, committedAt)), change.commitLsn());
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
