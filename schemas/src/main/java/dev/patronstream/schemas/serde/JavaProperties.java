package dev.patronstream.schemas.serde;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;

/** Takes out of a schema what only Java's code generator put there. */
final class JavaProperties {

    private static final String STRING_CLASS = "avro.java.string";

    /** Taking them out costs as much as writing a hundred records, and who writes one record has a serializer of his own. */
    private static final Map<Schema, Schema> REMOVED = new ConcurrentHashMap<>();

    private JavaProperties() {}

    static Schema removed(Schema schema) {
        return REMOVED.computeIfAbsent(schema, JavaProperties::without);
    }

    private static Schema without(Schema schema) {
        ObjectMapper json = new ObjectMapper();
        try {
            return new Schema.Parser()
                    .parse(removed(json.readTree(schema.toString())).toString());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Avro prints schemas as JSON", e);
        }
    }

    /** {@code {"type":"string","avro.java.string":"String"}} becomes {@code "string"}, as it was before. */
    private static JsonNode removed(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.remove(STRING_CLASS);
            if (object.size() == 1 && object.path("type").isTextual()) {
                return object.get("type");
            }
            object.properties().forEach(property -> property.setValue(removed(property.getValue())));
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, removed(array.get(i)));
            }
        }
        return node;
    }
}
