package dev.patronstream.connector.database;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.LocalDateTime;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which database it is, and which incarnation of it: LSNs of two incarnations must never be compared.
 *
 * @param id the identity that records carry, for example {@code DST26000EAGLE@2026-07-01T08:30:00.123}
 * @param createdAt when it was created or restored, in the server's local time, as text
 * @param recoveryFork changes at a restore to a point in time; null where the account may not read it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Incarnation(
        String id,
        String database,
        String createdAt,
        @Nullable String recoveryFork) {

    static Incarnation of(String database, LocalDateTime createdAt, Optional<String> recoveryFork) {
        return new Incarnation(database + "@" + createdAt, database, createdAt.toString(), recoveryFork.orElse(null));
    }

    /** Whether both describe the same incarnation of the same database, as far as can be read from its description. */
    public boolean isSameAs(Incarnation other) {
        return database.equals(other.database)
                && createdAt.equals(other.createdAt)
                && (recoveryFork == null
                        || other.recoveryFork == null
                        || Objects.equals(recoveryFork, other.recoveryFork));
    }

    /** Returns this incarnation under another identity. */
    public Incarnation withId(String other) {
        return new Incarnation(other, database, createdAt, recoveryFork);
    }
}
