package dev.patronstream.connector;

import dev.patronstream.embedded.kafka.EmbeddedKafka;
import dev.patronstream.embedded.registry.EmbeddedRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.opentest4j.TestAbortedException;
import org.testcontainers.kafka.KafkaContainer;

/** One broker and one registry for all test classes; tests keep apart by the district's name. */
public final class KafkaExtension implements ParameterResolver {

    /**
     * A running broker with its registry.
     *
     * @param embedded the broker, if it is one in this process
     * @param stop what stops it
     */
    public record TestKafka(
            Path directory,
            Optional<EmbeddedKafka> embedded,
            String bootstrapServers,
            AutoCloseable stop,
            EmbeddedRegistry registry)
            implements AutoCloseable {

        /** A broker in this process. */
        TestKafka(Path directory, EmbeddedKafka kafka, EmbeddedRegistry registry) {
            this(directory, Optional.of(kafka), kafka.bootstrapServers(), kafka, registry);
        }

        static TestKafka inThisProcess() {
            Path directory = temporary();
            EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"), 0);
            return new TestKafka(directory, kafka, EmbeddedRegistry.start(kafka.bootstrapServers(), 0));
        }

        static TestKafka inAContainer() {
            KafkaContainer container = new KafkaContainer("apache/kafka-native:4.1.1");
            container.start();
            return new TestKafka(
                    temporary(),
                    Optional.empty(),
                    container.getBootstrapServers(),
                    container,
                    EmbeddedRegistry.start(container.getBootstrapServers(), 0));
        }

        /** The broker in this process; a test that stops it is left out on any other one. */
        public EmbeddedKafka kafka() {
            return embedded.orElseThrow(
                    () -> new TestAbortedException("stops the broker, which only the one in this process lets it do"));
        }

        private static Path temporary() {
            try {
                return Files.createTempDirectory("connector-kafka");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws Exception {
            registry.close();
            stop.close();
            try (Stream<Path> files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TestKafka.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        boolean container = context.getTags().contains("kafka");
        return context.getRoot()
                .getStore(Namespace.create(KafkaExtension.class))
                .getOrComputeIfAbsent(
                        container ? "container" : "this process",
                        where -> container ? TestKafka.inAContainer() : TestKafka.inThisProcess(),
                        TestKafka.class);
    }
}
