package dev.patronstream.connector.check;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A column of a source table.
 *
 * @param name its name as the database spells it
 * @param id its number in the table; one that is dropped and added again has another
 * @param systemType the number of the type that its type is made of
 * @param size what stands in parentheses after the type, empty if nothing does
 * @param masked whether the account sees a mask in the place of its values
 */
public record SourceColumn(
        String name,
        int id,
        int systemType,
        String type,
        String size,
        boolean computed,
        boolean nullable,
        boolean masked) {

    private static final int UNLIMITED = -1;

    private static final Set<String> WHOLE_NUMBERS = Set.of("tinyint", "smallint", "int", "bigint");

    private static final Set<String> UNREADABLE_TYPES = Set.of(
            "binary",
            "varbinary",
            "image",
            "text",
            "ntext",
            "xml",
            "timestamp",
            "rowversion",
            "sql_variant",
            "json",
            "vector");

    /** Types of the CLR, whatever their names (hierarchyid, geography and geometry among them), json, vector. */
    private static final Set<Integer> UNREADABLE_SYSTEM_TYPES = Set.of(240, 244, 255);

    /** Returns what stands in parentheses after a type, by what {@code sys.columns} says of it. */
    static String size(String type, int maxLength, int precision, int scale) {
        return switch (type) {
            case "char", "varchar", "binary", "varbinary" -> length(maxLength);
            case "nchar", "nvarchar" -> length(maxLength == UNLIMITED ? UNLIMITED : maxLength / 2);
            case "decimal", "numeric" -> precision + "," + scale;
            case "time", "datetime2", "datetimeoffset" -> Integer.toString(scale);
            default -> "";
        };
    }

    private static String length(int bytes) {
        return bytes == UNLIMITED ? "max" : Integer.toString(bytes);
    }

    /**
     * Returns why its values cannot be read from the change table as the table holds them; empty if they can. Of {@code
     * (max)} types CDC does not record unchanged values, of computed columns none.
     *
     * @see <a href="https://learn.microsoft.com/sql/relational-databases/track-changes/about-change-data-capture-sql-server">
     *     Microsoft: change data capture</a>
     */
    Optional<String> unreadable() {
        if (computed) {
            return Optional.of("is computed, and change data capture records NULL for computed columns");
        }
        return size.equals("max")
                        || UNREADABLE_SYSTEM_TYPES.contains(systemType)
                        || UNREADABLE_TYPES.contains(type.toLowerCase(Locale.ROOT))
                ? Optional.of(
                        "has type " + typeInWords() + ", whose changes cannot be read from the change table in full")
                : Optional.empty();
    }

    /** Returns why it cannot be part of a row's key; empty if it can. */
    Optional<String> unfitForKey() {
        if (!isWholeNumber()) {
            return Optional.of(
                    "has type " + typeInWords() + ", not that of a whole number, so values such as '7' and '07'"
                            + " would be one key, and one of their rows would be lost");
        }
        return nullable
                ? Optional.of("may be NULL, and a row without a key would stop capture until its change is cleaned up")
                : Optional.empty();
    }

    /** Returns the type that a key may have, nearest to its own. */
    String typeForKey() {
        return isWholeNumber() ? typeInWords() : "int";
    }

    private boolean isWholeNumber() {
        return WHOLE_NUMBERS.contains(type)
                || ((type.equals("decimal") || type.equals("numeric")) && size.endsWith(",0"));
    }

    /** Returns the type as T-SQL writes it. */
    String typeInWords() {
        return size.isEmpty() ? type : type + "(" + size + ")";
    }
}
