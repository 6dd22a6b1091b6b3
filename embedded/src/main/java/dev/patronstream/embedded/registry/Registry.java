package dev.patronstream.embedded.registry;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.avro.Schema;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;

/**
 * The rules of a schema registry over {@link RegistryState}, made durable by {@link SchemaTopic}: a change is in the
 * topic before anybody can read it.
 *
 * <p>Thread-safe: readers side by side, one writer at a time.
 */
final class Registry implements AutoCloseable {

    /** Held by the one writer through a whole change; readers do not wait for Kafka. */
    private final ReentrantLock pen = new ReentrantLock();

    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final SchemaTopic topic;
    private final CompatibilityLevel defaultLevel;
    private RegistryState state = new RegistryState();

    Registry(SchemaTopic topic, CompatibilityLevel defaultLevel) {
        this.topic = topic;
        this.defaultLevel = defaultLevel;
        load();
    }

    /** A schema as a client sends it. */
    record Submitted(String schema, List<SchemaReference> references, Optional<Integer> id, Optional<Integer> version) {

        Submitted {
            references = List.copyOf(references);
        }
    }

    private record Parsed(Schema schema, SchemaVersion.Content content) {}

    /** Answers a question about the present state. */
    <T> T read(Function<RegistryState, T> question) {
        lock.readLock().lock();
        try {
            return question.apply(state);
        } finally {
            lock.readLock().unlock();
        }
    }

    int register(String subject, Submitted submitted, boolean normalize) {
        return write(() -> {
            Mode mode = mode(subject);
            requireWritable(subject, mode);
            Parsed parsed = parse(submitted, normalize);
            Optional<SchemaVersion> present = state.versions(subject, false).stream()
                    .filter(version -> version.content().equals(parsed.content()))
                    .findFirst();
            if (present.isPresent()) {
                return present.get().id();
            }
            if (submitted.id().isPresent() && mode != Mode.IMPORT) {
                throw RegistryException.operationNotPermitted("Subject " + subject + " is not in import mode");
            }
            List<String> complaints = mode == Mode.IMPORT ? List.of() : complaints(subject, parsed.schema());
            if (!complaints.isEmpty()) {
                throw RegistryException.incompatible("Schema being registered is incompatible with an earlier schema"
                        + " for subject \"" + subject + "\", details: " + complaints);
            }
            SchemaVersion version = new SchemaVersion(
                    subject,
                    submitted.version().orElseGet(() -> state.nextVersion(subject)),
                    idFor(parsed.content(), submitted.id()),
                    parsed.content().schema(),
                    parsed.content().references(),
                    false);
            store(List.of(new StoredRecord.OfSchema(version)));
            return version.id();
        });
    }

    private int idFor(SchemaVersion.Content content, Optional<Integer> wanted) {
        if (wanted.isPresent()) {
            int id = wanted.get();
            state.content(id).filter(other -> !other.equals(content)).ifPresent(other -> {
                throw RegistryException.idTaken(id);
            });
            return id;
        }
        return state.id(content).orElseGet(() -> freeId(content));
    }

    /**
     * Ids come from the content. A registry that has lost the end of its topic gives a schema the id again that records
     * name, and gives that id to no other; counting on would.
     */
    private int freeId(SchemaVersion.Content content) {
        UUID digest = UUID.nameUUIDFromBytes(content.toString().getBytes(StandardCharsets.UTF_8));
        int id = (int) digest.getLeastSignificantBits() & Integer.MAX_VALUE;
        while (id == 0 || state.content(id).isPresent()) {
            id = (id + 1) & Integer.MAX_VALUE;
        }
        return id;
    }

    SchemaVersion lookUp(String subject, Submitted submitted, boolean normalize, boolean withDeleted) {
        return read(now -> {
            requireSubject(subject, withDeleted);
            SchemaVersion.Content content = parse(submitted, normalize).content();
            return now.versions(subject, withDeleted).stream()
                    .filter(version -> version.content().equals(content))
                    .reduce((older, newer) -> newer)
                    .orElseThrow(RegistryException::schemaNotFound);
        });
    }

