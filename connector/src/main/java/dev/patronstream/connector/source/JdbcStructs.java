package dev.patronstream.connector.source;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** Rows of a query in the form in which Debezium hands over rows, so that they are read by the same rules. */
final class JdbcStructs {

    private static final String DATE = "io.debezium.time.Date";
    private static final String TIMESTAMP = "io.debezium.time.Timestamp";

    private final ResultSet rows;
    private final Schema schema;

    JdbcStructs(ResultSet rows) throws SQLException {
        this.rows = rows;
        ResultSetMetaData columns = rows.getMetaData();
        SchemaBuilder builder = SchemaBuilder.struct();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            builder.field(columns.getColumnLabel(i), type(columns.getColumnType(i), columns.getScale(i)));
        }
        this.schema = builder.build();
    }

    private static Schema type(int type, int scale) {
        return switch (type) {
            case Types.TINYINT, Types.SMALLINT, Types.INTEGER, Types.BIGINT -> Schema.OPTIONAL_INT64_SCHEMA;
            case Types.BIT, Types.BOOLEAN -> Schema.OPTIONAL_BOOLEAN_SCHEMA;
            case Types.DECIMAL, Types.NUMERIC ->
                Decimal.builder(scale).optional().build();
            case Types.REAL, Types.FLOAT, Types.DOUBLE -> Schema.OPTIONAL_FLOAT64_SCHEMA;
            case Types.DATE -> SchemaBuilder.int32().name(DATE).optional().build();
            case Types.TIMESTAMP ->
                SchemaBuilder.int64().name(TIMESTAMP).optional().build();
            default -> Schema.OPTIONAL_STRING_SCHEMA;
        };
    }

    /** Returns the row that the result set stands at. */
    Struct row() throws SQLException {
        Struct row = new Struct(schema);
        for (Field field : schema.fields()) {
            row.put(field, value(field.index() + 1, field.schema()));
        }
        return row;
    }

    private @Nullable Object value(int index, Schema type) throws SQLException {
        if (DATE.equals(type.name())) {
            LocalDate date = rows.getObject(index, LocalDate.class);
            return date == null ? null : (int) date.toEpochDay();
        }
        if (TIMESTAMP.equals(type.name())) {
            LocalDateTime time = rows.getObject(index, LocalDateTime.class);
            return time == null ? null : time.toInstant(ZoneOffset.UTC).toEpochMilli();
        }
        Object value =
                switch (type.type()) {
                    case INT64 -> (Object) rows.getLong(index);
                    case BOOLEAN -> rows.getBoolean(index);
                    case FLOAT64 -> rows.getDouble(index);
                    case BYTES -> decimal(index, type);
                    default -> rows.getString(index);
                };
        return rows.wasNull() ? null : value;
    }

    private @Nullable BigDecimal decimal(int index, Schema type) throws SQLException {
        BigDecimal value = rows.getBigDecimal(index);
        return value == null
                ? null
                : value.setScale(Integer.parseInt(type.parameters().get(Decimal.SCALE_FIELD)));
    }
}
