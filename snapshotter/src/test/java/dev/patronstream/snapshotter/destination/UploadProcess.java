package dev.patronstream.snapshotter.destination;

import dev.patronstream.sandbox.ChildJvm;
import dev.patronstream.schemas.secret.Secret;
import dev.patronstream.snapshotter.destination.sftp.Credentials;
import dev.patronstream.snapshotter.destination.sftp.HostKeys;
import dev.patronstream.snapshotter.destination.sftp.SftpDestination;
import dev.patronstream.snapshotter.file.StoredFile;
import dev.patronstream.snapshotter.ledger.Archive;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * An upload in a process of its own, so that it can be killed: port, host key's fingerprint, local folder, delivery, names
 * of the files.
 */
final class UploadProcess {

    /** Name of the file in the archive that says what the upload had announced last. */
    static final String RECEIPT = "receipt";

    private UploadProcess() {}

    /** Uploads the files of the folder. */
    public static void main(String[] arguments) throws Exception {
        SftpDestination destination = SftpDestinationBuilder.of(
                        "127.0.0.1",
                        "eagle",
                        new Credentials.Password(Secret.of("right-secret")),
                        new HostKeys.Pinned(List.of(arguments[1])))
                .port(Integer.parseInt(arguments[0]))
                .build();
        Archive archive = new Archive(Path.of(arguments[2]), 1, Long.MAX_VALUE);
        List<StoredFile> files = new ArrayList<>();
        for (String name : List.of(arguments).subList(4, arguments.length)) {
            files.add(archive.stored("destiny", "files", name));
        }
        new Upload(
                        destination,
                        "feeds.destiny.destination.sftp",
                        new Upload.Order("destiny", arguments[3], files, Map.of(), false),
                        progress -> note(progress, files, Path.of(arguments[2])))
                .run();
    }

    /** As the receipt would say it. */
    private static void note(Upload progress, List<StoredFile> files, Path archive) {
        try {
            Files.writeString(archive.resolve(RECEIPT), states(progress, files));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns what an upload says of each file. */
    static String states(Upload progress, List<StoredFile> files) {
        return files.stream()
                .map(file -> file.name() + " "
                        + progress.state(file.name())
                                .map(state -> state.name().toLowerCase(Locale.ROOT))
                                .orElse("not looked at"))
                .collect(Collectors.joining(", "));
    }

    static Process start(int port, String fingerprint, Path archive, String delivery, List<String> files)
            throws IOException {
        List<String> command =
                new ArrayList<>(ChildJvm.command(UploadProcess.class, List.of(), port, fingerprint, archive, delivery));
        command.addAll(files);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
