package dev.patronstream.sandbox;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What a sandbox is like.
 *
 * @param directory folder of everything it keeps
 * @param students how many students the generated district has; counts at the first start only
 * @param seed where the district's chance begins
 * @param captureInterval the capture job's polling interval
 * @param ports where its servers listen
 */
public record SandboxSettings(Path directory, int students, long seed, Duration captureInterval, Ports ports) {

    /**
     * Where the servers listen.
     *
     * @param sqlServer port of the SQL Server stand-in; 0 for the one of the last time, else any free one
     * @param kafka port of Kafka, likewise
     * @param registry port of the registry, likewise
     * @param sftp port of the SFTP server, likewise
     * @param status port of the status page in the configuration that is written
     */
    public record Ports(int sqlServer, int kafka, int registry, int sftp, int status) {}

    /** The defaults: 2,000 students, capture every second, free ports. */
    public static SandboxSettings in(Path directory) {
        return new SandboxSettings(directory, 2_000, 1, Duration.ofSeconds(1), new Ports(0, 0, 0, 0, 0));
    }

    /** The same with another number of students. */
    public SandboxSettings withStudents(int newStudents) {
        return new SandboxSettings(directory, newStudents, seed, captureInterval, ports);
    }

    /** The same with another port of the status page. */
    public SandboxSettings withStatusPort(int newPort) {
        Ports newPorts = new Ports(ports.sqlServer(), ports.kafka(), ports.registry(), ports.sftp(), newPort);
        return new SandboxSettings(directory, students, seed, captureInterval, newPorts);
    }
}
