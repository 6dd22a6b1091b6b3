/**
 * Capture: from the change tables of SQL Server to the contract topics, exactly once.
 *
 * <p>{@link dev.patronstream.connector.Connector} is the way in. A change comes from the {@code database} through the
 * {@code engine}, becomes a contract {@code row}, and {@code capture} publishes it in an {@code epoch}; {@code check} and
 * {@code start} come before that.
 */
@NullMarked
package dev.patronstream.connector;

import org.jspecify.annotations.NullMarked;