    /** What is wrong with a schema beside one version, or beside those the subject's level asks for. */
    List<String> test(String subject, Submitted submitted, boolean normalize, Optional<VersionSelector> selector) {
        return read(now -> {
            Schema schema = parse(submitted, normalize).schema();
            if (selector.isEmpty()) {
                return complaints(subject, schema);
            }
            Optional<SchemaVersion> version = selector.get().find(now, subject, false);
            if (version.isEmpty() && !selector.get().isLatest()) {
                throw RegistryException.versionNotFound(selector.get().number());
            }
            return version.map(v -> complaints(level(subject), schema, List.of(v)))
                    .orElse(List.of());
        });
    }

    private List<String> complaints(String subject, Schema schema) {
        CompatibilityLevel level = level(subject);
        Collection<SchemaVersion> earlier = level.transitive()
                ? state.versions(subject, false)
                : state.latest(subject, false).stream().toList();
        return complaints(level, schema, earlier);
    }

    private List<String> complaints(CompatibilityLevel level, Schema schema, Collection<SchemaVersion> earlier) {
        List<String> complaints = new ArrayList<>();
        for (SchemaVersion version : earlier) {
            Schema old = AvroText.parse(version.schema(), referenced(version.references()));
            complaints.addAll(Compatibility.complaints(level, schema, old, version.version()));
        }
        return complaints;
    }

    int deleteVersion(String subject, VersionSelector selector, boolean permanent) {
        return write(() -> {
            requireWritable(subject, mode(subject));
            requireSubject(subject, true);
            SchemaVersion version = selector.find(state, subject, permanent)
                    .or(() -> selector.isLatest() ? Optional.empty() : state.version(subject, selector.number()))
                    .orElseThrow(() -> RegistryException.versionNotFound(selector.number()));
            requireUnreferenced(version);
            if (permanent && !version.deleted()) {
                throw RegistryException.versionNotSoftDeleted(subject, version.version());
            }
            if (!permanent && version.deleted()) {
                throw RegistryException.versionSoftDeleted(subject, version.version());
            }
            store(List.of(deletion(version, permanent)));
            return version.version();
        });
    }

    List<Integer> deleteSubject(String subject, boolean permanent) {
        return write(() -> {
            requireWritable(subject, mode(subject));
            requireSubject(subject, true);
            Collection<SchemaVersion> live = state.versions(subject, false);
            if (permanent && !live.isEmpty()) {
                throw RegistryException.subjectNotSoftDeleted(subject);
            }
            if (!permanent && live.isEmpty()) {
                throw RegistryException.subjectSoftDeleted(subject);
            }
            Collection<SchemaVersion> doomed = permanent ? state.versions(subject, true) : live;
            doomed.forEach(this::requireUnreferenced);
            List<StoredRecord> records = new ArrayList<>();
            doomed.forEach(version -> records.add(deletion(version, permanent)));
            Optional<String> key = Optional.of(subject);
            state.level(key).ifPresent(level -> records.add(new StoredRecord.OfConfig(key, Optional.empty())));
            state.mode(key).ifPresent(mode -> records.add(new StoredRecord.OfMode(key, Optional.empty())));
            store(records);
            return doomed.stream().map(SchemaVersion::version).toList();
        });
    }

    private static StoredRecord deletion(SchemaVersion version, boolean permanent) {
        return permanent
                ? new StoredRecord.Erased(version.subject(), version.version())
                : new StoredRecord.OfSchema(version.asDeleted());
    }

    CompatibilityLevel globalLevel() {
        return read(now -> now.level(Optional.empty()).orElse(defaultLevel));
    }

    /** The level that holds for a subject: its own or the global one. */
    CompatibilityLevel level(String subject) {
        return read(now -> now.level(Optional.of(subject)).orElseGet(this::globalLevel));
    }

    /** Sets a level; empty takes it back. An empty subject is the global one. */
    void setLevel(Optional<String> subject, Optional<CompatibilityLevel> level) {
        write(() -> {
            store(List.of(new StoredRecord.OfConfig(subject, level)));
            return level;
        });
    }

