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
    private @Nullable RegistryClient registry;
    private boolean isKey;

    /** For Kafka, which calls {@link #configure} next. */
    public AvroSerializer() {}

    AvroSerializer(RegistryClient registry) {
        this.registry = registry;
    }

    @Override
    public void configure(Map<String, ?> configuration, boolean isKey) {
        this.registry = new RegistryClient(configuration);
        this.isKey = isKey;
    }

    @Override
    public byte @Nullable [] serialize(String topic, @Nullable T value) {
        if (value == null) {
            return null;
        }
        RegistryClient client = AvroSerdes.configured(registry);
        SerdeSettings settings = client.settings();
        Schema own = value.getSchema();
        SubjectNaming naming = isKey ? settings.keySubject() : settings.valueSubject();
        String subject = naming.subject(topic, isKey, own);
        if (settings.useLatestVersion()) {
            RegistryClient.Registered target = latest.computeIfAbsent(subject, name -> client.latest(name)
                    .orElseThrow(() -> new SerializationException("use.latest.version is on, but the subject '" + name
                            + "' has no version; register one first")));
            return WireFormat.of(target.id(), migrated(encode(value), own, target.schema()));
        }
        Schema contract = settings.contract(own);
        int id = settings.autoRegister() ? client.register(subject, contract) : client.idOf(subject, contract);
        return WireFormat.of(id, encode(value));
    }

    private byte[] encode(T value) {
        Schema schema = value.getSchema();
        DatumWriter<T> writer = value instanceof SpecificRecord
                ? new SpecificDatumWriter<>(schema, SpecificData.getForClass(value.getClass()))
                : new GenericDatumWriter<>(schema, GenericData.get());
        try {
            return encoded(writer, value);
        } catch (IOException | RuntimeException e) {
            // The cause is left out: Avro's messages can quote field values.
            throw new SerializationException("A value of type " + schema.getFullName() + " does not fit its schema ("
                    + e.getClass().getSimpleName() + ")");
        }
    }

    private static <V> byte[] encoded(DatumWriter<V> writer, V value) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        writer.write(value, EncoderFactory.get().directBinaryEncoder(bytes, null));
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
            return encoded(new GenericDatumWriter<>(target), value);
        } catch (IOException | RuntimeException e) {
            throw new SerializationException(
                    "A value of type " + own.getFullName() + " does not fit the latest schema of its subject ("
                            + e.getClass().getSimpleName() + ")");
        }
    }
}
