package dev.patronstream.benchmarks.endurance.process;

import dev.patronstream.sandbox.ChildJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A Java process that can be killed, frozen and started again. Each start writes a log of its own. Thread-safe; what
 * happens to it is decided by one caller at a time.
 */
public final class Child {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final String name;
    private final List<String> command;
    private final Map<String, String> environment;
    private final Path logs;
    private @Nullable Process process;
    private int starts;

    /**
     * Describes a process; {@link #start} starts it.
     *
     * @param java the virtual machine's options, the main class and its arguments
     * @param environment added to that of this process
     */
    public Child(String name, List<String> java, Map<String, String> environment, Path logs) {
        this.name = name;
        this.environment = Map.copyOf(environment);
        this.logs = logs;
        List<String> line = new ArrayList<>(ChildJvm.java());
        line.addAll(List.of("-cp", System.getProperty("java.class.path")));
        line.addAll(java);
        this.command = List.copyOf(line);
    }

    public String name() {
        return name;
    }

    public synchronized int starts() {
        return starts;
    }

    public synchronized long pid() {
        return process == null ? -1 : process.pid();
    }

    public synchronized boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** The exit code of the process that ended last. */
    public synchronized int exitCode() {
        return process == null || process.isAlive() ? -1 : process.exitValue();
    }

    /** Starts it, unless it runs. */
    public synchronized void start() {
        if (isAlive()) {
            return;
        }
        starts++;
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.redirectOutput(log().toFile());
        builder.environment().putAll(environment);
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("The process " + name + " could not be started", e);
        }
    }

    /** The log of the last start. */
    public synchronized Path log() {
        return logs.resolve(name + "-" + starts + ".log");
    }

    /** Waits for the line {@code READY ...} and returns what follows. */
    public String awaitReady() throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            for (String line : lines()) {
                if (line.startsWith("READY ")) {
                    return line.substring("READY ".length());
                }
            }
            if (!isAlive()) {
                throw new IllegalStateException("The process " + name + " ended before it was ready; see " + log());
            }
            Thread.sleep(50);
        }
        throw new IllegalStateException("The process " + name + " was not ready within " + PATIENCE + "; see " + log());
    }

    private List<String> lines() {
        try {
            return Files.readAllLines(log());
        } catch (IOException halfWritten) {
            return List.of();
        }
    }

    /** The last line of the log: what a process that ended by itself said. */
    public String lastWords() {
        List<String> lines = lines().stream().filter(line -> !line.isBlank()).toList();
        return lines.isEmpty() ? "" : lines.get(lines.size() - 1);
    }

    /** {@code kill -9}. */
    public synchronized void kill() {
        if (process != null) {
            process.destroyForcibly();
            await(process, PATIENCE);
        }
    }

    /** SIGSTOP. */
    public void freeze() {
        signal("STOP");
    }

    /** SIGCONT. */
    public void thaw() {
        signal("CONT");
    }

    /** SIGTERM; whether the process ended in time. */
    public synchronized boolean stop(Duration patience) {
        if (process == null) {
            return true;
        }
        process.destroy();
        return await(process, patience);
    }

    /** Waits for the end; whether it came in time. */
    public boolean awaitEnd(Duration patience) {
        Process waiting;
        synchronized (this) {
            if (process == null) {
                return true;
            }
            waiting = process;
        }
        return await(waiting, patience);
    }

    private static boolean await(Process process, Duration patience) {
        try {
            return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !process.isAlive();
        }
    }

    private void signal(String signal) {
        long pid = pid();
        if (!isAlive()) {
            return;
        }
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException("SIG" + signal + " could not be sent to " + name, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
