package dev.patronstream.standin.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A name of one to three parts, as written: {@code STU}, {@code dbo.STU}, {@code [DB].dbo.STU}, {@code DB..STU}.
 *
 * @param database the database, if named
 * @param schema the schema, if named and not left empty
 * @param name the object
 */
public record ObjectName(Optional<String> database, Optional<String> schema, String name) {
    /** Reads a name at the current position. */
    public static ObjectName parse(Tokens tokens) {
        List<String> parts = new ArrayList<>();
        parts.add(tokens.expectName());
        while (tokens.skipSymbol(".")) {
            parts.add(tokens.peek().isSymbol(".") ? "" : tokens.expectName());
        }
        return of(parts);
    }

    /** Reads a name from a text such as a procedure's argument. */
    public static ObjectName parse(String text) {
        Tokens tokens = new Tokens(Tokenizer.tokens(text));
        ObjectName name = parse(tokens);
        if (!tokens.atEnd()) {
            throw tokens.unexpected();
        }
        return name;
    }

    static ObjectName of(List<String> parts) {
        int n = parts.size();
        if (n > 3) {
            throw new SqlServerException(
                    7202,
                    11,
                    2,
                    "Could not find server '" + parts.get(0)
                            + "' in sys.servers. Verify that the correct server name was specified.");
        }
        Optional<String> schema = n >= 2 ? filled(parts.get(n - 2)) : Optional.empty();
        Optional<String> database = n == 3 ? filled(parts.get(0)) : Optional.empty();
        return new ObjectName(database, schema, parts.get(n - 1));
    }

    private static Optional<String> filled(String part) {
        return part.isEmpty() ? Optional.empty() : Optional.of(part);
    }

    /** As it would be written without brackets. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        database.ifPresent(d -> text.append(d).append('.'));
        if (schema.isPresent() || database.isPresent()) {
            text.append(schema.orElse("")).append('.');
        }
        return text.append(name).toString();
    }
}
