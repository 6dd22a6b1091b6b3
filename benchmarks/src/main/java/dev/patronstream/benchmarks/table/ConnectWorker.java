package dev.patronstream.benchmarks.table;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A vendor's Kafka Connect with the pages of {@code docs/vendors}, but for what names this district; the converter with
 * the jars that they name is on {@code plugin.path}. For one thread.
 */
final class ConnectWorker implements AutoCloseable {

    private static final List<String> CONVERTER =
            List.of("connector-", "schemas-", "avro-", "jackson-annotations-", "jackson-core-", "jackson-databind-");

    private final Path libraries;
    private final Path folder;
    private @Nullable Process process;

    ConnectWorker(Path libraries, Path folder) {
        this.libraries = libraries;
        this.folder = folder;
    }

    /** Writes the properties and lays the plugin's folder. */
    void configure(Path pages, Path download, Map<String, String> worker, Map<String, String> connector)
            throws IOException {
        Path plugin = Files.createDirectories(folder.resolve("plugins/patronstream"));
        try (Stream<Path> jars = Files.list(download.resolve("lib"))) {
            for (Path jar : jars.toList()) {
                String name = jar.getFileName().toString();
                if (CONVERTER.stream().anyMatch(name::startsWith)) {
                    Files.copy(jar, plugin.resolve(name));
                }
            }
        }
        Map<String, String> places = new HashMap<>(worker);
        places.put("plugin.path", plugin.getParent().toString());
        places.put("offset.storage.file.filename", folder.resolve("offsets").toString());
        write(pages.resolve("postgresql-worker.properties"), places);
        write(pages.resolve("postgresql.properties"), connector);
    }

    private void write(Path page, Map<String, String> own) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(page)) {
            properties.load(reader);
        }
        properties.putAll(own);
        try (Writer writer =
                Files.newBufferedWriter(folder.resolve(page.getFileName().toString()))) {
            properties.store(writer, null);
        }
    }

    void start() throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                        "-cp",
                        libraries + "/*",
                        "org.apache.kafka.connect.cli.ConnectStandalone",
                        folder.resolve("postgresql-worker.properties").toString(),
                        folder.resolve("postgresql.properties").toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, "end-connect"));
    }

    Path log() {
        return folder.resolve("connect.log");
    }

    /**
     * Fails if the process has ended by itself.
     *
     * @throws IllegalStateException with the place of its log
     */
    void requireAlive() {
        if (process != null && !process.isAlive()) {
            throw new IllegalStateException("Kafka Connect has ended; its log is " + log());
        }
    }

    /** {@code kill -9}. */
    void kill() throws InterruptedException {
        if (process != null) {
            process.destroyForcibly().waitFor(1, TimeUnit.MINUTES);
        }
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
