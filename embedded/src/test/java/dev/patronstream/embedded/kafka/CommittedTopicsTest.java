package dev.patronstream.embedded.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.schemas.topic.ForeignRecords;
import dev.patronstream.schemas.topic.RecordForm;
import dev.patronstream.schemas.topic.RecordHeaders;
import dev.patronstream.schemas.topic.TopicReading;
import dev.patronstream.schemas.topic.TopicRecord;
import dev.patronstream.schemas.topic.TopicReplacedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommittedTopicsTest {

    private static final AtomicInteger TOPICS = new AtomicInteger();
    private static final RecordForm<String> TEXTS = RecordForm.of(new StringDeserializer());

    @TempDir
    static Path directory;

    private static EmbeddedKafka kafka;

    private String topic;
    private Producer<String, String> writer;

    @BeforeAll
    static void startKafka() {
        kafka = EmbeddedKafka.start(directory, 0);
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    @BeforeEach
    void makeTopic() throws Exception {
        topic = "topic" + TOPICS.incrementAndGet();
        TestClients.createTopic(kafka.bootstrapServers(), topic);
        writer = TestClients.transactionalProducer(kafka.bootstrapServers(), topic);
        writer.initTransactions();
        commit("key", "earlier");
    }

    @AfterEach
    void closeWriter() {
        writer.close();
    }

    private void commit(String key, String value) {
        writer.beginTransaction();
        send(key, value);
        writer.commitTransaction();
    }

    private void send(String key, String value) {
        var unused = writer.send(new ProducerRecord<>(topic, 0, key, value));
        writer.flush();
    }

    private static CommittedTopics topics(Duration patience) {
        return new CommittedTopics(Map.of("bootstrap.servers", kafka.bootstrapServers()), patience);
    }

    private List<String> read(Duration patience, CountDownLatch begun) {
        List<String> values = new ArrayList<>();
        try (CommittedTopics topics = topics(patience)) {
            topics.read(topic, TEXTS, record -> {
                values.add(record.value().orElse("(deleted)"));
                begun.countDown();
            });
        }
        return values;
    }

    /** Where the commit is on its way to this topic, the broker still takes the transaction for an open one. */
    @Test
    void aTransactionThatIsOpenAtTheStartIsWaitedForAndRead() throws Exception {
        writer.beginTransaction();
        send("key", "later");
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<List<String>> reading =
                CompletableFuture.supplyAsync(() -> read(CommittedTopics.PATIENCE, begun));
        assertTrue(begun.await(30, TimeUnit.SECONDS), "the first record was not read");
        assertFalse(reading.isDone(), "the reading ended before a transaction that was open when it began");
        writer.commitTransaction();
        assertEquals(List.of("earlier", "later"), reading.get(30, TimeUnit.SECONDS));
    }

    @Test
    void theNewestRecordIsThatOfATransactionThatWasOpen() throws Exception {
        writer.beginTransaction();
        send("key", "later");
        try (CommittedTopics topics = topics(CommittedTopics.PATIENCE)) {
            CompletableFuture<Optional<String>> newest =
                    CompletableFuture.supplyAsync(() -> topics.newest(topic, TEXTS, "key"));
            assertThrows(java.util.concurrent.TimeoutException.class, () -> newest.get(500, TimeUnit.MILLISECONDS));
            writer.commitTransaction();
            assertEquals(Optional.of("later"), newest.get(30, TimeUnit.SECONDS));
        }
    }

    @Test
    void whatIsTakenBackIsNotRead() {
        writer.beginTransaction();
        send("key", "never");
        writer.abortTransaction();
        assertEquals(List.of("earlier"), read(CommittedTopics.PATIENCE, new CountDownLatch(1)));
    }

    @Test
    void aTransactionThatDoesNotEndIsNamed() {
        writer.beginTransaction();
        send("key", "later");
        TimeoutException late =
                assertThrows(TimeoutException.class, () -> read(Duration.ofSeconds(5), new CountDownLatch(1)));
        assertTrue(
                late.getMessage().contains("The topic " + topic + " could be read to its record 2"), late.toString());
        assertTrue(late.getMessage().contains("has not ended"), late.toString());
        writer.abortTransaction();
    }

    @Test
    void theCallerCanStopAReadingThatWaits() {
        writer.beginTransaction();
        send("key", "later");
        try (CommittedTopics topics = topics(CommittedTopics.PATIENCE)) {
            AtomicInteger asked = new AtomicInteger();
            assertFalse(topics.open(topic, TEXTS).toEnd(record -> {}, () -> asked.incrementAndGet() > 2));
        }
        writer.abortTransaction();
    }

    @Test
    void aTopicThatDoesNotExistIsEmptyAndCannotBeOpened() {
        topic = "no-such-topic";
        assertEquals(List.of(), read(CommittedTopics.PATIENCE, new CountDownLatch(1)));
        try (CommittedTopics topics = topics(CommittedTopics.PATIENCE)) {
            assertEquals(Optional.empty(), topics.newest(topic, TEXTS, "key"));
            assertThrows(UnknownTopicOrPartitionException.class, () -> topics.open(topic, TEXTS));
        }
    }

    /** The second life has as many records as the first: only the id tells them apart. */
    @Test
    void aTopicThatIsMadeAgainWhileItIsReadIsNoTopicAnybodyHad() throws Exception {
        writer.beginTransaction();
        send("key", "open");
        try (CommittedTopics topics = topics(CommittedTopics.PATIENCE)) {
            TopicReading<String> reading = topics.open(topic, TEXTS);
            writer.abortTransaction();
            remake();
            commit("key", "another life");
            commit("key", "another life");
            assertThrows(TopicReplacedException.class, () -> reading.toEnd(record -> {}, CommittedTopics.PATIENCE));
        }
    }

    @Test
    void aTopicThatIsMadeAgainBetweenTwoLooksIsFoundOut() throws Exception {
        try (CommittedTopics topics = topics(CommittedTopics.PATIENCE)) {
            TopicReading<String> reading = topics.open(topic, TEXTS);
            reading.toEnd(record -> {}, CommittedTopics.PATIENCE);
            remake();
            assertThrows(TopicReplacedException.class, reading::lookAgain);
        }
    }

    @Test
    void whatAForeignRecordSaidIsForgottenWithItsTopic() throws Exception {
        RecordForm<String> known = RecordForm.of(key -> key.equals("known"), new StringDeserializer());
        try (CommittedTopics topics = topics(CommittedTopics.PATIENCE)) {
            topics.newest(topic, known);
            assertEquals(1, ForeignRecords.newest(topic::equals).size());
            remake();
            commit("known", "another life");
            topics.newest(topic, known);
            assertEquals(List.of(), ForeignRecords.newest(topic::equals));
        }
    }

    private void remake() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.deleteTopics(List.of(topic)).all().get();
        }
        TestClients.createTopic(kafka.bootstrapServers(), topic);
    }

    @Test
    void aSecondLookGoesOnWhereTheFirstOneEnded() {
        try (CommittedTopics topics = topics(CommittedTopics.PATIENCE)) {
            TopicReading<String> reading = topics.open(topic, TEXTS);
            List<String> values = new ArrayList<>();
            commit("key", "later");
            reading.toEnd(record -> values.add(record.value().orElseThrow()), CommittedTopics.PATIENCE);
            assertEquals(List.of("earlier"), values);
            reading.lookAgain();
            reading.toEnd(record -> values.add(record.value().orElseThrow()), CommittedTopics.PATIENCE);
            assertEquals(List.of("earlier", "later"), values);
        }
    }

    @Test
    void theNewestOfAKeyIsFoundFarBack() {
        commit("other", "other");
        writer.beginTransaction();
        for (int i = 0; i < 700; i++) {
            var unused = writer.send(new ProducerRecord<>(topic, 0, "often", "value" + i));
        }
        writer.commitTransaction();
        commit("other", null);
        try (CommittedTopics topics = topics(CommittedTopics.PATIENCE)) {
            assertEquals(
                    Map.of("key", "earlier", "often", "value699"),
                    topics.newest(topic, TEXTS, Set.of("key", "other", "often", "never")));
        }
    }

    @Test
    void aRecordThatIsNotOfTheTopicsFormIsForeignAndSaysWhy() {
        RecordForm<Integer> numbers = new RecordForm<>(
                key -> key.startsWith("k"),
                (name, bytes) -> {
                    try {
                        return Integer.valueOf(new String(bytes, UTF_8));
                    } catch (NumberFormatException e) {
                        throw new SerializationException("no number", e);
                    }
                },
                true);
        write("k1", "1", "7");
        write("k2", "x", "7");
        write(null, "1", "7");
        write("other", "1", "7");
        write("k3", "1", "seven");
        write("k4", "1", null);
        write("k5", null, "8");
        List<TopicRecord<Integer>> records = new ArrayList<>();
        try (CommittedTopics topics = topics(CommittedTopics.PATIENCE)) {
            topics.read(topic, numbers, 2, records::add);
            assertEquals(Optional.of(1), topics.newest(topic, numbers, "k1"));
            assertEquals(Optional.empty(), topics.newest(topic, numbers, "k2"));
        }
        assertEquals(
                List.of(
                        "k1 ok",
                        "k2 its value is not of this topic's schema",
                        " it has no key",
                        "other its key is none of this topic's",
                        "k3 its header patronstream.epoch is no number",
                        "k4 it has no header patronstream.epoch",
                        "k5 ok"),
                records.stream()
                        .map(record -> record.key() + " " + record.foreign().orElse("ok"))
                        .toList());
        assertTrue(records.get(6).isDeletion()
                && records.stream().filter(TopicRecord::isDeletion).count() == 1);
        assertEquals(8, records.get(6).epoch().orElseThrow());
    }

    private void write(String key, String value, String epoch) {
        writer.beginTransaction();
        ProducerRecord<String, String> record = new ProducerRecord<>(topic, 0, key, value);
        if (epoch != null) {
            record.headers().add(RecordHeaders.EPOCH, epoch.getBytes(UTF_8));
        }
        var unused = writer.send(record);
        writer.commitTransaction();
    }
}
