package dev.patronstream.schemas.serde;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * Whom a registry's client trusts, and what it shows of itself, by Confluent's keys {@code schema.registry.ssl.*}. Without
 * any, the Java machine's own trust decides. The server's name is always verified.
 *
 * @see <a href="https://docs.confluent.io/platform/current/schema-registry/sr-client-configs.html">Confluent:
 *     configuration of registry clients</a>
 */
final class RegistryTls {

    private static final String TRUST_STORE = "schema.registry.ssl.truststore.";
    private static final String KEY_STORE = "schema.registry.ssl.keystore.";
    private static final String KEY_PASSWORD = "schema.registry.ssl.key.password";
    private static final String LOCATION = "location";
    private static final String PASSWORD = "password";
    private static final String TYPE = "type";

    /** Every key that is looked at here. */
    static final Set<String> KEYS = Set.of(
            TRUST_STORE + LOCATION,
            TRUST_STORE + PASSWORD,
            TRUST_STORE + TYPE,
            KEY_STORE + LOCATION,
            KEY_STORE + PASSWORD,
            KEY_STORE + TYPE,
            KEY_PASSWORD);

    private RegistryTls() {}

    /**
     * Returns what the keys ask for; empty without any.
     *
     * @throws ConfigException if a store cannot be used
     */
    static Optional<SSLContext> context(Map<String, ?> configuration) {
        Optional<KeyStore> trusted = store(configuration, TRUST_STORE);
        Optional<KeyStore> own = store(configuration, KEY_STORE);
        if (trusted.isEmpty() && own.isEmpty()) {
            return Optional.empty();
        }
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own.isPresent() ? keys(own.get(), configuration) : null, trust(trusted.orElse(null)), null);
            return Optional.of(context);
        } catch (GeneralSecurityException e) {
            throw unusable(configuration, KEY_STORE, e);
        }
    }

    private static KeyManager[] keys(KeyStore own, Map<String, ?> configuration) throws GeneralSecurityException {
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        String password = text(configuration, KEY_PASSWORD)
                .or(() -> text(configuration, KEY_STORE + PASSWORD))
                .orElse("");
        factory.init(own, password.toCharArray());
        return factory.getKeyManagers();
    }

    /** Of no store: what the Java machine trusts. */
    private static TrustManager[] trust(@Nullable KeyStore trusted) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        return factory.getTrustManagers();
    }

    private static Optional<KeyStore> store(Map<String, ?> configuration, String which) {
        Optional<String> location = text(configuration, which + LOCATION);
        if (location.isEmpty()) {
            return Optional.empty();
        }
        String password = text(configuration, which + PASSWORD).orElse("");
        try (var in = Files.newInputStream(Path.of(location.get()))) {
            KeyStore store =
                    KeyStore.getInstance(text(configuration, which + TYPE).orElse(KeyStore.getDefaultType()));
            store.load(in, password.isEmpty() ? null : password.toCharArray());
            return Optional.of(store);
        } catch (IOException | GeneralSecurityException e) {
            throw unusable(configuration, which, e);
        }
    }

    private static ConfigException unusable(Map<String, ?> configuration, String which, Exception cause) {
        String reason =
                cause instanceof NoSuchFileException ? "there is no such file" : String.valueOf(cause.getMessage());
        ConfigException failure = new ConfigException(
                which + LOCATION,
                text(configuration, which + LOCATION).orElse(null),
                "the store cannot be used: " + reason + ". Check file, password and type (JKS or PKCS12)");
        failure.initCause(cause);
        return failure;
    }

    private static Optional<String> text(Map<String, ?> configuration, String key) {
        return SerdeSettings.text(configuration, key).filter(text -> !text.isEmpty());
    }
}
