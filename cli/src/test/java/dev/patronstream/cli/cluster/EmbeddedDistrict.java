package dev.patronstream.cli.cluster;

import dev.patronstream.cli.command.CapturedTerminal;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.config.ConfigurationReader;
import dev.patronstream.cli.config.setting.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The broker and the registry of a district with two feeds, in this process and found by commands as those of a run. */
final class EmbeddedDistrict implements AutoCloseable {

    private final Path file;
    private final Configuration configuration;
    private final Cluster cluster;
    private final Instances.Claim claim;

    EmbeddedDistrict(Path folder) throws IOException {
        file = Files.writeString(folder.resolve("patronstream.yaml"), """
            district: eagle
            directory: data
            sqlserver: {host: 127.0.0.1, database: DST26000EAGLE, user: patronstream, password: "${env:SQLSERVER_PASSWORD}"}
            kafka: {embedded: {directory: data/kafka}}
            registry: {embedded: true}
            feeds:
              destiny: {schools: [10], statuses: [active], patrons: [students], sites: {10: EAGLEHS}, layout: destiny}
              reading: {schools: [10], fields: [names]}
            """);
        configuration = ConfigurationReader.read(file, Map.of(), EnumSet.of(Part.KAFKA));
        // As in a shell that lets everybody read what is written.
        Files.createDirectories(
                configuration.installation().directory(),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        claim = new Instances(configuration.installation().directory()).claim("run");
        cluster = Cluster.open(configuration);
        claim.announce(cluster.addresses(), "http://127.0.0.1:1/");
    }

    Configuration configuration() {
        return configuration;
    }

    Cluster cluster() {
        return cluster;
    }

    /** Returns the address of the broker. */
    String servers() {
        return cluster.addresses().bootstrapServers();
    }

    /** Runs a command on the district's configuration; it must end well. Returns what it prints. */
    String command(String... words) {
        CapturedTerminal terminal = new CapturedTerminal(Map.of());
        int exit = terminal.run(with(words));
        if (exit != 0) {
            throw new AssertionError(List.of(words) + " ended with " + exit + ": " + terminal.error());
        }
        return terminal.out();
    }

    /** Returns the words of a command with the district's configuration. */
    String[] with(String... words) {
        return Stream.concat(Stream.of(words), Stream.of("--config", file.toString()))
                .toArray(String[]::new);
    }

    @Override
    public void close() {
        cluster.close();
        claim.close();
    }
}
