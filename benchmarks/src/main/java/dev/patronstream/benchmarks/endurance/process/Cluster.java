package dev.patronstream.benchmarks.endurance.process;

import dev.patronstream.benchmarks.endurance.fault.Victim;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;

/** What a cluster of several brokers is asked and told. For one thread. */
public final class Cluster implements AutoCloseable {

    private static final int ANSWER_MILLIS = 10_000;
    private static final int BATCH_HEADER_BYTES = 27;
    private static final int LENGTH_AT = 8;
    private static final int LAST_OFFSET_DELTA_AT = 23;

    private final Kafka kafka;
    private final Admin admin;

    public Cluster(Kafka kafka) {
        this.kafka = kafka;
        this.admin = Admin.create(Map.of(
                "bootstrap.servers",
                kafka.bootstrapServers(),
                "request.timeout.ms",
                ANSWER_MILLIS / 2,
                "default.api.timeout.ms",
                ANSWER_MILLIS));
    }

    /** The brokers that have all of a topic; none while nobody can say. */
    public List<Victim> inSync(String topic) throws InterruptedException {
        try {
            return described(topic).isr().stream()
                    .map(node -> Kafka.victim(node.id()))
                    .toList();
        } catch (ExecutionException | TimeoutException e) {
            return List.of();
        }
    }

    /** Who leads a topic, if anybody does. */
    public Optional<Victim> leader(String topic) throws InterruptedException {
        try {
            Node leader = described(topic).leader();
            return leader == null || leader.isEmpty() ? Optional.empty() : Optional.of(Kafka.victim(leader.id()));
        } catch (ExecutionException | TimeoutException e) {
            return Optional.empty();
        }
    }

    /** Who coordinates the transactions of the first of those whose ids begin so, if anybody does. */
    public Optional<Victim> coordinator(String transactionalIds) throws InterruptedException {
        try {
            return answer(admin.listTransactions().allByBrokerId()).entrySet().stream()
                    .filter(broker -> broker.getValue().stream()
                            .anyMatch(listed -> listed.transactionalId().startsWith(transactionalIds)))
                    .map(broker -> Kafka.victim(broker.getKey()))
                    .findFirst();
        } catch (ExecutionException | TimeoutException e) {
            return Optional.empty();
        }
    }

    /** Up to where readers see a topic. */
    public long end(String topic) throws InterruptedException {
        TopicPartition partition = new TopicPartition(topic, 0);
        try {
            return answer(admin.listOffsets(
                                    Map.of(partition, OffsetSpec.latest()),
                                    new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                            .partitionResult(partition))
                    .offset();
        } catch (ExecutionException | TimeoutException e) {
            return -1;
        }
    }

    /** Tries to make a broker the leader that has not all of a topic; the others cut theirs once they are back. */
    public boolean electUncleanly(String topic, Victim stale) throws InterruptedException {
        try {
            var unused = answer(admin.electLeaders(ElectionType.UNCLEAN, Set.of(new TopicPartition(topic, 0)))
                    .partitions());
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
        return leader(topic).equals(Optional.of(stale));
    }

    /** The offset that follows the last record that a broker without a process has of a topic. */
    public long endOnDisk(Victim broker, String topic) {
        Path folder = kafka.folder(broker).resolve("log").resolve(topic + "-0");
        try (Stream<Path> files = Files.list(folder)) {
            Path segment = files.filter(file -> file.toString().endsWith(".log"))
                    .max(Path::compareTo)
                    .orElseThrow();
            long end = Long.parseLong(segment.getFileName().toString().replace(".log", ""));
            ByteBuffer log = ByteBuffer.wrap(Files.readAllBytes(segment));
            int at = 0;
            while (at + BATCH_HEADER_BYTES < log.limit()) {
                int length = LENGTH_AT + Integer.BYTES + log.getInt(at + LENGTH_AT);
                if (length <= BATCH_HEADER_BYTES || at + length > log.limit()) {
                    break;
                }
                end = log.getLong(at) + log.getInt(at + LAST_OFFSET_DELTA_AT) + 1;
                at += length;
            }
            return end;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private TopicPartitionInfo described(String topic)
            throws InterruptedException, ExecutionException, TimeoutException {
        TopicDescription described =
                answer(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic);
        return Objects.requireNonNull(described).partitions().get(0);
    }

    private static <T> T answer(KafkaFuture<T> asked)
            throws InterruptedException, ExecutionException, TimeoutException {
        return asked.get(2 * ANSWER_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}
