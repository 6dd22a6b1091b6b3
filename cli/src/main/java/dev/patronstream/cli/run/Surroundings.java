package dev.patronstream.cli.run;

import dev.patronstream.cli.cluster.Cluster;
import dev.patronstream.cli.cluster.Reachability;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.schemas.lifecycle.StageThreads;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Asks Kafka and the registry every few seconds whether they are there: the registry is needed seldom, and nobody would
 * know until then. Thread-safe.
 */
final class Surroundings implements AutoCloseable {

    private static final Duration EVERY = Duration.ofSeconds(10);

    private final ScheduledExecutorService asking;
    private volatile Optional<String> kafka = Optional.empty();
    private volatile Optional<String> registry = Optional.empty();

    Surroundings(Configuration configuration, Cluster.Addresses addresses) {
        this.asking = StageThreads.scheduler("surroundings");
        var unused = asking.scheduleWithFixedDelay(
                () -> {
                    kafka = trouble(() -> Reachability.requireKafka(
                            addresses.bootstrapServers(), Cluster.kafkaProperties(configuration)));
                    registry = trouble(() -> Reachability.requireRegistry(
                            addresses.registryUrl(), Cluster.registryProperties(configuration)));
                },
                EVERY.toSeconds(),
                EVERY.toSeconds(),
                TimeUnit.SECONDS);
    }

    private static Optional<String> trouble(Runnable question) {
        try {
            question.run();
            return Optional.empty();
        } catch (RuntimeException e) {
            return Optional.of(Cluster.reason(e));
        }
    }

    /** Returns why Kafka does not answer; empty when it does. */
    Optional<String> kafka() {
        return kafka;
    }

    /** Returns why the registry does not answer; empty when it does. */
    Optional<String> registry() {
        return registry;
    }

    @Override
    public void close() {
        asking.shutdownNow();
    }
}
