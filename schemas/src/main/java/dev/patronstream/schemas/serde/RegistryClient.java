package dev.patronstream.schemas.serde;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patronstream.schemas.lifecycle.Backoff;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;

/**
 * A client of a Confluent-compatible schema registry: Confluent's own, Apicurio's, Karapace's, Redpanda's, or the
 * sandbox's embedded one.
 *
 * <p>Schemas never change once they have an id, so answers about ids are cached for the life of the client. A call
 * without an answer, or with a server error, is tried again on every configured URL with growing, jittered pauses, for
 * about ten seconds in all. Thread-safe.
 *
 * @see <a href="https://docs.confluent.io/platform/current/schema-registry/develop/api.html">Confluent: REST API</a>
 */
public final class RegistryClient {

    private static final String CONTENT_TYPE = "application/vnd.schemaregistry.v1+json";
    private static final int NO_SUCH_SUBJECT = 40401;
    private static final int NO_SUCH_VERSION = 40402;
    private static final int NO_SUBJECT_SETTING = 40408;
    private static final int NOT_FOUND = 404;
    private static final int TRIES = 6;
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10));
    private static final Duration MISSING_FOR = Duration.ofSeconds(10);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);

    /** The keys of Confluent's that this client and the serdes over it know; others they do not look at. */
    public static final Set<String> KEYS = Stream.concat(SerdeSettings.KEYS.stream(), RegistryTls.KEYS.stream())
            .collect(Collectors.toUnmodifiableSet());

    private final SerdeSettings settings;
    private final HttpClient http;
    private final ObjectMapper json = new ObjectMapper();
    private final Map<Integer, Schema> schemasById = new ConcurrentHashMap<>();
    private final Map<SubjectSchema, Integer> ids = new ConcurrentHashMap<>();

    private final Map<Integer, Missing> missing = new ConcurrentHashMap<>();

    private record Missing(RegistryException why, long sinceNanos) {}

    private record SubjectSchema(String subject, Schema schema) {}

    /** A registered schema and its id. */
    public record Registered(int id, Schema schema) {}

    /**
     * Makes a client.
     *
     * @param configuration Confluent's keys: {@code schema.registry.url}, {@code basic.auth.*}, {@code
     *     schema.registry.ssl.*}, ...
     * @throws org.apache.kafka.common.config.ConfigException if they contradict each other, or a key store cannot be
     *     used
     */
    public RegistryClient(Map<String, ?> configuration) {
        this.settings = SerdeSettings.of(configuration);
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(5));
        RegistryTls.context(configuration).ifPresent(builder::sslContext);
        this.http = builder.build();
    }

    /**
     * Finds a schema under a subject, or registers it there; returns its id. It is asked for first, because a registry
     * that is read-only, or an account that may only read, answers this and refuses to register what is there.
     */
    public int register(String subject, Schema schema) {
        return ids.computeIfAbsent(new SubjectSchema(subject, schema), key -> {
            String purpose = "register a schema under '" + subject + "'";
            String path = "/subjects/" + encoded(subject);
            try {
                return id(path, schema, purpose);
            } catch (RegistryException e) {
                if (e.isRetriable()) {
                    throw e;
                }
                return id(path + "/versions", schema, purpose);
            }
        });
    }

    /** Looks up the id of a schema that must be registered under a subject already. */
    public int idOf(String subject, Schema schema) {
        return ids.computeIfAbsent(new SubjectSchema(subject, schema), key -> {
            String purpose =
                    "find the schema under '" + subject + "' (auto.register.schemas is off; register it first)";
            return id("/subjects/" + encoded(subject), schema, purpose);
        });
    }

    private int id(String path, Schema schema, String purpose) {
        ObjectNode body = json.createObjectNode().put("schema", schema.toString());
        int id = call("POST", path, Optional.of(body), purpose, RegistryClient::namesId)
                .path("id")
                .asInt();
        schemasById.putIfAbsent(id, schema);
        return id;
    }

    /** Returns the schema of an id. That there is none is believed for ten seconds: all rows of a topic may name it. */
    public Schema schema(int id) {
        Missing known = missing.get(id);
        if (known != null
                && !schemasById.containsKey(id)
                && System.nanoTime() - known.sinceNanos() < MISSING_FOR.toNanos()) {
            throw known.why();
        }
        try {
            return read(id);
        } catch (RegistryException e) {
            if (e.isNoAvroSchema()) {
                missing.put(id, new Missing(e, System.nanoTime()));
            }
            throw e;
        }
    }

    private Schema read(int id) {
        return schemasById.computeIfAbsent(id, key -> {
            String purpose = "read the schema with id " + key;
            JsonNode answer = call("GET", "/schemas/ids/" + key, Optional.empty(), purpose, RegistryClient::hasSchema);
            String type = answer.path("schemaType").asText("AVRO");
            if (!type.equals("AVRO")) {
                throw RegistryException.ofOtherType(key, type);
            }
            return new Schema.Parser().parse(answer.path("schema").asText());
        });
    }

    /** Returns the latest version of a subject, if it exists. */
    public Optional<Registered> latest(String subject) {
        return find(
                        "/subjects/" + encoded(subject) + "/versions/latest",
                        "read the latest schema of '" + subject + "'",
                        found -> namesId(found) && hasSchema(found),
                        e -> e.errorCode() == NO_SUCH_SUBJECT || e.errorCode() == NO_SUCH_VERSION)
                .map(answer -> new Registered(
                        answer.path("id").asInt(),
                        new Schema.Parser().parse(answer.path("schema").asText())));
    }

    /** Returns the compatibility level set for a subject itself, if any. */
    public Optional<String> compatibility(String subject) {
        return find(
                        "/config/" + encoded(subject),
                        "read the compatibility level of '" + subject + "'",
                        level -> level.path("compatibilityLevel").isTextual(),
                        e -> e.status() == NOT_FOUND || e.errorCode() == NO_SUBJECT_SETTING)
                .map(answer -> answer.path("compatibilityLevel").asText());
    }

    private Optional<JsonNode> find(
            String path, String purpose, Predicate<JsonNode> isRegistrys, Predicate<RegistryException> isNone) {
        try {
            return Optional.of(call("GET", path, Optional.empty(), purpose, isRegistrys));
        } catch (RegistryException e) {
            if (isNone.test(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Sets the compatibility level of a subject, for example {@code FULL_TRANSITIVE}. */
    public void setCompatibility(String subject, String level) {
        ObjectNode body = json.createObjectNode().put("compatibility", level);
        call(
                "PUT",
                "/config/" + encoded(subject),
                Optional.of(body),
                "set the compatibility level of '" + subject + "' to " + level,
                any -> true);
    }

    static String basic(String userInfo) {
        return "Basic " + Base64.getEncoder().encodeToString(userInfo.getBytes(StandardCharsets.UTF_8));
    }

    SerdeSettings settings() {
        return settings;
    }

    private JsonNode call(
            String method, String path, Optional<ObjectNode> body, String purpose, Predicate<JsonNode> isRegistrys) {
        BodyPublisher publisher =
                body.map(b -> BodyPublishers.ofString(b.toString())).orElse(BodyPublishers.noBody());
        RegistryException failure = null;
        for (int attempt = 0; attempt < TRIES; attempt++) {
            String url = settings.urls().get(attempt % settings.urls().size());
            try {
                return send(method, url, path, publisher, purpose, isRegistrys);
            } catch (RegistryException e) {
                if (!e.isRetriable()) {
                    throw e;
                }
                failure = e;
                pause(attempt, e);
            }
        }
        throw failure;
    }

    private JsonNode send(
            String method,
            String url,
            String path,
            BodyPublisher body,
            String purpose,
            Predicate<JsonNode> isRegistrys) {
        HttpRequest.Builder request = HttpRequest.newBuilder(withoutUserInfo(url + path))
                .timeout(REQUEST_TIMEOUT)
                .header("Accept", CONTENT_TYPE)
                .header("Content-Type", CONTENT_TYPE)
                .method(method, body);
        settings.authorization().ifPresent(value -> request.header("Authorization", value));
        HttpResponse<byte[]> response;
        try {
            response = http.send(request.build(), BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new RegistryException(
                    "Could not " + purpose + ": the schema registry at " + withoutUserInfo(url) + " does not answer ("
                            + reason(e) + "). Is it running, and is the URL right?",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new org.apache.kafka.common.errors.InterruptException(e);
        }
        JsonNode answer;
        try {
            answer = json.readTree(response.body());
        } catch (IOException e) {
            throw noRegistry(purpose, url, response, "not JSON");
        }
        if (response.statusCode() / 100 != 2) {
            throw new RegistryException(
                    "Could not " + purpose + ": the schema registry at " + withoutUserInfo(url) + " answered HTTP "
                            + response.statusCode() + ": "
                            + answer.path("message").asText("no message"),
                    response.statusCode(),
                    answer.path("error_code").asInt());
        }
        if (!isRegistrys.test(answer)) {
            throw noRegistry(purpose, url, response, "without what was asked for");
        }
        return answer;
    }

    private static RegistryException noRegistry(String purpose, String url, HttpResponse<?> response, String why) {
        return new RegistryException(
                "Could not " + purpose + ": what answers at " + withoutUserInfo(url) + " is no schema registry (HTTP "
                        + response.statusCode() + ", " + why + ")",
                response.statusCode(),
                RegistryException.NO_REGISTRY);
    }

    private static void pause(int attempt, RegistryException failure) {
        try {
            Thread.sleep(BACKOFF.after(attempt).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure;
        }
    }

    private static URI withoutUserInfo(String url) {
        URI uri = URI.create(url);
        return uri.getRawUserInfo() == null
                ? uri
                : URI.create(url.replaceFirst("//" + java.util.regex.Pattern.quote(uri.getRawUserInfo()) + "@", "//"));
    }

    private static String encoded(String subject) {
        return URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private static boolean namesId(JsonNode answer) {
        return answer.path("id").canConvertToInt();
    }

    private static boolean hasSchema(JsonNode answer) {
        return answer.path("schema").isTextual();
    }
}
