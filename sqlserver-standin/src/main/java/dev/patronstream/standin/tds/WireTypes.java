package dev.patronstream.standin.tds;

import dev.patronstream.standin.sql.SqlType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes types and values of result columns. Text is sent as Unicode whatever the column's type. */
final class WireTypes {
    /** SQL_Latin1_General_CP1_CI_AS. */
    static final byte[] COLLATION = {0x09, 0x04, (byte) 0xD0, 0x00, 0x34};

    private static final LocalDate YEAR_1 = LocalDate.of(1, 1, 1);
    private static final LocalDate YEAR_1900 = LocalDate.of(1900, 1, 1);
    private static final int MAX_TYPE = 0xFFFF;

    private WireTypes() {}

    static void type(PacketWriter out, SqlType type) {
        switch (type.name()) {
            case "int" -> out.u8(0x26).u8(4);
            case "bigint" -> out.u8(0x26).u8(8);
            case "smallint" -> out.u8(0x26).u8(2);
            case "tinyint" -> out.u8(0x26).u8(1);
            case "bit" -> out.u8(0x68).u8(1);
            case "float" -> out.u8(0x6D).u8(8);
            case "real" -> out.u8(0x6D).u8(4);
            case "money" -> out.u8(0x6E).u8(8);
            case "smallmoney" -> out.u8(0x6E).u8(4);
            case "decimal" -> out.u8(0x6A).u8(17).u8(type.precision()).u8(type.scale());
            case "date" -> out.u8(0x28);
            case "time" -> out.u8(0x29).u8(type.scale());
            case "datetime2" -> out.u8(0x2A).u8(type.scale());
            case "datetimeoffset" -> out.u8(0x2B).u8(type.scale());
            case "datetime" -> out.u8(0x6F).u8(8);
            case "smalldatetime" -> out.u8(0x6F).u8(4);
            case "uniqueidentifier" -> out.u8(0x24).u8(16);
            case "binary" -> out.u8(0xAD).u16(type.length());
            case "timestamp" -> out.u8(0xAD).u16(8);
            case "varbinary" -> out.u8(0xA5).u16(type.length() == SqlType.MAX ? MAX_TYPE : type.length());
            case "image", "sql_variant", "hierarchyid", "geometry", "geography" ->
                out.u8(0xA5).u16(MAX_TYPE);
            case "nchar", "char" -> {
                boolean fits = type.length() <= 4000;
                out.u8(fits ? 0xEF : 0xE7)
                        .u16(fits ? 2 * type.length() : MAX_TYPE)
                        .bytes(COLLATION);
            }
            default ->
                out.u8(0xE7)
                        .u16(isLong(type) ? MAX_TYPE : 2 * Math.max(1, type.length()))
                        .bytes(COLLATION);
        }
    }

    /** Whether values are sent in parts with a length of their own ("PLP"). */
    private static boolean isLong(SqlType type) {
        return switch (type.name()) {
            case "text", "ntext", "xml", "image", "sql_variant", "hierarchyid", "geometry", "geography" -> true;
            case "varbinary" -> type.length() == SqlType.MAX;
            case "binary", "timestamp" -> false;
            default -> type.length() == SqlType.MAX || type.length() > 4000;
        };
    }

    static void value(PacketWriter out, SqlType type, @Nullable Object value) {
        if (type.isText()) {
            bytes(out, isLong(type), value == null ? null : value.toString().getBytes(StandardCharsets.UTF_16LE));
        } else if (type.isBinary()) {
            bytes(out, isLong(type), (byte[]) value);
        } else if (value == null) {
            out.u8(0);
        } else {
            fixed(out, type, value);
        }
    }

    private static void bytes(PacketWriter out, boolean isLong, byte @Nullable [] bytes) {
        if (!isLong) {
            if (bytes == null) {
                out.u16(0xFFFF);
            } else {
                out.u16(bytes.length).bytes(bytes);
            }
        } else if (bytes == null) {
            out.u64(-1);
        } else {
            out.u64(bytes.length);
            if (bytes.length > 0) {
                out.u32(bytes.length).bytes(bytes);
            }
            out.u32(0);
        }
    }

