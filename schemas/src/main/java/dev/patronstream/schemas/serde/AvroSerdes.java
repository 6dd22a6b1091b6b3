package dev.patronstream.schemas.serde;

import dev.patronstream.schemas.TrustedRecords;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Serdes of the contract records, all over one registry client.
 *
 * <p>Takes Confluent's configuration keys ({@code schema.registry.url}, {@code basic.auth.*}, {@code
 * auto.register.schemas}, {@code use.latest.version}, ...). The keys {@value #SERIALIZER} and {@value #DESERIALIZER}
 * swap our classes for others with the same wire format, such as Confluent's own. Thread-safe.
 */
public final class AvroSerdes {

    static {
        TrustedRecords.declare();
    }

    /** Class name of another serializer, for example {@code io.confluent.kafka.serializers.KafkaAvroSerializer}. */
    public static final String SERIALIZER = "avro.serializer";

    /** Class name of another deserializer, for example {@code io.confluent.kafka.serializers.KafkaAvroDeserializer}. */
    public static final String DESERIALIZER = "avro.deserializer";

    /** What every contract promises: fields are only ever added, with defaults. */
    public static final String COMPATIBILITY = "FULL_TRANSITIVE";

    private final Map<String, Object> configuration;
    private final RegistryClient registry;

    /** Makes serdes of a configuration; connects to nothing yet. */
    public AvroSerdes(Map<String, ?> configuration) {
        this.configuration = Map.copyOf(configuration);
        this.registry = new RegistryClient(configuration);
    }

    /** Returns the registry client that the serdes share. */
    public RegistryClient registry() {
        return registry;
    }

    /** Returns a serde of one record type, for values. */
    public <T extends SpecificRecord> Serde<T> serde(Class<T> type) {
        return Serdes.serdeFrom(serializer(type), deserializer(type));
    }

    /** Returns a serializer of one record type, for values. */
    public <T extends SpecificRecord> Serializer<T> serializer(Class<T> type) {
        if (!configuration.containsKey(SERIALIZER)) {
            return new AvroSerializer<>(registry);
        }
        Serializer<Object> other = instance(SERIALIZER, Serializer.class);
        other.configure(forOthers(), false);
        return (topic, value) -> other.serialize(topic, value);
    }

    /** Returns a deserializer of one record type, for values. */
    public <T extends SpecificRecord> Deserializer<T> deserializer(Class<T> type) {
        if (!configuration.containsKey(DESERIALIZER)) {
            return new AvroDeserializer<>(registry, type);
        }
        Deserializer<Object> other = instance(DESERIALIZER, Deserializer.class);
        other.configure(forOthers(), false);
        return (topic, bytes) -> type.cast(other.deserialize(topic, bytes));
    }

    /**
     * Publishes a topic's contract: its subject promises {@value #COMPATIBILITY}, and the schema is registered. With
     * {@code auto.register.schemas=false} nothing is changed; the schema must be there.
     *
     * @throws RegistryException if the registry does not answer, or the schema breaks the promise
     */
    public <T extends SpecificRecord> void publish(String topic, Class<T> type) {
        SerdeSettings settings = registry.settings();
        Schema contract = settings.contract(SpecificData.get().getSchema(type));
        String subject = settings.valueSubject().subject(topic, false, contract);
        if (settings.useLatestVersion()) {
            return;
        }
        if (!settings.autoRegister()) {
            registry.idOf(subject, contract);
            return;
        }
        if (!registry.compatibility(subject).equals(Optional.of(COMPATIBILITY))) {
            registry.setCompatibility(subject, COMPATIBILITY);
        }
        registry.register(subject, contract);
    }

    static <S> S configured(@Nullable S part) {
        if (part == null) {
            throw new IllegalStateException("The serde was used before configure() was called");
        }
        return part;
    }

    private Map<String, Object> forOthers() {
        Map<String, Object> complete = new HashMap<>(configuration);
        complete.put("specific.avro.reader", "true");
        complete.putIfAbsent(
                "avro.remove.java.properties",
                Boolean.toString(registry.settings().removeJavaProperties()));
        return complete;
    }

    @SuppressWarnings("unchecked") // cast() has checked the class; its type parameter is Object, which takes all.
    private <S> S instance(String key, Class<? super S> type) {
        String name = configuration.get(key).toString();
        try {
            Object instance = Class.forName(name, true, Thread.currentThread().getContextClassLoader())
                    .getDeclaredConstructor()
                    .newInstance();
            return (S) type.cast(instance);
        } catch (ReflectiveOperationException | ClassCastException e) {
            throw new ConfigException(
                    key, name, "no usable " + type.getSimpleName() + " of that name on the class path (" + e + ")");
        }
    }
}
