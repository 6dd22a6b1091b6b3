package dev.patronstream.connector;

import dev.patronstream.sandbox.kafka.EmbeddedKafka;
import dev.patronstream.sandbox.registry.EmbeddedRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** One broker and one registry for all test classes; tests keep apart by the district's name. */
public final class KafkaExtension implements ParameterResolver {

    /** A running broker with its registry. */
    public record TestKafka(Path directory, EmbeddedKafka kafka, EmbeddedRegistry registry) implements AutoCloseable {

        static TestKafka start() {
            try {
                Path directory = Files.createTempDirectory("connector-kafka");
                EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"), 0);
                return new TestKafka(directory, kafka, EmbeddedRegistry.start(kafka.bootstrapServers(), 0));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            registry.close();
            kafka.close();
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
        return context.getRoot()
                .getStore(Namespace.create(KafkaExtension.class))
                .getOrComputeIfAbsent(TestKafka.class, type -> TestKafka.start(), TestKafka.class);
    }
}
