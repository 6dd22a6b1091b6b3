package dev.patronstream.connector;

import dev.patronstream.embedded.kafka.EmbeddedKafka;
import dev.patronstream.embedded.registry.EmbeddedRegistry;
import dev.patronstream.sandbox.ChildJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A broker and a registry in a process of their own, to be killed. */
final class ClusterProcess implements AutoCloseable {

    private final Path directory;
    private final Path log;
    private final int kafkaPort = freePort();
    private final int registryPort = freePort();
    private Process process;

    ClusterProcess(Path directory, Path log) throws IOException {
        this.directory = directory;
        this.log = log;
        this.process = launch();
    }

    /** Runs both until the process is killed. Arguments: folder, port of Kafka, port of the registry. */
    public static void main(String[] arguments) throws InterruptedException {
        EmbeddedKafka kafka = EmbeddedKafka.start(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
        EmbeddedRegistry.start(kafka.bootstrapServers(), Integer.parseInt(arguments[2]));
        System.out.println("READY");
        Thread.currentThread().join();
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Process launch() throws IOException {
        Process started = new ProcessBuilder(
                        ChildJvm.command(ClusterProcess.class, List.of("-Xmx512m"), directory, kafkaPort, registryPort))
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        Lines.await(started, "READY");
        return started;
    }

    String bootstrapServers() {
        return "127.0.0.1:" + kafkaPort;
    }

    String registryUrl() {
        return "http://127.0.0.1:" + registryPort;
    }

    /** {@code kill -9}. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Starts both again over the same folder and ports. */
    void start() throws IOException {
        process = launch();
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }

    /** What a process prints. */
    static final class Lines {

        private Lines() {}

        /** Waits for a line that begins so, and lets the process print on. */
        static void await(Process process, String beginning) throws IOException {
            BufferedReader out =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            String line = out.readLine();
            while (line != null && !line.startsWith(beginning)) {
                line = out.readLine();
            }
            if (line == null) {
                throw new IOException("The process ended before it said " + beginning);
            }
            Thread drain = new Thread(() -> out.lines().forEach(rest -> {}), "drain");
            drain.setDaemon(true);
            drain.start();
        }
    }
}
