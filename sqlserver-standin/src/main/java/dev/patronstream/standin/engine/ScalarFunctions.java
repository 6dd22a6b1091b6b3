package dev.patronstream.standin.engine;

import dev.patronstream.standin.sql.SqlServerException;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import org.h2.value.DataType;
import org.h2.value.Value;
import org.h2.value.ValueNull;
import org.jspecify.annotations.Nullable;

/** T-SQL's scalar functions that the engine does not have. Pure. */
public final class ScalarFunctions {
    private static final Map<Integer, String> STYLES = Map.ofEntries(
            Map.entry(1, "MM/dd/yy"),
            Map.entry(23, "yyyy-MM-dd"),
            Map.entry(100, "MMM d yyyy h:mma"),
            Map.entry(101, "MM/dd/yyyy"),
            Map.entry(102, "yyyy.MM.dd"),
            Map.entry(103, "dd/MM/yyyy"),
            Map.entry(104, "dd.MM.yyyy"),
            Map.entry(105, "dd-MM-yyyy"),
            Map.entry(108, "HH:mm:ss"),
            Map.entry(110, "MM-dd-yyyy"),
            Map.entry(111, "yyyy/MM/dd"),
            Map.entry(112, "yyyyMMdd"),
            Map.entry(120, "yyyy-MM-dd HH:mm:ss"),
            Map.entry(121, "yyyy-MM-dd HH:mm:ss.SSS"),
            Map.entry(126, "yyyy-MM-dd'T'HH:mm:ss.SSS"),
            Map.entry(127, "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'"));

    private ScalarFunctions() {}

    public static @Nullable OffsetDateTime toDateTimeOffset(
            @Nullable LocalDateTime time, @Nullable Integer offsetMinutes) {
        if (time == null || offsetMinutes == null) {
            return null;
        }
        return time.atOffset(ZoneOffset.ofTotalSeconds(offsetMinutes * 60));
    }

    public static @Nullable OffsetDateTime switchOffset(
            @Nullable OffsetDateTime time, @Nullable Integer offsetMinutes) {
        if (time == null || offsetMinutes == null) {
            return null;
        }
        return time.withOffsetSameInstant(ZoneOffset.ofTotalSeconds(offsetMinutes * 60));
    }

    public static LocalDate dateFromParts(int year, int month, int day) {
        return LocalDate.of(year, month, day);
    }

    public static int isNumeric(@Nullable String text) {
        if (text == null) {
            return 0;
        }
        try {
            new BigDecimal(text.trim());
            return 1;
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    public static int isDate(@Nullable String text) {
        if (text == null) {
            return 0;
        }
        try {
            LocalDate.parse(text.trim().substring(0, Math.min(10, text.trim().length())));
            return 1;
        } catch (DateTimeParseException e) {
            return 0;
        }
    }

    /** {@code CONVERT(varchar, value, style)}: dates by style, binary as hexadecimal by 1 (with 0x) and 2. */
    public static @Nullable String convertToText(Value value, int style) {
        if (value.equals(ValueNull.INSTANCE)) {
            return null;
        }
        if (DataType.isBinaryStringType(value.getValueType())) {
            String hex = HexFormat.of().withUpperCase().formatHex(value.getBytes());
            return style == 1 ? "0x" + hex : hex;
        }
        LocalDateTime time = time(value);
        return time == null ? value.getString() : formatter(style).format(time);
    }

    /** {@code CONVERT(varbinary, value, style)} of hexadecimal text by 1 (with 0x) and 2. */
    public static byte @Nullable [] convertToBinary(Value value, int style) {
        if (value.equals(ValueNull.INSTANCE)) {
            return null;
        }
        if (!DataType.isCharacterStringType(value.getValueType()) || style == 0) {
            return value.getBytes();
        }
        return HexFormat.of().parseHex(style == 1 ? value.getString().substring(2) : value.getString());
    }

    /** {@code CONVERT(datetime, value, style)}. */
    public static @Nullable LocalDateTime convertToTime(Value value, int style) {
        if (value.equals(ValueNull.INSTANCE)) {
            return null;
        }
        LocalDateTime time = time(value);
        if (time != null) {
            return time;
        }
        String text = value.getString().trim();
        return STYLES.getOrDefault(style, "").contains("H")
                ? LocalDateTime.parse(text, formatter(style))
                : LocalDate.parse(text, formatter(style)).atStartOfDay();
    }

    private static @Nullable LocalDateTime time(Value value) {
        return switch (value.getValueType()) {
            case Value.DATE -> LocalDate.parse(value.getString()).atStartOfDay();
            case Value.TIMESTAMP -> LocalDateTime.parse(value.getString().replace(' ', 'T'));
            default -> null;
        };
    }

    private static DateTimeFormatter formatter(int style) {
        String pattern = STYLES.get(style == 0 || style == 109 ? 100 : style);
        if (pattern == null) {
            throw new SqlServerException(
                    281, 16, 1, style + " is not a valid style number when converting to a character string.");
        }
        return DateTimeFormatter.ofPattern(pattern, Locale.US);
    }
}
