package dev.patronstream.embedded.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The REST calls, as Confluent documents them, over a {@link Registry}. */
final class RegistryApi {

    private static final Logger LOGGER = LoggerFactory.getLogger(RegistryApi.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CONTENT_TYPE = "application/vnd.schemaregistry.v1+json";

    /** What a request may hold at Confluent's and would be overlooked here. */
    private static final List<String> UNSUPPORTED = List.of("references", "metadata", "ruleSet", "id", "version");

    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,9}");
    private static final int LATEST = -1;

    private final Registry registry;

    RegistryApi(Registry registry) {
        this.registry = registry;
    }

    void addTo(RoutesConfig routes) {
        routes.get("/", context -> answer(context, Map.of()));
        routes.get("/subjects", context -> answer(context, registry.state().subjects()));
        routes.post(
                "/subjects/{subject}",
                context -> answer(context, describe(registry.lookUp(subject(context), schema(context)))));
        routes.post(
                "/subjects/{subject}/versions",
                context -> answer(context, Map.of("id", registry.register(subject(context), schema(context)))));
        routes.get(
                "/subjects/{subject}/versions",
                context -> answer(
                        context,
                        registry.versions(subject(context)).stream()
                                .map(SchemaVersion::version)
                                .toList()));
        routes.get("/subjects/{subject}/versions/{version}", context -> answer(context, describe(version(context))));
        routes.get("/schemas/types", context -> answer(context, List.of("AVRO")));
        routes.get("/schemas/ids/{id}", this::schemaById);
        routes.get("/config", context -> answerLevel(context, registry.globalLevel()));
        routes.put("/config", context -> putLevel(context, Optional.empty()));
        routes.get("/config/{subject}", context -> answerLevel(context, level(context)));
        routes.put("/config/{subject}", context -> putLevel(context, Optional.of(subject(context))));
        addErrors(routes);
    }

    private static void addErrors(RoutesConfig routes) {
        routes.exception(
                RegistryException.class,
                (e, context) -> answerError(context, e.httpStatus(), e.code(), String.valueOf(e.getMessage())));
        routes.exception(
                HttpResponseException.class,
                (e, context) -> answerError(context, e.getStatus(), e.getStatus(), "HTTP " + e.getMessage()));
        routes.exception(Exception.class, (e, context) -> {
            LOGGER.atError()
                    .addKeyValue("method", context.method())
                    .addKeyValue("path", context.path())
                    .setCause(e)
                    .log("The registry failed to answer a call");
            answerError(context, 500, RegistryException.STORE_FAILED, "Error in the registry: " + e.getMessage());
        });
    }

    private void schemaById(Context context) {
        int id = id(context.pathParam("id"));
        String schema = registry.state()
                .schema(id)
                .orElseThrow(() -> new RegistryException(RegistryException.NO_SCHEMA, "Schema " + id + " not found"));
        answer(context, Map.of("schema", schema));
    }

    /** Whatever four bytes a record begins with may be asked for; only what is registered is there. */
    private static int id(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new RegistryException(RegistryException.BAD_REQUEST, "'" + text + "' is not the id of a schema");
        }
    }

    /** The version that a path names: by its number, or as the latest. */
    private SchemaVersion version(Context context) {
        String asked = context.pathParam("version");
        int number = asked.equals("latest") ? LATEST : number(asked);
        return registry.versions(subject(context)).stream()
                .filter(version -> number == LATEST || version.version() == number)
                .reduce((older, newer) -> newer)
                .orElseThrow(
                        () -> new RegistryException(RegistryException.NO_VERSION, "Version " + number + " not found."));
    }

    private static int number(String text) {
        if (!NUMBER.matcher(text).matches() || Long.parseLong(text) > Integer.MAX_VALUE) {
            throw new RegistryException(
                    RegistryException.INVALID_VERSION,
                    "'" + text + "' is neither the number of a version nor \"latest\"");
        }
        return Integer.parseInt(text);
    }

    private static ObjectNode describe(SchemaVersion version) {
        return JSON.createObjectNode()
                .put("subject", version.subject())
                .put("version", version.version())
                .put("id", version.id())
                .put("schema", version.schema());
    }

    private static String schema(Context context) {
        JsonNode body = body(context);
        String type = body.path("schemaType").asText("AVRO");
        if (!type.equals("AVRO")) {
            throw invalid("schema type " + type + " is not supported, only AVRO");
        }
        UNSUPPORTED.stream().filter(field -> isGiven(body.path(field))).forEach(field -> {
            throw invalid(field + " is not supported by this registry");
        });
        if (!body.path("schema").isTextual()) {
            throw invalid("the request has no schema");
        }
        return body.get("schema").asText();
    }

    /** Clients write out what they do not ask for, as an empty list or as the number -1. */
    private static boolean isGiven(JsonNode value) {
        return value.isNumber() ? value.asInt() > 0 : !value.isEmpty();
    }

    private static RegistryException invalid(String message) {
        return new RegistryException(RegistryException.INVALID_SCHEMA, "Invalid schema: " + message);
    }

    private CompatibilityLevel level(Context context) {
        String subject = subject(context);
        boolean orGlobal = Boolean.parseBoolean(context.queryParam("defaultToGlobal"));
        return registry.state()
                .level(Optional.of(subject))
                .or(() -> orGlobal ? Optional.of(registry.globalLevel()) : Optional.empty())
                .orElseThrow(() -> new RegistryException(
                        RegistryException.NO_SUBJECT_LEVEL,
                        "Subject '" + subject + "' does not have subject-level compatibility configured"));
    }

    private void putLevel(Context context, Optional<String> subject) {
        CompatibilityLevel level =
                CompatibilityLevel.parse(body(context).path("compatibility").asText());
        registry.setLevel(subject, level);
        answer(context, Map.of("compatibility", level));
    }

    private static void answerLevel(Context context, CompatibilityLevel level) {
        answer(context, Map.of("compatibilityLevel", level));
    }

    private static JsonNode body(Context context) {
        try {
            return JSON.readTree(context.bodyAsBytes());
        } catch (IOException e) {
            throw new RegistryException(RegistryException.BAD_REQUEST, "The request is not JSON");
        }
    }

    private static String subject(Context context) {
        return context.pathParam("subject");
    }

    private static void answer(Context context, Object body) {
        context.contentType(CONTENT_TYPE)
                .result(JSON.valueToTree(body).toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void answerError(Context context, int status, int code, String message) {
        context.status(status);
        answer(context, JSON.createObjectNode().put("error_code", code).put("message", message));
    }
}
