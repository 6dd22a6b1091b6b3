package dev.patronstream.snapshotter.destination;

import dev.patronstream.snapshotter.file.DeliveryId;
import dev.patronstream.snapshotter.file.StoredFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Tries what a delivery does, by its code: host key and log-in at a server, folder, its list, and for each file writing
 * under its name on the way, permissions where they are configured, renaming over another file, deleting. The other file
 * has a name on the way as well, so that what the vendor's job reads is not touched, and the next delivery clears away
 * what is left.
 */
public final class DestinationTrial {

    /** More than goes into one packet. */
    private static final String CONTENT =
            "patronstream tries whether it may write here; this file can be deleted.\r\n".repeat(500);

    private final Destination destination;
    private final List<String> fileNames;
    private final String settingsPath;
    private final String id;
    private final List<Step> steps = new ArrayList<>();

    /** Something that was tried, whether it worked, and what was seen, or what went wrong and what to do. */
    public record Step(String what, boolean passed, String found) {}

    private DestinationTrial(Destination destination, String feed, List<String> fileNames, String settingsPath) {
        this.destination = destination;
        this.fileNames = List.copyOf(fileNames);
        this.settingsPath = settingsPath;
        this.id = DeliveryId.of(feed, Instant.now(), 0);
    }

    /** Tries a destination for the files of a feed; ends at the first step that does not work. */
    public static List<Step> run(Destination destination, String feed, List<String> fileNames, String settingsPath) {
        DestinationTrial trial = new DestinationTrial(destination, feed, fileNames, settingsPath);
        trial.run();
        return List.copyOf(trial.steps);
    }

    private void run() {
        String step = "log-in";
        try (VendorFolder folder = destination.open(settingsPath)) {
            Optional<String> hostKey = folder.hostKeyFingerprint();
            List<String> found = new ArrayList<>();
            if (hostKey.isPresent()) {
                pass(step, destination.address() + ", host key " + hostKey.get());
            } else {
                found.add(destination.address());
            }
            step = "folder";
            folder.requireFolder();
            for (String name : fileNames) {
                OptionalLong size = folder.size(name);
                found.add(
                        size.isEmpty()
                                ? "no " + name + " yet"
                                : VendorFolder.isUnseen(size)
                                        ? name + " is not shown"
                                        : name + " is there, " + size.getAsLong() + " bytes");
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
    private void list(VendorFolder folder) throws UploadFailedException {
        boolean listed = folder.names().isPresent();
        pass(
                "list",
                "the folder " + (listed ? "can" : "cannot")
                        + " be listed, so that temporary files of interrupted deliveries "
                        + (listed ? "are found" : "stay there"));
    }

    private void write(VendorFolder folder) throws UploadFailedException {
        List<String> left = new ArrayList<>();
        try {
            Path content = Files.createTempFile("patronstream-check", null);
            try {
                StoredFile local = StoredFile.of(Files.writeString(content, CONTENT));
                for (String name : fileNames) {
                    tryOut(folder, local, name, left);
                }
            } finally {
                Files.delete(content);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("A temporary file cannot be written on this machine", e);
        }
        String permitted = destination
                .files()
                .permissions()
                .map(who -> "set " + PosixFilePermissions.toString(who) + ", ")
                .orElse("");
        pass(
                "write",
                "wrote, " + permitted + "renamed and deleted as a delivery does, with files of " + CONTENT.length()
                        + " bytes" + (left.isEmpty() ? "" : "; could not delete " + String.join(", ", left)));
    }

    private void tryOut(VendorFolder folder, StoredFile local, String name, List<String> left)
            throws UploadFailedException {
        String fresh = destination.files().temporary(name, id);
        String old = destination.files().aside(name, id);
        String aside = destination.files().aside(name, id + "1");
        try {
            folder.send(local, old);
            folder.send(local, fresh);
            folder.place(fresh, old, aside, () -> {});
            folder.requireThere(local, old);
        } finally {
            tidy(folder, List.of(fresh, old, aside), left);
        }
    }

    private static void tidy(VendorFolder folder, List<String> names, List<String> left) {
        for (String name : names) {
            try {
                if (folder.size(name).isPresent() && !folder.removeUnlessRefused(name)) {
                    left.add(name);
                }
            } catch (UploadFailedException e) {
                left.add(name);
                return;
            }
        }
    }
}
