package dev.patronstream.schemas.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets one of several instances of a stage lead; the others wait, and one of them takes over when the leader stops or has
 * been silent for ten seconds.
 *
 * <p>The leader is the instance that has the first partition of a topic in a consumer group; nothing is read from it. With
 * its name the leader commits an offset, which the group takes from nobody else, so that the others can say who leads.
 * The lease says who tries; who may write is for the transactional id to say. Thread-safe.
 */
public final class LeaderLease implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(LeaderLease.class);
    private static final int SESSION_MILLIS = 10_000;
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final long SECONDS_BETWEEN_TRIES = 5;

    private final Map<String, Object> configuration;
    private final TopicPartition partition;
    private final UUID self = UUID.randomUUID();
    private final String name = ThisProcess.name();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread member;
    private final Runnable whenFenced;
    /** For the member's thread alone. */
    private boolean assigned;

    private long terms;
    private volatile long term;
    private volatile boolean fenced;
    private volatile Optional<Leader> leader = Optional.empty();

    /** Who leads: machine and process, and since when by its clock. */
    public record Leader(String instance, Instant since) {}

    /**
     * Begins to take part.
     *
     * @param kafka properties that every Kafka client gets
     * @param group name of the consumer group
     * @param topic a topic that exists
     * @param seat what stays the same when this process is started again, which then takes its place at once; empty for
     *     one that waits as any other
     * @param whenFenced runs once another one has come to lead since this one did
     */
    public LeaderLease(Map<String, ?> kafka, String group, String topic, Optional<String> seat, Runnable whenFenced) {
        this.whenFenced = whenFenced;
        Map<String, Object> properties = new TreeMap<>(kafka);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_MILLIS);
        properties.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, SESSION_MILLIS / 4);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
        // A topic that was deleted and made again is seen soon.
        properties.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, SESSION_MILLIS);
        seat.ifPresent(id -> properties.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, id));
        // A newcomer must not take the lease from who has it.
        properties.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        this.configuration = properties;
        this.partition = new TopicPartition(topic, 0);
        this.member = StageThreads.daemons(group + "-lease").newThread(this::takePart);
        member.start();
    }

    /** Returns a number above 0 while this one leads, another one for each time it came to lead. */
    public long term() {
        return term;
    }

    /** Whether another one has come to lead since this one did. */
    public boolean isFenced() {
        return fenced;
    }

    /** Returns which other one leads, as far as that is known. */
    public Optional<Leader> leader() {
        return leader;
    }

    private void takePart() {
        while (closed.getCount() > 0 && !fenced) {
            try (Consumer<byte[], byte[]> consumer =
                    new KafkaConsumer<>(configuration, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                consumer.subscribe(List.of(partition.topic()), new Assignment(consumer));
                while (closed.getCount() > 0 && !fenced) {
                    consumer.poll(POLL);
                    look(consumer);
                }
                consumer.close(
                        CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
            } catch (FencedInstanceIdException e) {
                LOGGER.atWarn()
                        .setCause(e)
                        .log("Another process has taken this one's seat: it runs with a copy of its folder");
                fenced = true;
            } catch (KafkaException e) {
                LOGGER.atWarn()
                        .addKeyValue("group", configuration.get(ConsumerConfig.GROUP_ID_CONFIG))
                        .setCause(e)
                        .log("Which instance leads cannot be known, so this one begins nothing; it is tried again");
                lost();
                rest();
            }
        }
        lost();
        if (fenced) {
            whenFenced.run();
        }
    }

    private void look(Consumer<byte[], byte[]> consumer) {
        if (assigned && term == 0) {
            String note = self + " " + name + " " + Instant.now();
            consumer.commitSync(Map.of(partition, new OffsetAndMetadata(0, note)), ANSWER);
            leader = Optional.empty();
            term = ++terms;
            LOGGER.atInfo()
                    .addKeyValue("group", configuration.get(ConsumerConfig.GROUP_ID_CONFIG))
                    .log("This instance leads");
        } else if (!assigned) {
            OffsetAndMetadata noted =
                    consumer.committed(Set.of(partition), ANSWER).get(partition);
            String[] note = noted == null ? new String[0] : noted.metadata().split(" ");
            boolean other = note.length == 3 && !note[0].equals(self.toString());
            leader = other ? Optional.of(new Leader(note[1], Instant.parse(note[2]))) : Optional.empty();
            fenced |= other && terms > 0;
        }
    }

    private void lost() {
        if (term > 0) {
            LOGGER.atInfo()
                    .addKeyValue("group", configuration.get(ConsumerConfig.GROUP_ID_CONFIG))
                    .log("This instance does not lead any more");
        }
        assigned = false;
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

    private final class Assignment implements ConsumerRebalanceListener {
        private final Consumer<byte[], byte[]> consumer;

        Assignment(Consumer<byte[], byte[]> consumer) {
            this.consumer = consumer;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            consumer.pause(partitions);
            assigned |= partitions.contains(partition);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            if (partitions.contains(partition)) {
                lost();
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
