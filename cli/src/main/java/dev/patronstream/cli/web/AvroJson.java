package dev.patronstream.cli.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericEnumSymbol;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Contract records as plain JSON: the contract's field names, dates and times as ISO 8601, choices in lower case with
 * hyphens as in the configuration ({@code pre-enrolled}), fields that are null left out.
 */
final class AvroJson {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private AvroJson() {}

    static ObjectNode of(IndexedRecord value) {
        ObjectNode object = NODES.objectNode();
        for (Schema.Field field : value.getSchema().getFields()) {
            Object content = value.get(field.pos());
            if (content != null) {
                object.set(field.name(), node(content));
            }
        }
        return object;
    }

    /** A choice as the configuration and the addresses spell it. */
    static String word(Enum<?> choice) {
        return word(choice.name());
    }

    private static String word(String symbol) {
        return symbol.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static JsonNode node(@Nullable Object content) {
        if (content == null) {
            return NODES.nullNode();
        }
        if (content instanceof IndexedRecord nested) {
            return of(nested);
        }
        if (content instanceof GenericEnumSymbol<?> choice) {
            return NODES.textNode(word(choice.toString()));
        }
        if (content instanceof Collection<?> items) {
            ArrayNode array = NODES.arrayNode();
            items.forEach(item -> array.add(node(item)));
            return array;
        }
        if (content instanceof Map<?, ?> entries) {
            ObjectNode object = NODES.objectNode();
            entries.forEach((key, item) -> object.set(String.valueOf(key), node(item)));
            return object;
        }
        if (content instanceof Integer number) {
            return NODES.numberNode(number);
        }
        if (content instanceof Long number) {
            return NODES.numberNode(number);
        }
        if (content instanceof Boolean truth) {
            return NODES.booleanNode(truth);
        }
        // Text, and dates and times, whose own text is ISO 8601.
        return NODES.textNode(content.toString());
    }
}
