package dev.patronstream.connector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.connector.KafkaExtension.TestKafka;
import dev.patronstream.sandbox.kafka.LostTail;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.schemas.Lsn;
import dev.patronstream.schemas.Progress;
import dev.patronstream.schemas.topic.RecordHeaders;
import dev.patronstream.schemas.topic.TopicSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The broker has lost the last transaction of topics, or whole topics: the rows are right, and no number comes twice. */
@Tag("faults")
@ExtendWith(KafkaExtension.class)
class LostTailTest {

    @TempDir
    Path directory;

    /** Three rows; the last transactions rename the first and then remove the third. */
    private TestDistrict district(TestKafka kafka, String name) throws Exception {
        TestDistrict district = new TestDistrict(
                        directory, kafka, name, settings -> settings.withCaptureInterval(Duration.ofMillis(200)))
                .withTables();
        district.sql("INSERT INTO dbo.LOC (CD, NM, TG, DEL) VALUES (10, N'Eagle High', ' ', 0)");
        for (int i = 1; i <= 20; i++) {
            district.student(10, i, "before");
        }
        try (Connector connector = district.connector()) {
            TestDistrict.awaitStreaming(connector);
            district.rename(10, 1, "after");
            TestDistrict.await(() -> "after".equals(district.lastNames().get("10/1")));
            district.sql("DELETE FROM dbo.STU WHERE SN = 3");
            TestDistrict.await(() -> !district.lastNames().containsKey("10/3"));
        }
        return district;
    }

    private static Map<String, String> asInTheDatabase() {
        Map<String, String> names = new TreeMap<>();
        for (int i = 1; i <= 20; i++) {
            names.put("10/" + i, i == 1 ? "after" : "before");
        }
        names.remove("10/3");
        return names;
    }

    private static void cut(TestKafka kafka, TestDistrict district, String... topics) {
        kafka.kafka().stop();
        for (String topic : topics) {
            LostTail.cut(kafka.directory(), district.topics().district() + "." + topic);
        }
        kafka.kafka().start();
    }

    private static long highestEpoch(TestDistrict district) {
        return Math.max(
                district.epochs().stream().mapToLong(Progress::getEpoch).max().orElse(0),
                district.students().stream()
                        .mapToLong(TestDistrict.Seen::epoch)
                        .max()
                        .orElse(0));
    }

    private static void assertGoesOnAbove(long highest, TestDistrict district, String... notice) throws Exception {
        try (Connector connector = district.connector()) {
            TestDistrict.awaitStreaming(connector);
            if (notice.length > 0) {
                Seen.notice("tail lost", connector, notice);
            }
            district.awaitNames(asInTheDatabase());
            district.rename(10, 2, "later");
            TestDistrict.await(() -> "later".equals(district.lastNames().get("10/2")));
            TestDistrict.await(() -> district.epochs().stream().anyMatch(epoch -> epoch.getEpoch() > highest));
        }
        List<Long> numbers = district.epochs().stream().map(Progress::getEpoch).toList();
        assertEquals(numbers.stream().sorted().distinct().toList(), numbers);
        long last = district.students().get(district.students().size() - 1).epoch();
        assertTrue(last > highest, last + " after " + highest);
    }

