package dev.patronstream.benchmarks.endurance.process;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Makes a process' disk slow: {@code strace} holds up each call that brings something to it. Where there is no
 * {@code strace}, or it may not look at processes, nothing is slowed, and the run says so.
 */
public final class SlowedDisk implements AutoCloseable {

    private static final String CALLS = "fsync,fdatasync,pwrite64,ftruncate,rename,renameat,renameat2,unlink,unlinkat";
    private static final Duration TO_ATTACH = Duration.ofMillis(500);

    private final Process strace;

    private SlowedDisk(Process strace) {
        this.strace = strace;
    }

    /** Slows a process down until it is closed; empty if that cannot be done here. */
    public static Optional<SlowedDisk> of(long pid, Duration each) throws InterruptedException {
        try {
            Process strace = new ProcessBuilder(List.of(
                            "strace",
                            "-f",
                            "-qq",
                            "-o",
                            "/dev/null",
                            "-e",
                            "trace=" + CALLS,
                            "-e",
                            "inject=" + CALLS + ":delay_enter=" + each.toMillis() + "ms",
                            "-p",
                            Long.toString(pid)))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return strace.waitFor(TO_ATTACH.toMillis(), TimeUnit.MILLISECONDS)
                    ? Optional.empty()
                    : Optional.of(new SlowedDisk(strace));
        } catch (IOException noSuchProgram) {
            return Optional.empty();
        }
    }

    /** Lets the process go; strace does so in order on SIGTERM. */
    @Override
    public void close() {
        strace.destroy();
        try {
            strace.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
