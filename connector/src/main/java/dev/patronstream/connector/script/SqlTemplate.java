package dev.patronstream.connector.script;

import dev.patronstream.connector.database.TransactSql;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fills the templates beside this class. A place says how its value is written: {@code {{user}}} as it is, {@code
 * {{[user]}}} as a name of T-SQL, {@code {{'user'}}} as a literal.
 */
final class SqlTemplate {

    private static final Pattern PLACE = Pattern.compile("\\{\\{([\\['])?(\\w+)[\\]']?}}");

    private SqlTemplate() {}

    /** Returns the text of a template without its last line end; places within the values stay as they are. */
    static String fill(String template, Map<String, String> values) {
        return PLACE.matcher(read(template + ".sql").stripTrailing())
                .replaceAll(place -> Matcher.quoteReplacement(written(place, values)));
    }

    private static String written(MatchResult place, Map<String, String> values) {
        String value = Objects.requireNonNull(values.get(place.group(2)), place.group(2));
        if (place.group(1) == null) {
            return value;
        }
        return place.group(1).equals("[") ? TransactSql.name(value) : TransactSql.text(value);
    }

    private static String read(String resource) {
        try (InputStream text = Objects.requireNonNull(SqlTemplate.class.getResourceAsStream(resource), resource)) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("The template " + resource + " cannot be read", e);
        }
    }
}
