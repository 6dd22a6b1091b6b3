package dev.patronstream.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@code patronstream} command in a process of its own, as a user has it in a terminal of its own. */
public final class PatronstreamProcess implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 120;

    private final Process process;
    private final Path output;

    private PatronstreamProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Starts a command; what it prints goes to a file of the folder. */
    public static PatronstreamProcess start(Path folder, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx768m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Patronstream.class.getName()));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile(folder, arguments[0] + "-", ".out");
        return new PatronstreamProcess(
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start(),
                output);
    }

    /** Returns what it has printed so far. */
    public String printed() throws IOException {
        return Files.readString(output, StandardCharsets.UTF_8);
    }

    /** Waits until it has printed a text. */
    public void awaitText(String text) throws IOException, InterruptedException {
        long latest = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!printed().contains(text)) {
            if (!process.isAlive() && !printed().contains(text)) {
                throw new AssertionError(
                        "It ended with " + process.exitValue() + " before it printed '" + text + "':\n" + printed());
            }
            if (System.nanoTime() > latest) {
                throw new AssertionError("It has not printed '" + text + "':\n" + printed());
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    /** Stops it as SIGTERM does and waits until it has ended. */
    public int terminate() throws InterruptedException {
        process.destroy();
        return await();
    }

    /** Kills it as {@code kill -9} does and waits until it has ended. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        await();
    }

    /** Waits until it has ended; returns its exit code. */
    public int await() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("It has not ended after " + PATIENCE_SECONDS + " s");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
