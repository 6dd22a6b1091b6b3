package dev.patronstream.connector.row;

/**
 * The identity of a row.
 *
 * @param table its table
 * @param key the key of its record
 */
public record RowKey(SourceTable table, String key) {}
