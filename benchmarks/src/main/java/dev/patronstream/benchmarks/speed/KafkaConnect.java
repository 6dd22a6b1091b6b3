package dev.patronstream.benchmarks.speed;

import dev.patronstream.sandbox.Sandbox;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Kafka Connect in its standalone mode with Debezium's connector: JSON without schemas, a snapshot by snapshot isolation,
 * else defaults; all on one class path.
 */
final class KafkaConnect implements Contestant {

    private final Path libraries;
    private final Path folder;
    private final Sandbox sandbox;
    private final String bootstrapServers;
    private int round;

    KafkaConnect(Path libraries, Path folder, Sandbox sandbox, String bootstrapServers) {
        this.libraries = libraries;
        this.folder = folder;
        this.sandbox = sandbox;
        this.bootstrapServers = bootstrapServers;
    }

    @Override
    public String name() {
        return "Kafka Connect " + version("connect-runtime-") + ", Debezium "
                + version("debezium-connector-sqlserver-");
    }

    @Override
    public void configure(int newRound) throws IOException {
        round = newRound;
        Files.createDirectories(folder);
        Map<String, String> worker = Map.of(
                "bootstrap.servers", bootstrapServers,
                "key.converter", "org.apache.kafka.connect.json.JsonConverter",
                "value.converter", "org.apache.kafka.connect.json.JsonConverter",
                "key.converter.schemas.enable", "false",
                "value.converter.schemas.enable", "false",
                "offset.storage.file.filename",
                        folder.resolve("offsets-" + round).toString(),
                "listeners", "http://127.0.0.1:0");
        Map<String, String> connector = new TreeMap<>(Map.of(
                "name",
                "aeries",
                "connector.class",
                "io.debezium.connector.sqlserver.SqlServerConnector",
                "database.hostname",
                "127.0.0.1",
                "database.port",
                Integer.toString(sandbox.sqlServer().port()),
                "database.user",
                sandbox.sqlServer().user(),
                "database.password",
                sandbox.sqlServer().password(),
                "database.names",
                sandbox.sqlServer().database(),
                "database.encrypt",
                "false",
                "table.include.list",
                "dbo.STU,dbo.LOC,dbo.STF",
                "topic.prefix",
                prefix()));
        connector.putAll(Map.of(
                "snapshot.isolation.mode", "snapshot",
                "schema.history.internal.kafka.bootstrap.servers", bootstrapServers,
                "schema.history.internal.kafka.topic", prefix() + ".schema-history",
                "topic.creation.default.partitions", "1",
                "topic.creation.default.replication.factor", "1"));
        write("worker", worker);
        write("connector", connector);
    }

    private String prefix() {
        return "connect" + round;
    }

    private void write(String name, Map<String, String> properties) throws IOException {
        Files.write(
                folder.resolve(name + ".properties"),
                properties.entrySet().stream()
                        .map(property -> property.getKey() + "=" + property.getValue())
                        .toList());
    }

    @Override
    public List<String> command() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // What Kafka's own script gives it.
                "-Xms256m",
                "-Xmx2g",
                "-XX:+UseG1GC",
                "-XX:MaxGCPauseMillis=20",
                "-XX:InitiatingHeapOccupancyPercent=35",
                "-XX:+ExplicitGCInvokesConcurrent",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                classPath(),
                "org.apache.kafka.connect.cli.ConnectStandalone",
                folder.resolve("worker.properties").toString(),
                folder.resolve("connector.properties").toString());
    }

    private String version(String jar) {
        return jars().stream()
                .map(path -> path.getFileName().toString())
                .filter(name -> name.startsWith(jar))
                .map(name -> name.substring(jar.length(), name.length() - ".jar".length()))
                .collect(Collectors.joining(" and "));
    }

    private String classPath() {
        return jars().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    private List<Path> jars() {
        try (Stream<Path> jars = Files.list(libraries)) {
            return jars.sorted().toList();
        } catch (IOException e) {
            throw new IllegalStateException("The libraries of Kafka Connect are not in " + libraries, e);
        }
    }

    @Override
    public List<String> topics() {
        return Stream.of("STU", "LOC", "STF")
                .map(table -> prefix() + "." + sandbox.sqlServer().database() + ".dbo." + table)
                .toList();
    }
}
