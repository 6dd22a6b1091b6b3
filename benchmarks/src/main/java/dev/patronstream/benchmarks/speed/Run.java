package dev.patronstream.benchmarks.speed;

import dev.patronstream.schemas.topic.CommittedConsumer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** One process of a contestant, from its start until its topics hold what is waited for. For one thread. */
final class Run implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration LOOK = Duration.ofMillis(20);

    private final Contestant contestant;
    private final Process process;
    private final Path log;
    private final long began = System.nanoTime();

    /**
     * How long it took.
     *
     * @param seconds from the start of the process to the last record, readable as committed
     * @param cpuSeconds processor time of the process
     */
    record Taken(double seconds, double cpuSeconds) {}

    Run(Contestant contestant, Path log) throws IOException {
        this.contestant = contestant;
        this.log = log;
        this.process = new ProcessBuilder(contestant.command())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, "end-" + contestant.name()));
    }

    /** Waits for as many records with a value. */
    Taken untilRows(String bootstrapServers, long rows) throws InterruptedException {
        long[] count = {0};
        return until(bootstrapServers, Map.of(), record -> record.value() != null && ++count[0] == rows);
    }

    /**
     * Waits for a value that holds a text which nothing before it did, as the last of so many with a value.
     *
     * @throws IllegalStateException if more or fewer came: then something else was measured, such as another snapshot
     */
    Taken untilText(String bootstrapServers, Map<TopicPartition, Long> from, String text, long rows)
            throws InterruptedException {
        byte[] wanted = text.getBytes(StandardCharsets.US_ASCII);
        long[] count = {0};
        Taken taken = until(bootstrapServers, from, record -> {
            count[0] += record.value() == null ? 0 : 1;
            return record.value() != null && contains(record.value(), wanted);
        });
        if (count[0] != rows) {
            throw new IllegalStateException(contestant.name() + " wrote " + count[0] + " records up to the last of "
                    + rows + " changes; its log is " + log);
        }
        return taken;
    }

    private Taken until(
            String bootstrapServers, Map<TopicPartition, Long> from, Predicate<ConsumerRecord<byte[], byte[]>> last)
            throws InterruptedException {
        Map<String, Object> kafka = Map.of("bootstrap.servers", bootstrapServers);
        try (Admin admin = Admin.create(kafka);
                var reader = new CommittedConsumer<>(kafka, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            Set<TopicPartition> read = Set.of();
            while (System.nanoTime() - began < PATIENCE.toNanos()) {
                requireAlive();
                if (read.size() < contestant.topics().size()) {
                    Set<TopicPartition> there = there(admin);
                    if (!there.equals(read)) {
                        Map<TopicPartition, Long> positions =
                                read.stream().collect(Collectors.toMap(partition -> partition, reader::position));
                        reader.assign(there);
                        there.forEach(partition -> reader.seek(
                                partition, positions.getOrDefault(partition, from.getOrDefault(partition, 0L))));
                        read = there;
                    }
                    TimeUnit.NANOSECONDS.sleep(read.isEmpty() ? LOOK.toNanos() : 0);
                }
                if (!read.isEmpty()) {
                    for (ConsumerRecord<byte[], byte[]> record : reader.poll(LOOK)) {
                        if (last.test(record)) {
                            return new Taken((System.nanoTime() - began) / 1e9, cpuSeconds());
                        }
                    }
                }
            }
        }
        throw new IllegalStateException(
                contestant.name() + " did not come to its last row within " + PATIENCE + "; its" + " log is " + log);
    }

    private Set<TopicPartition> there(Admin admin) throws InterruptedException {
        try {
            Set<String> names = admin.listTopics().names().get();
            return contestant.topics().stream()
                    .filter(names::contains)
                    .map(topic -> new TopicPartition(topic, 0))
                    .collect(Collectors.toSet());
        } catch (ExecutionException e) {
            throw new IllegalStateException("Kafka does not list its topics", e);
        }
    }

    /** Where the contestant's topics end. */
    static Map<TopicPartition, Long> ends(Contestant contestant, String bootstrapServers) {
        try (var reader = new CommittedConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = new ArrayList<>();
            contestant.topics().forEach(topic -> partitions.add(new TopicPartition(topic, 0)));
            return reader.endOffsets(partitions);
        }
    }

    private double cpuSeconds() {
        return process.info().totalCpuDuration().orElseThrow().toMillis() / 1e3;
    }

    private void requireAlive() {
        if (!process.isAlive()) {
            throw new IllegalStateException(
                    contestant.name() + " ended with " + process.exitValue() + "; its log is " + log);
        }
    }

    private static boolean contains(byte[] value, byte[] wanted) {
        for (int from = 0; from + wanted.length <= value.length; from++) {
            int same = 0;
            while (same < wanted.length && value[from + same] == wanted[same]) {
                same++;
            }
            if (same == wanted.length) {
                return true;
            }
        }
        return false;
    }

    /** Ends the process in order, so that the next one goes on from there. */
    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(1, TimeUnit.MINUTES)) {
            process.destroyForcibly().waitFor();
            throw new IllegalStateException(contestant.name() + " did not end in order; its log is " + log);
        }
    }
}
