package dev.patronstream.cli.cluster;

import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.config.KafkaSettings;
import dev.patronstream.cli.config.RegistrySettings;
import dev.patronstream.cli.screen.CommandFailedException;
import java.util.Optional;

/** Finds Kafka and the registry for commands that run beside {@code run}. */
public final class RunningCluster {

    private RunningCluster() {}

    /**
     * Returns the clients' view of the cluster that the configuration names, embedded in a running process or not.
     *
     * @throws CommandFailedException if it does not answer
     */
    public static ClusterClients of(Configuration configuration) {
        Optional<Instance> running = new Instances(configuration.installation().directory())
                .running().stream().findFirst();
        String servers;
        if (configuration.kafka().broker() instanceof KafkaSettings.External external) {
            servers = external.bootstrapServers();
        } else {
            servers = running.map(Instance::bootstrapServers)
                    .orElseThrow(() -> notRunning(configuration, "kafka.embedded: the broker"));
        }
        String url;
        if (configuration.registry().place() instanceof RegistrySettings.External external) {
            url = external.url();
        } else {
            url = running.map(Instance::registryUrl)
                    .orElseThrow(() -> notRunning(configuration, "registry.embedded: the registry"));
        }
        Reachability.requireKafka(servers, Cluster.kafkaProperties(configuration));
        Reachability.requireRegistry(url, Cluster.registryProperties(configuration));
        return Cluster.clients(configuration, new Cluster.Addresses(servers, url));
    }

    private static CommandFailedException notRunning(Configuration configuration, String what) {
        return new CommandFailedException(what + " lives in the process of `patronstream run`, and none runs on "
                + configuration.installation().directory() + ". Start it: patronstream run --config "
                + configuration.installation().file());
    }
}
