package dev.patronstream.connector.database;

import java.time.LocalDateTime;
import java.util.Optional;

/**
 * A database as {@code sys.databases} and {@code sys.database_recovery_status} describe it.
 *
 * @param name its name as the server spells it
 * @param createdAt when it was created or restored, in the server's local time
 * @param cdcEnabled whether change data capture is enabled
 * @param snapshotIsolation whether a transaction may read one point in time without locks
 * @param recoveryFork changes at a restore to a point in time; empty where the account may not read it
 */
public record DatabaseDescription(
        String name,
        LocalDateTime createdAt,
        boolean cdcEnabled,
        boolean snapshotIsolation,
        Optional<String> recoveryFork) {

    public Incarnation incarnation() {
        return new Incarnation(name + "@" + createdAt, name, createdAt.toString(), recoveryFork.orElse(null));
    }
}
