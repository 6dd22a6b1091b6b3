package dev.patronstream.streams;

import dev.patronstream.schemas.secret.OwnerOnly;
import dev.patronstream.streams.runtime.AppendWatch;
import dev.patronstream.streams.runtime.BoundedRocksDb;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.ObjLongConsumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;

/** The configuration of Kafka Streams, each setting with its reason. */
final class StreamsProperties {

    /** A change is visible to readers of committed records this long after it was applied, at most. */
    private static final Duration COMMIT_INTERVAL = Duration.ofMillis(100);

    /** Nothing to read: look at long steps and punctuators this often. */
    private static final Duration POLL = Duration.ofMillis(25);

    /**
     * A piece takes a fraction of a second; this leaves room for a slow disk and a slow broker. It is also how long a
     * process that was killed can hold up readers, if it comes back without its state directory.
     */
    private static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(60);

    /** After this a dead process' work goes to another one. The same process comes back at once (static membership). */
    private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(10);

    /**
     * Waiting for the brokers has no end: after it Kafka Streams would give the task up and make it again in place, and
     * may take state that it has deleted for read back. A process whose transaction the brokers have ended meanwhile is
     * told so when they are back, and begins with a new task.
     */
    private static final int WITHOUT_END = Integer.MAX_VALUE;

    private static final int BATCH_BYTES = 128 * 1024;
    private static final int MAX_POLL_RECORDS = 5_000;
    private static final String INSTANCE_FILE = "instance-id";

    private StreamsProperties() {}

    /**
     * All of them.
     *
     * @param acknowledged is called with topic and offset of every record that was written
     */
    static Map<String, Object> of(
            StreamsSettings settings, BoundedRocksDb.Memory memory, ObjLongConsumer<String> acknowledged) {
        Map<String, Object> properties = new HashMap<>(settings.kafka());
        properties.putIfAbsent(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, COMMIT_INTERVAL.toMillis());
        properties.putIfAbsent(StreamsConfig.POLL_MS_CONFIG, POLL.toMillis());
        // The offsets in an epoch say what belongs to it, so no topic waits for the timestamps of another.
        properties.putIfAbsent(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, StreamsConfig.MAX_TASK_IDLE_MS_DISABLED);
        properties.putIfAbsent(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), (int)
                TRANSACTION_TIMEOUT.toMillis());
        properties.putIfAbsent(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), BATCH_BYTES);
        properties.putIfAbsent(
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), MAX_POLL_RECORDS);
        properties.putIfAbsent(StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), (int)
                SESSION_TIMEOUT.toMillis());
        properties.putIfAbsent(StreamsConfig.mainConsumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), (int)
                SESSION_TIMEOUT.dividedBy(4).toMillis());
        properties.putIfAbsent(
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG),
                instanceId(settings.stateDirectory()));
        properties.putIfAbsent(StreamsConfig.ENABLE_METRICS_PUSH_CONFIG, false);
        binding(properties, settings, memory);
        properties.put(
                StreamsConfig.producerPrefix(ProducerConfig.INTERCEPTOR_CLASSES_CONFIG), AppendWatch.class.getName());
        properties.put(StreamsConfig.producerPrefix(AppendWatch.ACKNOWLEDGED), acknowledged);
        return properties;
    }

    /** What the promises rest on: nothing in the configuration file may change it. */
    private static void binding(
            Map<String, Object> properties, StreamsSettings settings, BoundedRocksDb.Memory memory) {
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, settings.topics().streamsApplicationId());
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        // One district is one task; a second thread would have nothing to do.
        properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
        properties.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, settings.standbyReplicas());
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_BLOCK_MS_CONFIG), WITHOUT_END);
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG), WITHOUT_END);
        // A cache would hold back what the next commit has to make visible.
        properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0L);
        properties.put(StreamsConfig.STATE_DIR_CONFIG, settings.stateDirectory().toString());
        properties.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        properties.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
        properties.put(BoundedRocksDb.MEMORY, memory);
        properties.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, (int)
                settings.topicSettings().replicationFactor());
        properties.put(
                StreamsConfig.topicPrefix(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG),
                settings.topicSettings().minInsyncReplicas());
    }

    /**
     * Who this process is in the group. It stays with the state directory, so a process that was killed and comes back
     * takes its own place at once instead of waiting for its old session to run out.
     */
    private static String instanceId(Path stateDirectory) {
        Path file = stateDirectory.resolve(INSTANCE_FILE);
        try {
            if (Files.exists(file)) {
                return Files.readString(file, StandardCharsets.UTF_8).strip();
            }
            String id = UUID.randomUUID().toString();
            // Whole or not at all: a process that died in between must not leave a name that nobody can have.
            OwnerOnly.write(file, id);
            return id;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The state directory " + stateDirectory + " of the streams application cannot be used", e);
        }
    }
}
