package dev.patronstream.streams;

import dev.patronstream.schemas.topic.CommittedConsumer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.BytesDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/** The committed records of a topic, from its beginning, as they come. */
final class TopicTail implements AutoCloseable {

    /** A record of the topic. */
    record Seen(long offset, String key, @Nullable Bytes value, long epoch) {}

    final List<Seen> seen = new ArrayList<>();
    private final TopicPartition partition;
    private final CommittedConsumer<String, Bytes> consumer;

    TopicTail(String bootstrapServers, String topic) {
        this.partition = new TopicPartition(topic, 0);
        this.consumer = new CommittedConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers), new StringDeserializer(), new BytesDeserializer());
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
    }

    /** Reads what has come. */
    List<Seen> poll() {
        List<Seen> news = new ArrayList<>();
        for (ConsumerRecord<String, Bytes> record : consumer.poll(Duration.ofMillis(50))) {
            Header header = record.headers().lastHeader("patronstream.epoch");
            long epoch = header == null ? 0 : Long.parseLong(new String(header.value(), StandardCharsets.UTF_8));
            news.add(new Seen(record.offset(), record.key(), record.value(), epoch));
        }
        seen.addAll(news);
        return news;
    }

    /** Reads to the end that is committed now. */
    void toEnd() {
        long end = consumer.endOffsets(List.of(partition)).get(partition);
        while (consumer.position(partition) < end) {
            poll();
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
