package dev.patronstream.cli;

import dev.patronstream.sandbox.ChildJvm;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A {@code patronstream} command in a process of its own, as a user has it in a terminal of its own. */
public final class PatronstreamProcess implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 120;

    private final Process process;
    private final Path output;

    private PatronstreamProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Starts the command {@code sandbox} in a folder "sandbox" of the folder, and waits until all of it has started. */
    public static PatronstreamProcess sandbox(Path folder, int students) throws IOException, InterruptedException {
        PatronstreamProcess sandbox = start(
                folder,
                "sandbox",
                "--students",
                Integer.toString(students),
                "--dir",
                folder.resolve("sandbox").toString());
        try {
            sandbox.awaitText("Now, in another terminal");
            return sandbox;
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            sandbox.close();
            throw e;
        }
    }

    /** Starts a command; what it prints goes to a file of the folder. */
    public static PatronstreamProcess start(Path folder, String... arguments) throws IOException {
        return start(folder, List.of(), "no such jar", arguments);
    }

    /**
     * Starts a command in a process that lacks something.
     *
     * @param options further options of the Java virtual machine
     * @param missing a part of the names of the jars that are left out of the class path
     */
    public static PatronstreamProcess start(Path folder, List<String> options, String missing, String... arguments)
            throws IOException {
        return start(folder, options, missing, Patronstream.class, arguments);
    }

    /** Starts another program of the class path. */
    public static PatronstreamProcess start(
            Path folder, List<String> options, String missing, Class<?> program, String... arguments)
            throws IOException {
        String classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(part -> !Path.of(part).getFileName().toString().contains(missing))
                .collect(Collectors.joining(File.pathSeparator));
        List<String> all = new ArrayList<>(List.of("-Xmx768m"));
        all.addAll(options);
        List<String> command = ChildJvm.command(classPath, program, all, (Object[]) arguments);
        Path output = Files.createTempFile(folder, program.getSimpleName() + "-", ".out");
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

    /** Returns the number of the process. */
    public long pid() {
        return process.pid();
    }

    /** Freezes it ({@code STOP}) or lets it go on ({@code CONT}). */
    public void signal(String signal) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .start()
                .waitFor();
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
