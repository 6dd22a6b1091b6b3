package dev.patronstream.standin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A stand-in in a process of its own, for tests that kill or freeze it. Stops in order on SIGTERM.
 *
 * <p>Arguments: folder, port (0 for any free one), file with the password of {@code sa}, the capture job's polling
 * interval in milliseconds. Sequence values are shuffled. Prints {@code READY port} once clients can log in.
 */
public final class StandInMain {

    private StandInMain() {}

    /** Runs a stand-in until the process ends. */
    public static void main(String[] arguments) throws InterruptedException, IOException {
        SqlServerStandIn server = SqlServerStandIn.start(settings(
                Path.of(arguments[0]),
                Integer.parseInt(arguments[1]),
                Path.of(arguments[2]),
                Duration.ofMillis(Long.parseLong(arguments[3]))));
        Runtime.getRuntime().addShutdownHook(new Thread(server::close, "stop"));
        System.out.println("READY " + server.port());
        Thread.currentThread().join();
    }

    /** The settings that {@link #main} starts with; another process may open the folder with them afterwards. */
    public static StandInSettings settings(Path directory, int port, Path passwordFile, Duration captureInterval)
            throws IOException {
        return StandInSettings.in(directory)
                .withPort(port)
                .withPassword(Files.readString(passwordFile).strip())
                .withCaptureInterval(captureInterval)
                .withShuffledSequenceValues(true);
    }
}
