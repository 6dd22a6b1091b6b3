package dev.patronstream.standin;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A stand-in in a process of its own, to be killed. */
final class StandInProcess implements AutoCloseable {
    private final Process process;
    private final int port;

    StandInProcess(Path directory) throws IOException {
        process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StandInProcess.class.getName(),
                        directory.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        while (line != null && !line.startsWith("port ")) {
            line = out.readLine();
        }
        if (line == null) {
            throw new IOException("The stand-in's process ended before it listened.");
        }
        port = Integer.parseInt(line.substring(5));
    }

    static StandInSettings settings(Path directory) {
        return StandInSettings.in(directory).withCaptureInterval(Duration.ZERO);
    }

    /** The process's entry: a stand-in until the process is killed. */
    public static void main(String[] arguments) throws InterruptedException {
        SqlServerStandIn standIn = SqlServerStandIn.start(settings(Path.of(arguments[0])));
        System.out.println("port " + standIn.port());
        Thread.sleep(Duration.ofMinutes(5).toMillis());
    }

    String jdbcUrl() {
        return "jdbc:sqlserver://127.0.0.1:" + port + ";databaseName=DST26000EAGLE;encrypt=false";
    }

    /** {@code kill -9}. */
    @Override
    public void close() throws IOException {
        try {
            process.destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
