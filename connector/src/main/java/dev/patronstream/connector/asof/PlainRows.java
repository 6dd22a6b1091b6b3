package dev.patronstream.connector.asof;

import com.microsoft.sqlserver.jdbc.SQLServerResultSet;
import dev.patronstream.connector.row.ContractColumn;
import dev.patronstream.connector.row.TableColumns;
import dev.patronstream.schemas.Keys;
import java.math.BigDecimal;
import java.sql.Date;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import microsoft.sql.DateTimeOffset;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificData;
import org.jspecify.annotations.Nullable;

/**
 * Reads a row of a table, or an image of it in the change table, straight from the driver into the form of its contract.
 *
 * <p>On purpose a second reading of the rules in the contracts' documentation, which shares nothing with the way of a
 * captured row ({@code RowMapper}) but which column feeds which field: an error there must not be repeated here. Not
 * thread-safe.
 */
final class PlainRows {

    private final TableColumns layout;
    private final Schema schema;

    /** What was read of a row: its key, and the row itself unless it is deleted softly or has to be withheld. */
    record Row(String key, Optional<IndexedRecord> live) {}

    /** A value that says nothing that the field could hold. */
    private static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        Unreadable() {
            super(null, null, false, false);
        }
    }

    PlainRows(TableColumns layout) {
        this.layout = layout;
        this.schema = SpecificData.get().getSchema(layout.table().contract());
    }

    /**
     * Returns the row under the cursor.
     *
     * @throws IllegalArgumentException if its key cannot be read
     */
    Row read(ResultSet cursor) throws SQLException {
        GenericData.Record row = new GenericData.Record(schema);
        boolean withheld = false;
        for (Map.Entry<ContractColumn, String> entry : layout.fields().entrySet()) {
            ContractColumn column = entry.getKey();
            Schema.Field field = schema.getField(column.field());
            @Nullable Object value = null;
            try {
                value = value(column, cursor, entry.getValue());
            } catch (Unreadable e) {
                withheld |= !field.schema().isNullable();
            }
            if (value == null && column.need() == ContractColumn.Need.KEY) {
                throw new IllegalArgumentException("A row of table " + layout.table() + " has no readable key: column "
                        + entry.getValue() + " must hold a whole number");
            }
            withheld |= value == null && !field.schema().isNullable();
            row.put(field.pos(), value);
        }
        String key = key(row);
        if (withheld || isDeleted(cursor)) {
            return new Row(key, Optional.empty());
        }
        row.put("extra", extra(cursor));
        return new Row(key, Optional.of(row));
    }

    private String key(GenericData.Record row) {
        return switch (layout.table()) {
            case STU -> Keys.enrolment((int) row.get("schoolCode"), (int) row.get("studentNumber"));
            case LOC -> Keys.school((int) row.get("code"));
            case STF -> Keys.staffMember((int) row.get("staffId"));
            case TCH -> Keys.teacher((int) row.get("schoolCode"), (int) row.get("teacherNumber"));
        };
    }

    private Map<String, String> extra(ResultSet cursor) throws SQLException {
        Map<String, String> extra = new TreeMap<>();
        for (String column : layout.extra()) {
            @Nullable String text = text(plain(cursor, column));
            if (text != null) {
                extra.put(column.toUpperCase(Locale.ROOT), text);
            }
        }
        return extra;
    }

    /** 1 is deleted; 0, NULL and blank are not; a mark that says neither withholds the row as well. */
    private boolean isDeleted(ResultSet cursor) throws SQLException {
        if (layout.deleted().isEmpty()) {
            return false;
        }
        @Nullable Object plain = plain(cursor, layout.deleted().get());
        if (plain instanceof BigDecimal number) {
            return number.signum() != 0;
        }
        @Nullable String mark = text(plain);
        return mark != null
                && switch (mark.strip().toLowerCase(Locale.ROOT)) {
                    case "0", "false", "n" -> false;
                    default -> true;
                };
    }

    private static @Nullable Object value(ContractColumn column, ResultSet cursor, String name)
            throws SQLException, Unreadable {
        @Nullable Object plain = plain(cursor, name);
        @Nullable String text = text(plain);
        if (plain == null || text == null) {
            return null;
        }
        return switch (column.kind()) {
            case TEXT -> text;
            case TAG -> text.strip();
            case INTEGER -> integer(plain, text.strip());
            case DATE -> date(plain, text.strip());
        };
    }

    private static int integer(Object plain, String text) throws Unreadable {
        if (plain instanceof LocalDate || plain instanceof LocalDateTime || plain instanceof OffsetDateTime) {
            throw new Unreadable();
        }
        try {
            return plain instanceof String ? Integer.parseInt(text) : new BigDecimal(text).intValueExact();
        } catch (ArithmeticException | NumberFormatException e) {
            throw new Unreadable();
        }
    }

    private static LocalDate date(Object plain, String text) throws Unreadable {
        if (plain instanceof LocalDate date) {
            return date;
        } else if (plain instanceof LocalDateTime time) {
            return time.toLocalDate();
        } else if (plain instanceof OffsetDateTime time) {
            return time.toLocalDate();
        } else if (!(plain instanceof String)) {
            throw new Unreadable();
        }
        try {
            return text.length() == 8
                    ? LocalDate.parse(text, DateTimeFormatter.BASIC_ISO_DATE)
                    : LocalDate.parse(text.substring(0, Math.min(10, text.length())));
        } catch (DateTimeParseException e) {
            throw new Unreadable();
        }
    }

    /** The text without trailing blanks; nothing for a blank one. */
    private static @Nullable String text(@Nullable Object plain) {
        if (plain == null) {
            return null;
        }
        String text = plain instanceof BigDecimal number ? number.toPlainString() : plain.toString();
        String stripped = text.stripTrailing();
        return stripped.isBlank() ? null : stripped;
    }

    /** A String, BigDecimal, date or time, whatever class the driver has for the column's type. */
    private static @Nullable Object plain(ResultSet cursor, String column) throws SQLException {
        Object value = cursor.getObject(column);
        if (value instanceof Boolean bit) {
            return bit ? BigDecimal.ONE : BigDecimal.ZERO;
        } else if (value instanceof Number number) {
            return number instanceof BigDecimal ? number : new BigDecimal(number.toString());
        } else if (value instanceof Timestamp time) {
            return time.toLocalDateTime();
        } else if (value instanceof Date date) {
            return date.toLocalDate();
        } else if (value instanceof Time) {
            return cursor.getObject(column, LocalTime.class);
        } else if (value instanceof DateTimeOffset) {
            return cursor.unwrap(SQLServerResultSet.class)
                    .getDateTimeOffset(column)
                    .getOffsetDateTime();
        }
        return value;
    }
}
