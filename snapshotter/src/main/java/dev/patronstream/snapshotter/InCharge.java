package dev.patronstream.snapshotter;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one of several snapshotters of a district in charge of its schedules; the others wait, and one of them takes over
 * when it stops or has been silent for some ten seconds.
 *
 * <p>Who is in charge is who has the one partition of the topic of receipts in a consumer group; nothing is read from it.
 * Thread-safe.
 */
final class InCharge implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(InCharge.class);
    private static final int SESSION_MILLIS = 10_000;
    private static final Duration POLL = Duration.ofMillis(500);
    private static final long SECONDS_BETWEEN_TRIES = 5;

    private final Map<String, Object> configuration;
    private final String topic;
    private final AtomicLong terms = new AtomicLong();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread member = new Thread(this::takePart, "snapshotter-in-charge");
    private volatile long term;

    /**
     * Begins to take part.
     *
     * @param kafka properties that every Kafka client gets
     * @param group name of the consumer group
     * @param topic a topic with one partition, which exists
     */
    InCharge(Map<String, Object> kafka, String group, String topic) {
        Map<String, Object> properties = new TreeMap<>(kafka);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_MILLIS);
        properties.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, SESSION_MILLIS / 4);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
        // A newcomer must not take the charge from who has it.
        properties.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        this.configuration = properties;
        this.topic = topic;
        member.setDaemon(true);
        member.start();
    }

    /** Returns a number above 0 while this one is in charge, another one for each time it came to be. */
    long term() {
        return term;
    }

    private void takePart() {
        while (closed.getCount() > 0) {
            try (Consumer<byte[], byte[]> consumer =
                    new KafkaConsumer<>(configuration, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                consumer.subscribe(List.of(topic), new Charge(consumer));
                while (closed.getCount() > 0) {
                    consumer.poll(POLL);
                }
            } catch (KafkaException e) {
                term = 0;
                LOGGER.atError()
                        .addKeyValue("topic", topic)
                        .setCause(e)
                        .log("Whether this snapshotter is in charge cannot be known, so it starts nothing; it is tried"
                                + " again");
                rest();
            }
        }
        term = 0;
    }

    private void rest() {
        try {
            closed.await(SECONDS_BETWEEN_TRIES, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed.countDown();
        }
    }

    private final class Charge implements ConsumerRebalanceListener {
        private final Consumer<byte[], byte[]> consumer;

        Charge(Consumer<byte[], byte[]> consumer) {
            this.consumer = consumer;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            if (!partitions.isEmpty()) {
                consumer.pause(partitions);
                term = terms.incrementAndGet();
                LOGGER.atInfo().log("This snapshotter is in charge of the schedules");
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            if (!partitions.isEmpty()) {
                term = 0;
                LOGGER.atInfo().log("This snapshotter is not in charge of the schedules any more");
            }
        }
    }

    /** Leaves, so that another one takes over at once. */
    @Override
    public void close() {
        closed.countDown();
        try {
            member.join(Duration.ofMillis(2L * SESSION_MILLIS).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
