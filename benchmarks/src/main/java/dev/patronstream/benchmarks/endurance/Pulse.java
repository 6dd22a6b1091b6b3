package dev.patronstream.benchmarks.endurance;

import dev.patronstream.schemas.EpochApplied;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.schemas.serde.RegistryException;
import dev.patronstream.schemas.topic.CommittedConsumer;
import dev.patronstream.schemas.topic.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Follows the topic of applied epochs: when it moves, rows go all the way from the database to the feeds. Thread-safe. */
final class Pulse implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);

    private final CommittedConsumer<String, byte[]> consumer;
    private final Deserializer<EpochApplied> values;
    private final Thread thread = new Thread(this::follow, "pulse");
    private volatile Beat last = new Beat(0, "", Instant.EPOCH);
    private volatile boolean closed;

    /** The epoch that was applied last, its watermark, and when capture published it. */
    record Beat(long epoch, String watermark, Instant publishedAt) {}

    Pulse(Topics topics, String bootstrapServers, String registryUrl) {
        this.values = new AvroSerdes(Map.of("schema.registry.url", registryUrl)).deserializer(EpochApplied.class);
        this.consumer = new CommittedConsumer<>(
                Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers),
                Map.of(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(List.of(new TopicPartition(topics.epochs(), 0)));
        thread.setDaemon(true);
        thread.start();
    }

    Beat last() {
        return last;
    }

    private void follow() {
        while (!closed) {
            for (ConsumerRecord<String, byte[]> seen : consumer.poll(POLL)) {
                // A tombstone takes an announcement back; the next one follows.
                if (seen.value() != null && !closed) {
                    EpochApplied applied = read(seen);
                    last = new Beat(applied.getEpoch(), applied.getWatermark(), applied.getPublishedAt());
                }
            }
        }
        consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
    }

    /** Asks again while the registry is down. */
    private EpochApplied read(ConsumerRecord<String, byte[]> seen) {
        while (true) {
            try {
                return values.deserialize(seen.topic(), seen.value());
            } catch (RegistryException e) {
                if (closed) {
                    throw e;
                }
                Thread.onSpinWait();
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join(Duration.ofSeconds(10).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
