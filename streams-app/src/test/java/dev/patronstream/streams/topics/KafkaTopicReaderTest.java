package dev.patronstream.streams.topics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.embedded.kafka.EmbeddedKafka;
import dev.patronstream.schemas.topic.TopicProvisioner;
import dev.patronstream.schemas.topic.TopicRecord;
import dev.patronstream.schemas.topic.TopicSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaTopicReaderTest {

    @TempDir
    Path folder;

    @Test
    void aScanGoesOnWhereAnotherTopicWasLookedAtInBetween() throws Exception {
        try (EmbeddedKafka broker = EmbeddedKafka.start(folder, 0)) {
            Map<String, Object> kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
            try (Admin admin = Admin.create(kafka);
                    KafkaProducer<String, byte[]> producer =
                            new KafkaProducer<>(kafka, new StringSerializer(), new ByteArraySerializer());
                    KafkaTopicReader reader = new KafkaTopicReader(admin, kafka, "eagle.streams")) {
                new TopicProvisioner(admin)
                        .ensure(List.of(
                                TopicSettings.SINGLE_BROKER.compacted("eagle.feed.destiny"),
                                TopicSettings.SINGLE_BROKER.compacted("eagle.progress")));
                for (String key : List.of("student/1", "student/2")) {
                    producer.send(new ProducerRecord<>("eagle.feed.destiny", key, new byte[] {1}))
                            .get();
                }
                producer.send(new ProducerRecord<>("eagle.progress", "progress", new byte[] {1}))
                        .get();

                Iterator<List<TopicRecord<byte[]>>> scan = reader.scan("eagle.feed.destiny");
                List<String> keys = new ArrayList<>();
                assertTrue(scan.hasNext());
                while (scan.hasNext()) {
                    assertTrue(reader.first("eagle.progress", 0, 1).isPresent());
                    scan.next().forEach(record -> keys.add(record.key()));
                }
                assertEquals(List.of("student/1", "student/2"), keys);
            }
        }
    }
}
