package dev.patronstream.schemas.serde;

import dev.patronstream.schemas.TrustedRecords;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericContainer;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads Avro records in Confluent's wire format, whichever registered schema they were written with.
 *
 * <p>Configured with Confluent's keys (see {@link SerdeSettings}): {@code specific.avro.reader=true} reads into
 * generated classes, else into generic records. {@code null} stays {@code null}: a tombstone. Thread-safe after
 * {@link #configure}.
 *
 * @param <T> type of the values
 */
public final class AvroDeserializer<T extends GenericContainer> implements Deserializer<T> {

    static {
        TrustedRecords.declare();
    }

    private final Map<Integer, DatumReader<T>> readers = new ConcurrentHashMap<>();
    private final Optional<Class<T>> type;
    private @Nullable RegistryClient registry;

    /** For Kafka, which calls {@link #configure} next. */
    public AvroDeserializer() {
        this.type = Optional.empty();
    }

    AvroDeserializer(RegistryClient registry, Class<T> type) {
        this.registry = registry;
        this.type = Optional.of(type);
    }

    @Override
    public void configure(Map<String, ?> configuration, boolean isKey) {
        this.registry = new RegistryClient(configuration);
    }

    @Override
    public @Nullable T deserialize(String topic, byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        int id = WireFormat.schemaId(bytes)
                .orElseThrow(() -> new SerializationException("A value in topic " + topic
                        + " is not in Confluent's wire format (a zero byte, then the schema's id)"));
        DatumReader<T> reader = readers.computeIfAbsent(id, this::reader);
        BinaryDecoder decoder = WireFormat.record(bytes);
        try {
            T value = reader.read(null, decoder);
            if (!decoder.isEnd()) {
                throw new AvroRuntimeException("There are bytes left");
            }
            return value;
        } catch (IOException | AvroRuntimeException | IndexOutOfBoundsException e) {
            // The cause is left out: Avro's messages can quote field values.
            throw new SerializationException("A value in topic " + topic + " cannot be read with the schema of id " + id
                    + " that it names (" + e.getClass().getSimpleName() + ")");
        }
    }

    private DatumReader<T> reader(int id) {
        RegistryClient client = AvroSerdes.configured(registry);
        Schema written = client.schema(id);
        if (type.isEmpty() && !client.settings().specificReader()) {
            return new GenericDatumReader<>(written, written, GenericData.get());
        }
        Class<?> wanted = type.isPresent() ? type.get() : SpecificData.get().getClass(written);
        if (wanted == null) {
            throw new SerializationException("specific.avro.reader is on, but there is no class "
                    + written.getFullName() + " to read the schema of id " + id + " into");
        }
        return new SpecificDatumReader<>(
                written, SpecificData.get().getSchema(wanted), SpecificData.getForClass(wanted));
    }
}
