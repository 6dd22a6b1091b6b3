package dev.patronstream.standin.session;

import dev.patronstream.standin.sql.SqlServerException;
import dev.patronstream.standin.sql.SqlType;
import dev.patronstream.standin.sql.TypedValue;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The variables, parameters and table variables of one batch. Names are not case-sensitive. */
public final class Variables {
    private final Map<String, TypedValue> values = new HashMap<>();
    private final Map<String, String> tables = new HashMap<>();

    public void declare(String name, TypedValue value) {
        values.put(key(name), value);
    }

    /** Sets a variable that is declared. */
    public void assign(String name, @Nullable Object value) {
        TypedValue before = value(name).orElseThrow(() -> SqlServerException.undeclared(name));
        values.put(key(name), new TypedValue(before.type(), value));
    }

    public Optional<TypedValue> value(String name) {
        return Optional.ofNullable(values.get(key(name)));
    }

    SqlType type(String name) {
        return value(name)
                .orElseThrow(() -> SqlServerException.undeclared(name))
                .type();
    }

    void declareTable(String name, String engineName) {
        tables.put(key(name), engineName);
    }

    Optional<String> table(String name) {
        return Optional.ofNullable(tables.get(key(name)));
    }

    Set<String> tableNames() {
        return Set.copyOf(tables.values());
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
