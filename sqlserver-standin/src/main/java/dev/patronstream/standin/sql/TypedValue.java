package dev.patronstream.standin.sql;

import org.jspecify.annotations.Nullable;

/**
 * A value with its T-SQL type: a parameter, a variable, a system value.
 *
 * @param type the declared type
 * @param value the value as the engine takes it; null for NULL
 */
public record TypedValue(SqlType type, @Nullable Object value) {
    public static TypedValue of(int value) {
        return new TypedValue(SqlType.INT, value);
    }

    public static TypedValue of(String value) {
        return new TypedValue(SqlType.nvarchar(Math.max(1, Math.min(4000, value.length()))), value);
    }

    public static TypedValue nothing(SqlType type) {
        return new TypedValue(type, null);
    }
}
