package dev.patronstream.connector.database;

import dev.patronstream.connector.status.Freshness;
import dev.patronstream.schemas.Lsn;
import java.time.Instant;

/**
 * How far capture has come, at one look.
 *
 * @param at the database's time of the look
 * @param maxLsn everything committed before {@code freshness.asOf} has an LSN up to this
 * @param freshness how fresh the change tables are
 */
public record Observation(Instant at, Lsn maxLsn, Freshness freshness) {}
