package dev.patronstream.snapshotter;

import dev.patronstream.sandbox.kafka.EmbeddedKafka;
import dev.patronstream.sandbox.registry.EmbeddedRegistry;
import dev.patronstream.schemas.AvroSerdes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
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
