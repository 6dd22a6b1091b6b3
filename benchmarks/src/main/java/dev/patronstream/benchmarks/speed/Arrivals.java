package dev.patronstream.benchmarks.speed;

import dev.patronstream.cli.cluster.ClusterClients;
import dev.patronstream.schemas.Enrollment;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.topic.CommittedConsumer;
import dev.patronstream.schemas.topic.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringDeserializer;

/** When a reader of committed records first had each name. A thread reads, any asks. */
final class Arrivals implements AutoCloseable {

    private final CommittedConsumer<String, ?> consumer;
    private final Thread thread;
    private final Map<String, Long> nanos = new ConcurrentHashMap<>();

    static Arrivals ofRows(ClusterClients clients, Topics topics) {
        return new Arrivals(clients, topics.enrollments(), Enrollment.class, row -> row.getLastName()
                .orElse(""));
    }

    static Arrivals ofEntries(ClusterClients clients, Topics topics) {
        return new Arrivals(clients, topics.feed("destiny"), FeedEntry.class, entry -> entry.getLastName()
                .orElse(""));
    }

    private <V extends SpecificRecord> Arrivals(
            ClusterClients clients, String topic, Class<V> type, Function<V, String> nameOf) {
        CommittedConsumer<String, V> reader = new CommittedConsumer<>(
                clients.kafka(), new StringDeserializer(), clients.avro().deserializer(type));
        TopicPartition partition = new TopicPartition(topic, 0);
        reader.assign(List.of(partition));
        reader.seekToEnd(List.of(partition));
        var unused = reader.position(partition);
        consumer = reader;
        thread = new Thread(() -> read(reader, nameOf), "arrivals-" + topic);
        thread.start();
    }

    private <V> void read(CommittedConsumer<String, V> reader, Function<V, String> nameOf) {
        try (reader) {
            while (true) {
                for (ConsumerRecord<String, V> record : reader.poll(Duration.ofSeconds(1))) {
                    if (record.value() != null) {
                        nanos.putIfAbsent(nameOf.apply(record.value()), System.nanoTime());
                    }
                }
            }
        } catch (WakeupException closed) {
            // The end of the measurement.
        }
    }

    /** Returns when a name arrived, by {@link System#nanoTime()}. */
    OptionalLong at(String name) {
        Long at = nanos.get(name);
        if (at == null && !thread.isAlive()) {
            throw new IllegalStateException("The reader " + thread.getName() + " has ended");
        }
        return at == null ? OptionalLong.empty() : OptionalLong.of(at);
    }

    @Override
    public void close() throws InterruptedException {
        consumer.wakeup();
        thread.join();
    }
}
