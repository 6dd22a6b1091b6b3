package dev.patronstream.benchmarks.endurance.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * One node of a cluster, as Kafka runs it: a fault of its own ends the process, SIGTERM stops it in order.
 *
 * <p>Arguments: the cluster's id and a file with the node's properties. Prints {@code READY} once clients can use it.
 */
final class BrokerMain {

    private BrokerMain() {}

    public static void main(String[] arguments) throws Exception {
        Properties properties = new Properties();
        try (InputStream file = Files.newInputStream(Path.of(arguments[1]))) {
            properties.load(file);
        }
        Map<String, String> settings = new HashMap<>();
        properties.stringPropertyNames().forEach(name -> settings.put(name, properties.getProperty(name)));
        if (Files.notExists(Path.of(properties.getProperty("log.dirs")))) {
            format(arguments[0], properties);
        }
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown, "stop"));
        server.startup();
        System.out.println("READY " + properties.getProperty("node.id"));
        server.awaitShutdown();
    }

    private static void format(String clusterId, Properties properties) throws Exception {
        String folder = properties.getProperty("log.dirs");
        new Formatter()
                .setPrintStream(System.out)
                .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
                .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                .setClusterId(clusterId)
                .setNodeId(Integer.parseInt(properties.getProperty("node.id")))
                .setControllerListenerName(properties.getProperty("controller.listener.names"))
                .setMetadataLogDirectory(folder)
                .addDirectory(folder)
                .run();
    }

    /** Writes the properties of a node. */
    static void write(Path file, Map<String, String> settings) throws IOException {
        StringBuilder text = new StringBuilder();
        settings.forEach(
                (name, value) -> text.append(name).append('=').append(value).append('\n'));
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
