package dev.patronstream.embedded.registry;

import static dev.patronstream.embedded.registry.RestClient.JSON;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patronstream.embedded.kafka.EmbeddedKafka;
import dev.patronstream.embedded.registry.RestClient.Answer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every test uses subjects of its own on one registry. */
class EmbeddedRegistryTest {

    private static final String NAME_ONLY = person("{\"name\":\"lastName\",\"type\":\"string\"}");
    private static final String WITH_DEFAULT = person("{\"name\":\"lastName\",\"type\":\"string\"},"
            + "{\"name\":\"grade\",\"type\":[\"null\",\"int\"],\"default\":null}");
    private static final String WITHOUT_DEFAULT =
            person("{\"name\":\"lastName\",\"type\":\"string\"},{\"name\":\"grade\",\"type\":\"int\"}");

    @TempDir
    static Path directory;

    private static EmbeddedKafka kafka;
    private static EmbeddedRegistry registry;
    private static RestClient rest;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.start(directory, 0);
        registry = EmbeddedRegistry.start(kafka.bootstrapServers(), 0);
        rest = new RestClient(registry.url());
    }

    @AfterAll
    static void stop() {
        registry.close();
        kafka.close();
    }

    private static String person(String fields) {
        return "{\"type\":\"record\",\"name\":\"Person\",\"namespace\":\"test\",\"fields\":[" + fields + "]}";
    }

    @Test
    void registeredSchemaIsFoundByIdVersionTextAndSubject() throws Exception {
        int id = rest.register("found-value", NAME_ONLY);

        assertEquals(id, rest.register("found-value", NAME_ONLY), "the same schema again");
        assertEquals(NAME_ONLY, rest.schema(id));
        JsonNode latest = rest.get("/subjects/found-value/versions/latest").json();
        assertEquals("found-value", latest.get("subject").asText());
        assertEquals(1, latest.get("version").asInt());
        assertEquals(id, latest.get("id").asInt());
        assertEquals(NAME_ONLY, latest.get("schema").asText());
        assertEquals(latest, rest.postSchema("/subjects/found-value", NAME_ONLY).json());
        assertEquals(latest, rest.get("/subjects/found-value/versions/1").json());
        assertEquals("[1]", rest.get("/subjects/found-value/versions").text());
        assertTrue(rest.get("/subjects").text().contains("\"found-value\""));
        assertEquals("[\"AVRO\"]", rest.get("/schemas/types").text());
    }

    @Test
    void sameSchemaHasTheSameIdInEverySubjectAndOtherSchemasHaveOthers() throws Exception {
        int id = rest.register("same-a", NAME_ONLY);
        assertEquals(id, rest.register("same-b", NAME_ONLY));
        assertNotEquals(id, rest.register("same-b", WITH_DEFAULT));
    }

    @Test
    void subjectsMayHoldAnyCharacter() throws Exception {
        String encoded = "eagle%2Faeries%2Bstu%20%C3%A9-value";
        String decoded = "eagle/aeries+stu é-value";
        String accented = person("{\"name\":\"a\",\"type\":\"int\",\"doc\":\"né à Łódź\"}");
        rest.register(encoded, accented);
        JsonNode registered = rest.get("/subjects/" + encoded + "/versions/1").json();
        assertEquals(decoded, registered.get("subject").asText());
        assertTrue(rest.get("/subjects").text().contains("\"" + decoded + "\""));
        assertEquals(accented, registered.get("schema").asText());
    }

    @ParameterizedTest
    @CsvSource({
        // level, add a field with a default, add one without, remove one with a default, remove one without
        "NONE,true,true,true,true",
        "BACKWARD,true,false,true,true",
        "FORWARD,true,true,true,false",
        "FULL,true,false,true,false",
        "BACKWARD_TRANSITIVE,true,false,true,true",
        "FORWARD_TRANSITIVE,true,true,true,false",
        "FULL_TRANSITIVE,true,false,true,false",
    })
    void levelDecidesWhichEvolutionIsAllowed(
            String level, boolean addWith, boolean addWithout, boolean removeWith, boolean removeWithout)
            throws Exception {
        assertEvolution(level + "-add-with", level, NAME_ONLY, WITH_DEFAULT, addWith);
        assertEvolution(level + "-add-without", level, NAME_ONLY, WITHOUT_DEFAULT, addWithout);
        assertEvolution(level + "-remove-with", level, WITH_DEFAULT, NAME_ONLY, removeWith);
        assertEvolution(level + "-remove-without", level, WITHOUT_DEFAULT, NAME_ONLY, removeWithout);
    }

    private static void assertEvolution(String subject, String level, String before, String after, boolean allowed)
            throws Exception {
        rest.put("/config/" + subject, "compatibility", level);
        rest.register(subject, before);
        Answer registered = rest.postSchema("/subjects/" + subject + "/versions", after);
        assertEquals(allowed ? 200 : 409, registered.status(), subject);
    }

    @ParameterizedTest
    @CsvSource({"BACKWARD,200", "BACKWARD_TRANSITIVE,409"})
    void transitiveLevelsLookBackBeyondTheLastVersion(String level, int status) throws Exception {
        String subject = "deep-" + level;
        rest.put("/config/" + subject, "compatibility", level);
        rest.register(subject, person("{\"name\":\"a\",\"type\":\"int\"}"));
        rest.register(subject, person("{\"name\":\"b\",\"type\":\"int\",\"default\":0}"));
        String third = person("{\"name\":\"b\",\"type\":\"int\"}");

        assertEquals(
                status,
                rest.postSchema("/subjects/" + subject + "/versions", third).status());
    }

    @Test
    void incompatibleSchemaIsRefusedWithTheReasonsAndNothingChanges() throws Exception {
        rest.register("refused-value", NAME_ONLY);
        Answer refused = rest.postSchema("/subjects/refused-value/versions", WITHOUT_DEFAULT);
        assertEquals(409, refused.status());
        assertEquals(409, refused.errorCode());
        assertTrue(refused.text().contains("READER_FIELD_MISSING_DEFAULT_VALUE"), refused.text());
        assertTrue(refused.text().contains("oldSchemaVersion: 1"), refused.text());
        assertEquals("[1]", rest.get("/subjects/refused-value/versions").text());
    }

    @Test
    void errorsCarryConfluentsCodes() throws Exception {
        rest.register("codes-value", NAME_ONLY);
        String versions = "/subjects/codes-value/versions";
        assertEquals(40401, rest.get("/subjects/none/versions").errorCode());
        assertEquals(40401, rest.postSchema("/subjects/none", NAME_ONLY).errorCode());
        assertEquals(40402, rest.get(versions + "/7").errorCode());
        assertEquals(40403, rest.get("/schemas/ids/4711").errorCode());
        assertEquals(404, rest.get("/schemas/ids/4711").status());
        assertEquals(40403, rest.get("/schemas/ids/0").errorCode());
        assertEquals(40403, rest.get("/schemas/ids/-5").errorCode());
        assertEquals(
                40403, rest.postSchema("/subjects/codes-value", WITH_DEFAULT).errorCode());
        assertEquals(40408, rest.get("/config/codes-value").errorCode());
        assertEquals(42201, rest.postSchema(versions, "{\"type\":\"nothing\"}").errorCode());
        assertEquals(422, rest.postSchema(versions, "not json").status());
        assertEquals(400, rest.get("/schemas/ids/4711471147").errorCode());
        assertEquals(42202, rest.get(versions + "/first").errorCode());
        assertEquals(42202, rest.get(versions + "/0").errorCode());
        assertEquals(42203, rest.put("/config", "compatibility", "SOMETIMES").errorCode());
        assertEquals(404, rest.get("/nowhere").errorCode());
    }

    /** Overlooked, it would be taken for done. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"schemaType\":\"JSON\"}",
                "{\"references\":[{\"name\":\"test.Status\",\"subject\":\"status-value\",\"version\":1}]}",
                "{\"metadata\":{\"properties\":{}}}",
                "{\"ruleSet\":{\"domainRules\":[]}}",
                "{\"id\":9000}",
                "{\"version\":4}"
            })
    void whatIsNotSupportedIsRefused(String further) throws Exception {
        ObjectNode body = (ObjectNode) JSON.readTree(further);
        Answer refused = rest.post("/subjects/plain-value/versions", body.put("schema", NAME_ONLY));
        assertEquals(42201, refused.errorCode());
        assertTrue(refused.text().contains("not supported"), refused.text());
        assertEquals(40401, rest.get("/subjects/plain-value/versions").errorCode());
    }

    @Test
    void whatAClientWritesOutWithoutAskingForItIsTaken() throws Exception {
        String usual = "{\"schemaType\":\"AVRO\",\"references\":[],\"metadata\":null,\"id\":-1,\"version\":0}";
        ObjectNode body = (ObjectNode) JSON.readTree(usual);
        Answer taken = rest.post("/subjects/usual-value/versions?normalize=true", body.put("schema", NAME_ONLY));
        assertEquals(200, taken.status(), taken.text());
    }

    @Test
    void configurationFallsBackToTheGlobalLevel() throws Exception {
        assertEquals(
                "{\"compatibilityLevel\":\"BACKWARD\"}", rest.get("/config").text());
        rest.put("/config/own-value", "compatibility", "full_transitive");
        String full = "{\"compatibilityLevel\":\"FULL_TRANSITIVE\"}";
        assertEquals(full, rest.get("/config/own-value").text());
        assertEquals(
                "{\"compatibilityLevel\":\"BACKWARD\"}",
                rest.get("/config/other-value?defaultToGlobal=true").text());
    }

    @Test
    void secondRegistryTakesThePenAndTheFirstCatchesUpBeforeItWritesAgain() throws Exception {
        rest.register("pen-a", person("{\"name\":\"pen_a\",\"type\":\"int\"}"));
        try (EmbeddedRegistry other =
                EmbeddedRegistry.start(kafka.bootstrapServers(), 0, "FULL_TRANSITIVE", Map.of())) {
            RestClient restOfOther = new RestClient(other.url());
            assertTrue(restOfOther.get("/config").text().contains("FULL_TRANSITIVE"));
            int byOther = restOfOther.register("pen-b", person("{\"name\":\"pen_b\",\"type\":\"int\"}"));

            int byFirst = rest.register("pen-c", person("{\"name\":\"pen_c\",\"type\":\"int\"}"));

            assertNotEquals(byOther, byFirst, "one id never means two schemas");
            assertEquals(200, rest.get("/subjects/pen-b/versions/1").status());
        }
    }
}
