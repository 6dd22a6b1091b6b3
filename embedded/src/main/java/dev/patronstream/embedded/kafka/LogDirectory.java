package dev.patronstream.embedded.kafka;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;

/** The folder with the broker's log, formatted by Kafka's own formatter the first time. */
final class LogDirectory {

    private LogDirectory() {}

    /**
     * Sees to it that the folder is there and formatted.
     *
     * <p>Formatting happens aside and is moved into place as one step, so that a process that dies in the middle leaves
     * either nothing or a whole folder.
     *
     * @param directory the folder of this broker
     * @return the folder Kafka works in
     */
    static Path ensureFormatted(Path directory) {
        Path formatted = directory.resolve("log");
        if (Files.isDirectory(formatted)) {
            return formatted;
        }
        Path unfinished = directory.resolve("log.formatting");
        try {
            Files.createDirectories(directory);
            deleteTree(unfinished);
            format(unfinished);
            Files.move(unfinished, formatted, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("The folder for Kafka's log, " + formatted + ", cannot be prepared", e);
        }
        return formatted;
    }

    /** Whether a broker has worked in a folder, not only the formatter, and was not stopped in order. */
    static boolean wasKilled(Path log) {
        Path worked = log.resolve("__cluster_metadata-0").resolve("quorum-state");
        return Files.exists(worked) && !Files.exists(log.resolve(".kafka_cleanshutdown"));
    }

    private static void format(Path target) throws IOException {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        Formatter formatter = new Formatter()
                .setPrintStream(new PrintStream(said, true, StandardCharsets.UTF_8))
                .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
                .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                .setClusterId(Uuid.randomUuid().toString())
                .setNodeId(BrokerSettings.NODE_ID)
                .setControllerListenerName(BrokerSettings.CONTROLLER_LISTENER)
                .setMetadataLogDirectory(target.toString())
                .addDirectory(target.toString());
        try {
            formatter.run();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("Kafka's formatter failed: " + said.toString(StandardCharsets.UTF_8), e);
        }
    }

    private static void deleteTree(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
