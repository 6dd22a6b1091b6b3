package dev.patronstream.embedded.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

/** Between the text of an Avro schema and its meaning. */
final class AvroText {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The order in which Avro itself writes what it knows; all else follows by name. */
    private static final List<String> KNOWN = List.of(
            "type",
            "name",
            "namespace",
            "doc",
            "fields",
            "symbols",
            "items",
            "values",
            "size",
            "default",
            "order",
            "aliases");

    private AvroText() {}

    /**
     * Parses a schema.
     *
     * @param references the schemas whose types it may name, those without references of their own first
     * @throws RegistryException 42201 if it is not a valid schema
     */
    static Schema parse(String text, List<String> references) {
        Schema.Parser parser = new Schema.Parser();
        try {
            references.forEach(parser::parse);
            return parser.parse(text);
        } catch (AvroRuntimeException e) {
            throw RegistryException.invalidSchema(String.valueOf(e.getMessage()));
        }
    }

    /** The text to store: as Avro writes it, types of other subjects by name only. */
    @SuppressWarnings("deprecation") // Avro has no other way of leaving the types of other schemas by name.
    static String canonical(Schema schema, List<Schema> references) {
        return references.isEmpty() ? schema.toString() : schema.toString(references, false);
    }

    /** As {@link #canonical}, with the properties of every type and field in a fixed order. */
    static String normalized(Schema schema, List<Schema> references) {
        try {
            return JSON.writeValueAsString(ordered(JSON.readTree(canonical(schema, references))));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Avro wrote a schema that is not JSON", e);
        }
    }

    private static JsonNode ordered(JsonNode node) {
        if (node instanceof ArrayNode array) {
            ArrayNode copy = JSON.createArrayNode();
            array.forEach(element -> copy.add(ordered(element)));
            return copy;
        }
        if (node instanceof ObjectNode object) {
            ObjectNode copy = JSON.createObjectNode();
            Stream.concat(
                            KNOWN.stream().filter(object::has),
                            object.properties().stream()
                                    .map(Map.Entry::getKey)
                                    .filter(key -> !KNOWN.contains(key))
                                    .sorted(Comparator.naturalOrder()))
                    .forEach(key -> copy.set(key, ordered(object.get(key))));
            return copy;
        }
        return node;
    }
}
