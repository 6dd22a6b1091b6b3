package dev.patronstream.benchmarks.speed;

import dev.patronstream.schemas.topic.CommittedConsumer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** One process, from its start until its topics hold what is waited for, or until its end. For one thread. */
final class Run implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration LOOK = Duration.ofMillis(20);

    private final String name;
    private final List<String> topics;
    private final Process process;
    private final Path log;
    private final long began = System.nanoTime();
    private long peak;

    /**
     * How long it took.
     *
     * @param seconds from the start of the process to the last record, readable as committed
     * @param cpuSeconds processor time of the process
     */
    record Taken(double seconds, double cpuSeconds) {}

    Run(Contestant contestant, Path log) throws IOException {
        this(contestant.name(), contestant.command(), contestant.topics(), log);
    }

    Run(String name, List<String> command, List<String> topics, Path log) throws IOException {
        this.name = name;
        this.topics = List.copyOf(topics);
        this.log = log;
        this.process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, "end-" + name));
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
            throw new IllegalStateException(
                    name + " wrote " + count[0] + " records up to the last of " + rows + " changes; its log is " + log);
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
                if (read.size() < topics.size()) {
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
                name + " did not come to its last row within " + PATIENCE + "; its" + " log is " + log);
    }

    private Set<TopicPartition> there(Admin admin) throws InterruptedException {
        try {
            Set<String> names = admin.listTopics().names().get();
            return topics.stream()
                    .filter(names::contains)
                    .map(topic -> new TopicPartition(topic, 0))
                    .collect(Collectors.toSet());
        } catch (ExecutionException e) {
            throw new IllegalStateException("Kafka does not list its topics", e);
        }
    }

    /** Where the contestant's topics end. */
    static Map<TopicPartition, Long> ends(List<String> topics, String bootstrapServers) {
        try (var reader = new CommittedConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = new ArrayList<>();
            topics.forEach(topic -> partitions.add(new TopicPartition(topic, 0)));
            return reader.endOffsets(partitions);
        }
    }

    /** Waits for the end of a process that ends by itself. */
    Taken untilEnd() throws InterruptedException {
        double cpu = 0;
        while (!process.waitFor(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
            cpu = process.info().totalCpuDuration().map(Run::seconds).orElse(cpu);
            peak = Math.max(peak, megabytes());
            if (System.nanoTime() - began > PATIENCE.toNanos()) {
                throw new IllegalStateException(name + " did not end within " + PATIENCE + "; its log is " + log);
            }
        }
        if (process.exitValue() != 0) {
            throw new IllegalStateException(name + " ended with " + process.exitValue() + "; its log is " + log);
        }
        return new Taken((System.nanoTime() - began) / 1e9, cpu);
    }

    /** Returns the most memory that the process had at once, in megabytes. */
    long peakMegabytes() {
        peak = Math.max(peak, megabytes());
        return peak;
    }

    private double cpuSeconds() {
        return seconds(process.info().totalCpuDuration().orElseThrow());
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }

    /** As Linux counts it; 0 elsewhere, and once the process has ended. */
    private long megabytes() {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException | UncheckedIOException e) {
            return 0;
        }
    }

    private void requireAlive() {
        if (!process.isAlive()) {
            throw new IllegalStateException(name + " ended with " + process.exitValue() + "; its log is " + log);
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
            throw new IllegalStateException(name + " did not end in order; its log is " + log);
        }
    }
}