    private static void fixed(PacketWriter out, SqlType type, Object value) {
        switch (type.name()) {
            case "int" -> out.u8(4).u32(((Number) value).intValue());
            case "bigint" -> out.u8(8).u64(((Number) value).longValue());
            case "smallint" -> out.u8(2).u16(((Number) value).intValue());
            case "tinyint" -> out.u8(1).u8(((Number) value).intValue());
            case "bit" ->
                out.u8(1).u8(value instanceof Boolean b ? (b ? 1 : 0) : ((Number) value).intValue() == 0 ? 0 : 1);
            case "float" -> out.u8(8).u64(Double.doubleToLongBits(((Number) value).doubleValue()));
            case "real" -> out.u8(4).u32(Float.floatToIntBits(((Number) value).floatValue()));
            case "money" -> money(out, (BigDecimal) value);
            case "smallmoney" ->
                out.u8(4).u32(((BigDecimal) value).movePointRight(4).intValue());
            case "decimal" -> decimal(out, type, value);
            case "date" -> date(out.u8(3), (LocalDate) value);
            case "time" -> time(out.u8(timeLength(type.scale())), (LocalTime) value, type.scale());
            case "datetime2" -> {
                LocalDateTime rounded = rounded((LocalDateTime) value, type.scale());
                time(out.u8(timeLength(type.scale()) + 3), rounded.toLocalTime(), type.scale());
                date(out, rounded.toLocalDate());
            }
            case "datetimeoffset" -> offset(out, (OffsetDateTime) value, type.scale());
            case "datetime" -> dateTime(out, (LocalDateTime) value);
            case "smalldatetime" -> smallDateTime(out, (LocalDateTime) value);
            case "uniqueidentifier" -> guid(out, (UUID) value);
            default -> throw new IllegalArgumentException("No wire form for " + type);
        }
    }

    private static void money(PacketWriter out, BigDecimal value) {
        long units = value.movePointRight(4).longValue();
        out.u8(8).u32(units >> 32).u32(units);
    }

    private static void decimal(PacketWriter out, SqlType type, Object value) {
        BigDecimal number = value instanceof BigDecimal d ? d : new BigDecimal(value.toString());
        BigInteger units = number.setScale(type.scale(), RoundingMode.HALF_UP).unscaledValue();
        byte[] magnitude = units.abs().toByteArray();
        out.u8(17).u8(units.signum() < 0 ? 0 : 1);
        for (int i = 0; i < 16; i++) {
            out.u8(i < magnitude.length ? magnitude[magnitude.length - 1 - i] : 0);
        }
    }

    private static void date(PacketWriter out, LocalDate date) {
        int days = (int) ChronoUnit.DAYS.between(YEAR_1, date);
        out.u16(days).u8(days >>> 16);
    }

    private static int timeLength(int scale) {
        return scale <= 2 ? 3 : scale <= 4 ? 4 : 5;
    }

    @SuppressWarnings("JavaLocalDateTimeGetNano") // The whole seconds stay as they are.
    private static LocalDateTime rounded(LocalDateTime value, int scale) {
        long unit = (long) Math.pow(10, 9 - scale);
        return value.plusNanos(unit / 2).minusNanos((value.getNano() + unit / 2) % unit);
    }

    private static void time(PacketWriter out, LocalTime time, int scale) {
        long ticks = time.toNanoOfDay() / (long) Math.pow(10, 9 - scale);
        for (int i = 0; i < timeLength(scale); i++) {
            out.u8((int) (ticks >>> (8 * i)));
        }
    }

    private static void offset(PacketWriter out, OffsetDateTime value, int scale) {
        LocalDateTime utc = rounded(value.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime(), scale);
        time(out.u8(timeLength(scale) + 5), utc.toLocalTime(), scale);
        date(out, utc.toLocalDate());
        out.u16(value.getOffset().getTotalSeconds() / 60);
    }

    /** Days since 1900 and three-hundredths of a second. */
    private static void dateTime(PacketWriter out, LocalDateTime value) {
        long days = ChronoUnit.DAYS.between(YEAR_1900, value.toLocalDate());
        long ticks = Math.round(value.toLocalTime().toNanoOfDay() * 300 / 1e9);
        if (ticks == 24L * 3600 * 300) {
            ticks = 0;
            days++;
        }
        out.u8(8).u32(days).u32(ticks);
    }

    private static void smallDateTime(PacketWriter out, LocalDateTime value) {
        LocalDateTime rounded = value.plusSeconds(30).truncatedTo(ChronoUnit.MINUTES);
        out.u8(4)
                .u16((int) ChronoUnit.DAYS.between(YEAR_1900, rounded.toLocalDate()))
                .u16(rounded.getHour() * 60 + rounded.getMinute());
    }

    private static void guid(PacketWriter out, UUID value) {
        long high = value.getMostSignificantBits();
        out.u8(16).u32(high >>> 32).u16((int) (high >>> 16)).u16((int) high);
        for (int shift = 56; shift >= 0; shift -= 8) {
            out.u8((int) (value.getLeastSignificantBits() >>> shift));
        }
    }
}
