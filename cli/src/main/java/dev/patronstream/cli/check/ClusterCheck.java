package dev.patronstream.cli.check;

import dev.patronstream.cli.cluster.Instance;
import dev.patronstream.cli.cluster.Instances;
import dev.patronstream.cli.cluster.Reachability;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.run.Disks;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.connector.check.Finding;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Tries Kafka, the registry, the status port and the folder of this installation. */
final class ClusterCheck {

    private final Configuration configuration;
    private final Optional<Instance> running;
    private final List<Finding> lines = new ArrayList<>();

    private ClusterCheck(Configuration configuration) {
        this.configuration = configuration;
        this.running = new Instances(configuration.installation().directory())
                .running().stream().findFirst();
    }

    static List<Finding> run(Configuration configuration) {
        ClusterCheck check = new ClusterCheck(configuration);
        check.directory();
        check.kafka();
        check.registry();
        check.statusPort();
        return check.lines;
    }

    private void directory() {
        Path directory = configuration.installation().directory();
        try {
            Files.createDirectories(directory);
            Files.delete(Files.createTempFile(directory, "check", ".tmp"));
            Disks.of(configuration)
                    .all()
                    .forEach(disk -> lines.add(
                            disk.hasRoom()
                                    ? Finding.fine("directory", disk.room())
                                    : Finding.wrong(
                                            "directory",
                                            "directory: not enough " + disk.waiting()
                                                    + ". Make room, or choose another folder",
                                            "")));
        } catch (IOException e) {
            lines.add(Finding.wrong(
                    "directory",
                    "directory: nothing can be written to " + directory + " ("
                            + e.getClass().getSimpleName()
                            + "). Correct its owner and permissions, or choose another one",
                    ""));
        }
    }

    private void kafka() {
        Configuration.Kafka kafka = configuration.kafka();
        kafka.bootstrapServers()
                .ifPresentOrElse(
                        servers -> tried(
                                "Kafka",
                                () -> Reachability.kafka(
                                        servers, kafka.properties(), configuration.topics(), kafka.topics())),
                        () -> embedded("Kafka", "kafka.embedded.port", kafka.port()));
    }

    private void registry() {
        Configuration.Registry registry = configuration.registry();
        registry.url()
                .ifPresentOrElse(
                        url -> tried("registry", () -> {
                            Reachability.requireRegistry(url, registry.properties());
                            return url + " answers";
                        }),
                        () -> embedded("registry", "registry.port", registry.port()));
    }

    private void embedded(String what, String key, int port) {
        if (running.isPresent()) {
            lines.add(Finding.fine(
                    what, "lives in the running process " + running.get().pid()));
        } else {
            port(what, key, "127.0.0.1", port, "will be started by `patronstream run`");
        }
    }

    private void statusPort() {
        if (running.isPresent()) {
            lines.add(Finding.fine("status port", running.get().statusUrl()));
        } else {
            port(
                    "status port",
                    "status.port",
                    configuration.status().address(),
                    configuration.status().port(),
                    "free");
        }
    }

    private void port(String what, String key, String address, int port, String otherwise) {
        String where = port == 0 ? "any free port" : address + ":" + port;
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName(address))) {
            lines.add(Finding.fine(what, otherwise + (socket.isBound() ? " (" + where + ")" : "")));
        } catch (IOException e) {
            lines.add(Finding.wrong(
                    what,
                    key + ": " + where + " cannot be used (" + e.getMessage() + "). Stop the program that has it, or"
                            + " choose another port",
                    ""));
        }
    }

    private void tried(String what, Supplier<String> trial) {
        try {
            lines.add(Finding.fine(what, trial.get()));
        } catch (CommandFailedException e) {
            lines.add(Finding.wrong(what, String.valueOf(e.getMessage()), ""));
        }
    }
}
