/**
 * Capture: from the change tables of SQL Server to the contract topics, exactly once.
 *
 * <p>{@link dev.patronstream.connector.Connector} is the way in. {@code row} turns rows into contract records, {@code
 * epoch} assembles whole transactions and publishes them, {@code source} speaks with the database and runs Debezium.
 */
@NullMarked
package dev.patronstream.connector;

import org.jspecify.annotations.NullMarked;
