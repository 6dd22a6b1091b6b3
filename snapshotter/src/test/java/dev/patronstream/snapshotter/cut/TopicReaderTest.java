package dev.patronstream.snapshotter.cut;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.schemas.TopicProvisioner;
import dev.patronstream.schemas.TopicSettings;
import dev.patronstream.schemas.Topics;
import dev.patronstream.snapshotter.Cluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Cluster.Extension.class)
class TopicReaderTest {

    private Cluster cluster;
    private String topic;
    private Producer<String, String> writer;

    @BeforeEach
    void makeTopic(Cluster shared) {
        cluster = shared;
        topic = new Topics(cluster.newDistrict()).deliveries();
        try (Admin admin = Admin.create(cluster.kafka())) {
            new TopicProvisioner(admin).ensure(List.of(TopicSettings.SINGLE_BROKER.compacted(topic)));
        }
        Map<String, Object> configuration = new TreeMap<>(cluster.kafka());
        configuration.put("transactional.id", topic);
        writer = new KafkaProducer<>(configuration, new StringSerializer(), new StringSerializer());
        writer.initTransactions();
        writer.beginTransaction();
        write("earlier");
        writer.commitTransaction();
    }

    @AfterEach
    void closeWriter() {
        writer.close();
    }

    /** Where the commit is on its way to this topic, the broker still takes the transaction for an open one. */
    @Test
    void aTransactionThatIsOpenAtTheStartIsWaitedForAndRead() throws Exception {
        writer.beginTransaction();
        write("later");
        writer.flush();
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<List<String>> reading =
                CompletableFuture.supplyAsync(() -> read(TopicReader.TIME_LIMIT, begun));
        assertTrue(begun.await(30, TimeUnit.SECONDS), "the first record was not read");
        assertFalse(reading.isDone(), "the reading ended before a transaction that was open when it began");
        writer.commitTransaction();
        assertEquals(List.of("earlier", "later"), reading.get(30, TimeUnit.SECONDS));
    }

    @Test
    void whatIsTakenBackIsNotRead() {
        writer.beginTransaction();
        write("never");
        writer.flush();
        writer.abortTransaction();
        assertEquals(List.of("earlier"), read(TopicReader.TIME_LIMIT, new CountDownLatch(1)));
    }

    @Test
    void aTransactionThatDoesNotEndIsNamed() {
        writer.beginTransaction();
        write("later");
        writer.flush();
        TimeoutException late =
                assertThrows(TimeoutException.class, () -> read(Duration.ofSeconds(1), new CountDownLatch(1)));
        assertTrue(late.getMessage().contains("The topic " + topic + " could be read to its record"), late.toString());
        assertTrue(late.getMessage().contains("has not ended"), late.toString());
        writer.abortTransaction();
    }

    @Test
    void aTopicThatDoesNotExistIsEmpty() {
        topic = "no-such-topic";
        assertEquals(List.of(), read(TopicReader.TIME_LIMIT, new CountDownLatch(1)));
    }

    private void write(String value) {
        var unused = writer.send(new ProducerRecord<>(topic, 0, "key", value));
    }

    private List<String> read(Duration limit, CountDownLatch begun) {
        List<String> values = new ArrayList<>();
        new TopicReader(cluster.kafka(), limit).read(topic, new StringDeserializer(), record -> {
            values.add(record.value());
            begun.countDown();
        });
        return values;
    }
}
