package dev.patronstream.benchmarks.speed;

import dev.patronstream.cli.logging.LogFormat;
import dev.patronstream.cli.logging.Logging;
import dev.patronstream.sandbox.sftp.SftpServer;
import dev.patronstream.sandbox.sftp.SftpSettings;
import dev.patronstream.sandbox.sftp.SftpUser;
import dev.patronstream.snapshotter.destination.Upload;
import dev.patronstream.snapshotter.destination.VendorFiles;
import dev.patronstream.snapshotter.destination.sftp.Credentials;
import dev.patronstream.snapshotter.destination.sftp.HostKeys;
import dev.patronstream.snapshotter.destination.sftp.SftpDestination;
import dev.patronstream.snapshotter.file.StoredFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code benchmarks/upload}: a file to an SFTP server, against OpenSSH's client. */
@Command(
        name = "upload",
        mixinStandardHelpOptions = true,
        description = {
            "The same file to the sandbox's server, in turn by patronstream (log-in, upload, look at the size, rename)",
            "and by OpenSSH's sftp, over a relay that delays what it passes on. The first file is that of a new process."
        },
        footer = {"", "Example: benchmarks/upload --round-trips 0,50"})
final class UploadMain implements Callable<Integer> {

    private static final String USER = "eagle";

    @Option(names = "--megabytes", description = "Size of the file (default: 50).")
    private int megabytes = 50;

    @Option(names = "--rounds", description = "How often each uploads it (default: 5).")
    private int rounds = 5;

    @Option(names = "--round-trips", split = ",", paramLabel = "MS", description = "Round-trip times (default: 0,50).")
    private List<Integer> roundTrips = List.of(0, 50);

    /** Runs the command. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new UploadMain()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Path folder = Files.createTempDirectory("upload-");
        Logging.toFile(folder.resolve("logs"), LogFormat.TEXT);
        Path key = folder.resolve("key");
        run(List.of("ssh-keygen", "-q", "-t", "ecdsa", "-N", "", "-f", key.toString()));
        Path file = folder.resolve("patrons.csv");
        byte[] content = new byte[megabytes * 1_000_000];
        new Random(1).nextBytes(content);
        Files.write(file, content);
        StoredFile stored = StoredFile.of(file);
        SftpUser user =
                SftpUser.withKeys(USER, folder.resolve("vendor"), List.of(Files.readString(folder.resolve("key.pub"))));
        try (SftpServer server = SftpServer.start(SftpSettings.of(folder.resolve("host.key"), user))) {
            System.out.println("| round trip, ms | patronstream, s | sftp, s |\n| --- | --- | --- |");
            for (int roundTrip : roundTrips) {
                try (DelayingRelay relay = new DelayingRelay(
                        server.port(), Duration.ofMillis(roundTrip).dividedBy(2))) {
                    List<String> ours = new ArrayList<>();
                    List<String> theirs = new ArrayList<>();
                    for (int round = 0; round < rounds; round++) {
                        int id = round;
                        ours.add(seconds(() -> upload(server, relay.port(), key, stored, "round-" + id)));
                        theirs.add(seconds(() -> sftp(folder, relay.port(), key, file)));
                    }
                    System.out.printf(
                            "| %d | %s | %s |%n", roundTrip, String.join(", ", ours), String.join(", ", theirs));
                }
            }
        }
        return 0;
    }

    @FunctionalInterface
    private interface Work {
        void run() throws Exception;
    }

    private static String seconds(Work work) throws Exception {
        long began = System.nanoTime();
        work.run();
        return String.format("%.2f", (System.nanoTime() - began) / 1e9);
    }

    private static void upload(SftpServer server, int port, Path key, StoredFile file, String id) throws Exception {
        SftpDestination destination = new SftpDestination(
                "127.0.0.1",
                port,
                USER,
                new Credentials.KeyFile(key, Optional.empty(), Optional.empty()),
                new HostKeys.Pinned(List.of(server.hostKeyFingerprint())),
                new SftpDestination.Connection(Duration.ofSeconds(10), Duration.ofSeconds(30), false),
                ".",
                new VendorFiles(
                        VendorFiles.DEFAULT_FILE, "", VendorFiles.DEFAULT_TEMPORARY_NAME, Optional.empty(), Set.of()));
        Upload.Order order = new Upload.Order("destiny", id, List.of(file), Map.of(), true);
        new Upload(destination, "feeds.destiny", order, progress -> {}).run();
    }

    private static void sftp(Path folder, int port, Path key, Path file) throws IOException, InterruptedException {
        Path batch = Files.writeString(
                folder.resolve("batch"), "put " + file + " patrons.part\nrename patrons.part patrons-sftp.csv\n");
        run(List.of(
                "sftp",
                "-q",
                "-b",
                batch.toString(),
                "-i",
                key.toString(),
                "-o",
                "StrictHostKeyChecking=accept-new",
                "-o",
                "UserKnownHostsFile=" + folder.resolve("known_hosts"),
                "-o",
                "IdentitiesOnly=yes",
                "-P",
                Integer.toString(port),
                USER + "@127.0.0.1"));
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (process.waitFor() != 0) {
            throw new IllegalStateException(command.get(0) + " ended with " + process.exitValue()
                    + "; it is OpenSSH's, and has to be installed");
        }
    }
}
