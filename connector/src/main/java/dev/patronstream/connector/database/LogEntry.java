package dev.patronstream.connector.database;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * A row of {@code cdc.lsn_time_mapping}: a commit that capture has read.
 *
 * @param transactionId the transaction's id in hexadecimal; zero for an entry without a transaction
 * @param committedAt its end, in the database's local time, as text
 */
public record LogEntry(String lsn, String transactionId, String committedAt) {

    /** Returns the commit's time of a server with the given offset from UTC. */
    public Instant committedAt(ZoneOffset offset) {
        return LocalDateTime.parse(committedAt).toInstant(offset);
    }
}
