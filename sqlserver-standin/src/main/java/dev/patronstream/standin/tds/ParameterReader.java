package dev.patronstream.standin.tds;

import dev.patronstream.standin.sql.SqlServerException;
import dev.patronstream.standin.sql.SqlType;
import dev.patronstream.standin.sql.TypedValue;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads types and values of a request's parameters. */
final class ParameterReader {
    private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");
    private static final LocalDate YEAR_1 = LocalDate.of(1, 1, 1);
    private static final LocalDateTime YEAR_1900 = LocalDateTime.of(1900, 1, 1, 0, 0);

    private final ByteBuffer in;

    ParameterReader(ByteBuffer in) {
        this.in = in;
    }

    private int u8() {
        return in.get() & 0xFF;
    }

    private int u16() {
        return in.getShort() & 0xFFFF;
    }

    /** A type and the value that follows it. */
    TypedValue read() {
        int type = u8();
        return switch (type) {
            case 0x1F -> TypedValue.nothing(SqlType.INT);
            case 0x26 -> {
                int length = u8();
                yield integer(length, u8());
            }
            case 0x30 -> new TypedValue(SqlType.TINYINT, u8());
            case 0x34 -> new TypedValue(SqlType.SMALLINT, (int) in.getShort());
            case 0x38 -> new TypedValue(SqlType.INT, in.getInt());
            case 0x7F -> new TypedValue(SqlType.BIGINT, in.getLong());
            case 0x32 -> new TypedValue(SqlType.BIT, u8() != 0);
            case 0x68 -> {
                u8();
                yield new TypedValue(SqlType.BIT, u8() == 0 ? null : (Object) (u8() != 0));
            }
            case 0x6D -> {
                int length = u8();
                yield floating(length, u8());
            }
            case 0x3E -> new TypedValue(SqlType.FLOAT, in.getDouble());
            case 0x3B -> new TypedValue(SqlType.REAL, in.getFloat());
            case 0x6A, 0x6C -> decimal();
            case 0x6E -> {
                u8();
                yield money(u8());
            }
            case 0x3C -> money(8);
            case 0x7A -> money(4);
            case 0x28 -> new TypedValue(SqlType.DATE, u8() == 0 ? null : date());
            case 0x29, 0x2A, 0x2B -> temporal(type);
            case 0x6F -> {
                u8();
                yield dateTime(u8());
            }
            case 0x3D -> dateTime(8);
            case 0x3A -> dateTime(4);
            case 0x24 -> {
                u8();
                yield guid(u8());
            }
            case 0xE7, 0xEF -> text(StandardCharsets.UTF_16LE, type == 0xE7 ? "nvarchar" : "nchar", 2);
            case 0xA7, 0xAF -> text(WINDOWS_1252, type == 0xA7 ? "varchar" : "char", 1);
            case 0xA5, 0xAD -> {
                int length = u16();
                SqlType declared =
                        length == 0xFFFF ? SqlType.varbinary(SqlType.MAX) : SqlType.varbinary(Math.max(1, length));
                yield new TypedValue(declared, variable(length));
            }
            case 0x63, 0x23 -> longText(type);
            case 0x22 -> {
                in.getInt();
                yield new TypedValue(SqlType.varbinary(SqlType.MAX), longBytes());
            }
            case 0xF1 -> {
                if (u8() != 0) {
                    throw SqlServerException.unsupported("XML schema collections");
                }
                byte[] bytes = parts();
                yield new TypedValue(
                        SqlType.nvarchar(SqlType.MAX),
                        bytes == null ? null : new String(bytes, StandardCharsets.UTF_16LE));
            }
            default ->
                throw SqlServerException.unsupported("parameters of the TDS type 0x" + Integer.toHexString(type));
        };
    }

    private TypedValue integer(int declared, int length) {
        SqlType type =
                switch (declared) {
                    case 1 -> SqlType.TINYINT;
                    case 2 -> SqlType.SMALLINT;
                    case 4 -> SqlType.INT;
                    default -> SqlType.BIGINT;
                };
        Object value =
                switch (length) {
                    case 0 -> null;
                    case 1 -> u8();
                    case 2 -> (int) in.getShort();
                    case 4 -> in.getInt();
                    default -> in.getLong();
                };
        return new TypedValue(type, value);
    }

    private TypedValue floating(int declared, int length) {
        SqlType type = declared == 4 ? SqlType.REAL : SqlType.FLOAT;
        return new TypedValue(
                type, length == 0 ? null : length == 4 ? (Object) in.getFloat() : (Object) in.getDouble());
    }

