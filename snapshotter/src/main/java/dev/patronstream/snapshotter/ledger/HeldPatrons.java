package dev.patronstream.snapshotter.ledger;

import java.time.Instant;
import java.util.Optional;
import java.util.function.BiConsumer;

/** What a vendor holds of each person, in short. */
public interface HeldPatrons {

    /** Status of people who are inactive at the vendor. */
    String INACTIVE = "I";

    /** Returns what the vendor holds of a person, by {@link dev.patronstream.snapshotter.cut.PersonNumber}. */
    Optional<Held> of(long person);

    /** Goes through all persons, in no order. */
    void forEach(BiConsumer<Long, Held> use);

    /** Whether nobody knows that the vendor was sent the person: the attempt that did broke off. */
    default boolean isInDoubt(long person) {
        return false;
    }

    /**
     * What the vendor holds of one person.
     *
     * @param row fingerprint of the whole row
     * @param compared fingerprint of the columns that are compared with a new file
     * @param leftAt since when the file has no row of the person but as a leaver
     */
    record Held(RowFingerprint row, RowFingerprint compared, String site, String status, Optional<Instant> leftAt) {

        /** Whether the vendor has the person as one who is there. */
        public boolean isThere() {
            return leftAt.isEmpty() && !status.equals(INACTIVE);
        }

        /** Whether the last file had a row of the person: leavers who are left out have none. */
        public boolean hasRow() {
            return leftAt.isEmpty() || status.equals(INACTIVE);
        }
    }
}