    Mode globalMode() {
        return read(now -> now.mode(Optional.empty()).orElse(Mode.READWRITE));
    }

    Mode mode(String subject) {
        return read(now -> now.mode(Optional.of(subject)).orElseGet(this::globalMode));
    }

    /** Sets a mode; empty takes it back. An empty subject is the global one. */
    void setMode(Optional<String> subject, Optional<Mode> mode, boolean force) {
        write(() -> {
            boolean occupied = subject.map(s -> !state.versions(s, false).isEmpty())
                    .orElseGet(() -> state.all().anyMatch(version -> !version.deleted()));
            if (mode.equals(Optional.of(Mode.IMPORT)) && occupied && !force) {
                throw RegistryException.operationNotPermitted("Cannot import since found existing subjects");
            }
            store(List.of(new StoredRecord.OfMode(subject, mode)));
            return mode;
        });
    }

    /** Refuses a subject without versions. */
    void requireSubject(String subject, boolean withDeleted) {
        read(now -> {
            if (now.versions(subject, withDeleted).isEmpty()) {
                throw RegistryException.subjectNotFound(subject);
            }
            return subject;
        });
    }

    private static void requireWritable(String subject, Mode mode) {
        if (!mode.writable()) {
            throw RegistryException.operationNotPermitted("Subject " + subject + " is in read-only mode");
        }
    }

    private void requireUnreferenced(SchemaVersion version) {
        state.referringTo(version.subject(), version.version()).findAny().ifPresent(referrer -> {
            throw RegistryException.referenceExists(version.subject(), version.version());
        });
    }

    private Parsed parse(Submitted submitted, boolean normalize) {
        List<String> referencedTexts = referenced(submitted.references());
        Schema schema = AvroText.parse(submitted.schema(), referencedTexts);
        Schema.Parser parser = new Schema.Parser();
        List<Schema> referenced = referencedTexts.stream().map(parser::parse).toList();
        String text = normalize ? AvroText.normalized(schema, referenced) : AvroText.canonical(schema, referenced);
        return new Parsed(schema, new SchemaVersion.Content(text, submitted.references()));
    }

    /** The texts of all schemas reached through references, each before those that need it, none twice. */
    private List<String> referenced(List<SchemaReference> references) {
        Map<SchemaReference, String> texts = new LinkedHashMap<>();
        collect(references, texts);
        return texts.values().stream().distinct().toList();
    }

    private void collect(List<SchemaReference> references, Map<SchemaReference, String> texts) {
        for (SchemaReference reference : references) {
            SchemaVersion version = state.version(reference.subject(), reference.version())
                    .orElseThrow(() -> RegistryException.invalidSchema("No schema reference found for subject \""
                            + reference.subject() + "\" and version " + reference.version()));
            collect(version.references(), texts);
            texts.put(reference, version.schema());
        }
    }

    private <T> T write(Supplier<T> change) {
        pen.lock();
        try {
            return tryWrite(change);
        } catch (ProducerFencedException | InvalidProducerEpochException otherWriter) {
            // Nothing of ours was written; what the other one wrote has to be known first.
            return tryWrite(change);
        } catch (KafkaException e) {
            throw RegistryException.storeFailed(
                    "Error in the backend data store: Kafka did not take the change (" + e.getMessage() + ")");
        } finally {
            pen.unlock();
        }
    }

    private <T> T tryWrite(Supplier<T> change) {
        if (!topic.isOpen()) {
            load();
        }
        return change.get();
    }

    private void store(List<StoredRecord> records) {
        topic.append(records);
        replaceState(() -> {
            records.forEach(state::apply);
            return state;
        });
    }

    private void load() {
        RegistryState fresh = new RegistryState();
        topic.open(fresh::apply);
        replaceState(() -> fresh);
    }

    private void replaceState(Supplier<RegistryState> next) {
        lock.writeLock().lock();
        try {
            state = next.get();
        } finally {
            lock.writeLock().unlock();
        }
    }

    @Override
    public void close() {
        pen.lock();
        try {
            topic.close();
        } finally {
            pen.unlock();
        }
    }
}
