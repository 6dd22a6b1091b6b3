package dev.patronstream.standin.engine;

import dev.patronstream.standin.sql.SqlType;

/** A column of a result set; the name is empty for an expression without alias. */
public record ResultColumn(String name, SqlType type, boolean nullable) {
    public static ResultColumn of(String name, SqlType type) {
        return new ResultColumn(name, type, true);
    }
}
