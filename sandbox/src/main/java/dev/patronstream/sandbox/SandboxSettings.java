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
 * @param sqlServerPort port of the SQL Server stand-in; 0 for the one of the last time, else any free one
 * @param kafkaPort port of Kafka, likewise
 * @param registryPort port of the registry, likewise
 * @param sftpPort port of the SFTP server, likewise
 * @param statusPort port of the status page in the configuration that is written
 */
public record SandboxSettings(
        Path directory,
        int students,
        long seed,
        Duration captureInterval,
        int sqlServerPort,
        int kafkaPort,
        int registryPort,
        int sftpPort,
        int statusPort) {

    /** A sandbox as it is unless told otherwise: 2,000 students, capture every second, free ports. */
    public static SandboxSettings in(Path directory) {
        return new SandboxSettings(directory, 2_000, 1, Duration.ofSeconds(1), 0, 0, 0, 0, 0);
    }

    /** The same with another number of students. */
    public SandboxSettings withStudents(int newStudents) {
        return new SandboxSettings(
                directory,
                newStudents,
                seed,
                captureInterval,
                sqlServerPort,
                kafkaPort,
                registryPort,
                sftpPort,
                statusPort);
    }

    /** The same with another port of the status page. */
    public SandboxSettings withStatusPort(int newPort) {
        return new SandboxSettings(
                directory, students, seed, captureInterval, sqlServerPort, kafkaPort, registryPort, sftpPort, newPort);
    }
}
