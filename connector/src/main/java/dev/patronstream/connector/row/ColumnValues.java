package dev.patronstream.connector.row;

import dev.patronstream.schemas.Text;
import io.debezium.spi.converter.CustomConverter;
import io.debezium.spi.converter.RelationalColumn;
import java.math.BigDecimal;
import java.sql.Date;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import microsoft.sql.DateTimeOffset;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * What a column's value says, whatever type the district's column has. Every way of reading converts here: first the
 * driver's object to text, then the text to what the field holds.
 *
 * <p>Numbers are written without an exponent, decimals and money with the decimals of their type, floats without trailing
 * zeros; a bit is 0 or 1; dates and times have the form of ISO 8601.
 */
public final class ColumnValues {

    private static final String IS_TEXT = "=";
    private static final String IS_UNREADABLE = "!";

    private ColumnValues() {}

    /**
     * Packs every value in the place of Debezium's own converters: those put a column's DEFAULT in the place of a NULL,
     * publish null for what they cannot convert, and log the value. The engine makes it by its name.
     *
     * @see <a href="https://debezium.io/documentation/reference/stable/development/converters.html">Debezium: custom
     *     converters</a>
     */
    public static final class TextConverter implements CustomConverter<SchemaBuilder, RelationalColumn> {

        @Override
        public void configure(Properties properties) {
            // There is nothing to configure.
        }

        /** Debezium asks the driver for a time of day as a timestamp, for the digits after the seconds. */
        @Override
        public void converterFor(RelationalColumn column, ConverterRegistration<SchemaBuilder> registration) {
            boolean timeOfDay = column.jdbcType() == Types.TIME || "time".equalsIgnoreCase(column.typeName());
            registration.register(
                    SchemaBuilder.string().optional(),
                    value -> packed(
                            timeOfDay && value instanceof Timestamp time
                                    ? time.toLocalDateTime().toLocalTime()
                                    : value));
        }
    }

    /** The values of a row by the names of its columns, however it was read. */
    @FunctionalInterface
    public interface Row {

        /**
         * Returns what a column holds as text; null for NULL.
         *
         * @throws UnreadableValueException if the value cannot be carried
         * @throws IllegalStateException if the row has no such column
         */
        @Nullable
        String text(String column);
    }

    /** Returns the values of a row as the driver has handed them over, by column. */
    public static Row row(Map<String, @Nullable Object> row) {
        return column -> {
            require(row.containsKey(column), column);
            return text(row.get(column));
        };
    }

    /** Returns the values of a row as the driver has handed them over; the places tell which is of which column. */
    public static Row row(Map<String, Integer> places, @Nullable Object[] values) {
        return column -> {
            @Nullable Integer place = places.get(column);
            require(place != null, column);
            return text(values[place]);
        };
    }

    /** Returns the packed values of a row of Debezium's: never what its schema would put in the place of a NULL. */
    public static Row row(Struct row) {
        return column -> {
            Field field = row.schema().field(column);
            require(field != null, column);
            return unpacked((String) row.getWithoutDefault(column));
        };
    }

    /** A column that was there at the start and is not any more must not read as NULL: it would blank every row. */
    private static void require(boolean there, String column) {
        if (!there) {
            throw new IllegalStateException("The captured rows have no column " + column
                    + " any more: it was dropped or renamed, or a newer capture instance leaves it out");
        }
    }

    /**
     * Returns the text of a value as the driver hands it over; null for NULL.
     *
     * @throws UnreadableValueException if it cannot be carried
     */
    public static @Nullable String text(@Nullable Object raw) {
        if (raw == null) {
            return null;
        } else if (raw instanceof Boolean bit) {
            return bit ? "1" : "0";
        } else if (raw instanceof BigDecimal number) {
            return number.toPlainString();
        } else if (raw instanceof Double || raw instanceof Float) {
            return new BigDecimal(raw.toString()).stripTrailingZeros().toPlainString();
        } else if (raw instanceof Date date) {
            return date.toLocalDate().toString();
        } else if (raw instanceof Timestamp time) {
            return time.toLocalDateTime().toString();
        } else if (raw instanceof DateTimeOffset time) {
            return time.getOffsetDateTime().toString();
        } else if (raw instanceof String
                || raw instanceof Number
                || raw instanceof LocalDate
                || raw instanceof LocalDateTime
                || raw instanceof LocalTime
                || raw instanceof OffsetDateTime) {
            return raw.toString();
        }
        throw new UnreadableValueException("a type that no field can hold");
    }

    /** Returns the value packed to travel as one text: what it says, or why it cannot be carried; null for NULL. */
    static @Nullable String packed(@Nullable Object raw) {
        try {
            String text = text(raw);
            return text == null ? null : IS_TEXT + text;
        } catch (UnreadableValueException e) {
            return IS_UNREADABLE + e.getMessage();
        }
    }

    /**
     * Returns the text that was packed.
     *
     * @throws UnreadableValueException if it could not be carried
     */
    static @Nullable String unpacked(@Nullable String packed) {
        if (packed == null) {
            return null;
        } else if (packed.startsWith(IS_UNREADABLE)) {
            throw new UnreadableValueException(packed.substring(1));
        }
        return packed.substring(1);
    }

    /** Returns the field's value: a String, an Integer, a LocalDate or null. */
    static @Nullable Object of(ValueKind kind, @Nullable String text) {
        if (text == null || Text.isBlank(text)) {
            return null;
        }
        return switch (kind) {
            case TEXT -> Text.wellFormed(text.stripTrailing());
            case TAG -> Text.strip(text);
            case INTEGER ->
                SourceTable.number(text)
                        .orElseThrow(() -> new UnreadableValueException("not a whole number within the range of int"));
            case DATE -> date(Text.strip(text));
        };
    }

    private static LocalDate date(String text) {
        try {
            return text.length() == "20260831".length()
                    ? LocalDate.parse(text, DateTimeFormatter.BASIC_ISO_DATE)
                    : LocalDate.parse(text.substring(0, Math.min("2026-08-31".length(), text.length())));
        } catch (DateTimeParseException e) {
            throw new UnreadableValueException("not a date of the form 2026-08-31 or 20260831");
        }
    }

    /** Whether the soft-delete column says that the row is deleted: 1 in any type; 0, NULL and blank say that it lives. */
    public static boolean deleted(@Nullable String mark) {
        return switch (mark == null ? "" : Text.strip(mark).toLowerCase(Locale.ROOT)) {
            case "", "0", "false", "n" -> false;
            case "1", "true", "y" -> true;
            default -> {
                Optional<Integer> number = SourceTable.number(mark);
                yield number.orElseThrow(() -> new UnreadableValueException("neither 0 nor 1")) != 0;
            }
        };
    }
}
