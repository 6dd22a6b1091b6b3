package dev.patronstream.standin.procedures;

import dev.patronstream.standin.sql.SqlType;
import org.jspecify.annotations.Nullable;

/** A type as the catalog procedures describe it: ODBC's numbers, and the numbers of the TDS types ("SS_DATA_TYPE"). */
record OdbcType(
        int dataType,
        int precision,
        int length,
        @Nullable Integer scale,
        @Nullable Integer radix,
        @Nullable Integer dateTimeSub,
        @Nullable Integer octetLength,
        int tdsType) {

    private static final int LARGE = 2147483647;

    /** ODBC's number without the subtype of dates and times. */
    int sqlDataType() {
        return dataType == 91 || dataType == 93 ? 9 : dataType;
    }

    static OdbcType of(SqlType type) {
        int n = type.length();
        int s = type.scale();
        return switch (type.name()) {
            case "bit" -> plain(-7, 1, 1, null, null, 50);
            case "tinyint" -> plain(-6, 3, 1, 0, 10, 38);
            case "smallint" -> plain(5, 5, 2, 0, 10, 52);
            case "int" -> plain(4, 10, 4, 0, 10, 56);
            case "bigint" -> plain(-5, 19, 8, 0, 10, 63);
            case "float" -> plain(6, 53, 8, null, 2, 62);
            case "real" -> plain(7, 24, 4, null, 2, 59);
            case "decimal" -> plain(3, type.precision(), type.precision() + 2, s, 10, 106);
            case "money" -> plain(3, 19, 21, 4, 10, 60);
            case "smallmoney" -> plain(3, 10, 12, 4, 10, 122);
            case "date" -> new OdbcType(91, 10, 20, 0, null, 1, null, 0);
            case "time" -> new OdbcType(-154, s == 0 ? 8 : 9 + s, 12, s, null, 0, null, 0);
            case "datetime" -> new OdbcType(93, 23, 16, 3, null, 3, null, 111);
            case "smalldatetime" -> new OdbcType(93, 16, 16, 0, null, 3, null, 111);
            case "datetime2" -> new OdbcType(93, s == 0 ? 19 : 20 + s, 16, s, null, 3, null, 0);
            case "datetimeoffset" -> new OdbcType(-155, s == 0 ? 26 : 27 + s, 20, s, null, 0, null, 0);
            case "char" -> text(1, n, n, 47);
            case "varchar" -> n == SqlType.MAX ? text(12, LARGE, LARGE, 39) : text(12, n, n, 39);
            case "nchar" -> text(-8, n, 2 * n, 47);
            case "nvarchar" -> n == SqlType.MAX ? text(-9, LARGE / 2, LARGE, 39) : text(-9, n, 2 * n, 39);
            case "text" -> text(-1, LARGE, LARGE, 35);
            case "ntext" -> text(-10, LARGE / 2, LARGE, 35);
            case "xml" -> text(-152, 0, 0, 0);
            case "binary" -> text(-2, n, n, 45);
            case "timestamp" -> text(-2, 8, 8, 45);
            case "varbinary" -> n == SqlType.MAX ? text(-3, LARGE, LARGE, 37) : text(-3, n, n, 37);
            case "image" -> text(-4, LARGE, LARGE, 34);
            case "sql_variant" -> text(-150, 8000, 8000, 39);
            case "hierarchyid", "geometry", "geography" -> text(-151, LARGE, LARGE, 23);
            case "uniqueidentifier" -> plain(-11, 36, 16, null, null, 37);
            default -> throw new IllegalArgumentException("No ODBC type for " + type);
        };
    }

    private static OdbcType plain(
            int dataType, int precision, int length, @Nullable Integer scale, @Nullable Integer radix, int tdsType) {
        return new OdbcType(dataType, precision, length, scale, radix, null, null, tdsType);
    }

    private static OdbcType text(int dataType, int precision, int length, int tdsType) {
        return new OdbcType(dataType, precision, length, null, null, null, length, tdsType);
    }
}
