package dev.patronstream.connector.database;

/**
 * A database as {@code sys.databases} and {@code sys.database_recovery_status} describe it.
 *
 * @param incarnation which database it is; another one after it was put back
 * @param snapshotIsolation whether a transaction may read one point in time without locks
 */
public record DatabaseDescription(Incarnation incarnation, boolean cdcEnabled, boolean snapshotIsolation) {

    /** Returns its name as the server spells it. */
    public String name() {
        return incarnation.database();
    }
}
