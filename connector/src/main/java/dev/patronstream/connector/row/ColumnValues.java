package dev.patronstream.connector.row;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What the values of Debezium's rows say, whatever type the district's column has: {@code char}, {@code varchar},
 * {@code smallint}, {@code int}, {@code bit}, {@code decimal}, {@code date}, {@code datetime} and the like.
 *
 * <p>SQL Server's date and time types carry no zone; Debezium encodes them as if they were UTC, and so they are decoded.
 *
 * @see <a href="https://debezium.io/documentation/reference/stable/connectors/sqlserver.html#sqlserver-data-types">Debezium:
 *     data type mappings of SQL Server</a>
 */
final class ColumnValues {

    private static final int NANOS_PER_SECOND = 1_000_000_000;
    private static final int MICROS_PER_SECOND = 1_000_000;

    private ColumnValues() {}

    /** Returns the field's value: a String, an Integer, a LocalDate or null. */
    static @Nullable Object of(ValueKind kind, @Nullable Object raw, Schema schema) {
        return switch (kind) {
            case TEXT -> text(raw, schema);
            case TAG -> {
                String text = text(raw, schema);
                yield text == null ? null : text.strip();
            }
            case INTEGER -> integer(raw, schema);
            case DATE -> date(raw, schema);
        };
    }

    /** Returns the value as text without trailing blanks; null when blank. */
    static @Nullable String text(@Nullable Object raw, Schema schema) {
        Object value = plain(raw, schema);
        if (value == null) {
            return null;
        }
        String text;
        if (value instanceof BigDecimal number) {
            text = number.toPlainString();
        } else if (value instanceof Boolean bit) {
            text = bit ? "1" : "0";
        } else {
            text = value.toString();
        }
        String stripped = text.stripTrailing();
        return stripped.isBlank() ? null : stripped;
    }

    /** Whether the soft-delete column says that the row is deleted: 1 in any type; 0, NULL and blank say that it lives. */
    static boolean deleted(@Nullable Object raw, Schema schema) {
        Object value = plain(raw, schema);
        if (value instanceof Boolean bit) {
            return bit;
        }
        if (value instanceof String text) {
            return switch (text.strip().toLowerCase(Locale.ROOT)) {
                case "", "0", "false", "n" -> false;
                case "1", "true", "y" -> true;
                default -> throw unreadable("neither 0 nor 1", schema);
            };
        }
        Integer number = integer(raw, schema);
        return number != null && number != 0;
    }

    private static @Nullable Integer integer(@Nullable Object raw, Schema schema) {
        Object value = plain(raw, schema);
        if (value == null) {
            return null;
        }
        try {
            if (value instanceof Long number) {
                return Math.toIntExact(number);
            }
            if (value instanceof BigDecimal number) {
                return number.intValueExact();
            }
            if (value instanceof Boolean bit) {
                return bit ? 1 : 0;
            }
            if (value instanceof String text) {
                String stripped = text.strip();
                return stripped.isEmpty() ? null : Integer.valueOf(stripped);
            }
        } catch (ArithmeticException | NumberFormatException e) {
            throw unreadable("not a whole number within the range of int", schema);
        }
        throw unreadable("not a number", schema);
    }

    private static @Nullable LocalDate date(@Nullable Object raw, Schema schema) {
        Object value = plain(raw, schema);
        if (value == null) {
            return null;
        }
        if (value instanceof LocalDate date) {
            return date;
        }
        if (value instanceof LocalDateTime time) {
            return time.toLocalDate();
        }
        if (value instanceof OffsetDateTime time) {
            return time.toLocalDate();
        }
        if (value instanceof String text) {
            String stripped = text.strip();
            if (stripped.isEmpty()) {
                return null;
            }
            try {
                return stripped.length() == "20260831".length()
                        ? LocalDate.parse(stripped, DateTimeFormatter.BASIC_ISO_DATE)
                        : LocalDate.parse(stripped.substring(0, Math.min(10, stripped.length())));
            } catch (DateTimeParseException e) {
                throw unreadable("not a date of the form 2026-08-31 or 20260831", schema);
            }
        }
        throw unreadable("not a date", schema);
    }

    /** A String, Long, BigDecimal, Boolean, date or time: the value without the accidents of its encoding. */
    private static @Nullable Object plain(@Nullable Object raw, Schema schema) {
        if (raw == null || (raw instanceof String && !isZonedTime(schema))) {
            return raw;
        }
        if (schema.name() != null) {
            Object named = named(raw, schema);
            if (named != null) {
                return named;
            }
        }
        if (raw instanceof Boolean || raw instanceof BigDecimal) {
            return raw;
        }
        if (raw instanceof Double || raw instanceof Float) {
            return new BigDecimal(raw.toString());
        }
        if (raw instanceof Number number) {
            return number.longValue();
        }
        throw unreadable("a type that no field can hold", schema);
    }

    private static boolean isZonedTime(Schema schema) {
        return "io.debezium.time.ZonedTimestamp".equals(schema.name());
    }

    /** Decodes Debezium's named types (time.precision.mode adaptive); null for a name that says nothing more than its base type. */
    private static @Nullable Object named(Object raw, Schema schema) {
        return switch (schema.name()) {
            case "io.debezium.time.Date" -> LocalDate.ofEpochDay(number(raw));
            case "io.debezium.time.Timestamp" -> dateTime(number(raw), 1_000);
            case "io.debezium.time.MicroTimestamp" -> dateTime(number(raw), MICROS_PER_SECOND);
            case "io.debezium.time.NanoTimestamp" -> dateTime(number(raw), NANOS_PER_SECOND);
            case "io.debezium.time.ZonedTimestamp" -> OffsetDateTime.parse(raw.toString());
            case "io.debezium.time.Time" -> LocalTime.ofNanoOfDay(number(raw) * (NANOS_PER_SECOND / 1_000));
            case "io.debezium.time.MicroTime" ->
                LocalTime.ofNanoOfDay(number(raw) * (NANOS_PER_SECOND / MICROS_PER_SECOND));
            case "io.debezium.time.NanoTime" -> LocalTime.ofNanoOfDay(number(raw));
            case Decimal.LOGICAL_NAME -> raw;
            default -> null;
        };
    }

    private static long number(Object raw) {
        return ((Number) raw).longValue();
    }

    private static LocalDateTime dateTime(long value, int perSecond) {
        int nanos = (int) (Math.floorMod(value, (long) perSecond) * (NANOS_PER_SECOND / perSecond));
        return LocalDateTime.ofEpochSecond(Math.floorDiv(value, (long) perSecond), nanos, ZoneOffset.UTC);
    }

    private static UnreadableValueException unreadable(String what, Schema schema) {
        String type = schema.name() == null ? schema.type().getName() : schema.name();
        return new UnreadableValueException(what + " (type " + type + ")");
    }
}
