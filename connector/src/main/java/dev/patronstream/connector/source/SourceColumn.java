package dev.patronstream.connector.source;

/**
 * A column of a source table.
 *
 * @param name its name as the database spells it
 * @param type its type's name
 * @param unlimited whether it is a {@code (max)} type, whose unchanged values CDC does not record
 */
record SourceColumn(String name, String type, boolean unlimited) {}
