package dev.patronstream.schemas.serde;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.apache.avro.Schema;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A registry behind TLS, with a certificate of the district's own, that asks for one of the client. */
class RegistryTlsTest {

    private static final String SECRET = "store-secret";
    private static final String TRUST_STORE = "schema.registry.ssl.truststore.";

    @TempDir
    private static Path folder;

    private static HttpsServer server;

    @BeforeAll
    static void startServer() throws Exception {
        makeKey("server", "-ext", "SAN=ip:127.0.0.1");
        makeKey("client");
        copyCertificate("server", "client-trust.p12");
        copyCertificate("client", "server-trust.p12");
        SSLContext context =
                RegistryTls.context(stores("server-trust.p12", "server.p12")).orElseThrow();
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters asked = context.getDefaultSSLParameters();
                asked.setNeedClientAuth(true);
                parameters.setSSLParameters(asked);
            }
        });
        server.createContext("/schemas/ids/7", exchange -> {
            byte[] answer = "{\"schema\":\"\\\"string\\\"\"}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
    }

    @AfterAll
    static void stopServer() {
        server.stop(0);
    }

    @Test
    void theStoresOfTheConfigurationAreUsed() {
        RegistryClient client = new RegistryClient(withUrl(stores("client-trust.p12", "client.p12")));
        assertEquals(Schema.create(Schema.Type.STRING), client.schema(7));
    }

    @Test
    void aCertificateThatNobodyVouchesForIsRefused() {
        RegistryClient client = new RegistryClient(withUrl(Map.of()));
        RegistryException refused = assertThrows(RegistryException.class, () -> client.schema(7));
        assertTrue(refused.getMessage().contains("PKIX"), refused.getMessage());
    }

    @Test
    void aStoreThatCannotBeUsedIsNamedWithoutItsPassword() {
        Map<String, Object> wrong = withUrl(stores("nowhere.p12", "client.p12"));
        ConfigException missing = assertThrows(ConfigException.class, () -> new RegistryClient(wrong));
        assertTrue(missing.getMessage().contains("there is no such file"), missing.getMessage());
        wrong.put(TRUST_STORE + "location", folder.resolve("client-trust.p12").toString());
        wrong.put(TRUST_STORE + "password", "another-secret");
        ConfigException refused = assertThrows(ConfigException.class, () -> new RegistryClient(wrong));
        assertTrue(refused.getMessage().contains(TRUST_STORE + "location"), refused.getMessage());
        assertFalse(refused.getMessage().contains("another-secret"), refused.getMessage());
    }

    private static Map<String, Object> stores(String trusted, String own) {
        Map<String, Object> keys = new HashMap<>();
        keys.put(TRUST_STORE + "location", folder.resolve(trusted).toString());
        keys.put(TRUST_STORE + "password", SECRET);
        keys.put("schema.registry.ssl.keystore.location", folder.resolve(own).toString());
        keys.put("schema.registry.ssl.keystore.password", SECRET);
        keys.put("schema.registry.ssl.keystore.type", "PKCS12");
        return keys;
    }

    private static Map<String, Object> withUrl(Map<String, Object> keys) {
        Map<String, Object> all = new HashMap<>(keys);
        all.put(SerdeSettings.URL, "https://127.0.0.1:" + server.getAddress().getPort());
        return all;
    }

    private static void makeKey(String whose, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("-genkeypair", "-alias", whose, "-keyalg", "EC"));
        arguments.addAll(List.of("-dname", "CN=" + whose, "-keystore", whose + ".p12"));
        arguments.addAll(List.of(more));
        keytool(arguments);
    }

    private static void copyCertificate(String whose, String store) throws Exception {
        String file = whose + ".cer";
        keytool(List.of("-exportcert", "-alias", whose, "-keystore", whose + ".p12", "-file", file));
        keytool(List.of("-importcert", "-noprompt", "-alias", whose, "-keystore", store, "-file", file));
    }

    private static void keytool(List<String> arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(arguments);
        command.addAll(List.of("-storepass", SECRET, "-storetype", "PKCS12"));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
    }
}
