package dev.patronstream.cli.audit;

import dev.patronstream.cli.audit.Difference.Kind;
import dev.patronstream.connector.epoch.CommittedReader;
import dev.patronstream.schemas.AvroSerdes;
import dev.patronstream.schemas.RegistryException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/** Holds topics, one after the other, against what they should hold at the end of an epoch. Not thread-safe. */
final class TopicComparisons {

    private static final List<String> UNREADABLE = List.of("(cannot be read)");
    private static final List<String> FOREIGN_KEY = List.of("(a key that is none of this topic's)");

    private final CommittedReader reader;
    private final AvroSerdes serdes;
    private final long epoch;
    private final InstantSource clock;
    private final List<AuditReport.Topic> topics = new ArrayList<>();
    private final List<Difference> differences = new ArrayList<>();

    TopicComparisons(CommittedReader reader, AvroSerdes serdes, long epoch, InstantSource clock) {
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
    void compare(
            String topic,
            Pattern keys,
            Class<? extends SpecificRecord> contract,
            Set<String> candidates,
            Function<String, Optional<IndexedRecord>> expected) {
        TopicAtEpoch content = TopicAtEpoch.read(reader, topic, keys, epoch, clock.instant());
        Deserializer<? extends SpecificRecord> values = serdes.deserializer(contract);
        Set<String> all = new TreeSet<>(candidates);
        all.addAll(content.values().keySet());
        long wanted = 0;
        for (String key : all) {
            Optional<IndexedRecord> should = expected.apply(key);
            wanted += should.isPresent() ? 1 : 0;
            byte[] found = content.values().get(key);
            if (should.isPresent() && found == null) {
                add(topic, Kind.MISSING, key, List.of());
            } else if (should.isEmpty() && found != null) {
                add(topic, Kind.EXTRA, key, List.of());
            } else if (should.isPresent()) {
                List<String> fields = differing(topic, should.get(), found, values);
                if (!fields.isEmpty()) {
                    add(topic, Kind.DIFFERENT, key, fields);
                }
            }
        }
        content.foreignOffsets().forEach(offset -> add(topic, Kind.EXTRA, "offset " + offset, FOREIGN_KEY));
        topics.add(new AuditReport.Topic(
                topic,
                wanted,
                content.values().size() + content.foreignOffsets().size()));
    }

    private static List<String> differing(
            String topic, IndexedRecord should, byte[] found, Deserializer<? extends SpecificRecord> values) {
        try {
            return FieldComparison.differing(should, (IndexedRecord) values.deserialize(topic, found));
        } catch (RegistryException e) {
            if (e.isRetriable()) {
                throw e;
            }
            return UNREADABLE;
        } catch (SerializationException e) {
            return UNREADABLE;
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
}
