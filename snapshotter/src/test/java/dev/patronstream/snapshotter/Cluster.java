package dev.patronstream.snapshotter;

import dev.patronstream.embedded.kafka.EmbeddedKafka;
import dev.patronstream.embedded.registry.EmbeddedRegistry;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.schemas.topic.TopicSettings;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.snapshotter.feed.FeedSettings;
import dev.patronstream.snapshotter.feed.SnapshotterSettings;
import dev.patronstream.snapshotter.ledger.Archive;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** A real broker and registry for all tests of this JVM, as a parameter of their methods. */
public final class Cluster implements AutoCloseable {

    private final Path folder;
    private final EmbeddedKafka kafka;
    private final EmbeddedRegistry registry;
    private final AtomicInteger districts = new AtomicInteger();

    private Cluster() {
        try {
            folder = Files.createTempDirectory("snapshotter-kafka");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        kafka = EmbeddedKafka.start(folder, 0);
        registry = EmbeddedRegistry.start(kafka.bootstrapServers(), 0);
    }

    /** Returns a district name that no other test has. */
    public String newDistrict() {
        return "district" + districts.incrementAndGet();
    }

    /** Returns how a district's feeds are delivered, with the usual settings for all that no test is about. */
    SnapshotterSettings settings(Topics topics, Path archive, Duration cutTimeLimit, List<FeedSettings> feeds) {
        return new SnapshotterSettings(
                topics,
                TopicSettings.SINGLE_BROKER,
                kafka(),
                registry(),
                new Archive(archive, Usual.GENERATIONS, 2_000_000_000L),
                cutTimeLimit,
                Duration.ofMinutes(15),
                feeds,
                Optional.empty());
    }

    /** Returns a cluster of the test's own, whose broker it may stop. */
    static Cluster own() {
        return new Cluster();
    }

    /** Returns how long the logs of topics are, in bytes. */
    Map<String, Long> logSizes(List<String> topicNames) throws IOException {
        Map<String, Long> sizes = new TreeMap<>();
        for (String topic : topicNames) {
            sizes.put(topic, log(topic).length());
        }
        return sizes;
    }

    private File log(String topic) throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            return tree.filter(path -> path.endsWith(Path.of(topic + "-0", "00000000000000000000.log")))
                    .findFirst()
                    .orElseThrow()
                    .toFile();
        }
    }

    /** Stops the broker, cuts the logs of topics as a power failure does, and starts it again. */
    void withBrokerStopped(List<String> topicNames, Cut cut) throws IOException {
        kafka.stop();
        for (String topic : topicNames) {
            File log = log(topic);
            try (FileChannel channel = FileChannel.open(log.toPath(), StandardOpenOption.WRITE)) {
                channel.truncate(cut.to(topic, Files.readAllBytes(log.toPath())));
            }
        }
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path path : tree.toList()) {
                String name = path.getFileName().toString();
                boolean derived = name.endsWith("index") || name.endsWith(".snapshot");
                boolean ofThese = topicNames.contains(
                        path.getParent().getFileName().toString().replaceAll("-0$", ""));
                if (name.equals(".kafka_cleanshutdown") || name.endsWith("checkpoint") || (derived && ofThese)) {
                    Files.delete(path);
                }
            }
        }
        kafka.start();
    }

    /** Says where a log ends from now on. */
    @FunctionalInterface
    interface Cut {
        long to(String topic, byte[] log);
    }

    /** Returns what every Kafka client needs. */
    public Map<String, Object> kafka() {
        return Map.of("bootstrap.servers", kafka.bootstrapServers());
    }

    /** Returns what every serde needs. */
    public Map<String, Object> registry() {
        return Map.of("schema.registry.url", registry.url());
    }

    /** Returns serdes over the registry. */
    public AvroSerdes serdes() {
        return new AvroSerdes(registry());
    }

    @Override
    public void close() {
        registry.close();
        kafka.close();
        try (Stream<Path> tree = Files.walk(folder)) {
            tree.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts the cluster at its first use. */
    public static final class Extension implements ParameterResolver {

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == Cluster.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(ExtensionContext.Namespace.GLOBAL)
                    .getOrComputeIfAbsent(Cluster.class, type -> new Cluster(), Cluster.class);
        }
    }
}
