package dev.patronstream.embedded.registry;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What the records of the schemas topic add up to. Not thread-safe. */
final class RegistryState {

    private final NavigableMap<String, NavigableMap<Integer, SchemaVersion>> subjects = new TreeMap<>();
    private final Map<Integer, SchemaVersion.Content> contents = new TreeMap<>();
    private final Map<SchemaVersion.Content, Integer> ids = new HashMap<>();
    private final Map<Optional<String>, CompatibilityLevel> levels = new HashMap<>();
    private final Map<Optional<String>, Mode> modes = new HashMap<>();
    private int maxId;

    void apply(StoredRecord stored) {
        if (stored instanceof StoredRecord.OfSchema schema) {
            put(schema.version());
        } else if (stored instanceof StoredRecord.Erased erased) {
            erase(erased.subject(), erased.version());
        } else if (stored instanceof StoredRecord.SubjectDeleted deleted) {
            List.copyOf(versions(deleted.subject(), true)).stream()
                    .filter(version -> version.version() <= deleted.upToVersion())
                    .forEach(version -> put(version.asDeleted()));
        } else if (stored instanceof StoredRecord.OfConfig config) {
            set(levels, config.subject(), config.level());
        } else if (stored instanceof StoredRecord.OfMode mode) {
            set(modes, mode.subject(), mode.mode());
        }
    }

    private static <T> void set(Map<Optional<String>, T> map, Optional<String> subject, Optional<T> value) {
        value.ifPresentOrElse(v -> map.put(subject, v), () -> map.remove(subject));
    }

    /** Records in other topics name the id, so it goes on belonging to the schema that had it first. */
    private void put(SchemaVersion version) {
        if (!contents.getOrDefault(version.id(), version.content()).equals(version.content())) {
            throw new IllegalArgumentException("its id " + version.id() + " belongs to another schema");
        }
        subjects.computeIfAbsent(version.subject(), s -> new TreeMap<>()).put(version.version(), version);
        contents.put(version.id(), version.content());
        ids.put(version.content(), version.id());
        maxId = Math.max(maxId, version.id());
    }

    private void erase(String subject, int number) {
        NavigableMap<Integer, SchemaVersion> versions = subjects.get(subject);
        SchemaVersion erased = versions == null ? null : versions.remove(number);
        if (erased == null) {
            return;
        }
        if (versions.isEmpty()) {
            subjects.remove(subject);
        }
        if (all().noneMatch(version -> version.id() == erased.id())) {
            contents.remove(erased.id());
            ids.remove(erased.content());
        }
    }

    /** Every version, deleted ones too. */
    Stream<SchemaVersion> all() {
        return subjects.values().stream().flatMap(versions -> versions.values().stream());
    }

    /** The versions of a subject, oldest first; empty for one that is not known. */
    Collection<SchemaVersion> versions(String subject, boolean withDeleted) {
        return subjects.getOrDefault(subject, new TreeMap<>()).values().stream()
                .filter(version -> withDeleted || !version.deleted())
                .toList();
    }

    Optional<SchemaVersion> version(String subject, int number) {
        return Optional.ofNullable(
                subjects.getOrDefault(subject, new TreeMap<>()).get(number));
    }

    Optional<SchemaVersion> latest(String subject, boolean withDeleted) {
        return versions(subject, withDeleted).stream().max(Comparator.comparingInt(SchemaVersion::version));
    }

    Optional<SchemaVersion.Content> content(int id) {
        return Optional.ofNullable(contents.get(id));
    }

    Optional<Integer> id(SchemaVersion.Content content) {
        return Optional.ofNullable(ids.get(content));
    }

    int maxId() {
        return maxId;
    }

    int nextVersion(String subject) {
        return latest(subject, true).map(SchemaVersion::version).orElse(0) + 1;
    }

    Optional<CompatibilityLevel> level(Optional<String> subject) {
        return Optional.ofNullable(levels.get(subject));
    }

    Optional<Mode> mode(Optional<String> subject) {
        return Optional.ofNullable(modes.get(subject));
    }

    /** Versions, not deleted ones, that take types from this one. */
    Stream<SchemaVersion> referringTo(String subject, int number) {
        return all().filter(version -> !version.deleted()).filter(version -> version.references().stream()
                .anyMatch(reference -> reference.subject().equals(subject) && reference.version() == number));
    }
}
