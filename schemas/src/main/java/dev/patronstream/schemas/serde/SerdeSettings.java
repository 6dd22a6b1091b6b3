package dev.patronstream.schemas.serde;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.kafka.common.config.ConfigException;

/**
 * What the serde and the registry client take from a configuration with Confluent's keys.
 *
 * @param urls {@code schema.registry.url}: one or several base URLs, separated by commas
 * @param authorization {@code basic.auth.*} or {@code bearer.auth.*}: the value of the HTTP header; a secret
 * @param autoRegister {@code auto.register.schemas}, true by default
 * @param useLatestVersion {@code use.latest.version}, false by default: write with the subject's latest schema
 * @param specificReader {@code specific.avro.reader}, false by default: read into generated classes
 * @param keySubject {@code key.subject.name.strategy}
 * @param valueSubject {@code value.subject.name.strategy}
 * @param removeJavaProperties {@code avro.remove.java.properties}; true by default here, other than Confluent's, since
 *     a contract for readers in any language has no business with Java's string classes
 * @see <a href="https://docs.confluent.io/platform/current/schema-registry/sr-client-configs.html">Confluent:
 *     configuration of registry clients</a>
 */
record SerdeSettings(
        List<String> urls,
        Optional<String> authorization,
        boolean autoRegister,
        boolean useLatestVersion,
        boolean specificReader,
        SubjectNaming keySubject,
        SubjectNaming valueSubject,
        boolean removeJavaProperties) {

    static final String URL = "schema.registry.url";

    /** Every key that is looked at here. */
    static final Set<String> KEYS = Set.of(
            URL,
            "basic.auth.credentials.source",
            "basic.auth.user.info",
            "schema.registry.basic.auth.user.info",
            "bearer.auth.token",
            "auto.register.schemas",
            "use.latest.version",
            "specific.avro.reader",
            "key.subject.name.strategy",
            "value.subject.name.strategy",
            "avro.remove.java.properties");

    static SerdeSettings of(Map<String, ?> configuration) {
        List<String> urls = text(configuration, URL).stream()
                .flatMap(value -> Arrays.stream(value.split(",")))
                .map(String::strip)
                .filter(url -> !url.isEmpty())
                .map(url -> url.endsWith("/") ? url.substring(0, url.length() - 1) : url)
                .toList();
        if (urls.isEmpty()) {
            throw new ConfigException(URL, null, "name the schema registry, for example http://127.0.0.1:8081");
        }
        return new SerdeSettings(
                urls,
                authorization(configuration, urls),
                flag(configuration, "auto.register.schemas", true),
                flag(configuration, "use.latest.version", false),
                flag(configuration, "specific.avro.reader", false),
                SubjectNaming.of("key.subject.name.strategy", text(configuration, "key.subject.name.strategy")),
                SubjectNaming.of("value.subject.name.strategy", text(configuration, "value.subject.name.strategy")),
                flag(configuration, "avro.remove.java.properties", true));
    }

    /** Returns a schema as the registry is to have it. */
    Schema contract(Schema own) {
        return removeJavaProperties ? JavaProperties.removed(own) : own;
    }

    private static Optional<String> authorization(Map<String, ?> configuration, List<String> urls) {
        String source = text(configuration, "basic.auth.credentials.source").orElse("URL");
        if (source.equals("USER_INFO")) {
            String userInfo = text(configuration, "basic.auth.user.info")
                    .or(() -> text(configuration, "schema.registry.basic.auth.user.info"))
                    .orElseThrow(() -> new ConfigException(
                            "basic.auth.user.info", null, "basic.auth.credentials.source=USER_INFO needs it"));
            return Optional.of(RegistryClient.basic(userInfo));
        }
        if (!source.equals("URL")) {
            throw new ConfigException("basic.auth.credentials.source", source, "only URL and USER_INFO are supported");
        }
        Optional<String> token = text(configuration, "bearer.auth.token");
        if (token.isPresent()) {
            return Optional.of("Bearer " + token.get());
        }
        return urls.stream()
                .map(url -> java.net.URI.create(url).getUserInfo())
                .filter(userInfo -> userInfo != null)
                .findFirst()
                .map(RegistryClient::basic);
    }

    static Optional<String> text(Map<String, ?> configuration, String key) {
        Object value = configuration.get(key);
        if (value instanceof List<?> list) {
            return Optional.of(list.stream().map(Object::toString).collect(Collectors.joining(",")));
        }
        return Optional.ofNullable(value).map(Object::toString);
    }

    private static boolean flag(Map<String, ?> configuration, String key, boolean otherwise) {
        return text(configuration, key)
                .map(value -> switch (value.toLowerCase(Locale.ROOT)) {
                    case "true" -> true;
                    case "false" -> false;
                    default -> throw new ConfigException(key, value, "true or false");
                })
                .orElse(otherwise);
    }
}
