package dev.patronstream.embedded.registry;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** What the records of the schemas topic add up to. Thread-safe; a record is applied as one step. */
final class RegistryState {

    private final NavigableMap<String, NavigableMap<Integer, SchemaVersion>> subjects = new TreeMap<>();
    private final Map<Integer, String> schemas = new HashMap<>();
    private final Map<Optional<String>, CompatibilityLevel> levels = new HashMap<>();

    synchronized void apply(StoredRecord stored) {
        if (stored instanceof StoredRecord.OfSchema schema) {
            put(schema.version());
        } else if (stored instanceof StoredRecord.Erased erased) {
            erase(erased.subject(), erased.version());
        } else if (stored instanceof StoredRecord.SubjectDeleted deleted) {
            versions(deleted.subject()).stream()
                    .filter(version -> version.version() <= deleted.upToVersion())
                    .forEach(version -> put(version.asDeleted()));
        } else if (stored instanceof StoredRecord.OfConfig config) {
            config.level()
                    .ifPresentOrElse(
                            level -> levels.put(config.subject(), level), () -> levels.remove(config.subject()));
        }
    }

    /** Records in other topics name the id, so it goes on belonging to the schema that had it first. */
    private void put(SchemaVersion version) {
        if (!schemas.getOrDefault(version.id(), version.schema()).equals(version.schema())) {
            throw new IllegalArgumentException("its id " + version.id() + " belongs to another schema");
        }
        subjects.computeIfAbsent(version.subject(), s -> new TreeMap<>()).put(version.version(), version);
        schemas.put(version.id(), version.schema());
    }

    private void erase(String subject, int number) {
        SchemaVersion erased = all(subject).remove(number);
        if (erased != null
                && subjects.values().stream()
                        .flatMap(versions -> versions.values().stream())
                        .noneMatch(version -> version.id() == erased.id())) {
            schemas.remove(erased.id());
        }
    }

    private NavigableMap<Integer, SchemaVersion> all(String subject) {
        return subjects.getOrDefault(subject, new TreeMap<>());
    }

    /** The names of the subjects that have versions. */
    synchronized List<String> subjects() {
        return subjects.keySet().stream()
                .filter(subject -> !versions(subject).isEmpty())
                .toList();
    }

    /** The versions of a subject, oldest first, without deleted ones; empty for one that is not known. */
    synchronized List<SchemaVersion> versions(String subject) {
        return all(subject).values().stream()
                .filter(version -> !version.deleted())
                .toList();
    }

    synchronized Optional<SchemaVersion> latest(String subject) {
        return versions(subject).stream().max(Comparator.comparingInt(SchemaVersion::version));
    }

    /** The schema of an id, of a deleted version too. */
    synchronized Optional<String> schema(int id) {
        return Optional.ofNullable(schemas.get(id));
    }

    /** The id of a schema's text, if it has one. */
    synchronized Optional<Integer> id(String schema) {
        return schemas.entrySet().stream()
                .filter(known -> known.getValue().equals(schema))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** The number after the last version, deleted ones too. */
    synchronized int nextVersion(String subject) {
        return all(subject).isEmpty() ? 1 : all(subject).lastKey() + 1;
    }

    /** The level that was set for a subject; an empty one asks for the global level. */
    synchronized Optional<CompatibilityLevel> level(Optional<String> subject) {
        return Optional.ofNullable(levels.get(subject));
    }
}
