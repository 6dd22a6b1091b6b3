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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folder with the broker's log, formatted by Kafka's own formatter the first time. */
final class LogDirectory {

    private static final Logger LOGGER = LoggerFactory.getLogger(LogDirectory.class);

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

    /**
     * Whether the controller may still count on the broker that worked here last: it was killed, or failed as it started.
     * Kafka's own mark of an orderly stop does not tell: a broker that failed leaves it, too.
     */
    static boolean mayHaveSession(Path directory) {
        Path worked = directory.resolve("log").resolve("__cluster_metadata-0").resolve("quorum-state");
        return Files.exists(worked) && !Files.exists(sessionEnd(directory));
    }

    /** Notes that the controller has ended the broker's session; without the note the next start takes longer. */
    static void sessionEnded(Path directory) {
        Path note = sessionEnd(directory);
        try {
            Files.write(note, new byte[0]);
        } catch (IOException e) {
            LOGGER.atWarn()
                    .addKeyValue("note", note)
                    .addKeyValue("cause", String.valueOf(e))
                    .log("That Kafka was stopped in order cannot be noted; its next start takes a little longer");
        }
    }

    /** Takes the note back, before a broker works here again. */
    static void sessionBegins(Path directory) {
        try {
            Files.deleteIfExists(sessionEnd(directory));
        } catch (IOException e) {
            throw new UncheckedIOException("That Kafka is started cannot be noted in " + directory, e);
        }
    }

    private static Path sessionEnd(Path directory) {
        return directory.resolve("stopped-in-order");
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
