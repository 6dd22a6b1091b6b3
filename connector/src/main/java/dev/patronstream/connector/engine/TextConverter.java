package dev.patronstream.connector.engine;

import dev.patronstream.connector.row.ColumnValues;
import io.debezium.spi.converter.CustomConverter;
import io.debezium.spi.converter.RelationalColumn;
import java.sql.Timestamp;
import java.sql.Types;
import java.util.Properties;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Converts every value in the place of Debezium's own converters: those put a column's DEFAULT in the place of a NULL,
 * publish null for what they cannot convert, and log the value. The engine makes it by its name.
 *
 * @see <a href="https://debezium.io/documentation/reference/stable/development/converters.html">Debezium: custom
 *     converters</a>
 */
public final class TextConverter implements CustomConverter<SchemaBuilder, RelationalColumn> {

    @Override
    public void configure(Properties properties) {
        // There is nothing to configure.
    }

    @Override
    public void converterFor(RelationalColumn column, ConverterRegistration<SchemaBuilder> registration) {
        boolean timeOfDay = column.jdbcType() == Types.TIME || "time".equalsIgnoreCase(column.typeName());
        registration.register(
                SchemaBuilder.string().optional(), value -> ColumnValues.packed(timeOfDay ? timeOfDay(value) : value));
    }

    /** Debezium asks the driver for a timestamp, for the digits after the seconds. */
    private static @Nullable Object timeOfDay(@Nullable Object value) {
        return value instanceof Timestamp time ? time.toLocalDateTime().toLocalTime() : value;
    }
}
