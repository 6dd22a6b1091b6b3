package dev.patronstream.cli.config.setting;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * The JSON Schema of the configuration, with which editors complete and check it. It asks for no key, since every key may
 * come from an environment variable.
 */
public final class JsonSchema {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** How the types of settings are written in YAML; every value but a section may be a reference. */
    private static final String TYPES = """
        {"reference": {"type": "string", "pattern": "^\\\\$\\\\{(env|file):[^}]+\\\\}$"},
         "digits": {"anyOf": [{"type": "string", "pattern": "^-?[0-9]+$"}, {"$ref": "#/$defs/reference"}]},
         "secret": {"$ref": "#/$defs/reference"},
         "text": {"type": ["string", "number", "boolean"]},
         "address": {"type": "string"},
         "folder": {"type": "string"},
         "file": {"type": "string"},
         "flag": {"anyOf": [{"enum": [true, false, "true", "false", "yes", "no", "on", "off"]},
           {"$ref": "#/$defs/reference"}]},
         "time": {"anyOf": [{"type": "string", "pattern": "^[0-9]{1,9} *(ms|s|m|h|d)$"}, {"$ref": "#/$defs/reference"}]},
         "time-or-off": {"anyOf": [{"const": "off"}, {"$ref": "#/$defs/time"}]},
         "share": {"anyOf": [{"type": "number", "minimum": 0, "maximum": 1},
           {"type": "string", "pattern": "^[0-9]{1,3}(\\\\.[0-9]+)? *%?$"}, {"$ref": "#/$defs/reference"}]},
         "share-or-off": {"anyOf": [{"const": "off"}, {"$ref": "#/$defs/share"}]},
         "school": {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string"}]},
         "schools": {"anyOf": [{"$ref": "#/$defs/school"}, {"type": "array", "items": {"$ref": "#/$defs/school"}}]},
         "texts": {"anyOf": [{"$ref": "#/$defs/text"}, {"type": "array", "items": {"$ref": "#/$defs/text"}}]},
         "map": {"type": "object", "additionalProperties": {"$ref": "#/$defs/text"}},
         "maps": {"type": "object", "additionalProperties": {"$ref": "#/$defs/map"}}}
        """;

    private JsonSchema() {}

    public static String text() {
        try {
            ObjectNode schema = JSON.createObjectNode();
            schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
            schema.put("title", "The configuration of patronstream");
            schema.setAll(section(""));
            schema.set("$defs", JSON.readTree(TYPES));
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(schema) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The types of the schema are not JSON", e);
        }
    }

    private static ObjectNode section(String path) {
        ObjectNode section = JSON.createObjectNode().put("type", "object").put("additionalProperties", false);
        for (Setting setting : Settings.ALL.below(path)) {
            String key = setting.path().substring(path.isEmpty() ? 0 : path.length() + 1);
            if (key.startsWith("<")) {
                section.set("additionalProperties", schema(setting));
            } else {
                section.withObject("/properties").set(key, schema(setting));
            }
        }
        return section;
    }

    private static ObjectNode schema(Setting setting) {
        String path = setting.section();
        ObjectNode schema = Settings.ALL.below(path).isEmpty()
                ? value(setting)
                : setting.type().isEmpty() || !path.equals(setting.path())
                        ? section(path)
                        : any(value(setting), section(path));
        if (!setting.is().isEmpty()) {
            schema.put("description", setting.is().replaceAll("\\[([^]]+)]\\([^)]+\\)", "$1"));
        }
        setting.usual().ifPresent(usual -> schema.set("default", typed(setting, usual)));
        setting.example().ifPresent(example -> schema.putArray("examples").add(typed(setting, example)));
        return schema;
    }

    /** Returns a value as YAML without quotes is read; a list only where its values are declared. */
    private static JsonNode typed(Setting setting, String text) {
        if (setting.type().startsWith("integer") || setting.type().equals("schools")) {
            return JSON.getNodeFactory().numberNode(Long.parseLong(text));
        }
        if (setting.type().equals("flag")) {
            return JSON.getNodeFactory().booleanNode(Boolean.parseBoolean(text));
        }
        return setting.type().equals("texts") && !setting.oneOf().isEmpty()
                ? JSON.valueToTree(List.of(text.split(", ")))
                : JSON.getNodeFactory().textNode(text);
    }

    private static ObjectNode value(Setting setting) {
        if (setting.type().startsWith("integer")) {
            List<Integer> bounds = setting.bounds();
            ObjectNode whole = JSON.createObjectNode().put("type", "integer").put("minimum", bounds.get(0));
            return any(bounds.size() == 1 ? whole : whole.put("maximum", bounds.get(1)), type("digits"));
        }
        if (setting.oneOf().isEmpty()) {
            return type(setting.type());
        }
        ObjectNode choice = JSON.createObjectNode();
        ArrayNode values = choice.putArray("enum");
        for (String value : setting.oneOf()) {
            values.add(value);
            if (List.of("true", "false").contains(value)) {
                values.add(Boolean.parseBoolean(value));
            }
        }
        ObjectNode single = any(choice, type("reference"));
        return switch (setting.type()) {
            case "map" -> JSON.createObjectNode().put("type", "object").set("additionalProperties", single);
            case "texts" ->
                any(single, JSON.createObjectNode().put("type", "array").set("items", single.deepCopy()));
            default -> single;
        };
    }

    private static ObjectNode type(String name) {
        return JSON.createObjectNode().put("$ref", "#/$defs/" + name);
    }

    private static ObjectNode any(JsonNode one, JsonNode other) {
        ObjectNode any = JSON.createObjectNode();
        any.putArray("anyOf").add(one).add(other);
        return any;
    }
}