    private TypedValue decimal() {
        u8();
        int precision = u8();
        int scale = u8();
        int length = u8();
        SqlType type = SqlType.decimal(Math.max(1, precision), scale);
        if (length == 0) {
            return TypedValue.nothing(type);
        }
        boolean positive = u8() != 0;
        byte[] magnitude = new byte[length - 1];
        for (int i = magnitude.length - 1; i >= 0; i--) {
            magnitude[i] = in.get();
        }
        BigInteger units = new BigInteger(1, magnitude);
        return new TypedValue(type, new BigDecimal(positive ? units : units.negate(), scale));
    }

    private TypedValue money(int length) {
        if (length == 0) {
            return TypedValue.nothing(SqlType.decimal(19, 4));
        }
        long units = length == 4 ? in.getInt() : ((long) in.getInt() << 32) | (in.getInt() & 0xFFFFFFFFL);
        return new TypedValue(SqlType.decimal(19, 4), BigDecimal.valueOf(units, 4));
    }

    private LocalDate date() {
        return YEAR_1.plusDays(u16() | (u8() << 16));
    }

    private TypedValue temporal(int type) {
        int scale = u8();
        SqlType declared =
                SqlType.temporal(type == 0x29 ? "time" : type == 0x2A ? "datetime2" : "datetimeoffset", scale);
        int length = u8();
        if (length == 0) {
            return TypedValue.nothing(declared);
        }
        int timeLength = scale <= 2 ? 3 : scale <= 4 ? 4 : 5;
        long ticks = 0;
        for (int i = 0; i < timeLength; i++) {
            ticks |= (long) u8() << (8 * i);
        }
        LocalTime time = LocalTime.ofNanoOfDay(ticks * (long) Math.pow(10, 9 - scale));
        if (type == 0x29) {
            return new TypedValue(declared, time);
        }
        LocalDateTime local = date().atTime(time);
        if (type == 0x2A) {
            return new TypedValue(declared, local);
        }
        ZoneOffset offset = ZoneOffset.ofTotalSeconds(in.getShort() * 60);
        return new TypedValue(declared, local.atOffset(ZoneOffset.UTC).withOffsetSameInstant(offset));
    }

    private TypedValue dateTime(int length) {
        return switch (length) {
            case 0 -> TypedValue.nothing(SqlType.DATETIME);
            case 4 -> {
                int days = u16();
                yield new TypedValue(SqlType.DATETIME, YEAR_1900.plusDays(days).plusMinutes(u16()));
            }
            default -> {
                int days = in.getInt();
                long millis = Math.round((in.getInt() & 0xFFFFFFFFL) / 0.3);
                yield new TypedValue(SqlType.DATETIME, YEAR_1900.plusDays(days).plusNanos(millis * 1_000_000));
            }
        };
    }

    private TypedValue guid(int length) {
        if (length == 0) {
            return TypedValue.nothing(SqlType.UNIQUEIDENTIFIER);
        }
        long high = ((long) in.getInt() << 32) | ((long) u16() << 16);
        high |= u16();
        long low = 0;
        for (int i = 0; i < 8; i++) {
            low = (low << 8) | u8();
        }
        return new TypedValue(SqlType.UNIQUEIDENTIFIER, new UUID(high, low));
    }

    private TypedValue text(Charset charset, String name, int bytesPerCharacter) {
        int length = u16();
        in.position(in.position() + 5);
        byte[] bytes = variable(length);
        SqlType declared = length == 0xFFFF
                ? SqlType.nvarchar(SqlType.MAX)
                : new SqlType(name, Math.max(1, length / bytesPerCharacter), 0, 0);
        return new TypedValue(declared, bytes == null ? null : new String(bytes, charset));
    }

    private TypedValue longText(int type) {
        in.getInt();
        in.position(in.position() + 5);
        byte[] bytes = longBytes();
        Charset charset = type == 0x63 ? StandardCharsets.UTF_16LE : WINDOWS_1252;
        return new TypedValue(SqlType.nvarchar(SqlType.MAX), bytes == null ? null : new String(bytes, charset));
    }

    private byte @Nullable [] longBytes() {
        int length = in.getInt();
        return length < 0 ? null : take(length);
    }

    private byte @Nullable [] variable(int declaredLength) {
        if (declaredLength == 0xFFFF) {
            return parts();
        }
        int length = u16();
        return length == 0xFFFF ? null : take(length);
    }

    private byte @Nullable [] parts() {
        if (in.getLong() == -1) {
            return null;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int length = in.getInt(); length != 0; length = in.getInt()) {
            bytes.writeBytes(take(length));
        }
        return bytes.toByteArray();
    }

    private byte[] take(int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }
}
