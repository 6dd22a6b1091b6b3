package dev.patronstream.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.cli.command.CapturedTerminal;
import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.schemas.topic.TopicRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Something else writes into the district's topics: bytes that are nothing, records of another schema, deletions. What can
 * go on goes on, the record is named with topic and offset, and what is said to be done ends well. The table is in
 * docs/trouble.md.
 */
@Tag("faults")
class ForeignRecordsTest {

    /** Where the status names the record; the next record of ours overtakes the others, or audit names them. */
    private static final List<String> NAMED = List.of(
            "aeries.stu",
            "aeries.loc",
            "aeries.stf",
            "progress",
            "delivered.destiny",
            "deliveries",
            "feed-states",
            "pauses");

    private static final List<String> OTHERS = List.of(
            "connector.offsets",
            "connector.holds",
            "connector.schema-history",
            "patrons",
            "epochs",
            "stages",
            "streams-rows-changelog");

    private static final List<String> AUDITED = List.of("eagle.aeries.", "eagle.patrons", "eagle.feed.");

    @TempDir
    static Path folder;

    private static SmallDistrict district;

    /** What is written, under a key of the topic's and under one that is none. */
    private enum Kind {
        BYTES,
        OTHER_SCHEMA,
        WRONG_MAGIC,
        DELETION
    }

    @BeforeAll
    static void open() throws Exception {
        district = new SmallDistrict(folder);
    }

    @AfterAll
    static void close() {
        district.close();
    }

    @AfterEach
    void stop() throws Exception {
        district.stop();
    }

    @Test
    void whatSomethingElseWroteIsPassedOverAndNamedAndTheVendorIsServed() throws Exception {
        district.run();
        district.deliver();
        List<String> expected = new ArrayList<>();
        for (Kind kind : List.of(Kind.BYTES, Kind.OTHER_SCHEMA, Kind.WRONG_MAGIC)) {
            expected.clear();
            for (String name : NAMED) {
                String topic = "eagle." + name;
                expected.add("the record at offset " + write(topic, kind) + " of topic " + topic + " was written by");
            }
            for (String name : OTHERS) {
                write("eagle." + name, kind);
            }
        }
        district.changeAndLeave();
        district.deliver();
        district.awaitStatus(expected);
        district.stop();

        district.changeAndLeave();
        district.run();
        district.deliver();
        district.stop();
        assertARebuildMakesTheAuditClean();
    }

    @Test
    void whatSomethingElseDeletedComesBack() throws Exception {
        district.run();
        district.deliver();
        for (String name : NAMED) {
            write("eagle." + name, Kind.DELETION);
        }
        for (String name : OTHERS) {
            write("eagle." + name, Kind.DELETION);
        }
        district.changeAndLeave();
        district.deliver();
        district.stop();

        district.changeAndLeave();
        district.run();
        district.deliver();
        district.stop();
        assertARebuildMakesTheAuditClean();
    }

    @Test
    void anEntryOfAFeedThatIsHiddenStopsTheDeliveryUntilTheFeedsAreRebuilt() throws Exception {
        district.run();
        district.deliver();
        compact("eagle.feed.destiny");
        write("eagle.feed.destiny", Kind.BYTES);
        CapturedTerminal refused = district.command("snapshot", "destiny", "--again", "--wait", "5s");
        assertTrue(
                refused.error().contains("of topic eagle.feed.destiny was written by something else"),
                () -> refused.error() + refused.out());
        assertTrue(refused.error().contains("stop everything, and run: patronstream rebuild"), refused::error);
        district.stop();

        assertARebuildMakesTheAuditClean();
    }

    private static void assertARebuildMakesTheAuditClean() throws Exception {
        assertEquals("", district.command("rebuild", "--yes").error());
        district.changeAndLeave();
        district.run();
        district.deliver();
        district.assertAuditIsClean();
    }

    /** What a record hides is gone when the topic is compacted, as if it had been deleted. */
    private static void compact(String topic) throws Exception {
        try (CommittedTopics reader = new CommittedTopics(district.clients().kafka());
                KafkaProducer<String, byte[]> producer = producer()) {
            TopicRecord<byte[]> entry = reader.last(
                            topic,
                            Long.MAX_VALUE,
                            record ->
                                    record.value().isPresent() && record.epoch().isPresent())
                    .orElseThrow();
            producer.send(new ProducerRecord<>(topic, 0, entry.key(), null, entry.headers()))
                    .get(60, TimeUnit.SECONDS);
        }
    }

    private static KafkaProducer<String, byte[]> producer() {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", district.bootstrapServers(), "acks", "all"),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    /** Returns the offset of the record that has a key of the topic's; there is another one with a key that is none. */
    private static long write(String topic, Kind kind) throws Exception {
        try (CommittedTopics reader = new CommittedTopics(district.clients().kafka());
                KafkaProducer<String, byte[]> producer = producer()) {
            if (!reader.exists(topic)) {
                assertEquals(
                        "",
                        district.command("pause", "destiny", "--until", "2099-01-01")
                                .error());
                assertEquals("", district.command("resume", "destiny").error());
            }
            Optional<TopicRecord<byte[]>> own =
                    reader.last(topic, Long.MAX_VALUE, record -> record.value().isPresent());
            byte @Nullable [] value = value(reader, topic, kind);
            if (AUDITED.stream().noneMatch(topic::startsWith)) {
                // There the audit goes on naming it until the topic is made again.
                send(producer, topic, "none", value);
            }
            assertThrowsWithoutKey(producer, topic, value);
            return send(
                    producer,
                    topic,
                    own.map(TopicRecord::key).orElse(topic.endsWith(".pauses") ? "destiny" : "held"),
                    value);
        }
    }

    private static byte @Nullable [] value(CommittedTopics reader, String topic, Kind kind) {
        return switch (kind) {
            case BYTES -> "not Avro at all".getBytes(UTF_8);
            case WRONG_MAGIC -> new byte[] {7, 0, 0, 0, 1, 2};
            case OTHER_SCHEMA ->
                reader.last(
                                topic.equals("eagle.progress") ? "eagle.epochs" : "eagle.progress",
                                Long.MAX_VALUE,
                                record -> record.value().isPresent())
                        .flatMap(TopicRecord::value)
                        .orElseThrow();
            case DELETION -> null;
        };
    }

    private static long send(
            KafkaProducer<String, byte[]> producer, String topic, @Nullable String key, byte @Nullable [] value)
            throws Exception {
        return producer.send(new ProducerRecord<>(topic, key, value))
                .get(60, TimeUnit.SECONDS)
                .offset();
    }

    /** A topic that is compacted takes no record without a key. */
    private static void assertThrowsWithoutKey(
            KafkaProducer<String, byte[]> producer, String topic, byte @Nullable [] value) throws Exception {
        if (topic.equals("eagle.connector.schema-history")) {
            send(producer, topic, null, value);
        } else {
            assertThrows(ExecutionException.class, () -> send(producer, topic, null, value), topic);
        }
    }
}
