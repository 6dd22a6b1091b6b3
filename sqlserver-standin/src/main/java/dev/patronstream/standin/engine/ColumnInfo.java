package dev.patronstream.standin.engine;

import dev.patronstream.standin.sql.SqlType;
import java.util.Optional;

/**
 * A column of the catalog.
 *
 * @param id its number in the table, from 1; numbers of dropped columns are not used again
 * @param defaultDefinition the default as T-SQL
 * @param computed whether the server computes it
 */
public record ColumnInfo(
        int id,
        String name,
        SqlType type,
        boolean nullable,
        boolean identity,
        Optional<String> defaultDefinition,
        boolean computed) {}
