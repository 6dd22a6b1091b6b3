package dev.patronstream.cli.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patronstream.schemas.Text;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericEnumSymbol;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * How Avro records are written as JSON: the contract's field names, no wrappers for types, dates and times as ISO 8601.
 * Of records read with or without generated classes alike. Stateless.
 */
public enum AvroJson {
    /** Of a topic's records: every field, also null ones, and choices as the contract spells them. */
    CONTRACT,
    /**
     * Of what the status port answers: choices in lower case with hyphens as in the configuration ({@code
     * pre-enrolled}), and fields that are null left out.
     */
    PLAIN;

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final ObjectMapper JSON = new ObjectMapper();

    public ObjectNode of(IndexedRecord record) {
        ObjectNode node = NODES.objectNode();
        for (Schema.Field field : record.getSchema().getFields()) {
            Object value = record.get(field.pos());
            if (this == CONTRACT || !isNull(value)) {
                node.set(field.name(), of(value, field.schema()));
            }
        }
        return node;
    }

    private static boolean isNull(@Nullable Object value) {
        return value == null || (value instanceof Optional<?> optional && optional.isEmpty());
    }

    /** Returns a choice as the configuration, the command line and the status port spell it: {@code pre-enrolled}. */
    public static String word(Enum<?> choice) {
        return word(choice.name());
    }

    private static String word(String symbol) {
        return symbol.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns JSON as text, on one line or for people. */
    public static String text(JsonNode node, boolean pretty) {
        try {
            return Text.escaped(
                    pretty
                            ? JSON.writerWithDefaultPrettyPrinter().writeValueAsString(node)
                            : JSON.writeValueAsString(node));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A JSON tree can always be written", e);
        }
    }

    public JsonNode of(@Nullable Object value, Schema schema) {
        if (value == null) {
            return NODES.nullNode();
        } else if (value instanceof Optional<?> optional) {
            return of(optional.orElse(null), schema);
        } else if (value instanceof IndexedRecord record) {
            return of(record);
        } else if (value instanceof Map<?, ?> map) {
            ObjectNode node = NODES.objectNode();
            Schema values = branch(schema, Schema.Type.MAP).getValueType();
            map.forEach((name, entry) -> node.set(name.toString(), of(entry, values)));
            return node;
        } else if (value instanceof Collection<?> collection) {
            ArrayNode node = NODES.arrayNode();
            Schema items = branch(schema, Schema.Type.ARRAY).getElementType();
            collection.forEach(item -> node.add(of(item, items)));
            return node;
        } else if (value instanceof Integer number) {
            return isLogical(schema, Schema.Type.INT, "date")
                    ? NODES.textNode(LocalDate.ofEpochDay(number).toString())
                    : NODES.numberNode(number);
        } else if (value instanceof Long number) {
            return isLogical(schema, Schema.Type.LONG, "timestamp-millis")
                    ? NODES.textNode(Instant.ofEpochMilli(number).toString())
                    : NODES.numberNode(number);
        } else if (value instanceof Boolean flag) {
            return NODES.booleanNode(flag);
        } else if (value instanceof Double number) {
            return NODES.numberNode(number);
        } else if (value instanceof Float number) {
            return NODES.numberNode(number);
        } else if (value instanceof ByteBuffer bytes) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.duplicate().get(copy);
            return NODES.textNode(HexFormat.of().formatHex(copy));
        } else if (value instanceof GenericEnumSymbol<?> choice) {
            return NODES.textNode(this == PLAIN ? word(choice.toString()) : choice.toString());
        }
        return NODES.textNode(value.toString());
    }

    private static boolean isLogical(Schema schema, Schema.Type type, String name) {
        Schema branch = branch(schema, type);
        return branch.getLogicalType() != null
                && branch.getLogicalType().getName().equals(name);
    }

    private static Schema branch(Schema schema, Schema.Type type) {
        if (schema.getType() != Schema.Type.UNION) {
            return schema;
        }
        return schema.getTypes().stream()
                .filter(candidate -> candidate.getType() == type)
                .findFirst()
                .orElse(schema);
    }
}
