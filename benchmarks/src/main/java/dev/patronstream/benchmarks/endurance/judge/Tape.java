package dev.patronstream.benchmarks.endurance.judge;

import dev.patronstream.schemas.topic.CommittedConsumer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Follows topics from their first record while everything runs, and keeps all that a reader sees: a topic that is
 * deleted, or whose tail is lost, does not take the evidence with it. Thread-safe.
 */
public final class Tape implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);
    private static final long ANSWER_SECONDS = 5;

    private final Admin admin;
    private final CommittedConsumer<String, byte[]> consumer;
    private final Set<String> topics;
    private final Map<String, List<Reel.Item<ConsumerRecord<String, byte[]>>>> items = new HashMap<>();
    private final Map<String, Uuid> followed = new HashMap<>();
    private final Map<String, Long> next = new HashMap<>();
    private final Set<Uuid> gone = new HashSet<>();
    private final Thread thread = new Thread(this::follow, "tape");
    private volatile boolean closed;
    private volatile @Nullable RuntimeException failure;

    /** Begins to follow; a topic that is not there yet is followed once it is. */
    public Tape(String bootstrapServers, Set<String> topics) {
        Map<String, Object> kafka = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                "request.timeout.ms",
                5_000,
                "default.api.timeout.ms",
                6_000);
        this.topics = Set.copyOf(topics);
        this.admin = Admin.create(kafka);
        this.consumer = new CommittedConsumer<>(
                kafka,
                Map.of(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        topics.forEach(topic -> items.put(topic, new ArrayList<>()));
        thread.setDaemon(true);
        thread.start();
    }

    /** Called while the broker is down: everything of a topic from an offset on is gone. */
    public synchronized void lostTail(String topic, long from) {
        if (!topics.contains(topic)) {
            return;
        }
        pollAll();
        reel(topic).add(new Reel.Damage<>(Instant.now(), Instant.MAX, from, false));
        if (next.getOrDefault(topic, 0L) > from && followed.containsKey(topic)) {
            consumer.seek(partition(topic), from);
            next.put(topic, from);
        }
    }

    /** What the broker has sent before it went away was there: it must not pass for what comes to the same offsets. */
    private void pollAll() {
        try {
            while (poll()) {
                Thread.onSpinWait();
            }
        } catch (KafkaException away) {
            // As in follow: nothing more comes.
        }
    }

    /** Called before a topic is deleted. */
    public synchronized void deleting(String topic) {
        Uuid id = followed.remove(topic);
        if (id != null) {
            gone.add(id);
            reel(topic).add(new Reel.Damage<>(Instant.now(), Instant.MAX, next.getOrDefault(topic, 0L), true));
            assign();
        }
    }

    /** Waits until everything that is committed now has been seen; whether it came in time. */
    public boolean drain(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!isDrained()) {
            if (failure != null) {
                throw new IllegalStateException("The topics could not be followed to the end", failure);
            }
            if (System.nanoTime() > deadline) {
                return false;
            }
            Thread.sleep(BETWEEN_LOOKS.toMillis());
        }
        return true;
    }

    private boolean isDrained() {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        topics.forEach(topic -> asked.put(partition(topic), OffsetSpec.latest()));
        synchronized (this) {
            asked.keySet().removeIf(partition -> !followed.containsKey(partition.topic()));
        }
        try {
            var ends = admin.listOffsets(asked, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                    .all()
                    .get(ANSWER_SECONDS, TimeUnit.SECONDS);
            synchronized (this) {
                return ends.entrySet().stream()
                        .allMatch(end -> next.getOrDefault(end.getKey().topic(), 0L)
                                >= end.getValue().offset());
            }
        } catch (ExecutionException | TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Returns what was seen of a topic. */
    synchronized <T> Reel<T> reel(String topic, Function<ConsumerRecord<String, byte[]>, Optional<T>> reading) {
        List<Reel.Item<T>> read = new ArrayList<>();
        for (Reel.Item<ConsumerRecord<String, byte[]>> item : reel(topic)) {
            if (item instanceof Reel.Damage<?> damage) {
                read.add(new Reel.Damage<>(damage.at(), damage.back(), damage.from(), damage.all()));
            } else if (item instanceof Reel.Seen<ConsumerRecord<String, byte[]>> seen) {
                reading.apply(seen.value())
                        .ifPresent(value -> read.add(new Reel.Seen<>(seen.offset(), seen.at(), value)));
            }
        }
        return new Reel<>(read);
    }

    /** Returns where the losses of a topic were. */
    synchronized List<Instant> losses(String topic) {
        List<Instant> losses = new ArrayList<>();
        reel(topic).forEach(item -> {
            if (item instanceof Reel.Damage<?> damage) {
                losses.add(damage.at());
            }
        });
        return losses;
    }

    private List<Reel.Item<ConsumerRecord<String, byte[]>>> reel(String topic) {
        return items.getOrDefault(topic, List.of());
    }

    private void follow() {
        long looked = 0;
        while (!closed) {
            try {
                if (System.nanoTime() - looked > BETWEEN_LOOKS.toNanos()) {
                    look();
                    looked = System.nanoTime();
                }
                var unused = poll();
                Thread.sleep(POLL.toMillis());
            } catch (KafkaException awayForAMoment) {
                Thread.onSpinWait();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                failure = e;
                return;
            }
        }
    }

    /** Whether something came. */
    private synchronized boolean poll() {
        if (followed.isEmpty()) {
            return false;
        }
        ConsumerRecords<String, byte[]> polled = consumer.poll(POLL);
        for (ConsumerRecord<String, byte[]> seen : polled) {
            if (seen.offset() >= next.getOrDefault(seen.topic(), 0L)) {
                reel(seen.topic()).add(new Reel.Seen<>(seen.offset(), Instant.ofEpochMilli(seen.timestamp()), seen));
                next.put(seen.topic(), seen.offset() + 1);
            }
        }
        for (TopicPartition partition : consumer.assignment()) {
            next.merge(partition.topic(), consumer.position(partition, POLL), Math::max);
        }
        return !polled.isEmpty();
    }

    /** Finds topics that have come, and those that somebody has deleted without a word. */
    private void look() throws InterruptedException {
        Instant asked = Instant.now();
        Map<String, Uuid> there = ids();
        synchronized (this) {
            there.keySet().forEach(topic -> isBack(topic, asked));
            for (Map.Entry<String, Uuid> topic : there.entrySet()) {
                @Nullable Uuid known = followed.get(topic.getKey());
                if (known != null && !known.equals(topic.getValue())) {
                    deleting(topic.getKey());
                }
                if (!followed.containsKey(topic.getKey()) && !gone.contains(topic.getValue())) {
                    followed.put(topic.getKey(), topic.getValue());
                    next.put(topic.getKey(), 0L);
                    assign();
                    consumer.seek(partition(topic.getKey()), 0);
                }
            }
        }
    }

    /** A topic that lost records is back with the first answer to somebody who asks for it afterwards. */
    private void isBack(String topic, Instant asked) {
        reel(topic)
                .replaceAll(item -> item instanceof Reel.Damage<ConsumerRecord<String, byte[]>> damage
                                && damage.at().isBefore(asked)
                                && damage.back().equals(Instant.MAX)
                        ? damage.withBack(Instant.now())
                        : item);
    }

    private Map<String, Uuid> ids() throws InterruptedException {
        Map<String, Uuid> ids = new HashMap<>();
        var answers = admin.describeTopics(topics).topicNameValues();
        for (var answer : answers.entrySet()) {
            try {
                ids.put(
                        answer.getKey(),
                        answer.getValue().get(ANSWER_SECONDS, TimeUnit.SECONDS).topicId());
            } catch (ExecutionException | TimeoutException none) {
                // Not there, or the broker is away: the next look tells.
            }
        }
        return ids;
    }

    /** Keeps the positions of the others. */
    private void assign() {
        Map<String, Long> positions = new HashMap<>(next);
        consumer.assign(followed.keySet().stream().map(Tape::partition).toList());
        followed.keySet().forEach(topic -> consumer.seek(partition(topic), positions.getOrDefault(topic, 0L)));
    }

    private static TopicPartition partition(String topic) {
        return new TopicPartition(topic, 0);
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        consumer.close();
        admin.close(Duration.ZERO);
    }
}
