package dev.patronstream.streams;

import static dev.patronstream.streams.epochs.Rows.enrolment;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.patronstream.schemas.Enrolment;
import dev.patronstream.schemas.EpochApplied;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Patron;
import dev.patronstream.schemas.Progress;
import dev.patronstream.schemas.RecordHeaders;
import dev.patronstream.schemas.School;
import dev.patronstream.schemas.StaffMember;
import dev.patronstream.schemas.TopicSettings;
import dev.patronstream.schemas.Topics;
import dev.patronstream.streams.epochs.KeptState;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The state of the first release in real changelogs: this version's application reads it back and goes on, without a
 * replay and without writing what stands there already.
 */
final class FirstReleaseOnBrokerTest {

    private static final Map<String, Class<? extends SpecificRecord>> TYPES = Map.of(
            ".aeries.stu", Enrolment.class,
            ".aeries.loc", School.class,
            ".aeries.stf", StaffMember.class,
            ".progress", Progress.class,
            ".patrons", Patron.class,
            ".feed.destiny", FeedEntry.class,
            ".epochs", EpochApplied.class);

    @TempDir
    Path folder;

    private final KeptState kept = KeptState.read("/kept-state/0.1/settled.txt");
    private final Map<String, String> identities = new HashMap<>();

    @Test
    void itGoesOnFromThere() throws Exception {
        try (BrokerDistrict.Cluster cluster = new BrokerDistrict.Cluster(folder);
                BrokerDistrict district = cluster.district(folder, "eagle")) {
            district.feeds(RebuildTest.DESTINY);
            load(cluster, district);
            String rows = district.identity(district.changelog("rows"));
            Map<String, String> patrons = district.patrons();
            Map<String, String> feed = district.feed("destiny");
            int before = district.written(district.topics.feed("destiny")).size();

            district.connector.goOnAfter(kept.outputs.stream()
                    .mapToLong(KeptState.Output::epoch)
                    .max()
                    .orElseThrow());
            district.connector.put(enrolment(10, 500, 500));
            district.connector.removeEnrolment(20, 5);
            district.runUntilApplied(district.connector.endEpoch());

            assertEquals(rows, district.identity(district.changelog("rows")), "the state was not gone on with");
            List<String> written = district.written(district.topics.feed("destiny"));
            assertEquals(List.of("-student/5@3", "student/500@3"), written.subList(before, written.size()));
            assertEquals(changed(patrons.keySet()), district.patrons().keySet());
            assertEquals(changed(feed.keySet()), district.feed("destiny").keySet());
        }
    }

    private static Set<String> changed(Set<String> keys) {
        Set<String> changed = new TreeSet<>(keys);
        changed.remove("student/5");
        changed.add("student/500");
        return changed;
    }

    private void load(BrokerDistrict.Cluster cluster, BrokerDistrict district) throws Exception {
        Topics topics = district.topics;
        TreeMap<String, String> stores = new TreeMap<>();
        kept.entries.forEach(entry -> stores.put(entry.store(), district.changelog(entry.store())));
        // Stores that were empty have their changelogs all the same.
        List.of("inbox", "dirty").forEach(store -> stores.put(store, district.changelog(store)));
        List<String> outputs = List.of(topics.patrons(), topics.feed("destiny"), topics.epochs());
        for (String topic : outputs) {
            create(district, topic);
        }
        for (String topic : stores.values()) {
            create(district, topic);
        }
        registerSchemas(district);
        for (String topic : List.of("loc", "stf", "stu")) {
            identities.put("eagle.aeries." + topic, district.identity(topics.district() + ".aeries." + topic));
        }
        for (String topic : List.of("progress", "patrons", "feed.destiny", "epochs")) {
            identities.put("eagle." + topic, district.identity(topics.district() + "." + topic));
        }
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", cluster.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            fill(producer, topics, stores);
        }
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        kept.positions.forEach((topic, offset) ->
                positions.put(new TopicPartition(here(topics, topic), 0), new OffsetAndMetadata(offset)));
        BrokerDistrict.await(district.admin
                .alterConsumerGroupOffsets(topics.streamsApplicationId(), positions)
                .all());
    }

    private void fill(KafkaProducer<byte[], byte[]> producer, Topics topics, Map<String, String> stores)
            throws ExecutionException, InterruptedException {
        for (KeptState.Input input : kept.inputs) {
            long offset = producer.send(new ProducerRecord<>(
                            here(topics, input.topic()), input.key().getBytes(StandardCharsets.UTF_8), input.value()))
                    .get()
                    .offset();
            assertEquals(input.offset(), offset, "a kept state is made without gaps");
        }
        for (KeptState.Output output : kept.outputs) {
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                    here(topics, output.topic()), output.key().getBytes(StandardCharsets.UTF_8), output.value());
            record.headers()
                    .add(RecordHeaders.EPOCH, Long.toString(output.epoch()).getBytes(StandardCharsets.UTF_8));
            producer.send(record).get();
        }
        for (KeptState.Entry entry : kept.entries) {
            String identity = identities.get(new String(entry.value(), StandardCharsets.UTF_8));
            byte[] value = identity == null ? entry.value() : identity.getBytes(StandardCharsets.UTF_8);
            producer.send(new ProducerRecord<>(stores.get(entry.store()), entry.key(), value))
                    .get();
        }
    }

    /** The ids in the kept records are the registry's own when the schemas come in the same order. */
    private void registerSchemas(BrokerDistrict district) {
        for (int place = 0; place < kept.schemas.size(); place++) {
            Schema schema = new Schema.Parser().parse(kept.schemas.get(place));
            String topic = TYPES.entrySet().stream()
                    .filter(type -> type.getValue().getSimpleName().equals(schema.getName()))
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElseThrow();
            String subject = district.topics.district() + topic + "-value";
            assertEquals(place + 1, district.serdes.registry().register(subject, schema));
        }
    }

    private static String here(Topics topics, String keptTopic) {
        return topics.district() + keptTopic.substring("eagle".length());
    }

    private static void create(BrokerDistrict district, String topic) {
        BrokerDistrict.await(district.admin
                .createTopics(List.of(TopicSettings.SINGLE_BROKER.compacted(topic)))
                .all());
    }
}
