package dev.patronstream.connector.row;

import dev.patronstream.schemas.Capture;
import dev.patronstream.schemas.Lsn;
import dev.patronstream.schemas.Phase;
import dev.patronstream.schemas.Source;
import java.time.Instant;
import java.util.Optional;

/** What is handed over to be published, in its order: first what was read of the tables, then what Debezium streams. */
public sealed interface Captured {

    /**
     * A row of a snapshot.
     *
     * @param stamp the LSN the snapshot is stamped with, or the time of reading where the tables are polled; the row
     *     itself can be newer
     */
    record SnapshotRow(ContractRow row, Lsn stamp, Instant readAt) implements Captured {

        /** Returns where the row comes from. */
        public Source source(String incarnation) {
            return Source.newBuilder()
                    .setIncarnation(incarnation)
                    .setCommitLsn(stamp.text())
                    .setCommittedAt(readAt)
                    .setPhase(Phase.SNAPSHOT)
                    .setCapture(stamp.readAt().isPresent() ? Capture.POLL : Capture.CDC)
                    .build();
        }
    }

    /** All rows of a snapshot are handed over. */
    record TablesRead() implements Captured {}

    /**
     * A change of a row.
     *
     * @param row the row after the change
     * @param operation c insert, u update, d delete
     * @param committedAt a time of the transaction, by the database's clock
     * @param left the row before an update that gave it another key: CDC records a delete and an insert only where the
     *     key is the primary key
     */
    record Change(
            ContractRow row,
            Lsn commitLsn,
            Lsn changeLsn,
            char operation,
            Instant committedAt,
            Optional<ContractRow> left)
            implements Captured {

        /** Returns where the row comes from; {@code atCommit} is when its transaction was committed, as far as is known. */
        public Source source(String incarnation, Instant atCommit) {
            return Source.newBuilder()
                    .setIncarnation(incarnation)
                    .setCommitLsn(commitLsn.text())
                    .setChangeLsn(changeLsn.text())
                    .setCommittedAt(atCommit)
                    .setPhase(Phase.STREAM)
                    .build();
        }

        /** The same transaction's change of another row. */
        public Change with(ContractRow other, char otherOperation) {
            return new Change(other, commitLsn, changeLsn, otherOperation, committedAt, Optional.empty());
        }
    }

    /**
     * A place in the stream without a row: a heartbeat or a change of a table's schema.
     *
     * @param commitLsn LSN of the last commit handed over in part or whole, or up to which the log was read
     * @param betweenTransactions whether everything up to {@code commitLsn} was handed over; else it stands within a
     *     transaction or at its end, nobody knows
     * @param starting whether the engine still reads the definitions of the tables, and has not begun to stream
     */
    record Mark(Lsn commitLsn, boolean betweenTransactions, boolean starting) implements Captured {}
}
