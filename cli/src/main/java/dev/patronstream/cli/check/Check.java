package dev.patronstream.cli.check;

import dev.patronstream.cli.cluster.Instance;
import dev.patronstream.cli.cluster.Instances;
import dev.patronstream.cli.cluster.Reachability;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.run.Disks;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.connector.check.DatabaseExamination;
import dev.patronstream.connector.check.Finding;
import dev.patronstream.snapshotter.destination.DestinationTrial;
import dev.patronstream.snapshotter.feed.FeedSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Tries everything that a configuration names, one after the other, whatever fails. */
public final class Check {

    private final Configuration configuration;
    private final Consumer<Finding> report;
    private final Optional<Instance> running;
    private int wrong;

    /**
     * Makes a check.
     *
     * @param report hears of each finding as soon as it is known
     */
    public Check(Configuration configuration, Consumer<Finding> report) {
        this.configuration = configuration;
        this.report = report;
        this.running = new Instances(configuration.installation().directory())
                .running().stream().findFirst();
    }

    /** Tries; returns what the database holds, where that could be read. */
    public Optional<DistrictTables> run() {
        DatabaseExamination.Report database = DatabaseExamination.examine(
                configuration.capture().database(),
                configuration.capture().columns(),
                configuration.capture().polling());
        database.findings().forEach(this::report);
        directory();
        kafka();
        registry();
        statusPort();
        configuration.installation().secretFiles().stream()
                .sorted()
                .flatMap(file -> readByOthers(file).stream())
                .forEach(this::report);
        for (FeedSettings feed : configuration.deliveries().feeds()) {
            destination(feed).forEach(this::report);
        }
        return database.census()
                .map(census -> new DistrictTables(
                        census,
                        configuration.district().rules(),
                        configuration.deliveries().feeds()));
    }

    public int wrong() {
        return wrong;
    }

    private void report(Finding finding) {
        if (finding.state() == Finding.State.WRONG) {
            wrong++;
        }
        report.accept(finding);
    }

    /** Names a secret that every account of this machine can read. */
    private static Optional<Finding> readByOthers(Path file) {
        try {
            return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)
                    ? Optional.of(Finding.look(
                            "secret file", file + " can be read by every account of this machine", "chmod 600 " + file))
                    : Optional.empty();
        } catch (IOException | UnsupportedOperationException e) {
            // Whether it can be read at all was found out with the configuration; elsewhere, rights are kept otherwise.
            return Optional.empty();
        }
    }

    private static List<Finding> destination(FeedSettings feed) {
        String name = "feed " + feed.feed();
        if (feed.destination().isEmpty()) {
            return List.of(Finding.look(
                    name,
                    "has no destination: its file is written to the archive only",
                    "feeds." + feed.feed() + ".destination, when the vendor has named its server"));
        }
        List<Finding> lines = new ArrayList<>();
        for (DestinationTrial.Step step :
                DestinationTrial.run(feed.destination().get(), feed.feed(), feed.fileNames(), feed.destinationPath())) {
            String what = name + " " + step.what();
            lines.add(step.passed() ? Finding.fine(what, step.found()) : Finding.wrong(what, step.found(), ""));
        }
        return lines;
    }

    private void directory() {
        Path directory = configuration.installation().directory();
        try {
            Files.createDirectories(directory);
            Files.delete(Files.createTempFile(directory, "check", ".tmp"));
            Disks.of(configuration)
                    .all()
                    .forEach(disk -> report(
                            disk.hasRoom()
                                    ? Finding.fine("directory", disk.room())
                                    : Finding.wrong(
                                            "directory",
                                            "directory: not enough " + disk.waiting()
                                                    + ". Make room, or choose another folder",
                                            "")));
        } catch (IOException e) {
            report(Finding.wrong(
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
            report(Finding.fine(
                    what, "lives in the running process " + running.get().pid()));
        } else {
            port(what, key, "127.0.0.1", port, "will be started by `patronstream run`");
        }
    }

    private void statusPort() {
        if (running.isPresent()) {
            report(Finding.fine("status port", running.get().statusUrl()));
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
            report(Finding.fine(what, otherwise + (socket.isBound() ? " (" + where + ")" : "")));
        } catch (IOException e) {
            report(Finding.wrong(
                    what,
                    key + ": " + where + " cannot be used (" + e.getMessage() + "). Stop the program that has it, or"
                            + " choose another port",
                    ""));
        }
    }

    private void tried(String what, Supplier<String> trial) {
        try {
            report(Finding.fine(what, trial.get()));
        } catch (CommandFailedException e) {
            report(Finding.wrong(what, String.valueOf(e.getMessage()), ""));
        }
    }
}
