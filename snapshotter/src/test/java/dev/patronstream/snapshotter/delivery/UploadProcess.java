package dev.patronstream.snapshotter.delivery;

import dev.patronstream.snapshotter.settings.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** An upload in a process of its own, so that it can be killed: port, host key's fingerprint, local folder, delivery. */
final class UploadProcess {

    private UploadProcess() {}

    /** Uploads the files of the folder. */
    public static void main(String[] arguments) throws Exception {
        SftpDestination destination = new SftpDestination(
                "127.0.0.1",
                Integer.parseInt(arguments[0]),
                "eagle",
                new Credentials.Password(Secret.of("right-secret")),
                new HostKeys.Pinned(List.of(arguments[1])),
                "/",
                SftpDestination.DEFAULT_FILE,
                SftpDestination.DEFAULT_PROPERTIES_FILE,
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                false,
                false);
        Archive archive = new Archive(Path.of(arguments[2]), 1, Long.MAX_VALUE);
        new Upload(
                        destination,
                        "feeds.destiny.destination.sftp",
                        new Upload.Order(
                                "destiny",
                                arguments[3],
                                archive.stored("destiny", "files", SftpDestination.DEFAULT_FILE),
                                Optional.of(
                                        archive.stored("destiny", "files", SftpDestination.DEFAULT_PROPERTIES_FILE)),
                                Optional.empty(),
                                false),
                        () -> {})
                .run();
    }

    static Process start(int port, String fingerprint, Path archive, String delivery) throws java.io.IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        UploadProcess.class.getName(),
                        Integer.toString(port),
                        fingerprint,
                        archive.toString(),
                        delivery)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
