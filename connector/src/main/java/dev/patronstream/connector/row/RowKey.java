package dev.patronstream.connector.row;

/** The identity of a row: its table, and the key of its record. */
public record RowKey(SourceTable table, String key) {}
