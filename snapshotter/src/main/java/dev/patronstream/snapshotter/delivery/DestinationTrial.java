package dev.patronstream.snapshotter.delivery;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * Tries what a delivery does, with a file of its own name that is gone afterwards: host key, log-in, folder, its
 * list, writing, permissions where they are configured, renaming over another file, deleting. What the vendor's job reads
 * is not touched.
 */
public final class DestinationTrial {

    private static final String CONTENT = "patronstream tries whether it may write here; this file can be deleted.\r\n";

    private final SftpDestination destination;
    private final List<String> fileNames;
    private final String settingsPath;
    private final List<Step> steps = new ArrayList<>();

    /**
     * Something that was tried.
     *
     * @param what what it was
     * @param passed whether it worked
     * @param found what was seen, or what went wrong and what to do
     */
    public record Step(String what, boolean passed, String found) {}

    private DestinationTrial(SftpDestination destination, List<String> fileNames, String settingsPath) {
        this.destination = destination;
        this.fileNames = List.copyOf(fileNames);
        this.settingsPath = settingsPath;
    }

    /**
     * Tries a destination; ends at the first step that does not work.
     *
     * @param fileNames names of the files that are delivered there
     * @param settingsPath where it stands in the configuration, for messages
     */
    public static List<Step> run(SftpDestination destination, List<String> fileNames, String settingsPath) {
        DestinationTrial trial = new DestinationTrial(destination, fileNames, settingsPath);
        trial.run();
        return List.copyOf(trial.steps);
    }

    private void run() {
        String step = "log-in";
        try (SftpFolder folder = new SftpConnector(destination, settingsPath).connect()) {
            pass(step, destination.address() + ", host key " + folder.hostKeyFingerprint());
            step = "folder";
            folder.requireFolder();
            List<String> found = new ArrayList<>();
            for (String name : fileNames) {
                OptionalLong size = folder.size(name);
                found.add(
                        size.isPresent() ? name + " is there, " + size.getAsLong() + " bytes" : "no " + name + " yet");
            }
            pass(step, String.join("; ", found));
            step = "list";
            list(folder);
            step = "write";
            write(folder);
        } catch (UploadFailedException e) {
            steps.add(new Step(step, false, e.getMessage()));
        }
    }

    private void pass(String step, String found) {
        steps.add(new Step(step, true, found));
    }

    /** A delivery goes on without it, so that this is worth a word and no more. */
    private void list(SftpFolder folder) throws UploadFailedException {
        try {
            folder.names();
            pass("list", "the folder can be listed, so that temporary files of interrupted deliveries are found");
        } catch (UploadFailedException e) {
            if (!folder.isConnected()) {
                throw e;
            }
            pass(
                    "list",
                    "the folder cannot be listed, so that temporary files of interrupted deliveries stay there ("
                            + e.getMessage() + ")");
        }
    }

    private void write(SftpFolder folder) throws UploadFailedException {
        String standing = "patronstream-check-" + UUID.randomUUID() + ".tmp";
        String fresh = standing + "2";
        Path local = localFile();
        try {
            folder.upload(local, standing);
            folder.upload(local, fresh);
            if (destination.permissions().isPresent()) {
                folder.permit(fresh, destination.permissions().get());
            }
            requireSize(folder, standing);
            if (folder.renamesAtomically()) {
                folder.replace(fresh, standing);
            } else if (destination.allowNonAtomicRename()) {
                folder.remove(standing);
                folder.rename(fresh, standing);
            } else {
                folder.remove(fresh);
                throw new UploadFailedException("The server of " + destination.address()
                        + " cannot put a file in the place of another in one step. Ask the vendor for a server that can,"
                        + " or set " + settingsPath
                        + ".allow-non-atomic-rename: true, which leaves the file absent for a moment");
            }
            requireSize(folder, standing);
            folder.remove(standing);
            pass(
                    "write",
                    "wrote, "
                            + destination
                                    .permissions()
                                    .map(who -> "set " + PosixFilePermissions.toString(who) + ", ")
                                    .orElse("")
                            + "renamed and deleted a file of " + CONTENT.length() + " bytes");
        } catch (UploadFailedException e) {
            tidy(folder, List.of(standing, fresh));
            throw e;
        } finally {
            delete(local);
        }
    }

    private static Path localFile() {
        try {
            return Files.writeString(Files.createTempFile("patronstream-check", ".tmp"), CONTENT);
        } catch (IOException e) {
            throw new UncheckedIOException("A temporary file cannot be written on this machine", e);
        }
    }

    private static void delete(Path local) {
        try {
            Files.deleteIfExists(local);
        } catch (IOException e) {
            throw new UncheckedIOException("The temporary file " + local + " cannot be deleted", e);
        }
    }

    private void requireSize(SftpFolder folder, String name) throws UploadFailedException {
        OptionalLong size = folder.size(name);
        if (size.isEmpty() || size.getAsLong() != CONTENT.length()) {
            throw new UploadFailedException("The server of " + destination.address() + " shows "
                    + (size.isPresent() ? size.getAsLong() + " bytes" : "no file") + " where " + CONTENT.length()
                    + " bytes were written. Does something on the server move or change new files? Ask the vendor");
        }
    }

    private void tidy(SftpFolder folder, List<String> names) {
        try {
            for (String name : names) {
                if (folder.size(name).isPresent()) {
                    folder.remove(name);
                }
            }
        } catch (UploadFailedException e) {
            steps.add(new Step("tidy up", false, "files of the trial may be left in the folder: " + e.getMessage()));
        }
    }
}
