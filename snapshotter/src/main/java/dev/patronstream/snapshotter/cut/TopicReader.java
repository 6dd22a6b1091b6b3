package dev.patronstream.snapshotter.cut;

import dev.patronstream.schemas.CommittedConsumer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Reads a topic of our own from its beginning to everything that was committed when it was asked; one that does not
 * exist yet is empty. Thread-safe.
 *
 * <p>A transaction that was committed elsewhere a moment ago reaches its topics one by one, so what readers of committed
 * records see at first may end before it. The reading goes to the high watermark and waits for transactions that are
 * open below it; each of them ends, at the latest when its own time-out is over.
 */
public final class TopicReader {

    /** Above the longest time-out of a transaction that writes topics of ours, so that one left behind ends before. */
    public static final Duration TIME_LIMIT = Duration.ofMinutes(3);

    private static final Duration POLL = Duration.ofMillis(200);

    private final Map<String, Object> kafka;
    private final Duration limit;

    /** Makes a reader; {@code kafka} are properties that every Kafka client gets. */
    public TopicReader(Map<String, Object> kafka) {
        this(kafka, TIME_LIMIT);
    }

    TopicReader(Map<String, Object> kafka, Duration limit) {
        this.kafka = Map.copyOf(kafka);
        this.limit = limit;
    }

    /**
     * Gives out every record, deletions too, in order.
     *
     * @throws TimeoutException if a transaction stays open, or the topic cannot be read, for longer than
     *     {@link #TIME_LIMIT}
     * @throws org.apache.kafka.common.KafkaException if the cluster cannot be reached
     */
    public <V> void read(
            String topic, Deserializer<V> deserializer, java.util.function.Consumer<ConsumerRecord<String, V>> sink) {
        Deadline deadline = new Deadline(limit);
        long end;
        try (Admin admin = Admin.create(kafka)) {
            TopicDescriber describer = new TopicDescriber(admin);
            if (describer.identity(topic).isEmpty()) {
                return;
            }
            end = describer.highWatermark(topic);
        }
        TopicPartition partition = new TopicPartition(topic, 0);
        try (Consumer<String, V> consumer = new CommittedConsumer<>(kafka, new StringDeserializer(), deserializer)) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            while (consumer.position(partition) < end) {
                consumer.poll(POLL).forEach(sink);
                if (deadline.isOver() && consumer.position(partition) < end) {
                    throw new TimeoutException("The topic " + topic + " could be read to its record "
                            + consumer.position(partition) + " of " + end + " only, for " + deadline.limit()
                            + ": a transaction that writes there has not ended. Try again in a minute; if it stays"
                            + " so, `kafka-transactions.sh find-hanging` shows who holds it");
                }
            }
        }
    }
}
