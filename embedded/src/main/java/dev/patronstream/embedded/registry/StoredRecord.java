package dev.patronstream.embedded.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the topic {@code _schemas} holds, in Confluent's own layout of keys and values: another registry can take the
 * topic over, and the other way round.
 */
sealed interface StoredRecord {

    /** A version of a subject. */
    record OfSchema(SchemaVersion version) implements StoredRecord {}

    /** A version is gone for good. Of another registry, as the next one: this one deletes nothing. */
    record Erased(String subject, int version) implements StoredRecord {}

    /** All versions of a subject up to one are soft-deleted. */
    record SubjectDeleted(String subject, int upToVersion) implements StoredRecord {}

    /** A compatibility level; an empty subject is the global one, an empty level takes it back. */
    record OfConfig(Optional<String> subject, Optional<CompatibilityLevel> level) implements StoredRecord {}

    /** A record of no meaning to us. */
    record Other() implements StoredRecord {}

    ObjectMapper JSON = new ObjectMapper();

    /** The record's key. */
    default String key() {
        ObjectNode key = JSON.createObjectNode();
        if (this instanceof OfSchema schema) {
            key.put("keytype", "SCHEMA")
                    .put("subject", schema.version().subject())
                    .put("version", schema.version().version())
                    .put("magic", 1);
        } else if (this instanceof OfConfig config) {
            key.put("keytype", "CONFIG")
                    .put("subject", config.subject().orElse(null))
                    .put("magic", 0);
        } else {
            throw new IllegalArgumentException("Not written by this registry: " + this);
        }
        return key.toString();
    }

    /** The record's value. */
    default String value() {
        ObjectNode value = JSON.createObjectNode();
        if (this instanceof OfSchema schema) {
            SchemaVersion version = schema.version();
            value.put("subject", version.subject())
                    .put("version", version.version())
                    .put("id", version.id())
                    .put("schema", version.schema())
                    .put("deleted", version.deleted());
        } else if (this instanceof OfConfig config) {
            value.put("compatibilityLevel", config.level().orElseThrow().name());
        }
        return value.toString();
    }

    /**
     * Reads a record of the topic.
     *
     * @throws IllegalArgumentException if it is none of a registry
     */
    static StoredRecord read(String keyText, @Nullable String valueText) {
        JsonNode key = tree(keyText);
        Optional<JsonNode> value = Optional.ofNullable(valueText).map(StoredRecord::tree);
        Optional<String> subject =
                Optional.ofNullable(key.get("subject")).filter(s -> !s.isNull()).map(JsonNode::asText);
        return switch (key.path("keytype").asText()) {
            case "SCHEMA" ->
                value.<StoredRecord>map(v -> new OfSchema(schemaVersion(v)))
                        .orElseGet(() -> new Erased(
                                subject.orElse(""), key.path("version").asInt()));
            case "CONFIG" ->
                new OfConfig(
                        subject,
                        value.map(v -> CompatibilityLevel.parse(
                                v.path("compatibilityLevel").asText())));
            case "DELETE_SUBJECT" ->
                value.<StoredRecord>map(v -> new SubjectDeleted(
                                v.path("subject").asText(), v.path("version").asInt()))
                        .orElseGet(Other::new);
            default -> new Other();
        };
    }

    private static SchemaVersion schemaVersion(JsonNode value) {
        String type = value.path("schemaType").asText("AVRO");
        if (!"AVRO".equals(type) || !value.path("references").isEmpty()) {
            throw new IllegalStateException("The schemas topic holds a schema of type " + type
                    + (value.path("references").isEmpty() ? "" : " that takes types from others")
                    + "; this registry knows self-contained Avro only. Use the registry that wrote it");
        }
        SchemaVersion read = new SchemaVersion(
                value.path("subject").asText(),
                value.path("version").asInt(),
                value.path("id").asInt(),
                value.path("schema").asText(),
                value.path("deleted").asBoolean());
        if (read.subject().isEmpty() || read.schema().isEmpty() || read.version() < 1) {
            throw new IllegalArgumentException("it names no schema");
        }
        return read;
    }

    private static JsonNode tree(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("it is not JSON", e);
        }
    }
}
