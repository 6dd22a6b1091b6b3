package dev.patronstream.standin.sql;

import java.util.List;

/**
 * A statement in the engine's dialect.
 *
 * @param sql the text, with {@code ?} for each binding
 * @param bindings the values in order
 * @param checks queries to run first, each of which raises an error or answers nothing of interest
 */
public record EngineSql(String sql, List<TypedValue> bindings, List<EngineSql> checks) {}