    @ParameterizedTest
    @ValueSource(strings = {"aeries.stu", "progress", "connector.offsets"})
    void ofOneTopicIsNoticedAndMadeGood(String lost, TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "lost-tail-" + lost.replace('.', '-'))) {
            long highest = highestEpoch(district);
            cut(kafka, district, lost);
            assertGoesOnAbove(highest, district, "does not end with what capture wrote there last");
            long removed = district.namesInOrder().get("10/3").stream()
                    .filter(name -> name == null)
                    .count();
            assertEquals(1, removed, "nothing is published twice");
        }
    }

    /** No further row is written to the topic, so only a look at it tells. */
    @Test
    void isNoticedByAConnectorThatLivesOn(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "lost-tail-alive");
                Connector connector = district.connector()) {
            TestDistrict.awaitStreaming(connector);
            cut(kafka, district, "aeries.stu");
            Seen.notice("tail lost", connector, "aeries.stu does not end with what capture wrote there last");
            district.awaitNames(asInTheDatabase());
        }
    }

    @Test
    void ofTheHistoryOfDefinitionsIsNoticed(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "lost-tail-history")) {
            long highest = highestEpoch(district);
            cut(kafka, district, "connector.schema-history");
            assertGoesOnAbove(highest, district, "schema-history does not end with what capture wrote there last");
        }
    }

    /** They fit each other, so only what was made of them tells that more has been. */
    @Test
    void ofAllThatTheConnectorWritesTheNumbersAreNotUsedAgain(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "lost-tail-all")) {
            long highest = highestEpoch(district) + 7;
            announce(district, district.topics().epochs(), highest);
            cut(kafka, district, "aeries.stu", "progress", "connector.offsets");
            assertGoesOnAbove(highest, district);
        }
    }

    @Test
    void theNumbersGoOnAboveTheFeedsWhenPositionAndProgressAreGone(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "lost-numbers")) {
            announce(district, district.topics().feed("destiny"), 106);
            announce(district, district.topics().feed("destiny"), 3);
            String generation = last(district).getGeneration();
            district.deleteTopic(district.topics().progress());
            district.deleteTopic(district.topics().offsets());
            assertGoesOnAbove(106, district);
            assertTrue(!last(district).getGeneration().equals(generation), generation);
        }
    }

    /** The row of an epoch that was published in part; the position that told of it is lost. */
    @Test
    void theNumberOfAnEpochThatNeverEndedIsNotUsedAgain(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "lost-part")) {
            long abandoned = highestEpoch(district) + 1;
            ProducerRecord<String, byte[]> row =
                    new ProducerRecord<>(district.topics().enrollments(), "10/3", null);
            RecordHeaders.add(
                    row.headers(), abandoned, Lsn.NONE.text(), last(district).getIncarnation());
            send(district, row);
            assertGoesOnAbove(abandoned, district, "does not end with what capture wrote there last");
            assertTrue(district.epochs().stream().noneMatch(epoch -> epoch.getEpoch() == abandoned));
        }
    }

    @Test
    void theNumbersGoOnAboveTheReceipts(TestKafka kafka) throws Exception {
        try (TestDistrict district = district(kafka, "lost-receipts")) {
            make(district, district.topics().deliveries());
            Delivery receipt = Delivery.newBuilder()
                    .setId("destiny-20260901T000000Z-119")
                    .setFeed("destiny")
                    .setResult(DeliveryResult.DELIVERED)
                    .setFileName("patrons.csv")
                    .setBytes(1)
                    .setRows(1)
                    .setProblems(0)
                    .setEpoch(119L)
                    .setStartedAt(Instant.EPOCH)
                    .setDurationMillis(1)
                    .setAttempts(1)
                    .build();
            send(district, new ProducerRecord<>(district.topics().deliveries(), "no receipt", new byte[] {9}));
            send(
                    district,
                    new ProducerRecord<>(
                            district.topics().deliveries(),
                            receipt.getId(),
                            district.serdes()
                                    .serializer(Delivery.class)
                                    .serialize(district.topics().deliveries(), receipt)));
            district.deleteTopic(district.topics().progress());
            district.deleteTopic(district.topics().offsets());
            assertGoesOnAbove(119, district);
        }
    }

    private static Progress last(TestDistrict district) {
        List<Progress> epochs = district.epochs();
        return epochs.get(epochs.size() - 1);
    }

    private static void make(TestDistrict district, String topic) throws Exception {
        try (Admin admin = Admin.create(new HashMap<>(district.kafkaProperties()))) {
            if (!admin.listTopics().names().get().contains(topic)) {
                admin.createTopics(List.of(TopicSettings.SINGLE_BROKER.compacted(topic)))
                        .all()
                        .get();
            }
        }
    }

    /** Writes what the streams application would at an epoch. */
    private static void announce(TestDistrict district, String topic, long epoch) throws Exception {
        make(district, topic);
        ProducerRecord<String, byte[]> entry = new ProducerRecord<>(topic, "student/" + epoch, new byte[] {1});
        entry.headers().add(RecordHeaders.EPOCH, Long.toString(epoch).getBytes(StandardCharsets.UTF_8));
        send(district, entry);
    }

    private static void send(TestDistrict district, ProducerRecord<String, byte[]> record) throws Exception {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                new HashMap<>(district.kafkaProperties()), new StringSerializer(), new ByteArraySerializer())) {
            producer.send(record).get();
        }
    }
}
