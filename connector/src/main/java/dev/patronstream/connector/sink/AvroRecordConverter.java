package dev.patronstream.connector.sink;

import dev.patronstream.schemas.serde.AvroDeserializer;
import dev.patronstream.schemas.serde.RegistryException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.storage.Converter;
import org.jspecify.annotations.Nullable;

/**
 * The values of every contract topic for sinks of Kafka Connect. {@code value.converter.schema.registry.url} and
 * Confluent's other keys name the registry; while it does not answer, {@code errors.retry.timeout} decides.
 *
 * <p>Every field is optional, so a column that a later contract adds can be added to a table that has rows. Enums become
 * strings, dates and times Connect's own. A tombstone stays one. Nothing is written. Thread-safe after {@link
 * #configure}.
 */
public final class AvroRecordConverter implements Converter {

    private final AvroDeserializer<GenericRecord> records = new AvroDeserializer<>();
    private final Map<org.apache.avro.Schema, Schema> schemas = new ConcurrentHashMap<>();

    @Override
    public void configure(Map<String, ?> configuration, boolean isKey) {
        Map<String, Object> generic = new HashMap<>(configuration);
        generic.put("specific.avro.reader", "false");
        records.configure(generic, isKey);
    }

    /** Always refuses: contracts are written by the district alone. */
    @Override
    public byte[] fromConnectData(String topic, @Nullable Schema schema, @Nullable Object value) {
        throw new DataException(
                "Topic " + topic + " may only be read with " + getClass().getSimpleName());
    }

    @Override
    public SchemaAndValue toConnectData(String topic, byte @Nullable [] bytes) {
        GenericRecord record;
        try {
            record = records.deserialize(topic, bytes);
        } catch (RegistryException e) {
            throw e.isRetriable() ? new RetriableException(e.getMessage(), e) : new DataException(e.getMessage(), e);
        } catch (SerializationException e) {
            throw new DataException(e.getMessage(), e);
        }
        if (record == null) {
            return SchemaAndValue.NULL;
        }
        Schema schema = schemas.computeIfAbsent(record.getSchema(), AvroRecordConverter::schema);
        return new SchemaAndValue(schema, value(record, schema));
    }

    private static Schema schema(org.apache.avro.Schema avro) {
        SchemaBuilder builder =
                switch (avro.getType()) {
                    case RECORD -> {
                        SchemaBuilder struct = SchemaBuilder.struct().name(avro.getFullName());
                        avro.getFields().forEach(field -> struct.field(field.name(), schema(present(field.schema()))));
                        yield struct;
                    }
                    case ARRAY -> SchemaBuilder.array(schema(avro.getElementType()));
                    case MAP -> SchemaBuilder.map(Schema.STRING_SCHEMA, schema(avro.getValueType()));
                    case STRING, ENUM -> SchemaBuilder.string();
                    case INT -> isOf(avro, "date") ? Date.builder() : SchemaBuilder.int32();
                    case LONG -> isOf(avro, "timestamp-millis") ? Timestamp.builder() : SchemaBuilder.int64();
                    case BOOLEAN -> SchemaBuilder.bool();
                    case FLOAT -> SchemaBuilder.float32();
                    case DOUBLE -> SchemaBuilder.float64();
                    default ->
                        throw new DataException("The Avro type " + avro.getType() + " is in no contract and not known");
                };
        return builder.optional().build();
    }

    /** The type besides null, where it is null and one other. */
    private static org.apache.avro.Schema present(org.apache.avro.Schema avro) {
        if (!avro.isUnion() || avro.getTypes().size() != 2 || !avro.isNullable()) {
            return avro;
        }
        List<org.apache.avro.Schema> types = avro.getTypes();
        return types.get(types.get(0).getType() == org.apache.avro.Schema.Type.NULL ? 1 : 0);
    }

    private static boolean isOf(org.apache.avro.Schema avro, String logicalType) {
        return avro.getLogicalType() != null && avro.getLogicalType().getName().equals(logicalType);
    }

    private static @Nullable Object value(@Nullable Object avro, Schema schema) {
        if (avro == null) {
            return null;
        }
        return switch (schema.type()) {
            case STRUCT -> struct((IndexedRecord) avro, schema);
            case ARRAY -> {
                List<@Nullable Object> elements = new ArrayList<>();
                ((Collection<?>) avro).forEach(element -> elements.add(value(element, schema.valueSchema())));
                yield elements;
            }
            case MAP -> {
                Map<String, @Nullable Object> entries = new HashMap<>();
                ((Map<?, ?>) avro)
                        .forEach((key, entry) -> entries.put(key.toString(), value(entry, schema.valueSchema())));
                yield entries;
            }
            case STRING -> avro.toString();
            case INT32 -> Date.LOGICAL_NAME.equals(schema.name()) ? Date.toLogical(schema, (Integer) avro) : avro;
            case INT64 ->
                Timestamp.LOGICAL_NAME.equals(schema.name()) ? Timestamp.toLogical(schema, (Long) avro) : avro;
            default -> avro;
        };
    }

    private static Struct struct(IndexedRecord record, Schema schema) {
        Struct struct = new Struct(schema);
        for (Field field : schema.fields()) {
            struct.put(field, value(record.get(field.index()), field.schema()));
        }
        return struct;
    }
}
