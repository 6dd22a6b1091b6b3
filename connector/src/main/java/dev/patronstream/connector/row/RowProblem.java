package dev.patronstream.connector.row;

/**
 * A value that its field cannot hold, named without showing it.
 *
 * @param table the row's table
 * @param column the column's name
 * @param key the row's key
 * @param reason what the value is not, with the column's type
 * @param withheld whether the row is left out for it; else the field is left empty
 */
public record RowProblem(SourceTable table, String column, String key, String reason, boolean withheld) {}
