package dev.patronstream.cli.audit;

import dev.patronstream.cli.audit.Difference.Kind;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.schemas.topic.EpochContent;
import dev.patronstream.schemas.topic.RecordForm;
import dev.patronstream.schemas.topic.TopicRecord;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/** Holds topics, one after the other, against what they should hold at the end of an epoch. Not thread-safe. */
final class TopicComparisons {

    private static final List<String> UNREADABLE = List.of("(cannot be read)");

    private final CommittedTopics reader;
    private final AvroSerdes serdes;
    private final long epoch;
    private final InstantSource clock;
    private final List<AuditReport.Topic> topics = new ArrayList<>();
    private final List<Difference> differences = new ArrayList<>();

    TopicComparisons(CommittedTopics reader, AvroSerdes serdes, long epoch, InstantSource clock) {
        this.reader = reader;
        this.serdes = serdes;
        this.epoch = epoch;
        this.clock = clock;
    }

    /**
     * Compares a topic.
     *
     * @param keys what its keys look like
     * @param candidates keys among which all are that the topic should have
     * @param expected the record that the topic should have of a key, if any
     */
    <T extends SpecificRecord> void compare(
            String topic,
            Predicate<String> keys,
            Class<T> contract,
            Set<String> candidates,
            Function<String, Optional<IndexedRecord>> expected) {
        Deserializer<T> values = serdes.deserializer(contract);
        EpochContent<String, byte[], byte[]> content =
                new EpochContent<>(epoch, Function.identity(), Function.identity());
        reader.open(topic, RecordForm.of(keys, values).asSent()).toEnd(content::take, CommittedTopics.PATIENCE);
        requireAllVersions(topic, content);
        // What a foreign record says, nobody knows; where its key is one of the topic's, it hides what was there.
        Map<String, TopicRecord<byte[]>> foreign = new TreeMap<>();
        content.foreign().forEach(record -> foreign.put(record.key(), record));
        Set<String> all = new TreeSet<>(candidates);
        all.addAll(content.values().keySet());
        long wanted = 0;
        for (String key : all) {
            Optional<IndexedRecord> should = expected.apply(key);
            wanted += should.isPresent() ? 1 : 0;
            byte[] found = content.values().get(key);
            if (should.isPresent() && foreign.remove(key) != null) {
                add(topic, Kind.DIFFERENT, key, UNREADABLE);
            } else if (should.isPresent() && found == null) {
                add(topic, Kind.MISSING, key, List.of());
            } else if (should.isEmpty() && found != null) {
                foreign.remove(key);
                add(topic, Kind.EXTRA, key, List.of());
            } else if (should.isPresent()) {
                List<String> fields = differing(should.get(), (IndexedRecord) values.deserialize(topic, found));
                if (!fields.isEmpty()) {
                    add(topic, Kind.DIFFERENT, key, fields);
                }
            }
        }
        foreign.values()
                .forEach(record -> add(
                        topic,
                        Kind.EXTRA,
                        "offset " + record.offset(),
                        List.of("(" + record.foreign().orElseThrow() + ")")));
        topics.add(new AuditReport.Topic(topic, wanted, content.values().size() + foreign.size()));
    }

    private void requireAllVersions(String topic, EpochContent<?, ?, ?> content) {
        long doubtful = content.doubtful(clock.instant());
        if (doubtful > 0) {
            throw new CommandFailedException("Patrons and feeds stand at epoch " + epoch
                    + ", which capture has passed so long ago that the topic " + topic
                    + " may have lost versions of " + doubtful
                    + " records. Start the streams application, let it catch up, and audit again");
        }
    }

    private void add(String topic, Kind kind, String key, List<String> fields) {
        differences.add(new Difference(topic, kind, key, fields));
    }

    List<AuditReport.Topic> topics() {
        return topics;
    }

    List<Difference> differences() {
        return differences;
    }

    /**
     * Returns the fields in which two records differ, in the contract's order, but those that it excludes from equality;
     * those of a record within by path, {@code primary.schoolName}.
     */
    static List<String> differing(IndexedRecord one, IndexedRecord other) {
        List<String> fields = new ArrayList<>();
        collect("", one, other, fields);
        return fields;
    }

    private static void collect(String path, IndexedRecord one, IndexedRecord other, List<String> fields) {
        for (Schema.Field field : one.getSchema().getFields()) {
            if (field.order() == Schema.Field.Order.IGNORE) {
                continue;
            }
            @Nullable Object left = plain(one.get(field.pos()));
            @Nullable
            Object right =
                    plain(other.get(other.getSchema().getField(field.name()).pos()));
            if (left instanceof IndexedRecord inner && right instanceof IndexedRecord otherInner) {
                collect(path + field.name() + ".", inner, otherInner, fields);
            } else if (!isSame(left, right)) {
                fields.add(path + field.name());
            }
        }
    }

    private static boolean isSame(@Nullable Object left, @Nullable Object right) {
        if (left == null || right == null) {
            return left == right;
        } else if (left instanceof IndexedRecord one && right instanceof IndexedRecord other) {
            return differing(one, other).isEmpty();
        } else if (left instanceof List<?> ones && right instanceof List<?> others) {
            boolean same = ones.size() == others.size();
            for (int i = 0; same && i < ones.size(); i++) {
                same = isSame(plain(ones.get(i)), plain(others.get(i)));
            }
            return same;
        }
        return left.equals(right);
    }

    /** Generated and generic records hold the same values in other classes: enums, texts, optional values. */
    private static @Nullable Object plain(@Nullable Object value) {
        if (value instanceof Optional<?> optional) {
            return plain(optional.orElse(null));
        } else if (value instanceof Map<?, ?> map) {
            Map<String, String> texts = new TreeMap<>();
            map.forEach((name, text) -> texts.put(String.valueOf(name), String.valueOf(text)));
            return texts;
        } else if (value instanceof Collection<?> collection) {
            return List.copyOf(collection);
        } else if (value == null || value instanceof IndexedRecord) {
            return value;
        }
        return value.toString();
    }
}
