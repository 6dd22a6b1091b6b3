package dev.patronstream.embedded.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The REST calls, as Confluent documents them, over a {@link Registry}. */
final class RegistryApi {

    private static final Logger LOGGER = LoggerFactory.getLogger(RegistryApi.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CONTENT_TYPE = "application/vnd.schemaregistry.v1+json";

    private final Registry registry;

    RegistryApi(Registry registry) {
        this.registry = registry;
    }

    void addTo(RoutesConfig routes) {
        routes.get("/", context -> answer(context, Map.of()));
        routes.get("/contexts", context -> answer(context, List.of(".")));
        addSubjects(routes);
        addSchemas(routes);
        routes.post("/compatibility/subjects/{subject}/versions", context -> test(context, Optional.empty()));
        routes.post(
                "/compatibility/subjects/{subject}/versions/{version}",
                context -> test(context, Optional.of(VersionSelector.parse(context.pathParam("version")))));
        new SettingsApi(registry).addTo(routes);
        addErrors(routes);
    }

    private void addSubjects(RoutesConfig routes) {
        routes.get("/subjects", this::listSubjects);
        routes.post("/subjects/{subject}", this::lookUp);
        routes.delete(
                "/subjects/{subject}",
                context -> answer(context, registry.deleteSubject(subject(context), flag(context, "permanent"))));
        routes.post("/subjects/{subject}/versions", this::register);
        routes.get("/subjects/{subject}/versions", this::listVersions);
        routes.get("/subjects/{subject}/versions/{version}", context -> answer(context, version(context)));
        routes.get(
                "/subjects/{subject}/versions/{version}/schema",
                context -> answerText(context, version(context).get("schema").asText()));
        routes.get("/subjects/{subject}/versions/{version}/referencedby", this::listReferrers);
        routes.delete(
                "/subjects/{subject}/versions/{version}",
                context -> answer(
                        context,
                        registry.deleteVersion(
                                subject(context),
                                VersionSelector.parse(context.pathParam("version")),
                                flag(context, "permanent"))));
    }

    private void addSchemas(RoutesConfig routes) {
        routes.get("/schemas/types", context -> answer(context, List.of("AVRO")));
        routes.get("/schemas/ids/{id}", this::schemaById);
        routes.get(
                "/schemas/ids/{id}/schema",
                context -> answerText(context, content(id(context)).schema()));
        routes.get(
                "/schemas/ids/{id}/subjects",
                context -> answer(
                        context,
                        versionsOf(context).stream()
                                .map(SchemaVersion::subject)
                                .distinct()
                                .toList()));
        routes.get(
                "/schemas/ids/{id}/versions",
                context -> answer(
                        context,
                        versionsOf(context).stream()
                                .map(v -> JSON.createObjectNode()
                                        .put("subject", v.subject())
                                        .put("version", v.version()))
                                .toList()));
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
            answerError(context, 500, 50001, "Error in the registry: " + e.getMessage());
        });
    }

    private void listSubjects(Context context) {
        String prefix = Optional.ofNullable(context.queryParam("subjectPrefix")).orElse("");
        boolean deleted = flag(context, "deleted");
        boolean deletedOnly = flag(context, "deletedOnly");
        answer(context, registry.read(now -> now.all()
                .map(SchemaVersion::subject)
                .distinct()
                .filter(subject -> subject.startsWith(prefix))
                .filter(subject -> now.versions(subject, false).isEmpty() ? deleted || deletedOnly : !deletedOnly)
                .toList()));
    }

    private void listVersions(Context context) {
        boolean deletedOnly = flag(context, "deletedOnly");
        boolean withDeleted = deletedOnly || flag(context, "deleted");
        registry.requireSubject(subject(context), withDeleted);
        answer(context, registry.read(now -> now.versions(subject(context), withDeleted).stream()
                .filter(version -> !deletedOnly || version.deleted())
                .map(SchemaVersion::version)
                .toList()));
    }

    private void listReferrers(Context context) {
        int number = version(context).get("version").asInt();
        answer(context, registry.read(now -> now.referringTo(subject(context), number)
                .map(SchemaVersion::id)
                .distinct()
                .toList()));
    }

    private void register(Context context) {
        int id = registry.register(subject(context), submitted(context), flag(context, "normalize"));
        answer(context, Map.of("id", id));
    }

    private void lookUp(Context context) {
        answer(
                context,
                describe(registry.lookUp(
                        subject(context), submitted(context), flag(context, "normalize"), flag(context, "deleted"))));
    }

    private void test(Context context, Optional<VersionSelector> selector) {
        List<String> complaints =
                registry.test(subject(context), submitted(context), flag(context, "normalize"), selector);
        ObjectNode verdict = JSON.createObjectNode().put("is_compatible", complaints.isEmpty());
        if (flag(context, "verbose")) {
            verdict.set("messages", JSON.valueToTree(complaints));
        }
        answer(context, verdict);
    }

    private void schemaById(Context context) {
        SchemaVersion.Content content = content(id(context));
        ObjectNode schema = JSON.createObjectNode().put("schema", content.schema());
        putReferences(schema, content.references());
        if (flag(context, "fetchMaxId")) {
            schema.put("maxId", registry.read(RegistryState::maxId));
        }
        answer(context, schema);
    }

    private ObjectNode version(Context context) {
        String subject = subject(context);
        VersionSelector selector = VersionSelector.parse(context.pathParam("version"));
        boolean withDeleted = flag(context, "deleted");
        registry.requireSubject(subject, withDeleted);
        return describe(registry.read(now -> selector.find(now, subject, withDeleted))
                .orElseThrow(() -> RegistryException.versionNotFound(selector.number())));
    }

    private static ObjectNode describe(SchemaVersion version) {
        ObjectNode description = JSON.createObjectNode()
                .put("subject", version.subject())
                .put("version", version.version())
                .put("id", version.id());
        putReferences(description, version.references());
        return description.put("schema", version.schema());
    }

    private static void putReferences(ObjectNode target, List<SchemaReference> references) {
        if (!references.isEmpty()) {
            target.set("references", JSON.valueToTree(references));
        }
    }

    private List<SchemaVersion> versionsOf(Context context) {
        int id = id(context);
        content(id);
        boolean withDeleted = flag(context, "deleted");
        return registry.read(now -> now.all()
                .filter(version -> version.id() == id)
                .filter(version -> withDeleted || !version.deleted())
                .toList());
    }

    private SchemaVersion.Content content(int id) {
        return registry.read(now -> now.content(id)).orElseThrow(() -> RegistryException.schemaNotFound(id));
    }

    private static int id(Context context) {
        try {
            return Integer.parseInt(context.pathParam("id"));
        } catch (NumberFormatException notANumber) {
            throw RegistryException.badRequest("The schema id '" + context.pathParam("id") + "' is not a number");
        }
    }

    private static Registry.Submitted submitted(Context context) {
        JsonNode body = body(context);
        String type = body.path("schemaType").asText("AVRO");
        if (!type.equals("AVRO")) {
            throw RegistryException.invalidSchema("schema type " + type + " is not supported, only AVRO");
        }
        for (String unsupported : List.of("metadata", "ruleSet")) {
            if (body.hasNonNull(unsupported)) {
                throw RegistryException.invalidSchema(unsupported + " is not supported by this registry");
            }
        }
        if (!body.path("schema").isTextual()) {
            throw RegistryException.invalidSchema("the request has no schema");
        }
        List<SchemaReference> references = new ArrayList<>();
        body.path("references")
                .forEach(reference -> references.add(new SchemaReference(
                        reference.path("name").asText(),
                        reference.path("subject").asText(),
                        reference.path("version").asInt())));
        return new Registry.Submitted(
                body.get("schema").asText(), references, positive(body, "id"), positive(body, "version"));
    }

    private static Optional<Integer> positive(JsonNode body, String field) {
        return Optional.of(body.path(field).asInt(0)).filter(number -> number > 0);
    }

    static JsonNode body(Context context) {
        try {
            return JSON.readTree(context.bodyAsBytes());
        } catch (IOException e) {
            throw RegistryException.badRequest("The request is not JSON");
        }
    }

    static String subject(Context context) {
        return context.pathParam("subject");
    }

    static boolean flag(Context context, String name) {
        return Boolean.parseBoolean(context.queryParam(name));
    }

    static void answer(Context context, Object body) {
        answerText(context, JSON.valueToTree(body).toString());
    }

    private static void answerText(Context context, String text) {
        context.contentType(CONTENT_TYPE).result(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void answerError(Context context, int status, int code, String message) {
        context.status(status);
        answer(context, JSON.createObjectNode().put("error_code", code).put("message", message));
    }
}
