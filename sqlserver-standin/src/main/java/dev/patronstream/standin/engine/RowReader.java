package dev.patronstream.standin.engine;

import dev.patronstream.standin.sql.SqlType;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows of the engine as Java values by T-SQL type: {@code Integer} for int, smallint and tinyint, {@code Long},
 * {@code Boolean}, {@code Double}, {@code Float}, {@code BigDecimal}, {@code String}, {@code byte[]}, {@code LocalDate},
 * {@code LocalTime}, {@code LocalDateTime}, {@code OffsetDateTime}, {@code UUID}, or null.
 */
public final class RowReader {
    private final List<ResultColumn> columns;

    private RowReader(List<ResultColumn> columns) {
        this.columns = columns;
    }

    /** A reader of columns whose types are known. */
    public static RowReader of(List<ResultColumn> columns) {
        return new RowReader(columns);
    }

    /** A reader of a query's result: a table's columns get their declared types, expressions the nearest T-SQL type. */
    public static RowReader of(ResultSetMetaData metaData, Catalog catalog) throws SQLException {
        List<ResultColumn> columns = new ArrayList<>();
        for (int i = 1; i <= metaData.getColumnCount(); i++) {
            columns.add(new ResultColumn(
                    metaData.getColumnLabel(i),
                    type(metaData, i, catalog),
                    metaData.isNullable(i) != ResultSetMetaData.columnNoNulls));
        }
        return new RowReader(List.copyOf(columns));
    }

    public List<ResultColumn> columns() {
        return columns;
    }

    private static SqlType type(ResultSetMetaData metaData, int i, Catalog catalog) throws SQLException {
        String table = metaData.getTableName(i);
        if (table != null && !table.isEmpty()) {
            Optional<SqlType> declared = catalog.table(metaData.getSchemaName(i), table)
                    .flatMap(t -> columnOf(t, metaData, i))
                    .map(ColumnInfo::type);
            if (declared.isPresent()) {
                return declared.get();
            }
        }
        int precision = metaData.getPrecision(i);
        int scale = metaData.getScale(i);
        return switch (metaData.getColumnType(i)) {
            case Types.INTEGER, Types.NULL -> SqlType.INT;
            case Types.BIGINT -> SqlType.BIGINT;
            case Types.SMALLINT, Types.TINYINT -> SqlType.SMALLINT;
            case Types.BOOLEAN, Types.BIT -> SqlType.BIT;
            case Types.DOUBLE, Types.FLOAT -> SqlType.FLOAT;
            case Types.REAL -> SqlType.REAL;
            case Types.NUMERIC, Types.DECIMAL -> decimal(precision, scale);
            case Types.DATE -> SqlType.DATE;
            case Types.TIME -> SqlType.temporal("time", Math.min(scale, 7));
            case Types.TIMESTAMP -> scale == 3 ? SqlType.DATETIME : SqlType.temporal("datetime2", Math.min(scale, 7));
            case Types.TIMESTAMP_WITH_TIMEZONE -> SqlType.temporal("datetimeoffset", Math.min(scale, 7));
            case Types.BINARY -> new SqlType("binary", limited(precision, 8000), 0, 0);
            case Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB -> SqlType.varbinary(limited(precision, 8000));
            case Types.CHAR, Types.NCHAR -> new SqlType("nchar", limited(precision, 4000), 0, 0);
            default ->
                "UUID".equalsIgnoreCase(metaData.getColumnTypeName(i))
                        ? SqlType.UNIQUEIDENTIFIER
                        : SqlType.nvarchar(limited(precision, 4000));
        };
    }

    private static Optional<ColumnInfo> columnOf(TableInfo table, ResultSetMetaData metaData, int i) {
        try {
            return table.column(metaData.getColumnName(i));
        } catch (SQLException e) {
            return Optional.empty();
        }
    }

    private static SqlType decimal(int precision, int scale) {
        if (precision <= 38) {
            return SqlType.decimal(Math.max(1, precision), Math.min(scale, Math.max(1, precision)));
        }
        return SqlType.decimal(38, Math.min(scale, 12));
    }

    private static int limited(int precision, int limit) {
        return precision > limit ? SqlType.MAX : Math.max(1, precision);
    }

    /** The current row. */
    public @Nullable Object[] read(ResultSet rows) throws SQLException {
        @Nullable Object[] values = new Object[columns.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(rows, i + 1, columns.get(i).type());
        }
        return values;
    }

    /** The value of a column of the current row; never a {@code java.sql} class, which would have a time zone. */
    public static @Nullable Object value(ResultSet rows, int i, SqlType type) throws SQLException {
        return switch (type.name()) {
            case "int", "smallint", "tinyint" -> rows.getObject(i, Integer.class);
            case "bigint" -> rows.getObject(i, Long.class);
            case "bit" -> rows.getObject(i, Boolean.class);
            case "float" -> rows.getObject(i, Double.class);
            case "real" -> rows.getObject(i, Float.class);
            case "decimal", "money", "smallmoney" -> rows.getBigDecimal(i);
            case "date" -> rows.getObject(i, LocalDate.class);
            case "time" -> rows.getObject(i, LocalTime.class);
            case "datetime", "smalldatetime", "datetime2" -> rows.getObject(i, LocalDateTime.class);
            case "datetimeoffset" -> rows.getObject(i, OffsetDateTime.class);
            case "binary", "varbinary", "image", "timestamp" -> rows.getBytes(i);
            case "uniqueidentifier" -> rows.getObject(i, UUID.class);
            default -> rows.getString(i);
        };
    }
}
