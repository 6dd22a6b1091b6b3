package dev.patronstream.schemas.serde;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.patronstream.schemas.CaptureHold;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What the client makes of the answers of a registry that is not ours, or of something that is none. */
class RegistryClientTest {

    private static final Schema SCHEMA = Schema.create(Schema.Type.STRING);

    private record Answer(int status, String body) {}

    private final Map<String, Answer> answers = new HashMap<>();
    private final List<String> calls = new ArrayList<>();
    private HttpServer server;
    private RegistryClient client;

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String call = exchange.getRequestMethod() + " " + exchange.getRequestURI();
            calls.add(call);
            Answer answer = answers.getOrDefault(
                    call, new Answer(404, "{\"error_code\":40403,\"message\":\"Schema not found\"}"));
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        client = new RegistryClient(configuration());
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private Map<String, Object> configuration() {
        return Map.of(
                SerdeSettings.URL, "http://127.0.0.1:" + server.getAddress().getPort());
    }

    @Test
    void aSchemaOfAnotherTypeIsNoAvroSchema() {
        answers.put("GET /schemas/ids/7", new Answer(200, "{\"schemaType\":\"JSON\",\"schema\":\"{}\"}"));

        for (int id : List.of(7, 8, 7, 8)) {
            RegistryException refused = assertThrows(RegistryException.class, () -> client.schema(id));
            assertTrue(refused.isNoAvroSchema(), refused.getMessage());
        }
        assertEquals(List.of("GET /schemas/ids/7", "GET /schemas/ids/8"), calls, "all rows of a topic may name it");
    }

    @Test
    void aReadOnlyRegistryThatHasTheSchemasIsEnough() {
        answers.put("GET /config/t-value", new Answer(200, "{\"compatibilityLevel\":\"FULL_TRANSITIVE\"}"));
        answers.put("POST /subjects/t-value", new Answer(200, "{\"subject\":\"t-value\",\"version\":1,\"id\":5}"));
        String readOnly = "{\"error_code\":42205,\"message\":\"Subject t-value is in read-only mode\"}";
        answers.put("POST /subjects/t-value/versions", new Answer(422, readOnly));
        AvroSerdes serdes = new AvroSerdes(configuration());

        serdes.publish("t", CaptureHold.class);

        assertEquals(List.of("GET /config/t-value", "POST /subjects/t-value"), calls);
        answers.remove("POST /subjects/t-value");
        RegistryException refused = assertThrows(
                RegistryException.class, () -> new AvroSerdes(configuration()).publish("t", CaptureHold.class));
        assertTrue(refused.getMessage().contains("is in read-only mode"), refused.getMessage());
        answers.put("POST /subjects/t-value/versions", new Answer(200, "{\"id\":9}"));
        assertEquals(9, client.register("t-value", SCHEMA));
    }

    /** A proxy that does not know the path: it says nothing of a schema. */
    @Test
    void aPageThatIsNotFoundIsNoRegistrys() {
        answers.put("GET /schemas/ids/7", new Answer(404, "<html>Not Found</html>"));
        RegistryException refused = assertThrows(RegistryException.class, () -> client.schema(7));
        assertTrue(refused.getMessage().contains("is no schema registry"), refused.getMessage());
        assertFalse(refused.isNoAvroSchema());
    }

    /** A proxy, or another service, that takes every call and answers with some JSON. */
    @Test
    void anAnswerWithoutWhatWasAskedForIsNoRegistrys() {
        for (String body : List.of("{}", "[]", "null", "\"fine\"", "", "{\"id\":\"seven\",\"schema\":7}")) {
            for (String call : List.of(
                    "GET /schemas/ids/7",
                    "GET /subjects/s/versions/latest",
                    "GET /config/s",
                    "POST /subjects/s",
                    "POST /subjects/s/versions")) {
                answers.put(call, new Answer(200, body));
            }
            for (Executable asking : List.<Executable>of(
                    () -> client.schema(7),
                    () -> client.latest("s"),
                    () -> client.compatibility("s"),
                    () -> client.idOf("s", SCHEMA),
                    () -> client.register("s", SCHEMA))) {
                RegistryException refused = assertThrows(RegistryException.class, asking, body);
                assertTrue(refused.getMessage().contains("is no schema registry"), refused.getMessage());
                assertFalse(refused.isNoAvroSchema());
                assertFalse(refused.isRetriable());
            }
        }
    }
}
