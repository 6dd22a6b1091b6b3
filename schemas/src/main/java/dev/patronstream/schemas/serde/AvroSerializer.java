package dev.patronstream.schemas.serde;

import dev.patronstream.schemas.TrustedRecords;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericContainer;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes Avro records in Confluent's wire format: a zero byte, the schema's id in four bytes, the record.
 *
 * <p>Configured with Confluent's keys (see {@link SerdeSettings}). {@code null} stays {@code null}: a tombstone.
 * Thread-safe after {@link #configure}.
 *
 * @param <T> type of the values
 * @see <a href="https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/index.html#wire-format">Confluent:
 *     wire format</a>
 */
public final class AvroSerializer<T extends GenericContainer> implements Serializer<T> {

    static {
        TrustedRecords.declare();
    }

    private final Map<String, RegistryClient.Registered> latest = new ConcurrentHashMap<>();
    private @Nullable SerdeSettings settings;
    private @Nullable RegistryClient registry;
    private boolean isKey;

    /** For Kafka, which calls {@link #configure} next. */
    public AvroSerializer() {}

    AvroSerializer(SerdeSettings settings, RegistryClient registry) {
        this.settings = settings;
        this.registry = registry;
    }

    @Override
    public void configure(Map<String, ?> configuration, boolean isKey) {
        this.settings = SerdeSettings.of(configuration);
        this.registry = new RegistryClient(configuration);
        this.isKey = isKey;
    }

    @Override
    public byte @Nullable [] serialize(String topic, @Nullable T value) {
        if (value == null) {
            return null;
        }
        SerdeSettings configured = AvroSerdes.configured(settings);
        RegistryClient client = AvroSerdes.configured(registry);
        Schema own = value.getSchema();
        SubjectNaming naming = isKey ? configured.keySubject() : configured.valueSubject();
        String subject = naming.subject(topic, isKey, own);
        if (configured.useLatestVersion()) {
            RegistryClient.Registered target = latest.computeIfAbsent(subject, name -> client.latest(name)
                    .orElseThrow(() -> new SerializationException("use.latest.version is on, but the subject '" + name
                            + "' has no version; register one first")));
            return WireFormat.of(target.id(), migrated(encode(value), own, target.schema()));
        }
        Schema contract = configured.removeJavaProperties() ? JavaProperties.removed(own) : own;
        int id = configured.autoRegister() ? client.register(subject, contract) : client.idOf(subject, contract);
        return WireFormat.of(id, encode(value));
    }

    private byte[] encode(T value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
        Schema schema = value.getSchema();
        DatumWriter<T> writer = value instanceof SpecificRecord
                ? new SpecificDatumWriter<>(schema, SpecificData.getForClass(value.getClass()))
                : new GenericDatumWriter<>(schema, GenericData.get());
        try {
            writer.write(value, encoder);
        } catch (IOException | RuntimeException e) {
            // The cause is left out: Avro's messages can quote field values.
            throw new SerializationException("A value of type " + schema.getFullName() + " does not fit its schema ("
                    + e.getClass().getSimpleName() + ")");
        }
        return bytes.toByteArray();
    }

    /** Fields are matched by name, not by position: the latest schema may have more of them, in another order. */
    private static byte[] migrated(byte[] record, Schema own, Schema target) {
        if (own.equals(target)) {
            return record;
        }
        try {
            Object value = new GenericDatumReader<>(own, target)
                    .read(null, DecoderFactory.get().binaryDecoder(record, null));
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(record.length + 64);
            BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
            new GenericDatumWriter<>(target).write(value, encoder);
            return bytes.toByteArray();
        } catch (IOException | RuntimeException e) {
            throw new SerializationException(
                    "A value of type " + own.getFullName() + " does not fit the latest schema of its subject ("
                            + e.getClass().getSimpleName() + ")");
        }
    }
}
