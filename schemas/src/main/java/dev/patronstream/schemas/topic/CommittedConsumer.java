package dev.patronstream.schemas.topic;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * A consumer that reads what is committed, of partitions and from offsets that it is given, in no group and without
 * leaving a trace. Not thread-safe.
 */
public final class CommittedConsumer<K, V> extends KafkaConsumer<K, V> {

    private static final int POLL_RECORDS = 5_000;

    /** The next fetch begins when the last is used up; with Kafka's 1 MiB a whole topic is many round trips. */
    private static final int FETCH_BYTES = 8 << 20;

    /** A question about an offset queues up behind a fetch that waits for records which will not come. */
    private static final int FETCH_WAIT_MILLIS = 50;

    /** Unless the district names some: Kafka's beans for JMX are a third of the work of a client for one question. */
    static final String NO_REPORTERS = "";

    /** Makes a consumer that fails when it is at an offset that the topic does not have. */
    public CommittedConsumer(Map<String, ?> kafka, Deserializer<K> keys, Deserializer<V> values) {
        this(kafka, Map.of(), keys, values);
    }

    /**
     * Makes a consumer.
     *
     * @param kafka properties that every Kafka client of the district gets
     * @param own properties of this consumer; they win
     */
    public CommittedConsumer(Map<String, ?> kafka, Map<String, ?> own, Deserializer<K> keys, Deserializer<V> values) {
        super(properties(kafka, own), keys, values);
    }

    private static Map<String, Object> properties(Map<String, ?> kafka, Map<String, ?> own) {
        Map<String, Object> properties = new HashMap<>(kafka);
        properties.keySet().remove(ConsumerConfig.GROUP_ID_CONFIG);
        properties.keySet().remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, POLL_RECORDS);
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_WAIT_MILLIS);
        properties.putIfAbsent(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, FETCH_BYTES);
        properties.putIfAbsent(ConsumerConfig.METRIC_REPORTER_CLASSES_CONFIG, NO_REPORTERS);
        properties.putAll(own);
        return properties;
    }

    /**
     * Closes at once. There is no group to leave; the usual way waits for the answer to a fetch that nobody wants any
     * more, a fifth of a second where nothing comes.
     */
    @Override
    public void close() {
        close(CloseOptions.timeout(Duration.ZERO));
    }
}
