package dev.patronstream.embedded.registry;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;

/**
 * The rules of a schema registry over {@link RegistryState}, made durable by {@link SchemaTopic}: a change is in the
 * topic before anybody can read it.
 *
 * <p>Thread-safe: one writer at a time, holding this object through a whole change; readers wait neither for it nor for
 * Kafka.
 */
final class Registry implements AutoCloseable {

    private final SchemaTopic topic;
    private final CompatibilityLevel defaultLevel;
    private volatile RegistryState state = new RegistryState();

    Registry(SchemaTopic topic, CompatibilityLevel defaultLevel) {
        this.topic = topic;
        this.defaultLevel = defaultLevel;
        load();
    }

    /** What is registered now. */
    RegistryState state() {
        return state;
    }

    /** Registers a schema, unless the subject has it already; returns its id. */
    int register(String subject, String text) {
        return write(() -> {
            Schema schema = parse(text);
            String canonical = schema.toString();
            Optional<SchemaVersion> present = find(subject, canonical);
            if (present.isPresent()) {
                return present.get().id();
            }
            List<String> complaints = complaints(subject, schema);
            if (!complaints.isEmpty()) {
                throw new RegistryException(
                        RegistryException.INCOMPATIBLE,
                        "Schema being registered is incompatible with an earlier schema for subject \"" + subject
                                + "\", details: " + complaints);
            }
            int id = state.id(canonical).orElseGet(() -> freeId(canonical));
            store(new StoredRecord.OfSchema(
                    new SchemaVersion(subject, state.nextVersion(subject), id, canonical, false)));
            return id;
        });
    }

    /**
     * Ids come from the schema. A registry that has lost the end of its topic gives a schema the id again that records
     * name, and gives that id to no other; counting on would.
     */
    private int freeId(String schema) {
        UUID digest = UUID.nameUUIDFromBytes(schema.getBytes(StandardCharsets.UTF_8));
        int id = (int) digest.getLeastSignificantBits() & Integer.MAX_VALUE;
        while (id == 0 || state.schema(id).isPresent()) {
            id = (id + 1) & Integer.MAX_VALUE;
        }
        return id;
    }

    /** Finds the version of a subject that has a schema. */
    SchemaVersion lookUp(String subject, String text) {
        versions(subject);
        return find(subject, parse(text).toString())
                .orElseThrow(() -> new RegistryException(RegistryException.NO_SCHEMA, "Schema not found"));
    }

    private Optional<SchemaVersion> find(String subject, String canonical) {
        return state.versions(subject).stream()
                .filter(version -> version.schema().equals(canonical))
                .findFirst();
    }

    /** Returns the versions of a subject, which must have some. */
    List<SchemaVersion> versions(String subject) {
        List<SchemaVersion> versions = state.versions(subject);
        if (versions.isEmpty()) {
            throw new RegistryException(RegistryException.NO_SUBJECT, "Subject '" + subject + "' not found.");
        }
        return versions;
    }

    private List<String> complaints(String subject, Schema schema) {
        CompatibilityLevel level = state.level(Optional.of(subject)).orElseGet(this::globalLevel);
        List<SchemaVersion> earlier = level.transitive()
                ? state.versions(subject)
                : state.latest(subject).stream().toList();
        List<String> complaints = new ArrayList<>();
        for (SchemaVersion version : earlier) {
            complaints.addAll(Compatibility.complaints(level, schema, parse(version.schema()), version.version()));
        }
        return complaints;
    }

    private static Schema parse(String text) {
        try {
            return new Schema.Parser().parse(text);
        } catch (AvroRuntimeException e) {
            throw new RegistryException(RegistryException.INVALID_SCHEMA, "Invalid schema: " + e.getMessage());
        }
    }

    CompatibilityLevel globalLevel() {
        return state.level(Optional.empty()).orElse(defaultLevel);
    }

    /** Sets a level. An empty subject is the global one. */
    void setLevel(Optional<String> subject, CompatibilityLevel level) {
        write(() -> {
            store(new StoredRecord.OfConfig(subject, Optional.of(level)));
            return level;
        });
    }

    private synchronized <T> T write(Supplier<T> change) {
        try {
            return tryWrite(change);
        } catch (ProducerFencedException | InvalidProducerEpochException otherWriter) {
            // Nothing of ours was written; what the other one wrote has to be known first.
            return tryWrite(change);
        } catch (KafkaException e) {
            throw new RegistryException(
                    RegistryException.STORE_FAILED,
                    "Error in the backend data store: Kafka did not take the change (" + e.getMessage() + ")");
        }
    }

    private <T> T tryWrite(Supplier<T> change) {
        if (!topic.isOpen()) {
            load();
        }
        return change.get();
    }

    private void store(StoredRecord record) {
        topic.append(record);
        state.apply(record);
    }

    private void load() {
        RegistryState fresh = new RegistryState();
        topic.open(fresh::apply);
        state = fresh;
    }

    @Override
    public synchronized void close() {
        topic.close();
    }
}
