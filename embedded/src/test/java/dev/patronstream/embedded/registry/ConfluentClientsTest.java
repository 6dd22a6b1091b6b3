package dev.patronstream.embedded.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.patronstream.embedded.kafka.EmbeddedKafka;
import dev.patronstream.schemas.Phase;
import dev.patronstream.schemas.School;
import dev.patronstream.schemas.Source;
import dev.patronstream.schemas.serde.AvroSerdes;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Confluent's own classes (7.9.5) read and write what we write and read, through our registry. */
class ConfluentClientsTest {

    private static final String SERIALIZER = "io.confluent.kafka.serializers.KafkaAvroSerializer";
    private static final String DESERIALIZER = "io.confluent.kafka.serializers.KafkaAvroDeserializer";
    private static final String CLIENT = "io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient";
    private static final String AVRO_SCHEMA = "io.confluent.kafka.schemaregistry.avro.AvroSchema";

    private static final String V1 = person("{\"name\":\"a\",\"type\":\"int\"}");
    private static final String COMPATIBLE =
            person("{\"name\":\"a\",\"type\":\"int\"},{\"name\":\"b\",\"type\":\"int\",\"default\":0}");
    private static final String INCOMPATIBLE =
            person("{\"name\":\"a\",\"type\":\"int\"},{\"name\":\"c\",\"type\":\"int\"}");

    @TempDir
    static Path directory;

    private static EmbeddedKafka kafka;
    private static EmbeddedRegistry registry;
    private static ConfluentClasses confluent;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.start(directory, 0);
        registry = EmbeddedRegistry.start(kafka.bootstrapServers(), 0);
        confluent = new ConfluentClasses();
    }

    @AfterAll
    static void stop() {
        confluent.close();
        registry.close();
        kafka.close();
    }

    private static String person(String fields) {
        return "{\"type\":\"record\",\"name\":\"Person\",\"namespace\":\"test\",\"fields\":[" + fields + "]}";
    }

    @Test
    void whatTheirSerializerWritesOurDeserializerReads() throws Exception {
        Object serializer = confluent.make(SERIALIZER);
        confluent.call(serializer, "configure", settings(), false);

        byte[] bytes = (byte[]) confluent.call(serializer, "serialize", "theirs.schools", theirRecordOf(school()));

        School read = ours().deserializer(School.class).deserialize("theirs.schools", bytes);
        assertEquals(school().toString(), read.toString());
    }

    @Test
    void whatOurSerializerWritesTheirDeserializerReads() throws Exception {
        byte[] bytes = ours().serializer(School.class).serialize("ours.schools", school());

        Object deserializer = confluent.make(DESERIALIZER);
        confluent.call(deserializer, "configure", settings(), false);
        Object read = confluent.call(deserializer, "deserialize", "ours.schools", bytes);

        assertEquals(theirRecordOf(school()).toString(), read.toString());
    }

    @Test
    void bothUseTheSameIdForTheSameContract() throws Exception {
        byte[] byOurs = ours().serializer(School.class).serialize("both.schools", school());
        Object serializer = confluent.make(SERIALIZER);
        confluent.call(serializer, "configure", settings(), false);
        byte[] byTheirs = (byte[]) confluent.call(serializer, "serialize", "both.schools", theirRecordOf(school()));

        assertEquals(
                List.of(byOurs[1], byOurs[2], byOurs[3], byOurs[4]),
                List.of(byTheirs[1], byTheirs[2], byTheirs[3], byTheirs[4]));
    }

    @Test
    void theirClientRegistersLooksUpAndEvolves() throws Exception {
        Object client = client();
        int id = (Integer) confluent.call(client, "register", "evolving-value", schema(V1));

        Object other = client();
        assertEquals(id, confluent.call(other, "getId", "evolving-value", schema(V1)));
        assertEquals(schema(V1), confluent.call(other, "getSchemaById", id));
        assertEquals(1, confluent.call(other, "getVersion", "evolving-value", schema(V1)));
        assertEquals(List.of(1), confluent.call(other, "getAllVersions", "evolving-value"));
        assertEquals(true, ((List<?>) confluent.call(other, "getAllSubjects")).contains("evolving-value"));

        confluent.call(client, "register", "evolving-value", schema(COMPATIBLE));
        Object latest = confluent.call(client, "getLatestSchemaMetadata", "evolving-value");
        assertEquals(2, confluent.call(latest, "getVersion"));
        assertEquals(COMPATIBLE, confluent.call(latest, "getSchema"));

        assertEquals(
                List.of(409, 409),
                refusal(() -> confluent.call(client, "register", "evolving-value", schema(INCOMPATIBLE))));
    }

    @Test
    void theirClientSetsLevels() throws Exception {
        Object client = client();
        assertEquals("NONE", confluent.call(client, "updateCompatibility", "free-value", "NONE"));
        assertEquals("NONE", confluent.call(client, "getCompatibility", "free-value"));
        confluent.call(client, "register", "free-value", schema(V1));
        confluent.call(client, "register", "free-value", schema(INCOMPATIBLE));
        assertEquals(List.of(1, 2), confluent.call(client(), "getAllVersions", "free-value"));
        assertEquals(
                List.of(404, 40401),
                refusal(() -> confluent.call(client(), "getLatestSchemaMetadata", "unknown-value")));
    }

    private interface Call {
        Object run() throws Exception;
    }

    /** Status and error code of their RestClientException. */
    private static List<Object> refusal(Call call) throws Exception {
        Exception refused = assertThrows(Exception.class, call::run);
        assertEquals("RestClientException", refused.getClass().getSimpleName(), refused.toString());
        Method status = refused.getClass().getMethod("getStatus");
        Method code = refused.getClass().getMethod("getErrorCode");
        return List.of(status.invoke(refused), code.invoke(refused));
    }

    private static Object client() throws Exception {
        return confluent.make(CLIENT, registry.url(), 100);
    }

    private static Object schema(String text) throws Exception {
        return confluent.make(AVRO_SCHEMA, text);
    }

    private static Map<String, Object> settings() {
        return Map.of("schema.registry.url", registry.url());
    }

    private static AvroSerdes ours() {
        return new AvroSerdes(settings());
    }

    private static School school() {
        return School.newBuilder()
                .setCode(10)
                .setName("Łódź \"Eagle\" High, Peña")
                .setHighGrade(12)
                .setExtra(Map.of("U1", "x"))
                .setSource(Source.newBuilder()
                        .setIncarnation("i")
                        .setCommitLsn("0000002A:000001F0:0003")
                        .setChangeLsn("0000002A:000001F0:0002")
                        .setCommittedAt(Instant.parse("2026-11-24T10:00:00.123Z"))
                        .setPhase(Phase.STREAM)
                        .build())
                .build();
    }

    /** The same record as an object of their Avro, by way of the bytes. */
    private static Object theirRecordOf(School school) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        new SpecificDatumWriter<>(School.class).write(school, encoder);
        encoder.flush();
        // Without the hints for Java's string classes, as our serializer registers it.
        String text = School.getClassSchema().toString().replace(",\"avro.java.string\":\"String\"", "");
        Object parser = confluent.make("org.apache.avro.Schema$Parser");
        Object schema = confluent.call(parser, "parse", text.replaceAll("\\{\"type\":\"string\"}", "\"string\""));
        Object factory = confluent.callStatic("org.apache.avro.io.DecoderFactory", "get");
        Object decoder = confluent.call(factory, "binaryDecoder", bytes.toByteArray(), null);
        Object reader = confluent.make("org.apache.avro.generic.GenericDatumReader", schema);
        return confluent.call(reader, "read", null, decoder);
    }
}
