package dev.patronstream.connector;

import dev.patronstream.sandbox.ChildJvm;
import dev.patronstream.standin.SqlServerStandIn;
import dev.patronstream.standin.StandInSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A SQL Server stand-in in a process of its own, to be killed. */
final class DatabaseProcess {

    private DatabaseProcess() {}

    /** Runs until the process is killed. Arguments: folder, port. */
    public static void main(String[] arguments) throws InterruptedException {
        SqlServerStandIn.start(StandInSettings.in(Path.of(arguments[0]))
                .withPort(Integer.parseInt(arguments[1]))
                .withCaptureInterval(Duration.ofMillis(200))
                .withShuffledSequenceValues(true));
        System.out.println("READY");
        Thread.currentThread().join();
    }

    static Process start(Path directory, int port) throws IOException {
        Process process = new ProcessBuilder(
                        ChildJvm.command(DatabaseProcess.class, List.of("-Xmx512m"), directory, port))
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        Path.of("target", "killed-database.log").toFile()))
                .start();
        ClusterProcess.Lines.await(process, "READY");
        return process;
    }
}
