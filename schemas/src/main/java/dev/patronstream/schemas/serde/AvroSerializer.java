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

    private static final String LATEST = "the latest schema of its subject";

    /**
     * What is the same for all values of a schema in a topic. Found once: schemas are compared in depth.
     *
     * @param target what is written; the value's own schema, or the subject's latest
     */
    private record Prepared<T>(Class<?> type, Schema own, DatumWriter<T> writer, int id, Schema target) {}

    private final Map<String, RegistryClient.Registered> latest = new ConcurrentHashMap<>();
    private final Map<String, Prepared<T>> prepared = new ConcurrentHashMap<>();
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
    @SuppressWarnings("ReferenceEquality") // To compare schemas in depth is what this saves.
    public byte @Nullable [] serialize(String topic, @Nullable T value) {
        if (value == null) {
            return null;
        }
        Prepared<T> kept = prepared.get(topic);
        if (kept == null || kept.own() != value.getSchema() || kept.type() != value.getClass()) {
            kept = prepare(topic, value);
            prepared.put(topic, kept);
        }
        byte[] record = encoded(kept.writer(), value, kept.own(), "its schema");
        return WireFormat.of(kept.id(), kept.target() == kept.own() ? record : migrated(record, kept));
    }

    private Prepared<T> prepare(String topic, T value) {
        RegistryClient client = AvroSerdes.configured(registry);
        SerdeSettings settings = client.settings();
        Schema own = value.getSchema();
        SubjectNaming naming = isKey ? settings.keySubject() : settings.valueSubject();
        String subject = naming.subject(topic, isKey, own);
        DatumWriter<T> writer = value instanceof SpecificRecord
                ? new SpecificDatumWriter<>(own, SpecificData.getForClass(value.getClass()))
                : new GenericDatumWriter<>(own, GenericData.get());
        if (settings.useLatestVersion()) {
            RegistryClient.Registered newest = latest.computeIfAbsent(subject, name -> client.latest(name)
                    .orElseThrow(() -> new SerializationException("use.latest.version is on, but the subject '" + name
                            + "' has no version; register one first")));
            Schema target = own.equals(newest.schema()) ? own : newest.schema();
            return new Prepared<>(value.getClass(), own, writer, newest.id(), target);
        }
        Schema contract = settings.contract(own);
        int id = settings.autoRegister() ? client.register(subject, contract) : client.idOf(subject, contract);
        return new Prepared<>(value.getClass(), own, writer, id, own);
    }

    /** Fields are matched by name, not by position: the latest schema may have more of them, in another order. */
    private static byte[] migrated(byte[] record, Prepared<?> kept) {
        Object value;
        try {
            value = new GenericDatumReader<>(kept.own(), kept.target())
                    .read(null, DecoderFactory.get().binaryDecoder(record, null));
        } catch (IOException | RuntimeException e) {
            throw unfit(kept.own(), LATEST, e);
        }
        return encoded(new GenericDatumWriter<>(kept.target()), value, kept.own(), LATEST);
    }

    private static <V> byte[] encoded(DatumWriter<V> writer, V value, Schema own, String wanted) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
            writer.write(value, EncoderFactory.get().directBinaryEncoder(bytes, null));
            return bytes.toByteArray();
        } catch (IOException | RuntimeException e) {
            throw unfit(own, wanted, e);
        }
    }

    /** The cause is left out: Avro's messages can quote field values. */
    private static SerializationException unfit(Schema own, String wanted, Exception e) {
        return new SerializationException("A value of type " + own.getFullName() + " does not fit " + wanted + " ("
                + e.getClass().getSimpleName() + ")");
    }
}
